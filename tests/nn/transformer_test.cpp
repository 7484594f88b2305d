// Transformer layers: against tests/golden/attention.json (made by tests/golden/make_attention.py),
// against finite differences, their state, clones and printing, and their wrong use.
#include "xgrad/nn/modules/transformer.h"

#include <limits>

#include "nn/golden_module.h"
#include "xgrad/nn/modules/transformercoder.h"

namespace {

using namespace xgrad;
using namespace xgrad::testing;
using namespace xgrad::nn;
using Catch::Matchers::Equals;
using Catch::Matchers::StartsWith;
using Names = std::vector<std::string>;
using Sizes = std::vector<std::int64_t>;

// 2 heads of 2 features, 5 between the linear layers; 3 targets, 4 sources, 2 samples.
TransformerEncoderLayerOptions encoder_layer() {
  return TransformerEncoderLayerOptions(4, 2).dim_feedforward(5);
}
TransformerDecoderLayerOptions decoder_layer() {
  return TransformerDecoderLayerOptions(4, 2).dim_feedforward(5);
}
TransformerOptions transformer(std::int64_t encoders, std::int64_t decoders) {
  return TransformerOptions(4, 2, encoders, decoders).dim_feedforward(5);
}
AnyModule norm() { return AnyModule(LayerNorm(LayerNormOptions({4}))); }

Tensor causal() { return Transformer::Impl::generate_square_subsequent_mask(3).to(kDouble); }
Tensor blocked() { return tensor({{0, 1, 0, 0}, {0, 0, 0, 0}, {1, 1, 0, 1}}).to(kBool); }
Tensor source_padding() { return tensor({{0, 0, 0, 1}, {0, 1, 0, 0}}).to(kBool); }
Tensor target_padding() { return tensor({{0, 0, 1}, {0, 0, 0}}).to(kBool); }

const auto kOneInput = [](auto& m, const Inputs& x) { return Inputs{m(x[0])}; };
const auto kTwoInputs = [](auto& m, const Inputs& x) { return Inputs{m(x[0], x[1])}; };

TEST_CASE("encoder layers are PyTorch's, with all gradients") {
  const nlohmann::json golden = read_golden("attention.json");
  check_module(golden, "encoder_layer_relu", TransformerEncoderLayer(encoder_layer()), kOneInput,
               1);
  check_module(golden, "encoder_layer_gelu",
               TransformerEncoderLayer(encoder_layer().activation(kGELU)), kOneInput, 2);
  check_module(
      golden, "encoder_layer_callable",
      TransformerEncoderLayer(encoder_layer().activation([](const Tensor& x) { return x.tanh(); })),
      kOneInput, 0);
  check_module(
      golden, "encoder_layer_masks", TransformerEncoderLayer(encoder_layer()),
      [](auto& m, const Inputs& x) { return Inputs{m(x[0], causal(), target_padding())}; }, 0);
  check_module(golden, "encoder_layer_dropout",
               TransformerEncoderLayer(encoder_layer().dropout(0.3)), kOneInput, 0, true);
}

TEST_CASE("decoder layers are PyTorch's, with all gradients") {
  const nlohmann::json golden = read_golden("attention.json");
  check_module(golden, "decoder_layer_relu", TransformerDecoderLayer(decoder_layer()), kTwoInputs,
               1);
  check_module(golden, "decoder_layer_gelu",
               TransformerDecoderLayer(decoder_layer().activation(kGELU)), kTwoInputs, 0);
  check_module(
      golden, "decoder_layer_masks", TransformerDecoderLayer(decoder_layer()),
      [](auto& m, const Inputs& x) {
        return Inputs{m(x[0], x[1], causal(), blocked(), target_padding(), source_padding())};
      },
      0);
  check_module(golden, "decoder_layer_dropout",
               TransformerDecoderLayer(decoder_layer().dropout(0.3)), kTwoInputs, 0, true);
}

TEST_CASE("stacks of layers and whole transformers are PyTorch's, with all gradients") {
  const nlohmann::json golden = read_golden("attention.json");
  check_module(
      golden, "encoder", TransformerEncoder(TransformerEncoderOptions(encoder_layer(), 2)),
      [](auto& m, const Inputs& x) { return Inputs{m(x[0], causal())}; }, 0);
  check_module(
      golden, "encoder_norm",
      TransformerEncoder(TransformerEncoderOptions(encoder_layer(), 2).norm(norm())),
      [](auto& m, const Inputs& x) { return Inputs{m(x[0], Tensor(), target_padding())}; }, 0);
  check_module(
      golden, "decoder_norm",
      TransformerDecoder(TransformerDecoderOptions(decoder_layer(), 2).norm(norm())),
      [](auto& m, const Inputs& x) { return Inputs{m(x[0], x[1], causal(), blocked())}; }, 0);
  check_module(golden, "transformer", Transformer(transformer(1, 2).activation(kGELU)), kTwoInputs,
               1);
  check_module(
      golden, "transformer_masks", Transformer(transformer(2, 1)),
      [](auto& m, const Inputs& x) {
        return Inputs{m(x[0], x[1], Tensor(), causal(), Tensor(), source_padding(),
                        target_padding(), source_padding())};
      },
      0);
  check_module(golden, "transformer_dropout", Transformer(transformer(1, 1).dropout(0.2)),
               kTwoInputs, 0, true);
}

TEST_CASE("new transformer layers have PyTorch's weights for the same seed") {
  const nlohmann::json golden = read_golden("attention.json");
  manual_seed(7);
  check_state(golden, "init_encoder_layer",
              *TransformerEncoderLayer(encoder_layer().dim_feedforward(3)));
  manual_seed(7);
  check_state(golden, "init_decoder_layer",
              *TransformerDecoderLayer(decoder_layer().dim_feedforward(3)));
}

TEST_CASE("new stacks and transformers have libtorch's weights for the same seed") {
  // Python copies a layer without drawing, libtorch draws for each clone. With libtorch 1.13 after
  // torch::manual_seed(7): sums of all parameters' values and squares, and torch::rand({1}).
  const auto check = [](const Module& module, double sum, double squares, double next) {
    double actual_sum = 0, actual_squares = 0;
    for (const Tensor& parameter : module.parameters()) {
      const Tensor values = parameter.detach().to(kDouble);
      actual_sum += values.sum().item<double>();
      actual_squares += values.square().sum().item<double>();
    }
    CHECK(actual_sum == Approx(sum).epsilon(1e-6));
    CHECK(actual_squares == Approx(squares).epsilon(1e-6));
    CHECK(rand({1}).item<double>() == Approx(next).epsilon(1e-7));
  };
  manual_seed(7);
  check(*TransformerEncoder(TransformerEncoderOptions(encoder_layer(), 2).norm(norm())),
        21.32311305, 38.20717802, 0.9790933132);
  manual_seed(7);
  check(*TransformerDecoder(TransformerDecoderOptions(decoder_layer(), 2)), 18.59587297,
        56.25668897, 0.9825560451);
  manual_seed(7);
  check(*Transformer(transformer(1, 2)), 52.48185963, 112.5261069, 0.8016223907);
}

TEST_CASE("reset_parameters draws anew") {
  TransformerEncoderLayer layer(encoder_layer());
  const Tensor before = layer->linear2->weight.detach().clone();
  init::ones_(layer->norm2->bias);
  layer->reset_parameters();
  CHECK_THAT(layer->linear2->weight.detach(), !Near(before, 1e-3));
  CHECK_THAT(layer->norm2->bias.detach(), Near(zeros({4}), 0));

  TransformerDecoder decoder(TransformerDecoderOptions(decoder_layer(), 2));
  const auto first = [&] {
    return decoder->layers->at<TransformerDecoderLayer>(0).linear1->weight;
  };
  const auto second = [&] {
    return decoder->layers->at<TransformerDecoderLayer>(1).linear1->weight;
  };
  CHECK_THAT(first().detach(), Near(second().detach(), 0));
  decoder->options.norm(norm());
  decoder->reset_parameters();
  CHECK_THAT(first().detach(), !Near(second().detach(), 1e-3));
  CHECK(decoder->named_parameters().contains("norm.weight"));
  decoder->options.norm(AnyModule());
  decoder->reset_parameters();
  CHECK_FALSE(decoder->named_parameters().contains("norm.weight"));

  TransformerDecoderLayer other(decoder_layer());
  init::ones_(other->norm3->bias);
  other->reset_parameters();
  CHECK_THAT(other->norm3->bias.detach(), Near(zeros({4}), 0));
}

TEST_CASE("the layers of a stack are clones of the one given, which may be a trained one") {
  TransformerEncoderLayer layer(encoder_layer());
  init::constant_(layer->linear1->bias, 0.5);
  TransformerEncoder encoder(layer, 2);
  CHECK(encoder->parameters().size() == 24);
  auto& first = encoder->layers->at<TransformerEncoderLayer>(0);
  CHECK_THAT(first.linear1->bias.detach(), Near(full({5}, 0.5), 0));
  CHECK_FALSE(first.linear1->bias.is_same(layer->linear1->bias));
  const Tensor x = randn({3, 2, 4});
  encoder->eval();
  layer->eval();
  CHECK_THAT(encoder(x), Near(layer(layer(x)), 1e-6));
}

TEST_CASE("a stack without layers is its norm, or nothing") {
  const Tensor x = randn({3, 2, 4});
  CHECK(TransformerEncoder(TransformerEncoderOptions(encoder_layer(), 0))(x).is_same(x));
  CHECK_THAT(TransformerDecoder(TransformerDecoderOptions(decoder_layer(), 0).norm(norm()))(x, x),
             Near(LayerNorm(LayerNormOptions({4}))(x), 0));
}

TEST_CASE("a clone of a transformer computes the same with tensors of its own") {
  Transformer original(transformer(2, 1));
  original->eval();
  const Tensor src = randn({4, 2, 4}), tgt = randn({3, 2, 4});
  const Tensor expected = original(src, tgt).detach();
  const auto copy = std::dynamic_pointer_cast<TransformerImpl>(original->clone());
  CHECK(copy->named_parameters().keys() == original->named_parameters().keys());
  CHECK_THAT(copy->forward(src, tgt), Near(expected, 0));
  CHECK_FALSE(copy->is_training());
  const auto theirs = copy->parameters(), ours = original->parameters();
  for (std::size_t i = 0; i < ours.size(); ++i) CHECK_FALSE(theirs[i].is_same(ours[i]));
  {
    const NoGradGuard no_grad;
    for (const Tensor& parameter : theirs) parameter.zero_();
  }
  CHECK_THAT(copy->forward(src, tgt), Near(zeros_like(tgt), 0));
  CHECK_THAT(original(src, tgt), Near(expected, 0));
  CHECK(copy->encoder.get<TransformerEncoderImpl>().layers->size() == 2);
  CHECK(copy->encoder.ptr() == copy->get_submodule("encoder"));
}

struct TaggerImpl : Cloneable<TaggerImpl> {
  TaggerImpl() { TaggerImpl::reset(); }
  void reset() override {
    encoder = register_module(
        "encoder", TransformerEncoder(TransformerEncoderOptions(encoder_layer(), 2).norm(norm())));
    // The same module under a second name.
    last = register_module("last", encoder->norm.ptr());
  }
  Tensor forward(const Tensor& x) { return encoder(x); }
  TransformerEncoder encoder = nullptr;
  std::shared_ptr<Module> last;
};
XGRAD_MODULE(Tagger);

TEST_CASE("a clone inside a model's clone keeps what is shared shared") {
  Tagger tagger;
  tagger->eval();
  init::constant_(tagger->last->parameters()[1], 3);
  const auto copy = std::dynamic_pointer_cast<TaggerImpl>(tagger->clone());
  const Tensor x = randn({3, 2, 4});
  CHECK_THAT(copy->forward(x), Near(tagger(x), 0));
  CHECK(copy->last == copy->encoder->norm.ptr());
  CHECK(copy->named_parameters().size() == 26);
  init::constant_(copy->last->parameters()[1], 0);
  CHECK_THAT(copy->forward(x) + 3, Near(tagger(x), 1e-6));
}

TEST_CASE("a transformer's state makes another one compute the same") {
  Transformer one(transformer(1, 1)), other(transformer(1, 1));
  one->eval();
  other->eval();
  other->load_state_dict(one->state_dict());
  const Tensor src = randn({4, 2, 4}), tgt = randn({3, 2, 4});
  CHECK_THAT(other(src, tgt), Near(one(src, tgt), 0));
}

struct HalfImpl : Cloneable<HalfImpl> {
  HalfImpl() { HalfImpl::reset(); }
  void reset() override { scale = register_parameter("scale", full({1}, 0.5)); }
  Tensor forward(const Tensor& src, const Tensor&, const Tensor&) { return src * scale; }
  Tensor scale;
};
XGRAD_MODULE(Half);

struct JoinImpl : Cloneable<JoinImpl> {
  void reset() override {}
  Tensor forward(const Tensor& tgt, const Tensor& memory, const Tensor&, const Tensor&,
                 const Tensor&, const Tensor&) {
    return tgt + memory.sum(0, true);
  }
};
XGRAD_MODULE(Join);

TEST_CASE("a transformer takes clones of custom coders") {
  const Half half;
  Transformer custom(
      TransformerOptions(4, 2).custom_encoder(AnyModule(half)).custom_decoder(AnyModule(Join())));
  const Tensor src = randn({4, 2, 4}), tgt = randn({3, 2, 4});
  CHECK_THAT(custom(src, tgt), Near(tgt + src.sum(0, true) / 2, 1e-6));
  CHECK(custom->named_parameters().keys() == Names{"encoder.scale"});
  CHECK_FALSE(custom->parameters()[0].is_same(half->scale));
  const auto copy = std::dynamic_pointer_cast<TransformerImpl>(custom->clone());
  CHECK_THAT(copy->forward(src, tgt), Near(custom(src, tgt), 0));
  CHECK_FALSE(copy->parameters()[0].is_same(custom->parameters()[0]));
}

TEST_CASE("AnyModule and Sequential may leave out the masks, and hooks see each layer") {
  const Tensor src = randn({4, 2, 4}), tgt = randn({3, 2, 4});
  Transformer whole(transformer(1, 1));
  whole->eval();
  CHECK_THAT(AnyModule(whole).forward(src, tgt), Near(whole(src, tgt), 0));
  TransformerDecoderLayer decoder(decoder_layer());
  decoder->eval();
  CHECK_THAT(AnyModule(decoder).forward(tgt, src), Near(decoder(tgt, src), 0));
  Sequential stack(TransformerEncoderLayer(encoder_layer()),
                   TransformerEncoder(TransformerEncoderOptions(encoder_layer(), 1)));
  CHECK(stack->forward(src).sizes() == src.sizes());
  int calls = 0;
  for (const auto& module : whole->modules()) {
    module->register_forward_hook([&](Module&, const Tensor&, const Tensor&) { ++calls; });
  }
  whole(src, tgt);
  // All but the two ModuleLists and the three out_proj, whose weights the attention uses.
  CHECK(calls == static_cast<int>(whole->modules().size()) - 5);
}

TEST_CASE("the square mask lets a position see itself and what is before it") {
  const double inf = std::numeric_limits<double>::infinity();
  CHECK_THAT(Transformer::Impl::generate_square_subsequent_mask(3),
             Near(tensor({{0.0, -inf, -inf}, {0.0, 0.0, -inf}, {0.0, 0.0, 0.0}}), 0));
  CHECK(Transformer::Impl::generate_square_subsequent_mask(0).sizes() == Sizes{0, 0});
}

TEST_CASE("transformers print as in libtorch") {
  // libtorch 1.13: std::cout << Transformer(TransformerOptions(4, 2, 1, 1).dim_feedforward(5)).
  CHECK_THAT(printed(Transformer(transformer(1, 1))), Equals(R"(torch::nn::TransformerImpl(
  (encoder): torch::nn::TransformerEncoderImpl(
    (layers): torch::nn::ModuleList(
      (0): torch::nn::TransformerEncoderLayerImpl(
        (self_attn): torch::nn::MultiheadAttention(
          (out_proj): torch::nn::Linear(in_features=4, out_features=4, bias=true)
        )
        (linear1): torch::nn::Linear(in_features=4, out_features=5, bias=true)
        (dropout): torch::nn::Dropout(p=0.1, inplace=false)
        (linear2): torch::nn::Linear(in_features=5, out_features=4, bias=true)
        (norm1): torch::nn::LayerNorm([4], eps=1e-05, elementwise_affine=true)
        (norm2): torch::nn::LayerNorm([4], eps=1e-05, elementwise_affine=true)
        (dropout1): torch::nn::Dropout(p=0.1, inplace=false)
        (dropout2): torch::nn::Dropout(p=0.1, inplace=false)
      )
    )
    (norm): torch::nn::LayerNorm([4], eps=1e-05, elementwise_affine=true)
  )
  (decoder): torch::nn::TransformerDecoderImpl(
    (layers): torch::nn::ModuleList(
      (0): torch::nn::TransformerDecoderLayerImpl(
        (self_attn): torch::nn::MultiheadAttention(
          (out_proj): torch::nn::Linear(in_features=4, out_features=4, bias=true)
        )
        (multihead_attn): torch::nn::MultiheadAttention(
          (out_proj): torch::nn::Linear(in_features=4, out_features=4, bias=true)
        )
        (linear1): torch::nn::Linear(in_features=4, out_features=5, bias=true)
        (dropout): torch::nn::Dropout(p=0.1, inplace=false)
        (linear2): torch::nn::Linear(in_features=5, out_features=4, bias=true)
        (norm1): torch::nn::LayerNorm([4], eps=1e-05, elementwise_affine=true)
        (norm2): torch::nn::LayerNorm([4], eps=1e-05, elementwise_affine=true)
        (norm3): torch::nn::LayerNorm([4], eps=1e-05, elementwise_affine=true)
        (dropout1): torch::nn::Dropout(p=0.1, inplace=false)
        (dropout2): torch::nn::Dropout(p=0.1, inplace=false)
        (dropout3): torch::nn::Dropout(p=0.1, inplace=false)
      )
    )
    (norm): torch::nn::LayerNorm([4], eps=1e-05, elementwise_affine=true)
  )
))"));
}

TEST_CASE("wrong use of transformers is an error that names what was given") {
  const Tensor x = zeros({3, 2, 4});
  CHECK_THAT(error_of([] { TransformerEncoderLayer(5, 2); }),
             Equals("MultiheadAttention: embed_dim 5 cannot be divided among 2 heads"));
  const std::function<Tensor(const Tensor&)> none;
  CHECK_THAT(error_of([&] { TransformerEncoderLayer(encoder_layer().activation(none)); }),
             Equals("TransformerEncoderLayer: the activation is an empty function, expected kReLU, "
                    "kGELU or a callable"));
  CHECK_THAT(error_of([&] { TransformerDecoderLayer(decoder_layer().activation(none)); }),
             Equals("TransformerDecoderLayer: the activation is an empty function, expected kReLU, "
                    "kGELU or a callable"));
  CHECK_THAT(error_of([] { TransformerEncoder(TransformerEncoderLayer(nullptr), 1); }),
             Equals("TransformerEncoder: the layer's holder is empty, expected a layer"));
  CHECK_THAT(error_of([] { TransformerDecoder(TransformerDecoderOptions(decoder_layer(), -1)); }),
             Equals("TransformerDecoder: the number of layers is -1, expected at least 0"));
  CHECK_THAT(error_of([] { Transformer::Impl::generate_square_subsequent_mask(-1); }),
             Equals("generate_square_subsequent_mask: the size is -1, expected at least 0"));

  Transformer whole(transformer(1, 1));
  const auto error = [&](const Tensor& src, const Tensor& tgt) {
    return error_of([&] { whole(src, tgt); });
  };
  const std::string op = "Transformer: src and tgt have shapes ",
                    expected = ", expected [S, N, 4] and [T, N, 4]";
  CHECK_THAT(error(x[0], x), Equals(op + "[2, 4] and [3, 2, 4]" + expected));
  CHECK_THAT(error(x, zeros({3, 1, 4})), Equals(op + "[3, 2, 4] and [3, 1, 4]" + expected));
  CHECK_THAT(error(x, zeros({3, 2, 5})), Equals(op + "[3, 2, 4] and [3, 2, 5]" + expected));
  TransformerEncoder encoder(TransformerEncoderOptions(encoder_layer(), 1));
  encoder->layers->push_back(Linear(4, 4));
  CHECK_THAT(error_of([&] { encoder(x); }), StartsWith("ModuleList::at: module 1 is a "));
  Transformer custom(TransformerOptions(4, 2).custom_encoder(AnyModule(Linear(4, 4))));
  CHECK_THAT(error_of([&] { custom(x, x); }),
             Equals("torch::nn::LinearImpl::forward: 3 arguments were given, expected 1"));
}

}  // namespace
