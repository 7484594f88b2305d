// Convolutions: against tests/golden/conv.json (made by tests/golden/make_conv.py), initial
// weights, state, printing and wrong use.
#include <sstream>

#include "nn/golden_rows.h"

namespace {

using namespace xgrad;
using namespace xgrad::testing;
using namespace xgrad::nn;
using Catch::Matchers::Equals;
using Sizes = std::vector<std::int64_t>;

template <class Layer>
std::string printed(const Layer& layer) {
  std::ostringstream text;
  text << layer;
  return text.str();
}

// The layer with the row's inputs as its parameters; the first input is x.
template <class Layer>
Inputs called(Layer layer, const Inputs& x) {
  const auto names = layer->named_parameters().keys();
  for (std::size_t i = 0; i < names.size(); ++i) {
    Tensor& member = names[i] == "weight" ? layer->weight : layer->bias;
    member = x[i + 1];
  }
  return {layer(x[0])};
}

// clang-format off
std::vector<NnRow> functions() {
  return {
      {"conv1d", [](const Inputs& x) { return conv1d(x[0], x[1], x[2]); }},
      {"conv1d_options", [](const Inputs& x) { return conv1d(x[0], x[1], x[2], 2, 1, 2, 2); }},
      {"conv1d_same_even", [](const Inputs& x) { return conv1d(x[0], x[1], {}, 1, "same"); }},
      {"conv1d_unbatched", [](const Inputs& x) { return functional::conv1d(x[0], x[1]); }},
      {"conv2d", [](const Inputs& x) { return functional::conv2d(x[0], x[1], functional::Conv2dFuncOptions().bias(x[2])); }},
      {"conv2d_no_bias", [](const Inputs& x) { return conv2d(x[0], x[1], {}, 1, "valid"); }},
      {"conv2d_stride", [](const Inputs& x) { return functional::conv2d(x[0], x[1], functional::Conv2dFuncOptions().bias(x[2]).stride({2, 3}).padding({1, 2})); }},
      {"conv2d_dilation", [](const Inputs& x) { return conv2d(x[0], x[1], {}, 1, {2, 0}, {2, 3}); }},
      {"conv2d_depthwise", [](const Inputs& x) { return conv2d(x[0], x[1], x[2], 1, 1, 1, 4); }},
      {"conv2d_same", [](const Inputs& x) { return functional::conv2d(x[0], x[1], functional::Conv2dFuncOptions().padding(kSame).dilation({1, 2})); }},
      {"conv2d_wide", [](const Inputs& x) { return conv2d(x[0], x[1]); }, 1},
      {"conv3d", [](const Inputs& x) { return conv3d(x[0], x[1], x[2]); }},
      {"conv3d_options", [](const Inputs& x) { return conv3d(x[0], x[1], {}, {2, 1, 1}, {0, 1, 1}, {1, 1, 2}, 2); }},
      {"conv_transpose1d", [](const Inputs& x) { return conv_transpose1d(x[0], x[1], x[2], 3, 1, 2); }},
      {"conv_transpose2d", [](const Inputs& x) { return functional::conv_transpose2d(x[0], x[1], functional::ConvTranspose2dFuncOptions().bias(x[2])); }},
      {"conv_transpose2d_options", [](const Inputs& x) { return conv_transpose2d(x[0], x[1], x[2], {2, 1}, {1, 0}, {1, 0}, 2, {1, 2}); }},
      {"conv_transpose3d", [](const Inputs& x) { return conv_transpose3d(x[0], x[1], x[2], 2, 1); }},
  };
}

std::vector<NnRow> layers() {
  const auto padded = [](auto mode) { return Conv2d(Conv2dOptions(2, 3, {3, 2}).padding({2, 1}).padding_mode(mode)); };
  return {
      {"layer_conv2d_reflect", [=](const Inputs& x) { return called(padded(kReflect), x); }, 1},
      {"layer_conv2d_replicate", [=](const Inputs& x) { return called(padded(kReplicate), x); }, 1},
      {"layer_conv2d_circular", [=](const Inputs& x) { return called(padded(kCircular), x); }, 1},
      {"layer_conv1d_circular_same", [](const Inputs& x) { return called(Conv1d(Conv1dOptions(2, 3, 4).padding(kSame).padding_mode(kCircular)), x); }},
      {"layer_conv2d_reflect_same", [](const Inputs& x) { return called(Conv2d(Conv2dOptions(2, 2, {4, 3}).padding(kSame).padding_mode(kReflect)), x); }, 1},
  };
}
// clang-format on

TEST_CASE("convolutions have PyTorch's values and gradients, of two orders") {
  const nlohmann::json golden = read_golden("conv.json");
  std::size_t rows = 0;
  for (const auto& list : {functions(), layers()}) {
    for (const NnRow& row : list) {
      check_row(golden, row);
      ++rows;
    }
  }
  std::printf("convolutions: %zu rows checked against PyTorch\n", rows);
}

TEST_CASE("new convolutions have PyTorch's weights for the same seed") {
  const nlohmann::json golden = read_golden("conv.json");
  const auto check_weights = [&](const std::string& name, auto make) {
    INFO(name);
    manual_seed(7);
    const std::vector<Tensor> weights = make()->parameters();
    const Inputs expected = golden_tensors(golden.at("init_" + name).at("outputs"));
    REQUIRE(weights.size() == expected.size());
    for (std::size_t i = 0; i < weights.size(); ++i)
      CHECK_THAT(weights[i].detach(), Near(expected[i], 1e-6));
  };
  check_weights("conv1d", [] { return Conv1d(3, 4, 3); });
  check_weights("conv2d", [] { return Conv2d(Conv2dOptions(2, 6, {3, 2}).groups(2)); });
  check_weights("conv3d", [] { return Conv3d(2, 3, 2); });
  check_weights("conv_transpose1d", [] { return ConvTranspose1d(3, 4, 3); });
  check_weights("conv_transpose2d",
                [] { return ConvTranspose2d(ConvTranspose2dOptions(4, 6, 3).groups(2)); });
  check_weights("conv_transpose3d",
                [] { return ConvTranspose3d(ConvTranspose3dOptions(2, 3, 2).bias(false)); });
}

TEST_CASE("a convolution is the einsum over its windows") {
  const Tensor x = randn({2, 3, 6, 5}, kDouble), w = randn({4, 3, 3, 2}, kDouble);
  const Tensor windows = x.unfold(2, 3, 1).unfold(3, 2, 1);
  CHECK_THAT(conv2d(x, w), Near(einsum("nchwij,ocij->nohw", {windows, w}), 1e-12));
}

TEST_CASE("a convolution of views is that of their copies, in float32 and float64") {
  for (const ScalarType type : {kFloat, kDouble}) {
    const Tensor x = randn({6, 3, 2, 7}, type).permute({2, 1, 3, 0}),
                 w = randn({3, 3, 2, 4}, type).transpose(0, 3);
    CHECK_THAT(conv2d(x, w), Identical(conv2d(x.contiguous(), w.contiguous())));
  }
}

TEST_CASE("a convolution of no samples has no results, and gradients of zeros") {
  Conv2d conv(2, 3, 3);
  const Tensor y = conv(zeros({0, 2, 5, 5}));
  CHECK(y.sizes() == Sizes{0, 3, 3, 3});
  y.sum().backward();
  CHECK_THAT(conv->weight.grad(), Near(zeros({3, 2, 3, 3}), 0));
}

TEST_CASE("a transposed convolution makes the output size that is asked for") {
  ConvTranspose2d up(ConvTranspose2dOptions(2, 3, 3).stride(2).padding(1));
  const Tensor x = randn({1, 2, 4, 4});
  CHECK(up(x).sizes() == Sizes{1, 3, 7, 7});
  CHECK(up->forward(x, IntArrayRef({8, 7})).sizes() == Sizes{1, 3, 8, 7});
  CHECK(up->forward(x[0], IntArrayRef({8, 8})).sizes() == Sizes{3, 8, 8});
  CHECK_THAT(error_of([&] {
               up->forward(x, IntArrayRef({9, 7}));
             }),
             Equals("ConvTranspose2d: output_size is [9, 7], expected 7..8 in spatial dim 0 (input "
                    "[1, 2, 4, 4])"));
  CHECK_THAT(error_of([&] { up->forward(x, IntArrayRef({1})); }),
             Equals("ConvTranspose2d: output_size is [1], expected 2 sizes or 4"));
  CHECK(Sequential(up, ReLU())->forward(x).sizes() == Sizes{1, 3, 7, 7});
}

TEST_CASE("a clone of a convolution is independent, and its state returns bit for bit") {
  const auto check_layer = [](auto layer, const Tensor& x) {
    INFO(printed(layer));
    auto copy = std::dynamic_pointer_cast<typename decltype(layer)::ContainedType>(layer->clone());
    REQUIRE(copy);
    const Tensor expected = layer(x).detach().clone();
    CHECK_THAT(copy->forward(x).detach(), Identical(expected));
    NoGradGuard no_grad;
    for (Tensor& p : layer->parameters()) p.add_(1);
    CHECK_THAT(copy->forward(x), Identical(expected));
    layer->load_state_dict(copy->state_dict());
    CHECK_THAT(layer(x), Identical(expected));
    layer->to(kFloat64);
    CHECK(layer(x.to(kFloat64)).scalar_type() == kFloat64);
  };
  check_layer(Conv1d(2, 3, 2), randn({2, 2, 5}));
  check_layer(Conv2d(2, 3, 2), randn({2, 2, 5, 4}));
  check_layer(Conv3d(2, 3, 2), randn({2, 2, 5, 4, 3}));
  check_layer(ConvTranspose1d(2, 3, 2), randn({2, 2, 5}));
  check_layer(ConvTranspose2d(2, 3, 2), randn({2, 2, 5, 4}));
  check_layer(ConvTranspose3d(2, 3, 2), randn({2, 2, 5, 4, 3}));
}

TEST_CASE("convolutions print as libtorch's") {
  CHECK(printed(Conv1d(3, 4, 5)) == "torch::nn::Conv1d(3, 4, kernel_size=5, stride=1)");
  CHECK(printed(Conv2d(Conv2dOptions(3, 4, {5, 6}).stride(2).padding(1).bias(false))) ==
        "torch::nn::Conv2d(3, 4, kernel_size=[5, 6], stride=[2, 2], padding=[1, 1], bias=false)");
  CHECK(printed(Conv2d(Conv2dOptions(4, 4, 3).padding(kSame).groups(2).dilation(2))) ==
        "torch::nn::Conv2d(4, 4, kernel_size=[3, 3], stride=[1, 1], padding='same', dilation=[2, "
        "2], groups=2)");
  CHECK(printed(Conv3d(Conv3dOptions(1, 1, 2).padding_mode(kCircular).padding(kValid))) ==
        "torch::nn::Conv3d(1, 1, kernel_size=[2, 2, 2], stride=[1, 1, 1], padding='valid', "
        "padding_mode=kCircular)");
  CHECK(printed(ConvTranspose2d(ConvTranspose2dOptions(3, 4, 2).stride(2).output_padding(1))) ==
        "torch::nn::ConvTranspose2d(3, 4, kernel_size=[2, 2], stride=[2, 2], output_padding=[1, "
        "1])");
}

TEST_CASE("convolutions refuse what does not fit") {
  CHECK_THAT(error_of([] { Conv2d(Conv2dOptions(3, 4, 1).groups(2)); }),
             Equals("Conv2d: 3 channels cannot be divided into 2 groups"));
  CHECK_THAT(error_of([] { Conv2d(Conv2dOptions(3, 4, 3).padding(kSame).stride(2)); }),
             Equals("Conv2d: padding kSame with a stride of 2, expected stride 1"));
  CHECK_THAT(error_of([] { Conv1d(3, 4, 0); }),
             Equals("Conv1d: kernel_size has 0, expected at least 1"));
  CHECK_THAT(error_of([] {
               Conv2d(3, 4, 3)(zeros({2, 2, 5, 5}));
             }),
             Equals("conv2d: input has shape [2, 2, 5, 5], expected 3 channels (weight [4, 3, 3, "
                    "3], 1 groups)"));
  CHECK_THAT(error_of([] {
               Conv2d(3, 4, 3)(zeros({3, 5}));
             }),
             Equals("conv2d: input has shape [3, 5], expected 4 dims, or 3 without a batch (weight "
                    "[4, 3, 3, 3])"));
  CHECK_THAT(error_of([] {
               Conv2d(3, 4, 3)(zeros({1, 3, 2, 5}));
             }),
             Equals("conv2d: a kernel of 3 elements (with dilation) does not fit into 2 (with "
                    "padding) in dim 2 of an input of shape [1, 3, 2, 5]"));
  CHECK_THAT(error_of([] {
               Conv2d(3, 4, 3)(zeros({1, 3, 5, 5}, kDouble));
             }),
             Equals("conv2d: input is float64, but weight is float32"));
  CHECK_THAT(error_of([] {
               conv2d(zeros({1, 1, 3, 3}), zeros({1, 1, 2, 2}), zeros({2}));
             }),
             Equals("conv2d: bias has shape [2], expected [1] (weight [1, 1, 2, 2])"));
  CHECK_THAT(error_of([] {
               conv1d(zeros({1, 1, 3}), zeros({1, 1, 2}), {}, 1, "full");
             }),
             Equals("conv1d: padding is \"full\", expected \"valid\" or \"same\""));
  CHECK_THAT(error_of([] {
               conv_transpose1d(zeros({1, 1, 3}), zeros({1, 1, 2}), {}, 2, 0, 2);
             }),
             Equals("conv_transpose1d: output_padding is [2], expected less than stride [2] or "
                    "dilation [1]"));
  CHECK_THAT(error_of([] {
               ConvTranspose2d(ConvTranspose2dOptions(1, 1, 2).padding_mode(kReflect))(
                   zeros({1, 1, 2, 2}));
             }),
             Equals("ConvTranspose2d: padding_mode is kReflect, expected kZeros"));
}

}  // namespace
