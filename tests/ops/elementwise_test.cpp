// Elementwise functions where a table of smooth samples does not look: kinks, NaN, infinities,
// dtypes, error texts. Expected values are PyTorch 1.13's.
#include <catch2/catch.hpp>
#include <cmath>
#include <functional>
#include <limits>

#include "support/matchers.h"
#include "xgrad/xgrad.h"

namespace xgrad::testing {
namespace {

constexpr double kInf = std::numeric_limits<double>::infinity();
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

using Unary = std::function<Tensor(const Tensor&)>;
using Values = std::vector<double>;

Tensor doubles(const Values& values) { return tensor(values, kDouble); }
Tensor bools(const std::vector<bool>& values) { return tensor(values, kBool); }
Tensor longs(const std::vector<std::int64_t>& values) { return tensor(values, kLong); }

// The gradient of f's sum at x.
Tensor slope_of(const Unary& f, const Values& x) {
  const Tensor input = doubles(x).requires_grad_();
  f(input).sum().backward();
  return input.grad();
}

struct Kink {
  const char* name;
  Unary f;
  Values x, y, slope;
};

}  // namespace

TEST_CASE("Values and gradients at kinks, at infinity and at NaN are PyTorch's", "[elementwise]") {
  const std::vector<Kink> kinks = {
      {"abs", abs, {-kInf, 0, kInf, kNan}, {kInf, 0, kInf, kNan}, {-1, 0, 1, 0}},
      {"sign", sign, {-2, 0, kInf, kNan}, {-1, 0, 1, 0}, {0, 0, 0, 0}},
      {"sqrt", sqrt, {0, -1, kInf}, {0, kNan, kInf}, {kInf, kNan, 0}},
      {"rsqrt", rsqrt, {0, -1, kInf}, {kInf, kNan, 0}, {-kInf, kNan, 0}},
      {"reciprocal", reciprocal, {0, kInf}, {kInf, 0}, {-kInf, 0}},
      {"log", log, {0, -1, kInf}, {-kInf, kNan, kInf}, {kInf, -1, 0}},
      {"round",
       [](const Tensor& x) { return round(x); },
       {0.5, 1.5, -0.5, 2.5},
       {0, 2, 0, 2},
       {0, 0, 0, 0}},
      {"frac", frac, {-1.5, 0, 2.25}, {-0.5, 0, 0.25}, {1, 1, 1}},
      {"relu", relu, {-1, 0, 1, kInf, kNan}, {0, 0, 1, kInf, kNan}, {0, 0, 1, 1, 1}},
      {"relu6", relu6, {0, 3, 6, 7, kNan}, {0, 3, 6, 6, kNan}, {0, 1, 0, 0, 1}},
      {"hardsigmoid", hardsigmoid, {-3, 0, 3, kInf}, {0, 0.5, 1, 1}, {0, 1. / 6, 0, 0}},
      {"hardswish", hardswish, {-4, -3, 3, 4}, {0, 0, 3, 4}, {0, -0.5, 1.5, 1}},
      {"elu", [](const Tensor& x) { return elu(x); }, {-kInf, 0, kInf}, {-1, 0, kInf}, {0, 1, 1}},
      {"leaky_relu",
       [](const Tensor& x) { return leaky_relu(x); },
       {-1, 0, 1},
       {-0.01, 0, 1},
       {0.01, 0.01, 1}},
      {"hardtanh",
       [](const Tensor& x) { return hardtanh(x); },
       {-1, 0, 1, kNan},
       {-1, 0, 1, kNan},
       {0, 1, 0, 1}},
      {"softshrink",
       [](const Tensor& x) { return softshrink(x); },
       {-0.5, 0.5, 1, kNan},
       {0, 0, 0.5, 0},
       {0, 0, 1, 1}},
      {"hardshrink",
       [](const Tensor& x) { return hardshrink(x); },
       {-0.5, 0.5, 1, kNan},
       {0, 0, 1, kNan},
       {0, 0, 1, 1}},
      {"threshold",
       [](const Tensor& x) { return threshold(x, 1, 5); },
       {0, 1, 2, kNan},
       {5, 5, 2, kNan},
       {0, 0, 1, 1}},
      {"softplus",
       [](const Tensor& x) { return softplus(x); },
       {-kInf, 25, kInf},
       {0, 25, kInf},
       {0, 1, 1}},
      {"clamp",
       [](const Tensor& x) { return clamp(x, -1, 1); },
       {-2, -1, 1, 2, kNan},
       {-1, -1, 1, 1, kNan},
       {0, 1, 1, 0, 0}},
      {"clamp, min above max",
       [](const Tensor& x) { return clamp(x, 3, 2); },
       {1, 2.5, 4},
       {2, 2, 2},
       {0, 0, 0}},
      {"clamp by NaN",
       [](const Tensor& x) { return clamp(x, kNan, 2); },
       {1, 5},
       {kNan, kNan},
       {0, 0}},
      {"x^0", [](const Tensor& x) { return pow(x, 0); }, {0, kInf, kNan}, {1, 1, 1}, {0, 0, 0}},
      {"x^1", [](const Tensor& x) { return pow(x, 1); }, {0, -2}, {0, -2}, {1, 1}},
      {"x^0.5",
       [](const Tensor& x) { return pow(x, 0.5); },
       {0, 4, -1},
       {0, 2, kNan},
       {kInf, 0.25, kNan}},
      {"x^-2", [](const Tensor& x) { return pow(x, -2); }, {-2, 0}, {0.25, kInf}, {0.25, -kInf}},
      {"0^x", [](const Tensor& x) { return pow(0, x); }, {-1, 0, 2}, {kInf, 1, 0}, {-kInf, 0, 0}},
      {"1^x", [](const Tensor& x) { return pow(1, x); }, {-1, kNan}, {1, 1}, {0, 0}},
      {"nan_to_num",
       [](const Tensor& x) { return nan_to_num(x, 1, 2, 3); },
       {kNan, kInf, -kInf, 4},
       {1, 2, 3, 4},
       {0, 0, 0, 1}},
      {"logit",
       [](const Tensor& x) { return logit(x); },
       {0, 0.5, 1, 2},
       {-kInf, 0, kInf, kNan},
       {kInf, 4, kInf, kNan}},
  };
  for (const Kink& kink : kinks) {
    INFO(kink.name);
    REQUIRE_THAT(kink.f(doubles(kink.x)), Near(doubles(kink.y), 1e-15));
    REQUIRE_THAT(slope_of(kink.f, kink.x), Near(doubles(kink.slope), 1e-15));
  }
}

TEST_CASE("Second derivatives pass through fused gradients", "[elementwise]") {
  const auto bend = [](const Unary& f, double at) {
    const Tensor x = doubles({at}).requires_grad_();
    const Tensor first = autograd::grad({f(x).sum()}, {x}, {}, true, true)[0];
    return autograd::grad({first.sum()}, {x})[0].item<double>();
  };
  const double s = 1 / (1 + std::exp(-0.7)), t = std::tanh(0.7);
  REQUIRE(bend(sigmoid, 0.7) == Approx(s * (1 - s) * (1 - 2 * s)));
  REQUIRE(bend(tanh, 0.7) == Approx(-2 * t * (1 - t * t)));
  REQUIRE(bend(relu, 0.7) == 0);
  REQUIRE(bend(silu, 0.7) == Approx(s * (1 - s) * (2 + 0.7 * (1 - 2 * s))));
  REQUIRE(bend([](const Tensor& x) { return elu(x); }, -0.7) == Approx(std::exp(-0.7)));
  REQUIRE(bend([](const Tensor& x) { return pow(x, 3); }, 0.7) == Approx(6 * 0.7));
}

TEST_CASE("Extrema share the gradient of a tie, and treat NaN as PyTorch does", "[elementwise]") {
  const auto both = [](const auto& f, const Values& x, const Values& y) {
    const Tensor a = doubles(x).requires_grad_(), b = doubles(y).requires_grad_();
    const Tensor result = f(a, b);
    result.sum().backward();
    return std::vector<Tensor>{result, a.grad(), b.grad()};
  };
  const Values x{0, 1, 2, kNan, 1}, y{1, 1, 1, 1, kNan};
  auto found = both([](const Tensor& a, const Tensor& b) { return maximum(a, b); }, x, y);
  REQUIRE_THAT(found[0], Near(doubles({1, 1, 2, kNan, kNan}), 0));
  REQUIRE_THAT(found[1], Near(doubles({0, 0.5, 1, 1, 1}), 0));
  REQUIRE_THAT(found[2], Near(doubles({1, 0.5, 0, 1, 1}), 0));
  found = both([](const Tensor& a, const Tensor& b) { return minimum(a, b); }, x, y);
  REQUIRE_THAT(found[0], Near(doubles({0, 1, 1, kNan, kNan}), 0));
  REQUIRE_THAT(found[1], Near(doubles({1, 0.5, 0, 1, 1}), 0));
  found = both([](const Tensor& a, const Tensor& b) { return fmax(a, b); }, x, y);
  REQUIRE_THAT(found[0], Near(doubles({1, 1, 2, 1, 1}), 0));
  REQUIRE_THAT(found[1], Near(doubles({0, 1, 1, 0, 1}), 0));
  REQUIRE_THAT(found[2], Near(doubles({1, 0, 0, 1, 0}), 0));
  found = both([](const Tensor& a, const Tensor& b) { return xlogy(a, b); }, {0, 0, 1, 2},
               {0, -1, 0, 3});
  REQUIRE_THAT(found[0], Near(doubles({0, 0, -kInf, 2 * std::log(3)}), 1e-15));
  REQUIRE_THAT(found[1], Near(doubles({0, 0, -kInf, std::log(3)}), 1e-15));
  REQUIRE_THAT(found[2], Near(doubles({kNan, 0, kInf, 2. / 3}), 1e-15));
}

TEST_CASE("Extrema see NaN at every place of a vector", "[elementwise]") {
  for (const std::int64_t n : {1, 7, 8, 15, 16, 17, 33}) {
    for (std::int64_t i = 0; i < n; ++i) {
      const Tensor a = zeros({n}), b = ones({n});
      a[i] = kNan;
      REQUIRE(std::isnan(maximum(a, b)[i].item<double>()));
      REQUIRE(std::isnan(minimum(b, a)[i].item<double>()));
      REQUIRE(fmax(a, b)[i].item<double>() == 1);
      REQUIRE(fmin(b, a)[i].item<double>() == 1);
    }
  }
}

TEST_CASE("clamp with tensors sends the gradient to the bound that was taken", "[elementwise]") {
  const Tensor x = doubles({0, 1, 2, 3, 0}).requires_grad_();
  const Tensor low = doubles({1, 1, 1, 1, 3}).requires_grad_();
  const Tensor high = doubles({2, 2, 2, 2, 2}).requires_grad_();
  const Tensor y = clamp(x, low, high);
  y.sum().backward();
  REQUIRE_THAT(y, Near(doubles({1, 1, 2, 2, 2}), 0));
  REQUIRE_THAT(x.grad(), Near(doubles({0, 1, 1, 0, 0}), 0));
  REQUIRE_THAT(low.grad(), Near(doubles({1, 0, 0, 0, 0}), 0));
  REQUIRE_THAT(high.grad(), Near(doubles({0, 0, 0, 1, 1}), 0));
}

TEST_CASE("Results have PyTorch's dtypes", "[elementwise]") {
  const Tensor i = longs({-2, 0, 3}), f = ones({3}), d = ones({3}, kDouble),
               b = bools({true, false, true});
  REQUIRE(exp(i).scalar_type() == kFloat);
  REQUIRE(sqrt(b).scalar_type() == kFloat);
  REQUIRE(exp(d).scalar_type() == kDouble);
  REQUIRE_THAT(abs(i), Identical(longs({2, 0, 3})));
  REQUIRE_THAT(floor(i), Identical(i));
  REQUIRE_THAT(sign(b), Identical(b));
  REQUIRE_THAT(square(b), Identical(longs({1, 0, 1})));
  REQUIRE_THAT(relu(i), Identical(longs({0, 0, 3})));
  REQUIRE_THAT(hardtanh(i), Identical(longs({-1, 0, 1})));
  REQUIRE_THAT(clamp(i, -1, 2), Identical(longs({-1, 0, 2})));
  REQUIRE(clamp(i, -0.5).scalar_type() == kFloat);
  REQUIRE(maximum(i, f).scalar_type() == kFloat);
  REQUIRE_THAT(pow(i, 2), Identical(longs({4, 0, 9})));
  REQUIRE_THAT(pow(2, longs({0, 3})), Identical(longs({1, 8})));
  REQUIRE_THAT(pow(i, longs({-1, 2, 3})), Identical(longs({0, 0, 27})));
  REQUIRE(pow(i, 0.5).scalar_type() == kFloat);
  REQUIRE(atan2(i, i).scalar_type() == kFloat);
  REQUIRE(eq(i, f).scalar_type() == kBool);
  REQUIRE(where(b, i, f).scalar_type() == kFloat);
  REQUIRE(where(b, 1, 2).scalar_type() == kLong);
  REQUIRE(where(b, 1., 2).scalar_type() == kFloat);
  REQUIRE(where(b, i, 2.5).scalar_type() == kFloat);
  REQUIRE(nan_to_num(f / 0)[0].item<float>() == std::numeric_limits<float>::max());
}

TEST_CASE("Comparisons and logic", "[elementwise]") {
  const Tensor x = doubles({1, 2, kNan}), y = doubles({1, 3, kNan});
  REQUIRE_THAT(x == y, Identical(bools({true, false, false})));
  REQUIRE_THAT(x != y, Identical(bools({false, true, true})));
  REQUIRE_THAT(x < y, Identical(bools({false, true, false})));
  REQUIRE_THAT(2 <= x, Identical(bools({false, true, false})));
  REQUIRE_THAT(2 > x, Identical(bools({true, false, false})));
  REQUIRE_THAT(x >= 2, Identical(bools({false, true, false})));
  REQUIRE_THAT(isnan(x), Identical(bools({false, false, true})));
  REQUIRE_THAT(isfinite(x / 0), Identical(bools({false, false, false})));
  REQUIRE_THAT(logical_and(x, doubles({0, 1, 1})), Identical(bools({false, true, true})));
  REQUIRE_THAT(logical_not(longs({0, 2})), Identical(bools({true, false})));
  REQUIRE_THAT((x > 1) | (y < 2), Identical(bools({true, true, false})));
  REQUIRE_THAT(~bools({true, false}), Identical(bools({false, true})));
  REQUIRE_THAT(longs({6, 5}) & 3, Identical(longs({2, 1})));
  REQUIRE_THAT(longs({6, 5}) ^ longs({1, 1}), Identical(longs({7, 4})));
  REQUIRE_FALSE(x.equal(x));
  REQUIRE(longs({1, 2}).equal(doubles({1, 2})));
  REQUIRE_FALSE(longs({1, 2}).equal(longs({1, 2, 3})));
  REQUIRE(allclose(x, x, 1e-5, 1e-8, true));
  REQUIRE_FALSE(allclose(x, x));
  REQUIRE(allclose(doubles({kInf, 1}), doubles({kInf, 1.000001})));
  REQUIRE(allclose(longs({100000}), longs({100001})));
}

TEST_CASE("where takes any mixture of tensors, numbers and shapes", "[elementwise]") {
  const Tensor mask = bools({true, false, true});
  const Tensor x = doubles({1, 2, 3}).requires_grad_(), y = doubles({10}).requires_grad_();
  const Tensor z = where(mask, x, y);
  z.sum().backward();
  REQUIRE_THAT(z, Near(doubles({1, 10, 3}), 0));
  REQUIRE_THAT(x.grad(), Near(doubles({1, 0, 1}), 0));
  REQUIRE_THAT(y.grad(), Near(doubles({1}), 0));
  REQUIRE_THAT(where(mask, 1., x), Near(doubles({1, 2, 1}), 0));
  REQUIRE_THAT(where(mask.unsqueeze(1), doubles({1, 2}), 0.),
               Near(doubles({1, 2, 0, 0, 1, 2}).view({3, 2}), 0));
  REQUIRE_THAT(where(bools({true, false, false, true}).view({2, 2}).t(), 1, 0),
               Identical(longs({1, 0, 0, 1}).view({2, 2})));
  REQUIRE(where(mask).size() == 1);
  REQUIRE_THAT(where(mask)[0], Identical(longs({0, 2})));
  REQUIRE(where(zeros({0}, kBool), 1., 2.).numel() == 0);
  REQUIRE(error_of([&] { where(longs({1}), 1, 2); }) ==
          "where: the condition is int64, expected bool");
}

TEST_CASE("In-place forms change their tensor and its history", "[elementwise]") {
  const Tensor x = doubles({1, 4}).requires_grad_();
  Tensor y = x * 1;
  y.sqrt_();
  y.sum().backward();
  REQUIRE_THAT(y, Near(doubles({1, 2}), 0));
  REQUIRE_THAT(x.grad(), Near(doubles({0.5, 0.25}), 0));

  Tensor z = x * 1;
  z.ge_(2);
  REQUIRE_THAT(z, Near(doubles({0, 1}), 0));
  z.sum().backward();  // a comparison has no slope: nothing is added
  REQUIRE_THAT(x.grad(), Near(doubles({0.5, 0.25}), 0));

  Tensor rows = ones({2, 2});
  rows[0].mul_(-1);
  relu_(rows);
  REQUIRE_THAT(rows, Near(tensor({{0., 0.}, {1., 1.}}), 0));
  clamp_(rows, 0.25, 0.5);
  REQUIRE_THAT(rows, Near(tensor({{0.25, 0.25}, {0.5, 0.5}}), 0));
  rows.pow_(2);
  REQUIRE_THAT(rows, Near(tensor({{0.0625, 0.0625}, {0.25, 0.25}}), 0));
  Tensor flags = bools({true, true});
  flags &= bools({true, false});
  REQUIRE_THAT(flags, Identical(bools({true, false})));
}

TEST_CASE("Elementwise functions say what is wrong", "[elementwise]") {
  const Tensor i = longs({-2, 0, 3}), f = ones({3}), b = bools({true});
  REQUIRE(error_of([&] { abs(b); }) == "abs: not defined for dtype bool");
  REQUIRE(error_of([&] { relu(b); }) == "relu: not defined for dtype bool");
  REQUIRE(error_of([&] { frac(i); }) == "frac: not defined for dtype int64");
  REQUIRE(error_of([&] { silu(i); }) == "silu: not defined for dtype int64");
  REQUIRE(error_of([&] { hypot(i, i); }) == "hypot: not defined for dtype int64");
  REQUIRE(error_of([&] { f& f; }) == "bitwise_and: not defined for dtype float32");
  REQUIRE(error_of([&] { pow(b, b); }) == "pow: not defined for dtype bool");
  REQUIRE(error_of([&] { pow(i, -1); }) ==
          "pow: an integer cannot be raised to -1, expected an exponent of at least 0");
  REQUIRE(error_of([&] { clamp(f, optional<Scalar>()); }) ==
          "clamp: neither min nor max is given, expected at least one");
  REQUIRE(error_of([&] { gelu(f, "erf"); }) ==
          "gelu: approximate 'erf' is unknown, expected none or tanh");
  REQUIRE(error_of([&] { hardtanh(zeros({1}, kByte)); }) ==
          "hardtanh: bounds -1 and 1 must not be negative for the unsigned dtype uint8");
  REQUIRE(error_of([&] { softshrink(f, -1); }) ==
          "softshrink: lambda -1 is negative, expected at least 0");
  REQUIRE(error_of([&] { celu(f, 0); }) == "celu: alpha is 0, expected another number");
  REQUIRE(error_of([&] { glu(f); }) == "glu: dim 0 has the odd size 3, expected an even one");
  REQUIRE(error_of([&] {
            prelu(ones({2, 3}), ones({2}));
          }) ==
          "prelu: the weight has 2 slopes, expected 1 or one for each of 3 channels of [2, 3]");
  REQUIRE(error_of([&] { isclose(i, f); }) == "isclose: dtypes int64 and float32 differ");
  REQUIRE(error_of([&] { isclose(f, f, -1); }) ==
          "isclose: rtol -1 is negative, expected at least 0");
  REQUIRE(error_of([&] { polygamma(-1, f); }) ==
          "polygamma: order -1 is negative, expected at least 0");
  Tensor whole = i.clone();
  REQUIRE(error_of([&] { whole.exp_(); }) ==
          "exp_: the result is float32, which cannot be stored in a tensor of int64");
  REQUIRE_THAT(whole, Identical(i));
}

}  // namespace xgrad::testing
