#include "xgrad/nn/functional/attention.h"

#include <cmath>

#include "xgrad/core/format.h"
#include "xgrad/ops/arithmetic.h"
#include "xgrad/ops/attention_weights.h"
#include "xgrad/ops/dropout.h"
#include "xgrad/ops/einsum.h"
#include "xgrad/ops/matmul.h"
#include "xgrad/ops/pad.h"
#include "xgrad/ops/shape.h"

namespace xgrad::nn::functional {

namespace {

using Options = MultiheadAttentionForwardFuncOptions;

// t: target, s: source, n: sample, h: head, d: feature of a head. The heads stay where the
// projections leave them, so that nothing is transposed.
constexpr const char* kScores = "tnhd,snhd->nhts";
constexpr const char* kOutput = "nhts,snhd->tnhd";

// The sizes of one call; S is that of the keys as given.
struct Extents {
  std::int64_t T, S, N, H, D;
  std::int64_t embed_dim() const { return H * D; }
};

void expect_shape(const char* name, const Tensor& x, IntArrayRef sizes) {
  check(x.defined(), "multi_head_attention_forward: {} is undefined, expected shape {}", name,
        sizes);
  check(x.sizes() == sizes, "multi_head_attention_forward: {} has shape {}, expected {}", name,
        x.sizes(), sizes);
}
void expect_shape_if_defined(const char* name, const Tensor& x, IntArrayRef sizes) {
  if (x.defined()) expect_shape(name, x, sizes);
}

Extents checked_extents(const Tensor& query, const Tensor& key, const Tensor& value,
                        const Options& options) {
  const std::int64_t E = options.embed_dim_to_check(), H = options.num_heads();
  check(H > 0 && E % H == 0,
        "multi_head_attention_forward: {} features cannot be divided among {} heads", E, H);
  check(query.dim() == 3 && query.size(2) == E,
        "multi_head_attention_forward: query has shape {}, expected [T, N, {}]", query.sizes(), E);
  const std::int64_t N = query.size(1);
  check(key.dim() == 3 && value.dim() == 3 && key.size(1) == N && value.size(1) == N &&
            key.size(0) == value.size(0),
        "multi_head_attention_forward: key and value have shapes {} and {}, expected [S, {}, ...]",
        key.sizes(), value.sizes(), N);
  return {query.size(0), key.size(0), N, H, E / H};
}

void check_weights(const Tensor& key, const Tensor& value, const Extents& e,
                   const Options& options) {
  const std::int64_t E = e.embed_dim();
  if (options.use_separate_proj_weight()) {
    expect_shape("q_proj_weight", options.q_proj_weight(), {E, E});
    expect_shape("k_proj_weight", options.k_proj_weight(), {E, key.size(2)});
    expect_shape("v_proj_weight", options.v_proj_weight(), {E, value.size(2)});
  } else {
    expect_shape("in_proj_weight", options.in_proj_weight(), {3 * E, E});
    check(key.size(2) == E && value.size(2) == E,
          "multi_head_attention_forward: key and value have {} and {} features, expected {} with "
          "in_proj_weight",
          key.size(2), value.size(2), E);
  }
  expect_shape_if_defined("in_proj_bias", options.in_proj_bias(), {3 * E});
  check(options.bias_k().defined() == options.bias_v().defined(),
        "multi_head_attention_forward: {} is undefined, expected both bias_k and bias_v or neither",
        options.bias_k().defined() ? "bias_v" : "bias_k");
  expect_shape_if_defined("bias_k", options.bias_k(), {1, 1, E});
  expect_shape_if_defined("bias_v", options.bias_v(), {1, 1, E});
  const bool is_static = options.static_k().defined() || options.static_v().defined();
  check(!is_static || !options.bias_k().defined(),
        "multi_head_attention_forward: bias_k is given besides a static key or value, expected one "
        "of them");
}

// x [L, N, in] by a weight that is `count` projections one below the other -> as many of [L, N, H,
// D], views of one product.
std::vector<Tensor> project(const Tensor& x, const Tensor& weight, const Tensor& bias,
                            std::int64_t count, const Extents& e) {
  return xgrad::linear(x, weight, bias).view({x.size(0), e.N, count, e.H, e.D}).unbind(2);
}

// Query, key and value as heads. What is the same tensor is multiplied once.
std::vector<Tensor> projections(const Tensor& query, const Tensor& key, const Tensor& value,
                                const Extents& e, const Options& options) {
  const std::int64_t E = e.embed_dim();
  const auto rows = [E](const Tensor& packed, std::int64_t first, std::int64_t count) {
    return packed.defined() ? packed.narrow(0, first * E, count * E) : packed;
  };
  const auto packed = [&](const Tensor& x, std::int64_t first, std::int64_t count) {
    return project(x, rows(options.in_proj_weight(), first, count),
                   rows(options.in_proj_bias(), first, count), count, e);
  };
  const auto separate = [&](const Tensor& x, const Tensor& weight, std::int64_t i) {
    return project(x, weight, rows(options.in_proj_bias(), i, 1), 1, e)[0];
  };
  if (options.use_separate_proj_weight()) {
    return {separate(query, options.q_proj_weight(), 0), separate(key, options.k_proj_weight(), 1),
            separate(value, options.v_proj_weight(), 2)};
  }
  if (!key.is_same(value)) {
    return {packed(query, 0, 1)[0], packed(key, 1, 1)[0], packed(value, 2, 1)[0]};
  }
  if (query.is_same(key)) return packed(query, 0, 3);
  const std::vector<Tensor> pair = packed(key, 1, 2);
  return {packed(query, 0, 1)[0], pair[0], pair[1]};
}

// x [S, N, H, D] and below it the learnt row [1, 1, E] and the row of zeros, where there are any.
Tensor with_extra_rows(const Tensor& x, const Tensor& bias, bool zero, const Extents& e) {
  std::vector<Tensor> parts{x};
  if (bias.defined()) parts.push_back(bias.view({1, 1, e.H, e.D}).expand({1, e.N, e.H, e.D}));
  if (zero) parts.push_back(x.new_zeros({1, e.N, e.H, e.D}));
  return parts.size() == 1 ? x : cat(parts, 0);
}

Tensor bias_of_mask(const char* name, const Tensor& mask, ScalarType type) {
  check(mask.scalar_type() == kBool || mask.scalar_type() == kByte || mask.is_floating_point(),
        "multi_head_attention_forward: {} is {}, expected bool, uint8 or a floating dtype", name,
        dtype_name(mask.scalar_type()));
  return mask_bias(mask, true, type);
}

// Both masks as one summand of the scores, undefined without masks. Extra rows are never masked.
Tensor bias_of_masks(const Extents& e, const Options& options, ScalarType type) {
  const Tensor &mask = options.attn_mask(), &padding = options.key_padding_mask();
  Tensor bias;
  if (mask.defined()) {
    const bool by_head = mask.dim() == 3;
    expect_shape("attn_mask", mask, by_head ? Dims{e.N * e.H, e.T, e.S} : Dims{e.T, e.S});
    bias = bias_of_mask("attn_mask", mask, type);
    if (by_head) bias = bias.reshape({e.N, e.H, e.T, e.S});
  }
  if (padding.defined()) {
    expect_shape("key_padding_mask", padding, {e.N, e.S});
    const Tensor of_keys =
        bias_of_mask("key_padding_mask", padding, type).reshape({e.N, 1, 1, e.S});
    bias = bias.defined() ? bias + of_keys : of_keys;
  }
  const std::int64_t extra =
      (options.bias_k().defined() ? 1 : 0) + (options.add_zero_attn() ? 1 : 0);
  return bias.defined() && extra > 0 ? constant_pad_nd(bias, {0, extra}) : bias;
}

// A static key or value [N H, S, D] as [S, N, H, D].
Tensor static_heads(const char* name, const Tensor& x, const Extents& e) {
  expect_shape(name, x, {e.N * e.H, e.S, e.D});
  return x.reshape({e.N, e.H, e.S, e.D}).permute({2, 0, 1, 3});
}

}  // namespace

std::tuple<Tensor, Tensor> multi_head_attention_forward(const Tensor& query, const Tensor& key,
                                                        const Tensor& value,
                                                        const Options& options) {
  Extents e = checked_extents(query, key, value, options);
  check_weights(key, value, e, options);
  const std::vector<Tensor> heads = projections(query, key, value, e, options);
  Tensor k = heads[1], v = heads[2];
  if (options.static_k().defined() && options.static_v().defined() &&
      options.static_k().dim() == 3) {
    e.S = options.static_k().size(1);
  }
  if (options.static_k().defined()) k = static_heads("static_k", options.static_k(), e);
  if (options.static_v().defined()) v = static_heads("static_v", options.static_v(), e);
  const Tensor bias = bias_of_masks(e, options, query.scalar_type());
  k = with_extra_rows(k, options.bias_k(), options.add_zero_attn(), e);
  v = with_extra_rows(v, options.bias_v(), options.add_zero_attn(), e);

  const double scale = 1 / std::sqrt(static_cast<double>(e.D));
  const Tensor weights = dropout(attention_weights(kScores, heads[0], k, bias, scale),
                                 options.dropout_p(), options.training());
  const Tensor output = xgrad::linear(einsum(kOutput, {weights, v}).view({e.T, e.N, e.embed_dim()}),
                                      options.out_proj_weight(), options.out_proj_bias());
  if (!options.need_weights()) return {output, Tensor()};
  return {output, options.average_attn_weights() ? weights.mean(1) : weights};
}

}  // namespace xgrad::nn::functional
