// Pooling layers: what they compute, how they print, and wrong use of pooling.
#include <sstream>

#include "nn/golden_rows.h"

namespace {

using namespace xgrad;
using namespace xgrad::testing;
using namespace xgrad::nn;
using Catch::Matchers::Equals;
namespace F = nn::functional;
using Sizes = std::vector<std::int64_t>;

template <class Layer>
std::string printed(const Layer& layer) {
  std::ostringstream text;
  text << layer;
  return text.str();
}

TEST_CASE("the gradient of a power average is 0 where all elements are") {
  Tensor x = tensor({{0.0, 0.0, 1.0, 2.0}});
  x.requires_grad_();
  F::lp_pool1d(x, F::LPPool1dFuncOptions(2, 2)).sum().backward();
  CHECK_THAT(x.grad(), Near(tensor({{0.0, 0.0, 0.4472136, 0.8944272}}), 1e-6));
}

TEST_CASE("pooling layers compute what their functions do") {
  const Tensor x = randn({2, 3, 6, 8}), line = x.flatten(2), volume = x.unsqueeze(2);
  CHECK_THAT(MaxPool2d(MaxPool2dOptions(3).stride(2).padding(1))(x),
             Near(max_pool2d(x, 3, 2, 1), 0));
  CHECK_THAT(MaxPool1d(4)(line), Near(max_pool1d(line, 4), 0));
  CHECK_THAT(MaxPool3d(MaxPool3dOptions({1, 2, 2}))(volume),
             Near(max_pool2d(x, 2).unsqueeze(2), 0));
  CHECK_THAT(AvgPool1d(4)(line), Near(line.unflatten(2, {12, 4}).mean(-1), 1e-6));
  CHECK_THAT(AvgPool2d(2)(x), Near(avg_pool2d(x, 2), 0));
  CHECK_THAT(AvgPool3d(AvgPool3dOptions({1, 2, 2}))(volume),
             Near(avg_pool2d(x, 2).unsqueeze(2), 0));
  CHECK_THAT(AdaptiveAvgPool2d(1)(x), Near(x.mean(IntArrayRef({2, 3}), true), 1e-6));
  CHECK_THAT(AdaptiveAvgPool1d(12)(line), Near(avg_pool1d(line, 4), 1e-6));
  CHECK_THAT(AdaptiveAvgPool3d(1)(volume),
             Near(x.mean(IntArrayRef({2, 3}), true).unsqueeze(2), 1e-6));
  CHECK_THAT(AdaptiveMaxPool1d(12)(line), Near(max_pool1d(line, 4), 0));
  CHECK_THAT(AdaptiveMaxPool2d(AdaptiveMaxPool2dOptions({nullopt, 4}))(x),
             Near(max_pool2d(x, {1, 2}), 0));
  CHECK_THAT(AdaptiveMaxPool3d(1)(volume), Near(volume.amax(IntArrayRef({2, 3, 4}), true), 0));
  CHECK_THAT(LPPool2d(2, 2)(x), Near((avg_pool2d(x * x, 2) * 4).sqrt(), 1e-5));
  CHECK_THAT(LPPool1d(1, 2)(line.abs()), Near(avg_pool1d(line.abs(), 2) * 2, 1e-5));

  MaxPool2d pool(2);
  const auto [y, index] = pool->forward_with_indices(x);
  CHECK_THAT(pool(x), Near(y, 0));
  CHECK_THAT(pool(MaxUnpool2d(2)(y, index)), Near(max_pool2d(x.clamp_min(0), 2), 0));
  AnyModule unpool{MaxUnpool2d(2)};
  CHECK(unpool.forward(y, index).sizes() == x.sizes());
  CHECK(MaxUnpool2d(2)(y, index, Sizes{7, 8}).sizes() == Sizes{2, 3, 7, 8});
  Sequential net(Functional(xgrad::max_pool2d, 3, 2, 0, 1, false), AvgPool2d(2), Flatten());
  CHECK_THAT(net->forward(x), Near(avg_pool2d(max_pool2d(x, 3, 2), 2).flatten(1), 0));
}

TEST_CASE("random samples of a fractional pooling are a buffer, if there are any") {
  const auto options = FractionalMaxPool2dOptions(2).output_size(3);
  FractionalMaxPool2d drawn(options),
      fixed(FractionalMaxPool2dOptions(options)._random_samples(rand({2, 3, 2})));
  CHECK(drawn->buffers().empty());
  CHECK(fixed->named_buffers().keys() == std::vector<std::string>{"_random_samples"});
  const Tensor x = randn({2, 3, 7, 7});
  const auto [y, index] = fixed->forward_with_indices(x);
  CHECK_THAT(fixed(x), Near(y, 0));
  CHECK_THAT(gather(x.flatten(2), 2, index.flatten(2)), Near(y.flatten(2), 0));
  fixed->to(kFloat64);
  CHECK_THAT(fixed(x.to(kDouble)), Near(y, 0));
  CHECK(std::dynamic_pointer_cast<FractionalMaxPool2dImpl>(drawn->clone())->forward(x).size(3) ==
        3);
}

TEST_CASE("pooling layers print as libtorch's") {
  CHECK(printed(AvgPool1d(AvgPool1dOptions(3).stride(2))) ==
        "torch::nn::AvgPool1d(kernel_size=3, stride=2, padding=0)");
  CHECK(printed(AvgPool2d(AvgPool2dOptions({3, 4}).padding({1, 0}))) ==
        "torch::nn::AvgPool2d(kernel_size=[3, 4], stride=[3, 4], padding=[1, 0])");
  CHECK(printed(AvgPool3d(5)) ==
        "torch::nn::AvgPool3d(kernel_size=[5, 5, 5], stride=[5, 5, 5], padding=[0, 0, 0])");
  CHECK(printed(MaxPool1d(3)) ==
        "torch::nn::MaxPool1d(kernel_size=3, stride=3, padding=0, dilation=1, ceil_mode=false)");
  CHECK(printed(MaxPool2d(MaxPool2dOptions({5, 6}).stride(2).ceil_mode(true))) ==
        "torch::nn::MaxPool2d(kernel_size=[5, 6], stride=[2, 2], padding=[0, 0], dilation=[1, 1], "
        "ceil_mode=true)");
  CHECK(printed(MaxPool3d(2)) ==
        "torch::nn::MaxPool3d(kernel_size=[2, 2, 2], stride=[2, 2, 2], padding=[0, 0, 0], "
        "dilation=[1, 1, 1], ceil_mode=false)");
  CHECK(printed(AdaptiveMaxPool1d(3)) == "torch::nn::AdaptiveMaxPool1d(output_size=3)");
  CHECK(printed(AdaptiveMaxPool2d(AdaptiveMaxPool2dOptions({3, nullopt}))) ==
        "torch::nn::AdaptiveMaxPool2d(output_size=[3, None])");
  CHECK(printed(AdaptiveMaxPool3d(AdaptiveMaxPool3dOptions({1, 2, 3}))) ==
        "torch::nn::AdaptiveMaxPool3d(output_size=[1, 2, 3])");
  CHECK(printed(AdaptiveAvgPool1d(3)) == "torch::nn::AdaptiveAvgPool1d(output_size=3)");
  CHECK(printed(AdaptiveAvgPool2d(3)) == "torch::nn::AdaptiveAvgPool2d(output_size=[3, 3])");
  CHECK(printed(AdaptiveAvgPool3d(5)) == "torch::nn::AdaptiveAvgPool3d(output_size=[5, 5, 5])");
  CHECK(printed(MaxUnpool1d(3)) == "torch::nn::MaxUnpool1d(kernel_size=3, stride=3, padding=0)");
  CHECK(printed(MaxUnpool2d(MaxUnpool2dOptions({5, 6}).stride(2))) ==
        "torch::nn::MaxUnpool2d(kernel_size=[5, 6], stride=[2, 2], padding=[0, 0])");
  CHECK(printed(MaxUnpool3d(MaxUnpool3dOptions(5).padding(2))) ==
        "torch::nn::MaxUnpool3d(kernel_size=[5, 5, 5], stride=[5, 5, 5], padding=[2, 2, 2])");
  CHECK(printed(FractionalMaxPool2d(FractionalMaxPool2dOptions(3).output_size(2))) ==
        "torch::nn::FractionalMaxPool2d()");
  CHECK(printed(FractionalMaxPool3d(FractionalMaxPool3dOptions(3).output_ratio(0.5))) ==
        "torch::nn::FractionalMaxPool3d()");
  CHECK(printed(LPPool1d(1, 3)) ==
        "torch::nn::LPPool1d(norm_type=1, kernel_size=3, stride=3, ceil_mode=false)");
  CHECK(printed(LPPool2d(LPPool2dOptions(1.5, {3, 4}).stride({5, 6}).ceil_mode(true))) ==
        "torch::nn::LPPool2d(norm_type=1.5, kernel_size=[3, 4], stride=[5, 6], ceil_mode=true)");
}

TEST_CASE("pooling refuses inputs and windows that do not fit") {
  const Tensor x = zeros({2, 1, 4, 5});
  const auto refuses = [&](const auto& call, const char* text) {
    CHECK_THAT(error_of([&] { call(); }), Equals(text));
  };
  refuses([&] { max_pool2d(x[0][0], 2); },
          "max_pool2d: input has shape [4, 5], expected [N, C, H, W] or [C, H, W]");
  refuses([&] { avg_pool1d(x, 2); },
          "avg_pool1d: input has shape [2, 1, 4, 5], expected [N, C, L] or [C, L]");
  refuses(
      [&] {
        adaptive_avg_pool3d(zeros({1, 2, 3}), 2);
      },
      "adaptive_avg_pool3d: input has shape [1, 2, 3], expected [N, C, D, H, W] or [C, D, H, W]");
  refuses(
      [&] {
        max_pool2d(zeros({2, 0, 4, 4}), 2);
      },
      "max_pool2d: input has shape [2, 0, 4, 4], expected no empty dim but the batch");
  refuses(
      [&] {
        adaptive_avg_pool2d(zeros({2, 1, 0, 4}), 2);
      },
      "adaptive_avg_pool2d: input has shape [2, 1, 0, 4], expected no empty dim but the batch");
  CHECK(adaptive_avg_pool2d(zeros({2, 0, 4, 4}), 2).sizes() == Sizes{2, 0, 2, 2});
  refuses([&] { max_pool2d(x.to(kLong), 2); },
          "max_pool2d: input is int64, expected a floating dtype");
  refuses([&] { avg_pool2d(x.to(kInt), 2); },
          "avg_pool2d: input is int32, expected a floating dtype or int64");
  refuses(
      [&] {
        max_pool2d_with_indices(x, {2, 2, 2});
      },
      "max_pool2d_with_indices: kernel_size has 3 values, expected 1 or 2");
  refuses([&] { avg_pool1d(x[0], {2, 2}); }, "avg_pool1d: kernel_size has 2 values, expected 1");
  refuses([&] { max_pool2d(x, 0); }, "max_pool2d: kernel_size is [0], expected at least 1");
  refuses([&] { max_pool2d(x, 2, {1, 0}); }, "max_pool2d: stride is [1, 0], expected at least 1");
  refuses([&] { max_pool2d(x, 2, 1, -1); }, "max_pool2d: padding is [-1], expected at least 0");
  refuses([&] { max_pool2d(x, 2, 1, 0, 0); }, "max_pool2d: dilation is [0], expected at least 1");
  refuses(
      [&] {
        avg_pool2d(x, {2, 3}, 1, {1, 2});
      },
      "avg_pool2d: padding is [1, 2], expected at most half of the kernel, which is [2, 3]");
  refuses(
      [&] {
        max_pool2d(x, 3, 1, 0, {1, 3});
      },
      "max_pool2d: a window of 7 elements (with dilation) does not fit into 5 (with padding) "
      "in dim 3 of an input of shape [2, 1, 4, 5]");
  refuses(
      [&] {
        avg_pool3d(x, {1, 7, 2}, 1, {0, 1, 0});
      },
      "avg_pool3d: a window of 7 elements (with dilation) does not fit into 6 (with padding) "
      "in dim 2 of an input of shape [2, 1, 4, 5]");
  CHECK(max_pool2d(x, 5, 2, 0, 1, true).sizes() == Sizes{2, 1, 1, 1});
  refuses(
      [&] {
        max_pool1d(zeros({1, 1}), 2, 1, 1, 2);
      },
      "max_pool1d: a window of 2 elements, 2 apart, has none of the 1 in dim 1 of an input of "
      "shape [1, 1] (padding [1])");
  refuses([&] { avg_pool2d(x, 2, 2, 0, false, true, 0); },
          "avg_pool2d: divisor_override is 0, expected another number");
  refuses(
      [&] {
        adaptive_max_pool2d(x, {2, -1});
      },
      "adaptive_max_pool2d: output_size is [2, -1], expected at least 0");
  refuses([&] { F::adaptive_avg_pool2d(x[0][0], F::AdaptiveAvgPool2dFuncOptions(2)); },
          "adaptive_avg_pool2d: input has shape [4, 5], expected 2 spatial dims");
}

TEST_CASE("unpooling and fractional pooling refuse what does not fit") {
  const Tensor x = zeros({2, 1, 4, 5}), index = zeros({2, 1, 4, 5}, kLong);
  const auto refuses = [&](const auto& call, const char* text) {
    CHECK_THAT(error_of([&] { call(); }), Equals(text));
  };
  refuses([&] { max_unpool2d(x, index.to(kInt), 9); },
          "max_unpool2d: indices are int32, expected int64");
  refuses([&] { max_unpool2d(x, index[0], 9); },
          "max_unpool2d: indices have shape [1, 4, 5], expected the input's [2, 1, 4, 5]");
  refuses([&] { max_unpool2d(x, index + 81, 9); },
          "max_unpool2d: index 81 is out of range for a plane of size [9, 9]");
  CHECK_THROWS_AS(max_unpool2d(x, index - 1, 9), IndexError);
  refuses(
      [&] {
        max_unpool2d(x, index, {9, 0});
      },
      "max_unpool2d: output_size is [9, 0], expected at least 1");
  refuses(
      [&] {
        max_unpool3d(x, index, 9, {1, 0, 1}, 0);
      },
      "max_unpool3d: stride is [1, 0, 1], expected at least 1");
  refuses(
      [&] {
        F::max_unpool2d(x, index, F::MaxUnpool2dFuncOptions(2).output_size(Sizes{2, 1, 8, 13}));
      },
      "max_unpool2d: output_size is [2, 1, 8, 13], expected 8..12 for spatial dim 1");
  refuses([&] { F::max_unpool2d(x, index, F::MaxUnpool2dFuncOptions(2).output_size(Sizes{8})); },
          "max_unpool2d: output_size is [8], expected 2 or 4 values");
  refuses([&] { FractionalMaxPool2d(3); },
          "FractionalMaxPool2d: neither output_size nor output_ratio is given, expected one");
  refuses(
      [&] { FractionalMaxPool3d(FractionalMaxPool3dOptions(3).output_size(2).output_ratio(0.5)); },
      "FractionalMaxPool3d: both output_size and output_ratio are given, expected one");
  refuses([&] { FractionalMaxPool2d(FractionalMaxPool2dOptions(3).output_ratio(1.5)); },
          "FractionalMaxPool2d: output_ratio is 1.5, expected above 0 and below 1");
  refuses([&] { F::fractional_max_pool2d(x, F::FractionalMaxPool2dFuncOptions(2)); },
          "fractional_max_pool2d: neither output_size nor output_ratio is given, expected one");
  refuses(
      [&] {
        fractional_max_pool2d(x, 2, {3, 5}, rand({2, 1, 2}));
      },
      "fractional_max_pool2d: 5 windows of 2 elements do not fit into the 5 in dim 3 of an "
      "input of shape [2, 1, 4, 5]");
  refuses(
      [&] {
        fractional_max_pool2d(x, 2, 2, rand({2, 2}));
      },
      "fractional_max_pool2d: random_samples has shape [2, 2], expected [2, 1, 2]");
  refuses(
      [&] {
        fractional_max_pool2d(x, 2, 2, rand({2, 1, 2}, kDouble));
      },
      "fractional_max_pool2d: input is float32, but random_samples is float64");
}

}  // namespace
