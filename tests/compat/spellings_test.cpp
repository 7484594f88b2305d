// Functions of libtorch that are another spelling of xgrad's own. Expected values are PyTorch
// 1.13's.
#include <catch2/catch.hpp>

#include "support/matchers.h"
#include "torch/torch.h"

namespace {

using namespace xgrad;
using namespace xgrad::testing;
using Catch::Matchers::Equals;

}  // namespace

TEST_CASE("in-place methods are functions too") {
  torch::Tensor x = torch::tensor({0.25, -0.5});
  REQUIRE(torch::neg_(x).is_same(x));
  REQUIRE(x.equal(torch::tensor({-0.25, 0.5})));
  REQUIRE(torch::xlogy_(x, 1.0).equal(torch::tensor({-0.0, 0.0})));
  torch::Tensor n = torch::tensor({12, 18});
  REQUIRE(torch::gcd_(n, torch::tensor({8, 27})).equal(torch::tensor({4, 9})));
  torch::Tensor y = torch::arange(6.0);
  REQUIRE(torch::as_strided_(y, {2, 2}, {1, 2}).equal(torch::tensor({{0.0, 2.0}, {1.0, 3.0}})));
  torch::Tensor z = torch::ones(2).requires_grad_() * 2;
  REQUIRE(!torch::detach_(z).requires_grad());
}

TEST_CASE("a copy of a view has storage of its own") {
  const torch::Tensor x = torch::arange(6.0).view({2, 3});
  const std::vector<torch::Tensor> copies = {
      torch::view_copy(x, {3, 2}),
      torch::permute_copy(x, {1, 0}),
      torch::t_copy(x),
      torch::select_copy(x, 0, 1),
      torch::slice_copy(x, 1, 0, 2),
      torch::squeeze_copy(x),
      torch::unsqueeze_copy(x, 0),
      torch::transpose_copy(x, 0, 1),
      torch::detach_copy(x),
      torch::expand_copy(x, {2, 2, 3}),
      torch::as_strided_copy(x, {2}, {1}),
      torch::split_copy(x, 1)[1],
      torch::split_with_sizes_copy(x, {1, 2}, 1)[1],
      torch::unbind_copy(x)[0],
  };
  const std::vector<torch::Tensor> views = {
      x.view({3, 2}),
      x.permute({1, 0}),
      x.t(),
      x.select(0, 1),
      x.slice(1, 0, 2),
      x.squeeze(),
      x.unsqueeze(0),
      x.t(),
      x,
      x.expand({2, 2, 3}),
      x.slice(1, 0, 2)[0],
      x.narrow(0, 1, 1),
      x.slice(1, 1, 3),
      x[0],
  };
  for (std::size_t i = 0; i < copies.size(); ++i) {
    INFO("copy " << i);
    REQUIRE(copies[i].equal(views[i]));
    REQUIRE(!copies[i].is_alias_of(x));
  }
}

TEST_CASE("numbers may stand first, tensors may stand for numbers") {
  const torch::Tensor n = torch::tensor({4, 5});
  REQUIRE(torch::remainder(7, n).equal(torch::tensor({3, 2})));
  REQUIRE(torch::remainder(7.5, n).equal(torch::tensor({3.5, 2.5})));
  REQUIRE(torch::bitwise_xor(1, n).equal(torch::tensor({5, 4})));
  REQUIRE(torch::subtract(n, 1, 2).equal(torch::tensor({2, 3})));
  REQUIRE(torch::isin(2, torch::tensor({4.0, 2.0})).item<bool>());
  REQUIRE(torch::real(n).is_same(n));
  REQUIRE(torch::fill(n, torch::tensor(2.5)).equal(torch::tensor({2, 2})));
  torch::Tensor x = torch::ones(2).requires_grad_(), v = torch::tensor(2.0).requires_grad_();
  torch::fill(x, v).sum().backward();
  REQUIRE(x.grad().equal(torch::zeros(2)));
  REQUIRE(v.grad().item<float>() == 2);
  REQUIRE(torch::bernoulli(n, torch::tensor({0.0, 1.0})).equal(torch::tensor({0, 1})));
}

TEST_CASE("linear and bilinear take a bias that may be absent") {
  const torch::Tensor x = torch::ones({2, 3}), w = torch::ones({1, 3}), b = torch::ones(1);
  const c10::optional<torch::Tensor> some = b, none;
  REQUIRE(torch::linear(x, w, some).equal(torch::linear(x, w, b)));
  REQUIRE(torch::linear(x, w, none).equal(torch::linear(x, w)));
  REQUIRE(torch::linear(x, w, c10::nullopt).equal(torch::linear(x, w, torch::Tensor())));
  REQUIRE(torch::linear(x, w, {}).equal(torch::full({2, 1}, 3.0)));
  REQUIRE(torch::bilinear(x, x, torch::ones({1, 3, 3}), some).equal(torch::full({2, 1}, 10.0)));
  torch::nn::Functional layer(torch::linear, w, b);
  REQUIRE(layer(x).equal(torch::full({2, 1}, 4.0)));
}

TEST_CASE("a tensor like another is filled at random") {
  const torch::Tensor x = torch::zeros({20}, torch::kDouble);
  torch::manual_seed(3);
  const torch::Tensor y = torch::uniform(x, -1, 2);
  torch::manual_seed(3);
  REQUIRE(y.equal(torch::zeros_like(x).uniform_(-1, 2)));
  REQUIRE(torch::exponential(x).gt(0).all().item<bool>());
  REQUIRE(torch::zero(y).equal(x));
}

TEST_CASE("dense tensors become one and come back") {
  const std::vector<torch::Tensor> parts = {torch::ones({2, 2}), torch::zeros({3})};
  const torch::Tensor flat = torch::flatten_dense_tensors(parts);
  REQUIRE(flat.sizes() == torch::IntArrayRef({7}));
  const std::vector<torch::Tensor> back = torch::unflatten_dense_tensors(flat, parts);
  REQUIRE(back[0].equal(parts[0]));
  REQUIRE(back[1].equal(parts[1]));
}

TEST_CASE("upsampling goes by scale factors, too") {
  const torch::Tensor x = torch::arange(4.0).view({1, 1, 2, 2});
  const std::vector<double> factors = {2, 1.5};
  REQUIRE(torch::upsample_nearest2d(x, c10::nullopt, factors).sizes() ==
          torch::IntArrayRef({1, 1, 4, 3}));
  REQUIRE(torch::upsample_nearest2d(x, c10::nullopt, factors)[0][0][3].equal(
      torch::tensor({2.0, 2.0, 3.0})));
  REQUIRE(torch::upsample_bilinear2d(x, torch::IntArrayRef({4, 4}), true, c10::nullopt)
              .equal(torch::upsample_bilinear2d(x, {4, 4}, true)));
  REQUIRE_THAT(error_of([&] { torch::upsample_nearest2d(x, c10::nullopt, c10::nullopt); }),
               Equals("upsample_nearest2d: none of output size and scale factors are given, "
                      "expected one"));
}
