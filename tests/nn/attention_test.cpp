// Attention: against tests/golden/attention.json (made by tests/golden/make_attention.py), against
// finite differences, and its wrong use.
#include "xgrad/nn/functional/attention.h"

#include "nn/golden_module.h"
#include "xgrad/nn/modules/attention.h"
#include "xgrad/ops/attention.h"

namespace {

using namespace xgrad;
using namespace xgrad::testing;
using namespace xgrad::nn;
using Catch::Matchers::Equals;
namespace F = nn::functional;
using F::MultiheadAttentionForwardFuncOptions;
using Names = std::vector<std::string>;
using Sizes = std::vector<std::int64_t>;

// 2 heads of 2 features; w: in_proj_weight, in_proj_bias, out_proj_weight, out_proj_bias from
// position `at` on.
MultiheadAttentionForwardFuncOptions options_of(const Inputs& w, std::size_t at) {
  return MultiheadAttentionForwardFuncOptions(4, 2, w[at], w[at + 1], {}, {}, false, 0, w[at + 2],
                                              w[at + 3]);
}

Inputs attend(const Tensor& q, const Tensor& k, const Tensor& v,
              const MultiheadAttentionForwardFuncOptions& options) {
  const auto [output, weights] = F::multi_head_attention_forward(q, k, v, options);
  return weights.defined() ? Inputs{output, weights} : Inputs{output};
}

TEST_CASE("scaled_dot_product_attention is as documented by PyTorch") {
  const nlohmann::json golden = read_golden("attention.json");
  const auto check = [&](const char* name, auto function) {
    check_row(golden, NnRow(name, function));
  };
  const auto plain = [](const Inputs& x) { return scaled_dot_product_attention(x[0], x[1], x[2]); };
  const auto masked = [](const Inputs& x) {
    return scaled_dot_product_attention(x[0], x[1], x[2], x[3]);
  };
  const auto causal = [](const Inputs& x) {
    return scaled_dot_product_attention(x[0], x[1], x[2], {}, 0, true);
  };
  check("sdpa", plain);
  check("sdpa_heads", plain);
  check("sdpa_broadcast", plain);
  check("sdpa_bool_mask", masked);
  check("sdpa_float_mask", masked);
  check("sdpa_causal", causal);
  check("sdpa_causal_wide", causal);
  check("sdpa_scale", [](const Inputs& x) {
    return scaled_dot_product_attention(x[0], x[1], x[2], {}, 0, false, 0.3);
  });
}

TEST_CASE("scaled_dot_product_attention takes any strides and empty batches") {
  const Tensor q = randn({3, 2, 5, 4}, kDouble), k = randn({3, 2, 6, 4}, kDouble),
               v = randn({3, 2, 6, 2}, kDouble);
  const Tensor expected = scaled_dot_product_attention(q, k, v);
  const auto restrided = [](const Tensor& x) {
    return x.permute({2, 0, 3, 1}).contiguous().permute({1, 3, 0, 2});
  };
  CHECK_THAT(scaled_dot_product_attention(restrided(q), restrided(k), restrided(v)),
             Near(expected, 1e-14));
  CHECK(scaled_dot_product_attention(q.narrow(0, 0, 0), k.narrow(0, 0, 0), v.narrow(0, 0, 0))
            .sizes() == Sizes{0, 2, 5, 2});
  CHECK_THAT(scaled_dot_product_attention(q, k.narrow(2, 0, 0), v.narrow(2, 0, 0)),
             Near(zeros({3, 2, 5, 2}, kDouble), 0));
}

TEST_CASE("a query that may see no key gets NaN, others are not touched") {
  const Tensor q = randn({2, 4}), k = randn({3, 4}), v = randn({3, 2});
  const Tensor mask = tensor({{1, 1, 1}, {0, 0, 0}}).to(kBool);
  const Tensor y = scaled_dot_product_attention(q, k, v, mask);
  CHECK_THAT(y[0], Near(scaled_dot_product_attention(q, k, v)[0], 1e-6));
  CHECK(y[1].isnan().all().item<bool>());
}

TEST_CASE("attention drops weights, not outputs, and as many as asked for") {
  const Tensor q = zeros({1, 4}), k = zeros({8, 4});
  manual_seed(3);
  const Tensor weights = scaled_dot_product_attention(q, k, eye(8), {}, 0.5);
  manual_seed(3);
  CHECK_THAT(weights, Near(dropout(full({1, 8}, 0.125), 0.5, true), 1e-7));
  CHECK_THAT(scaled_dot_product_attention(q, k, eye(8), {}, 1), Near(zeros({1, 8}), 0));
}

TEST_CASE("wrong use of scaled_dot_product_attention is an error that names the shapes") {
  const Tensor q = zeros({2, 3, 4}), k = zeros({2, 5, 4}), v = zeros({2, 5, 6});
  const auto error = [&](const Tensor& a, const Tensor& b, const Tensor& c, const Tensor& mask = {},
                         double p = 0, bool causal = false) {
    return error_of([&] { scaled_dot_product_attention(a, b, c, mask, p, causal); });
  };
  const std::string op = "scaled_dot_product_attention: ";
  CHECK_THAT(error(q, k.to(kDouble), v),
             Equals(op + "query, key and value are float32, float64 and float32, expected one "
                         "floating dtype"));
  CHECK_THAT(error(q.to(kLong), k.to(kLong), v.to(kLong)),
             Equals(op + "query, key and value are int64, int64 and int64, expected one floating "
                         "dtype"));
  CHECK_THAT(error(q, k.narrow(2, 0, 3), v),
             Equals(op + "query, key and value have shapes [2, 3, 4], [2, 5, 3] and [2, 5, 6], "
                         "expected [..., L, E], [..., S, E] and [..., S, V]"));
  CHECK_THAT(error(q[0][0], k, v),
             Equals(op + "query, key and value have shapes [4], [2, 5, 4] and [2, 5, 6], expected "
                         "[..., L, E], [..., S, E] and [..., S, V]"));
  CHECK_THAT(error(q, k, v, zeros({3, 5}), 0, true),
             Equals(op + "attn_mask is given and is_causal is true, expected one of them"));
  CHECK_THAT(error(q, k, v, zeros({3, 5}, kLong)),
             Equals(op + "attn_mask is int64, expected bool or a floating dtype"));
  CHECK_THAT(error(q, k, v, zeros({4, 5})),
             Equals(op + "attn_mask has shape [4, 5], expected one that broadcasts to [2, 3, 5]"));
  CHECK_THAT(error(q, k, v, zeros({1, 2, 3, 5})),
             Equals(op + "attn_mask has shape [1, 2, 3, 5], expected one that broadcasts to [2, 3, "
                         "5]"));
  CHECK_THAT(error(q[0], k[0], v, zeros({2, 3, 5})),
             Equals(op + "attn_mask has shape [2, 3, 5], expected one that broadcasts to [3, 5]"));
  CHECK_THAT(
      error(q, zeros({3, 5, 4}), v),
      Equals(op + "the leading dims of query [2, 3, 4], key [3, 5, 4] and value [2, 5, 6] do "
                  "not broadcast"));
  CHECK_THAT(
      error(q, k, zeros({3, 5, 6})),
      Equals(op + "the leading dims of query [2, 3, 4], key [2, 5, 4] and value [3, 5, 6] do "
                  "not broadcast"));
  CHECK_THAT(error(q, k, v, {}, 1.5), Equals("dropout: probability is 1.5, expected 0..1"));
}

TEST_CASE("multi_head_attention_forward is PyTorch's") {
  const nlohmann::json golden = read_golden("attention.json");
  // Second derivatives where the paths differ: they are slow, and masks and options share theirs.
  const auto check = [&](const char* name, auto function, int orders = 1) {
    check_row(golden, NnRow(name, function, orders));
  };
  check(
      "mha_self", [](const Inputs& x) { return attend(x[0], x[0], x[0], options_of(x, 1)); }, 2);
  check("mha_memory", [](const Inputs& x) { return attend(x[0], x[1], x[1], options_of(x, 2)); });
  check("mha_three", [](const Inputs& x) { return attend(x[0], x[1], x[2], options_of(x, 3)); });
  check("mha_by_head", [](const Inputs& x) {
    return attend(x[0], x[0], x[0], options_of(x, 1).average_attn_weights(false));
  });
  check("mha_no_weights", [](const Inputs& x) {
    return attend(x[0], x[0], x[0], options_of(x, 1).need_weights(false));
  });
  check("mha_no_bias", [](const Inputs& x) {
    return attend(x[0], x[0], x[0],
                  MultiheadAttentionForwardFuncOptions(4, 2, x[1], {}, {}, {}, false, 0, x[2], {}));
  });
  check("mha_separate", [](const Inputs& x) {
    return attend(x[0], x[1], x[2],
                  MultiheadAttentionForwardFuncOptions(4, 2, {}, x[6], {}, {}, false, 0, x[7], x[8])
                      .use_separate_proj_weight(true)
                      .q_proj_weight(x[3])
                      .k_proj_weight(x[4])
                      .v_proj_weight(x[5]));
  });
  for (const char* name :
       {"mha_bool_mask", "mha_float_mask", "mha_infinite_mask", "mha_mask_by_head"}) {
    check(name, [](const Inputs& x) {
      return attend(x[0], x[1], x[1], options_of(x, 2).attn_mask(x[6]));
    });
  }
  for (const char* name : {"mha_padding", "mha_float_padding"}) {
    check(name, [](const Inputs& x) {
      return attend(x[0], x[1], x[1], options_of(x, 2).key_padding_mask(x[6]));
    });
  }
  check(
      "mha_both_masks",
      [](const Inputs& x) {
        return attend(x[0], x[1], x[1], options_of(x, 2).attn_mask(x[6]).key_padding_mask(x[7]));
      },
      2);
  check("mha_bias_kv", [](const Inputs& x) {
    return attend(x[0], x[1], x[1], options_of(x, 2).bias_k(x[6]).bias_v(x[7]));
  });
  check("mha_zero_attn", [](const Inputs& x) {
    return attend(x[0], x[1], x[1], options_of(x, 2).add_zero_attn(true).key_padding_mask(x[6]));
  });
  check(
      "mha_extra_rows",
      [](const Inputs& x) {
        return attend(x[0], x[1], x[1],
                      options_of(x, 2)
                          .bias_k(x[6])
                          .bias_v(x[7])
                          .add_zero_attn(true)
                          .attn_mask(x[8])
                          .key_padding_mask(x[9]));
      },
      2);
  check("mha_static", [](const Inputs& x) {
    return attend(x[0], x[1], x[1], options_of(x, 2).static_k(x[6]).static_v(x[7]));
  });
}

TEST_CASE("a uint8 mask blocks where it is not 0, and one static operand is enough") {
  const Tensor x = randn({3, 2, 4});
  const Inputs w{randn({12, 4}), randn({12}), randn({4, 4}), randn({4})};
  const Tensor mask = tensor({{0, 1, 0}, {0, 0, 2}, {0, 0, 0}});
  const Inputs bytes = attend(x, x, x, options_of(w, 0).attn_mask(mask.to(kByte))),
               bools = attend(x, x, x, options_of(w, 0).attn_mask(mask.to(kBool)));
  CHECK_THAT(bytes[0], Near(bools[0], 0));
  CHECK(bools[1].select(1, 1).select(1, 2).count_nonzero().item<std::int64_t>() == 0);
  const Tensor k = randn({4, 3, 2});
  CHECK_THAT(attend(x, x, x, options_of(w, 0).static_k(k))[0],
             !Near(attend(x, x, x, options_of(w, 0))[0], 1e-3));
}

TEST_CASE("equal tensors give the same attention as one tensor") {
  const Tensor x = randn({3, 2, 4}, kDouble);
  MultiheadAttention attention(4, 2);
  attention->to(kDouble);
  const Tensor expected = std::get<0>(attention(x, x, x));
  CHECK_THAT(std::get<0>(attention(x, x.clone(), x.clone())), Near(expected, 1e-14));
  const Tensor memory = x.clone();
  CHECK_THAT(std::get<0>(attention(x, memory, memory)), Near(expected, 1e-14));
}

TEST_CASE("MultiheadAttention is PyTorch's, with its gradients and its noise") {
  const nlohmann::json golden = read_golden("attention.json");
  const auto both = [](const std::tuple<Tensor, Tensor>& result) {
    return Inputs{std::get<0>(result), std::get<1>(result)};
  };
  const Tensor padding = tensor({{0, 0, 0, 1}, {0, 1, 0, 0}}).to(kBool);
  const Tensor blocked = tensor({{0, 1, 0, 0}, {0, 0, 0, 0}, {1, 1, 0, 1}}).to(kBool);
  check_module(
      golden, "module_mha", MultiheadAttention(4, 2),
      [&](MultiheadAttention& m, const Inputs& x) { return both(m(x[0], x[1], x[2], padding)); },
      2);
  check_module(
      golden, "module_mha_all",
      MultiheadAttention(
          MultiheadAttentionOptions(4, 2).add_bias_kv(true).add_zero_attn(true).kdim(3).vdim(2)),
      [&](MultiheadAttention& m, const Inputs& x) {
        return both(m(x[0], x[1], x[2], Tensor(), true, blocked));
      },
      2);
  check_module(
      golden, "module_mha_dropout",
      MultiheadAttention(MultiheadAttentionOptions(4, 2).dropout(0.4)),
      [&](MultiheadAttention& m, const Inputs& x) { return both(m(x[0], x[1], x[2])); }, 1, true);
}

TEST_CASE("a new MultiheadAttention has PyTorch's weights for the same seed") {
  const nlohmann::json golden = read_golden("attention.json");
  manual_seed(7);
  check_state(golden, "init_mha", *MultiheadAttention(6, 2));
  manual_seed(7);
  const MultiheadAttention separate(
      MultiheadAttentionOptions(6, 3).bias(false).add_bias_kv(true).kdim(4).vdim(5));
  check_state(golden, "init_mha_separate", *separate);
  CHECK_FALSE(separate->in_proj_weight.defined());
  CHECK_FALSE(separate->in_proj_bias.defined());
  CHECK_FALSE(separate->_qkv_same_embed_dim);
  CHECK(separate->head_dim == 2);
  CHECK(separate->named_parameters().keys() == Names{"q_proj_weight", "k_proj_weight",
                                                     "v_proj_weight", "bias_k", "bias_v",
                                                     "out_proj.weight"});
}

TEST_CASE("MultiheadAttention is cloned, saved and printed as other layers") {
  MultiheadAttention attention(MultiheadAttentionOptions(4, 2).add_bias_kv(true));
  const Tensor x = randn({3, 2, 4});
  const auto copy = std::dynamic_pointer_cast<MultiheadAttentionImpl>(attention->clone());
  CHECK_THAT(std::get<0>(copy->forward(x, x, x)), Near(std::get<0>(attention(x, x, x)), 0));
  {
    const NoGradGuard no_grad;
    copy->out_proj->bias.add_(1);
    copy->in_proj_weight.zero_();
  }
  CHECK(attention->out_proj->bias.sum().item<float>() == 0);
  CHECK(copy->parameters()[0].is_same(copy->in_proj_weight));

  MultiheadAttention other(MultiheadAttentionOptions(4, 2).add_bias_kv(true));
  other->load_state_dict(attention->state_dict());
  CHECK_THAT(std::get<0>(other(x, x, x)), Near(std::get<0>(attention(x, x, x)), 0));
  // As libtorch 1.13 prints it.
  CHECK_THAT(printed(attention),
             Equals("torch::nn::MultiheadAttention(\n"
                    "  (out_proj): torch::nn::Linear(in_features=4, out_features=4, bias=true)\n"
                    ")"));
}

TEST_CASE("AnyModule and hooks know MultiheadAttention's default arguments and its pair") {
  MultiheadAttention attention(4, 2);
  const Tensor x = randn({3, 2, 4});
  AnyModule any(attention);
  const auto result = any.forward<std::tuple<Tensor, Tensor>>(x, x, x);
  CHECK_THAT(std::get<0>(result), Near(std::get<0>(attention(x, x, x)), 0));
  CHECK(std::get<1>(result).sizes() == Sizes{2, 3, 3});
  CHECK_FALSE(
      std::get<1>(any.forward<std::tuple<Tensor, Tensor>>(x, x, x, Tensor(), false)).defined());
  attention->register_forward_hook(
      [](Module&, const Tensor&, const Tensor& output) { return output * 2; });
  CHECK_THAT(std::get<0>(attention(x, x, x)), Near(std::get<0>(result) * 2, 1e-6));
}

TEST_CASE("attention weights are a distribution over the keys, 0 where masked") {
  MultiheadAttention attention(6, 3);
  const Tensor x = randn({4, 2, 6}), padding = tensor({{0, 0, 1, 1}, {0, 0, 0, 0}}).to(kBool);
  const auto [y, weights] = attention(x, x, x, padding, true, Tensor(), false);
  CHECK(weights.sizes() == Sizes{2, 3, 4, 4});
  CHECK_THAT(weights.sum(-1).detach(), Near(ones({2, 3, 4}), 1e-6));
  CHECK(weights[0].narrow(2, 2, 2).count_nonzero().item<std::int64_t>() == 0);
}

TEST_CASE("wrong use of multi-head attention is an error that names what was given") {
  const std::string layer = "MultiheadAttention: ", op = "multi_head_attention_forward: ";
  CHECK_THAT(error_of([] { MultiheadAttention(5, 2); }),
             Equals(layer + "embed_dim 5 cannot be divided among 2 heads"));
  CHECK_THAT(error_of([] { MultiheadAttention(4, 0); }),
             Equals(layer + "embed_dim is 4, num_heads 0, kdim 4 and vdim 4, expected positive "
                            "numbers"));
  CHECK_THAT(error_of([] { MultiheadAttention(MultiheadAttentionOptions(4, 2).dropout(2)); }),
             Equals(layer + "dropout is 2, expected 0..1"));

  MultiheadAttention attention(4, 2);
  const Tensor q = zeros({3, 2, 4}), k = zeros({5, 2, 4});
  const auto error = [&](const Tensor& a, const Tensor& b, const Tensor& c,
                         const Tensor& padding = {}, const Tensor& mask = {}) {
    return error_of([&] { attention(a, b, c, padding, true, mask); });
  };
  CHECK_THAT(error(q[0], k, k), Equals(op + "query has shape [2, 4], expected [T, N, 4]"));
  CHECK_THAT(error(zeros({3, 2, 6}), k, k),
             Equals(op + "query has shape [3, 2, 6], expected [T, N, 4]"));
  CHECK_THAT(
      error(q, k, k.narrow(0, 0, 4)),
      Equals(op + "key and value have shapes [5, 2, 4] and [4, 2, 4], expected [S, 2, ...]"));
  CHECK_THAT(
      error(q, k.narrow(1, 0, 1), k.narrow(1, 0, 1)),
      Equals(op + "key and value have shapes [5, 1, 4] and [5, 1, 4], expected [S, 2, ...]"));
  CHECK_THAT(error(q, k, k.narrow(2, 0, 3)),
             Equals(op + "key and value have 4 and 3 features, expected 4 with in_proj_weight"));
  CHECK_THAT(error(q, k, k, zeros({2, 4}, kBool)),
             Equals(op + "key_padding_mask has shape [2, 4], expected [2, 5]"));
  CHECK_THAT(error(q, k, k, zeros({2, 5}, kLong)),
             Equals(op + "key_padding_mask is int64, expected bool, uint8 or a floating dtype"));
  CHECK_THAT(error(q, k, k, {}, zeros({3, 3})),
             Equals(op + "attn_mask has shape [3, 3], expected [3, 5]"));
  CHECK_THAT(error(q, k, k, {}, zeros({2, 3, 5})),
             Equals(op + "attn_mask has shape [2, 3, 5], expected [4, 3, 5]"));
  CHECK_THAT(error(q, k, k, {}, zeros({3, 5}, kInt)),
             Equals(op + "attn_mask is int32, expected bool, uint8 or a floating dtype"));

  const Inputs w{zeros({12, 4}), zeros({12}), zeros({4, 4}), zeros({4})};
  const auto function_error = [&](const MultiheadAttentionForwardFuncOptions& options) {
    return error_of([&] { F::multi_head_attention_forward(q, k, k, options); });
  };
  const auto options = options_of(w, 0);
  using Options = MultiheadAttentionForwardFuncOptions;
  CHECK_THAT(function_error(Options(options).num_heads(3)),
             Equals(op + "4 features cannot be divided among 3 heads"));
  CHECK_THAT(function_error(Options(options).in_proj_weight(zeros({8, 4}))),
             Equals(op + "in_proj_weight has shape [8, 4], expected [12, 4]"));
  CHECK_THAT(function_error(Options(options).in_proj_weight({})),
             Equals(op + "in_proj_weight is undefined, expected shape [12, 4]"));
  CHECK_THAT(function_error(Options(options).in_proj_bias(zeros({4}))),
             Equals(op + "in_proj_bias has shape [4], expected [12]"));
  CHECK_THAT(function_error(Options(options).use_separate_proj_weight(true)),
             Equals(op + "q_proj_weight is undefined, expected shape [4, 4]"));
  CHECK_THAT(function_error(Options(options).bias_k(zeros({1, 1, 4}))),
             Equals(op + "bias_v is undefined, expected both bias_k and bias_v or neither"));
  CHECK_THAT(function_error(Options(options).bias_k(zeros({1, 4})).bias_v(zeros({1, 1, 4}))),
             Equals(op + "bias_k has shape [1, 4], expected [1, 1, 4]"));
  CHECK_THAT(function_error(Options(options)
                                .bias_k(zeros({1, 1, 4}))
                                .bias_v(zeros({1, 1, 4}))
                                .static_k(zeros({4, 5, 2}))),
             Equals(op + "bias_k is given besides a static key or value, expected one of them"));
  CHECK_THAT(function_error(Options(options).static_v(zeros({4, 6, 2}))),
             Equals(op + "static_v has shape [4, 6, 2], expected [4, 5, 2]"));
  CHECK_THAT(function_error(Options(options).static_k(zeros({4, 6, 2})).static_v(zeros({4, 7, 2}))),
             Equals(op + "static_v has shape [4, 7, 2], expected [4, 6, 2]"));
}

}  // namespace
