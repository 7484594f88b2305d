// The hard places of single ops: numbers that do not fit, integers and bool, NaN and infinity,
// kinks. All expected values are PyTorch 1.13's answers to the same calls.
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <sstream>

#include "support/matchers.h"
#include "xgrad/xgrad.h"

namespace xgrad::testing {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN(),
                 kInf = std::numeric_limits<double>::infinity();

template <class T>
std::string text(const T& value) {
  std::ostringstream out;
  out << value;
  return out.str();
}

// 1 or -1.
Tensor signs(const Tensor& x) { return ones_like(x).copysign(x); }

}  // namespace

TEST_CASE("a number that does not fit is refused, not wrapped", "[ops][edges]") {
  CHECK(error_of([] { tensor(300).item<std::uint8_t>(); }) ==
        "Scalar: 300 does not fit uint8, expected a number within its range");
  CHECK(error_of([] { tensor(1e10).item<int>(); }) ==
        "Scalar: 10000000000 does not fit int32, expected a number within its range");
  CHECK(error_of([] { tensor(kNan).item<std::int64_t>(); }) ==
        "Scalar: nan does not fit int64, expected a number within its range");
  CHECK(error_of([] { tensor(9223372036854775808.0, kDouble).item<std::int64_t>(); }) ==
        "Scalar: 9.223372036854776e+18 does not fit int64, expected a number within its range");
  CHECK(error_of([] { tensor(1e300, kDouble).item<float>(); }) ==
        "Scalar: 1e+300 does not fit float32, expected a number within its range");
  CHECK(error_of([] { zeros({2}, kInt).fill_(kInf); }) ==
        "fill_: the value inf does not fit dtype int32");
  CHECK(error_of([] { full({2}, 300, kByte); }) ==
        "Scalar: 300 does not fit uint8, expected a number within its range");
  CHECK(error_of([] { pow(ones({2}, kByte), 300); }) ==
        "pow: the value 300 does not fit dtype uint8");
}

TEST_CASE("what fits after cutting or wrapping is taken", "[ops][edges]") {
  CHECK(tensor(-2.9).item<int>() == -2);
  CHECK(tensor(-3).item<std::uint8_t>() == 253);
  CHECK(tensor(kInf).item<float>() == std::numeric_limits<float>::infinity());
  CHECK(tensor(0.5).item<bool>());
  CHECK(tensor(-9223372036854775808.0, kDouble).item<std::int64_t>() ==
        std::numeric_limits<std::int64_t>::min());
  CHECK_THAT(tensor({1, 200}, kByte) + 300, Identical(tensor({45, 244}, kByte)));
  CHECK_THAT(tensor({1, 0, 200}, kByte).clamp_min(-3), Identical(full({3}, 253, kByte)));
  CHECK(tensor(std::uint8_t{3}).scalar_type() == kByte);
}

TEST_CASE("a float out of an integer's range becomes the lowest one", "[ops][edges]") {
  constexpr int lowest = std::numeric_limits<int>::min();
  const Tensor x = tensor({3e9, -3e9, kInf, kNan, 2147483647., -2147483649., 300.7}, kDouble);
  CHECK_THAT(x.to(kInt),
             Identical(tensor({lowest, lowest, lowest, lowest, 2147483647, lowest, 300}, kInt)));
  CHECK_THAT(tensor({3e9F, -2147483648.F, 1e20F}).to(kInt), Identical(full({3}, lowest, kInt)));
  CHECK_THAT(tensor({kNan, 9.3e18, -kInf}, kDouble).to(kLong),
             Identical(full({3}, std::numeric_limits<std::int64_t>::min(), kLong)));
  CHECK_THAT(x.to(kByte), Identical(tensor({0, 0, 0, 0, 255, 255, 44}, kByte)));
}

TEST_CASE("zeros keep their signs", "[ops][edges]") {
  for (const ScalarType type : {kFloat, kDouble}) {
    const Tensor zero = zeros({17}, type), minus = full({17}, -0.0, type), above = ones({17}, type),
                 below = -above;
    CHECK_THAT(signs(-zero), Identical(below));
    CHECK_THAT(signs(-minus), Identical(above));
    for (const auto& y : {minus.expm1(), minus.log1p(), minus.relu(), minus.sin(), minus.sqrt()})
      CHECK_THAT(signs(y), Identical(below));
    CHECK_THAT(signs(fmax(zero, minus)), Identical(above));
    CHECK_THAT(signs(fmin(minus, zero)), Identical(below));
  }
}

TEST_CASE("copysign takes the sign of a zero and has no slope there", "[ops][edges]") {
  const Tensor a = tensor({1., -1., 0., -2.}).requires_grad_(),
               b = tensor({-0., 0., -1., -1.}, kDouble).requires_grad_();
  const Tensor y = copysign(a, b);
  CHECK_THAT(y.detach(), Identical(tensor({-1., 1., -0., -2.}, kDouble)));
  CHECK(y.grad_fn()->name() == "CopysignBackward0");
  y.sum().backward();
  CHECK_THAT(a.grad(), Near(tensor({-1., -1., 0., 1.}), 0));
  CHECK_THAT(b.grad(), Near(zeros({4}, kDouble), 0));
  CHECK(copysign(a, -1).grad_fn()->name() == "CopysignBackward1");
  CHECK_THAT(copysign(tensor({1, 0}), tensor({-2, -2})), Identical(tensor({-1., -0.})));
  CHECK_THAT(ones({2}).copysign_(-1), Identical(full({2}, -1.)));
}

TEST_CASE("subnormal numbers are numbers", "[ops][edges]") {
  const Tensor tiny = tensor({5e-324, 1e-310, 2e-308, 0.}, kDouble);
  CHECK_THAT(
      tiny.log(),
      Near(tensor({-744.44007192138122, -713.80137882815416, -708.50306146160608, -kInf}, kDouble),
           1e-15));
  CHECK_THAT(
      tiny.log2(),
      Near(tensor({-1074., -1029.7977094150824, -1022.1538532253076, -kInf}, kDouble), 1e-15));
  CHECK_THAT(
      tiny.log10(),
      Near(tensor({-323.30621534311581, -310., -307.69897000433605, -kInf}, kDouble), 1e-15));
  CHECK(tiny.logit()[0].item<double>() == Approx(-744.44007192138122));
  const auto close = [](const Tensor& x, double expected, double unit) {
    return std::abs(x.item<double>() - expected) <= unit;
  };
  CHECK(close(tensor(-100.F).exp(), 3.720075976020836e-44, 1.5e-45));
  CHECK(close(tensor(-87.5F).exp(), 9.982350930569248e-39, 1.5e-45));
  CHECK(close(tensor(-88.F).sigmoid(), 6.054601485195952e-39, 1.5e-45));
  CHECK(close(tensor(-740., kDouble).exp(), 4.2e-322, 5e-324));
  CHECK(tensor(-104.F).exp().item<float>() == 0);
  CHECK(tensor(709.7, kDouble).exp().item<double>() == Approx(1.6549840276802644e308));
  CHECK(tensor(88.7F).exp().item<float>() == Approx(3.3259768e38F));
}

TEST_CASE("arange counts in whole numbers only for int64", "[ops][edges]") {
  CHECK_THAT(arange(2.5, kLong), Identical(tensor({0, 1})));
  CHECK_THAT(arange(0.5, 3.7, kLong), Identical(tensor({0, 1, 2})));
  CHECK_THAT(arange(0, 5, 1.5, kLong), Identical(tensor({0, 1, 2, 3, 4})));
  CHECK_THAT(arange(0, 5, 1.5, kInt), Identical(tensor({0, 1, 2, 3}, kInt)));
  CHECK(error_of([] { arange(0, 1, 0.25, kLong); }) ==
        "arange: the step must not be 0, which 0.25 is as int64");
}

TEST_CASE("bool is not subtracted, and alpha is of the result's kind", "[ops][edges]") {
  const Tensor yes = ones({2}, kBool), x = ones({2}), n = ones({2}, kLong);
  const std::string refusal = ": not defined for bool; use logical_xor or ^";
  CHECK(error_of([&] { x - yes; }) == "sub" + refusal);
  CHECK(error_of([&] { yes - x; }) == "sub" + refusal);
  CHECK(error_of([&] { x.clone().sub_(yes); }) == "sub_" + refusal);
  CHECK_THAT(true - x, Identical(zeros({2})));
  CHECK(error_of([&] { add(n, n, 2.5); }) ==
        "add: alpha is 2.5, expected an integer for a result of dtype int64");
  CHECK(error_of([&] { add(x, x, true); }) == "add: alpha is a bool, expected a number");
  CHECK(error_of([&] { lerp(x, x.to(kDouble), 0.5); }) ==
        "lerp: the end is float64, expected float32 as the start");
  CHECK(error_of([&] { clamp(yes, yes, yes); }) == "clamp: not defined for dtype bool");
  CHECK(yes.isclose(yes).all().item<bool>());
}

TEST_CASE("functions keep their digits at the ends of their range", "[ops][edges]") {
  CHECK_THAT(tensor({88.5, 88.7, 88.8}).exp(),
             Near(tensor({2.723087918012828e+38, 3.325976864406685e+38, kInf}), 1e-6));
  const Tensor inverse = tensor({1e-30, 1e-8, 0.9}, kDouble).erfinv();
  const Tensor expected =
      tensor({8.862269254527581e-31, 8.86226925452758e-09, 1.1630871536766743}, kDouble);
  CHECK_THAT(inverse / expected, Near(ones({3}, kDouble), 1e-14));
  CHECK_THAT(logaddexp2(tensor({1., 3.}), tensor({2., 3.}, kDouble)),
             Near(tensor({2.584962500721156, 4.}, kDouble), 1e-15));
  CHECK_THAT(logit(tensor({0, 1, 3})), Near(tensor({-kInf, kInf, kNan}), 0));
}

TEST_CASE("an infinite exponent is a number too", "[ops][edges]") {
  CHECK_THAT(pow(tensor({0.5, 1., 2.}), kInf), Near(tensor({0., 1., kInf}), 0));
  CHECK_THAT(pow(tensor({0.5, 1., 2.}), kNan), Near(tensor({kNan, 1., kNan}), 0));
  CHECK(error_of([] {
          pow(tensor({2, 3}), -1);
        }) == "pow: an integer cannot be raised to -1, expected an exponent of at least 0");
}

TEST_CASE("nansum counts NaN as 0 along every dim", "[ops][edges]") {
  const Tensor x = tensor({{1., kNan, 3.}, {kNan, kNan, 5.}});
  CHECK_THAT(x.nansum(0), Identical(tensor({1., 0., 8.})));
  CHECK_THAT(x.nansum(1), Identical(tensor({4., 5.})));
  CHECK_THAT(full({40, 30}, kNan).nansum(0), Identical(zeros({30})));
}

TEST_CASE("0-d tensors are lines of one element", "[ops][edges]") {
  const Tensor x = tensor(1.5);
  CHECK_THAT(std::get<0>(x.topk(0)), Identical(x));
  CHECK(x.movedim(0, -1).dim() == 0);
  CHECK_THAT(pairwise_distance(x, x), Near(tensor(1e-6), 1e-9));
  CHECK(std::get<0>(aminmax(zeros({2, 0, 3}), 0)).sizes() == IntArrayRef({0, 3}));
  CHECK(std::get<1>(aminmax(x, 0, true)).sizes() == IntArrayRef({1}));
  CHECK(std::get<1>(aminmax(x, nullopt, true)).dim() == 0);
  CHECK(error_of([&] { tensordot(x, x, {0}, {0}); }) ==
        "tensordot: cannot sum over dims of [] and [], expected at least 1 dim in both");
}

TEST_CASE("one variable has a covariance without dims", "[ops][edges]") {
  const Tensor x = tensor({{1., 2., 3., 4.}}, kDouble);
  CHECK_THAT(cov(x), Near(tensor(5. / 3, kDouble), 1e-15));
  CHECK_THAT(corrcoef(x), Identical(tensor(1., kDouble)));
}

TEST_CASE("the area under no points is 0", "[ops][edges]") {
  CHECK_THAT(trapezoid(zeros({0})), Identical(tensor(0.)));
  CHECK_THAT(trapezoid(zeros({2, 0}, kLong)), Identical(zeros({2}, kLong)));
  CHECK(cumulative_trapezoid(zeros({2, 0})).sizes() == IntArrayRef({2, 0}));
  CHECK(cumulative_trapezoid(zeros({0}), zeros({0})).sizes() == IntArrayRef({0}));
}

TEST_CASE("cross products broadcast, and differ in no dtype", "[ops][edges]") {
  const Tensor a = tensor({{1., 0., 0.}, {0., 1., 0.}}), b = tensor({{0., 0., 1.}});
  const Tensor expected = tensor({{0., -1., 0.}, {1., 0., 0.}});
  CHECK_THAT(linalg_cross(a, b), Near(expected, 0));
  CHECK_THAT(cross(a, b, 1), Near(expected, 0));
  CHECK_THROWS_AS(cross(a, b[0], 1), Error);
  CHECK_THROWS_AS(cross(a, b.to(kDouble), 1), Error);
}

TEST_CASE("a product times 0 is not looked at", "[ops][edges]") {
  const Tensor c = tensor({{1., 2.}, {3., 4.}}), bad = full({2, 2}, kNan);
  CHECK_THAT(addmm(c, bad, c, 2, 0), Identical(c * 2));
  CHECK_THAT(addmv(c[0], bad, c[0], 2, 0), Identical(c[0] * 2));
  CHECK_THAT(addbmm(c, bad.unsqueeze(0), c.unsqueeze(0), 2, 0), Identical(c * 2));
  CHECK_THAT(addmm(bad, bad, c, 0, 0), Near(zeros({2, 2}), 0));
  CHECK(addmm(c, c.clone().requires_grad_(), c, 1, 0).requires_grad());
}

TEST_CASE("the power 0 of a matrix has a gradient of 0", "[ops][edges]") {
  const Tensor x = tensor({{1., 2.}, {3., 4.}}).requires_grad_();
  const Tensor one = matrix_power(x, 0);
  one.sum().backward();
  CHECK_THAT(one.detach(), Identical(eye(2)));
  CHECK_THAT(x.grad(), Near(zeros({2, 2}), 0));
  CHECK(!matrix_power(x, 1).is_same(x));
}

TEST_CASE("a memory format counts in the options, too", "[ops][edges]") {
  const Tensor x = ones({3, 4}).t(), image = ones({2, 3, 4, 5});
  CHECK(zeros_like(x, MemoryFormat::Contiguous).strides() == IntArrayRef({3, 1}));
  CHECK(rand_like(x, MemoryFormat::Contiguous).strides() == IntArrayRef({3, 1}));
  CHECK(ones_like(x, TensorOptions(kDouble)).strides() == IntArrayRef({1, 4}));
  const auto last = TensorOptions().memory_format(MemoryFormat::ChannelsLast);
  CHECK(empty_like(image, last).strides() == IntArrayRef({60, 1, 15, 3}));
  CHECK(empty({2, 3, 4, 5}, last).strides() == IntArrayRef({60, 1, 15, 3}));
  CHECK(zeros({2, 3, 4, 5}, last).strides() == IntArrayRef({60, 20, 5, 1}));
  CHECK(image.to(last.dtype(kDouble)).strides() == IntArrayRef({60, 1, 15, 3}));
  CHECK(image.to(last).strides() == IntArrayRef({60, 1, 15, 3}));
  CHECK(last.memory_format_opt() == MemoryFormat::ChannelsLast);
  CHECK(error_of([&] { zeros_like(image, last, MemoryFormat::Contiguous); }) ==
        "empty_like: a memory format is given twice, in the options and beside them");
}

TEST_CASE("an expanded tensor may be filled, but not added to", "[ops][edges]") {
  const Tensor base = zeros({2, 1}), wide = base.expand({2, 3});
  wide.fill_(4);
  CHECK_THAT(base, Identical(full({2, 1}, 4.)));
  CHECK_THROWS_AS(wide.add_(1), Error);
}

TEST_CASE("circular padding wraps what negative padding has left", "[ops][edges]") {
  const Tensor x = arange(5, kFloat).view({1, 1, 5});
  CHECK_THAT(pad(x, {-1, 1}, "circular"), Identical(tensor({{{1., 2., 3., 4., 1.}}})));
}

TEST_CASE("the gradient of logsumexp is NaN where all is -inf", "[ops][edges]") {
  const Tensor x = tensor({{-kInf, -kInf}, {1., -kInf}}).requires_grad_();
  x.logsumexp(1).sum().backward();
  CHECK_THAT(x.grad(), Near(tensor({{kNan, kNan}, {1., 0.}}), 0));
}

TEST_CASE("of equal maxima cdist and pdist give each the whole gradient", "[ops][edges]") {
  const Tensor a = zeros({1, 2}, kDouble).requires_grad_(), b = tensor({{2., -2.}}, kDouble);
  cdist(a, b, kInf).sum().backward();
  CHECK_THAT(a.grad(), Near(tensor({{-1., 1.}}, kDouble), 0));
  const Tensor p = tensor({{0., 0.}, {2., -2.}}, kDouble).requires_grad_();
  pdist(p, kInf).sum().backward();
  CHECK_THAT(p.grad(), Near(tensor({{-1., 1.}, {1., -1.}}, kDouble), 0));
}

TEST_CASE("a weighted logit far below 0 has a finite gradient by the target", "[ops][edges]") {
  const Tensor x = tensor({-1000., 2.}, kDouble).requires_grad_(),
               t = tensor({0.3, 0.6}, kDouble).requires_grad_();
  const Tensor loss =
      binary_cross_entropy_with_logits(x, t, {}, tensor({3.}, kDouble), Reduction::Sum);
  const auto d = autograd::grad({loss}, {x, t}, {}, true, true);
  CHECK_THAT(d[0], Near(tensor({-0.9, 0.13775357155134094}, kDouble), 1e-14));
  CHECK_THAT(d[1], Near(tensor({3000., -1.746143977914055}, kDouble), 1e-14));
  CHECK_THAT(autograd::grad({d[1].sum()}, {x})[0], Near(tensor({-3., -1.2384}, kDouble), 1e-4));
}

TEST_CASE("softplus does not bend at its threshold", "[ops][edges]") {
  const Tensor x = tensor(1.5, kDouble).requires_grad_();
  const Tensor dx = autograd::grad({softplus(x, 2, 3)}, {x}, {}, true, true)[0];
  CHECK(dx.item<double>() == Approx(0.9525741268224333));
  CHECK(autograd::grad({dx}, {x})[0].item<double>() == 0);
}

TEST_CASE("options and numbers print as libtorch's", "[ops][edges]") {
  CHECK(text(Scalar(true)) == "true");
  CHECK(text(tensor(2.5, kBool).item()) == "true");
  CHECK(text(zeros({}).options()).starts_with("TensorOptions(dtype=float, device=cpu, layout="));
}

TEST_CASE("what PyTorch computes at the edges", "[ops][edges]") {
  const Tensor x = tensor({-2., 0., 2.});
  CHECK_THAT(hardtanh(x, 1, -1), Near(full({3}, -1.), 0));  // max wins
  CHECK(ones({}).mT().dim() == 0);
  CHECK_THAT(tensordot(tensor({{2.}, {3.}}), tensor({{1., 2.}, {3., 4.}}), {1}, {0}),
             Near(tensor({{8., 12.}, {12., 18.}}), 0));
  CHECK_THAT(vdot(x, x), Near(tensor(8.), 0));
  CHECK(batch_norm(zeros({0, 3}), {}, {}, {}, {}, false, 0.1, 1e-5).sizes() == IntArrayRef({0, 3}));
  CHECK(nn::functional::instance_norm(ones({2, 3, 1})).sizes() == IntArrayRef({2, 3, 1}));
  CHECK(nn::functional::interpolate(ones({1, 1, 4}), nn::functional::InterpolateFuncOptions()
                                                         .size(std::vector<std::int64_t>{2})
                                                         .mode(kNearestExact)
                                                         .align_corners(true))
            .numel() == 2);
  CHECK(arange(0, 0).numel() == 0);
  CHECK_THROWS_AS(arange(1, 2, 0), Error);
}

TEST_CASE("what PyTorch refuses at the edges", "[ops][edges]") {
  const Tensor x = zeros({3, 5});
  CHECK(x.diag(5).numel() == 0);
  CHECK(error_of([&] { x.diag(6); }) == "diag: there is no diagonal 6 in a matrix of shape [3, 5]");
  CHECK_THROWS_AS(x.diag(-4), Error);
  CHECK(error_of([] { arange(2, kBool); }) == "arange: not defined for dtype bool");
  CHECK(error_of([&] { x.data_ptr<std::int8_t>(); }) ==
        "data_ptr: the tensor holds float32, not int8");
}

TEST_CASE("one element far off leaves the others their digits", "[ops][edges]") {
  const Tensor x = cat({tensor({1e8}), ones({999})}).view({1, 1, 10, 100});
  const Tensor mean = zeros({1}), var = zeros({1});
  batch_norm(x, {}, {}, mean, var, true, 1, 1e-5);
  CHECK_THAT(mean, Near(tensor({100000.999}), 0.02));
  const Tensor huge = tensor({{3e38, -3e38, 1., 2.}});
  CHECK(layer_norm(huge, {4}).isfinite().all().item<bool>());
  const auto [spread, middle] = var_mean(tensor({{kInf, 1.}, {.1, .1}}, kFloat64), 1);
  CHECK(middle[0].item<double>() == kInf);
  CHECK(spread[1].item<double>() == 0);
}

TEST_CASE("NaN passes through the gradients of losses of differences", "[ops][edges]") {
  const Tensor x = tensor({kNan, 2.}, requires_grad());
  (smooth_l1_loss(x, zeros({2})) + huber_loss(x, zeros({2}))).backward();
  CHECK(std::isnan(x.grad()[0].item<double>()));
  CHECK(x.grad()[1].item<double>() == 1);
}

TEST_CASE("copy_ of a view with another dtype converts", "[ops][edges]") {
  const Tensor x = tensor({1.f, 2.f}), bits = x.view(kInt).clone();
  x.copy_(x.view(kInt));
  CHECK_THAT(x, Near(bits.to(kFloat), 0));
}

TEST_CASE("the places of nearest samples have a gradient, zero", "[ops][edges]") {
  const Tensor image = arange(4, kFloat32).view({1, 1, 2, 2}),
               grid = tensor({-1., -1., 0.9, 0.4}, requires_grad()).view({1, 1, 2, 2});
  const Tensor y = grid_sampler(image, grid, 1, 0, true);
  CHECK_THAT(y.flatten(), Near(tensor({0., 3.}), 0));
  const auto gradient = autograd::grad({y.sum()}, {grid})[0];
  CHECK_THAT(gradient, Near(zeros({1, 1, 2, 2}), 0));
}

TEST_CASE("a number over a tensor is one division, rounded once", "[ops][edges]") {
  const Tensor x = arange(1, 100, kFloat32).requires_grad_(), y = 10 / x;
  for (int i = 1; i < 100; ++i) {
    CHECK(y[i - 1].item<float>() == 10.F / static_cast<float>(i));
  }
  CHECK(y.grad_fn()->name() == "DivBackward0");
  CHECK((1 - x).grad_fn()->name() == "SubBackward0");
  CHECK(rsub(x, 1).grad_fn()->name() == "RsubBackward1");
  const auto dx = autograd::grad({y.sum()}, {x}, {}, nullopt, true)[0];
  CHECK(dx[1].item<float>() == -2.5F);
  dx.sum().backward();
  CHECK(x.grad()[1].item<float>() == 2.5F);
}

TEST_CASE("a scale beside the sizes counts where it does in PyTorch", "[ops][edges]") {
  const Tensor x = arange(3, kFloat32);
  CHECK_THAT(upsample_nearest1d(x.view({1, 1, 3}), {6}, 2.3).flatten(),
             Near(tensor({0., 0., 0., 1., 1., 2.}), 0));
  CHECK_THAT(upsample_nearest1d(x.view({1, 1, 3}), {3}, 1.25).flatten(),
             Near(tensor({0., 0., 1.}), 0));
  const Tensor one = x.view({1, 1, 1, 3}), two = one.expand({1, 2, 2, 3}).contiguous();
  CHECK_THAT(upsample_nearest2d(one, {1, 6}, 1., 2.3).flatten(),
             Near(tensor({0., 0., 1., 1., 2., 2.}), 0));
  CHECK_THAT(upsample_nearest2d(two, {2, 6}, 1., 2.3)[0][1][1],
             Near(tensor({0., 0., 0., 1., 1., 2.}), 0));
  CHECK_THAT(upsample_linear1d(x.view({1, 1, 3}), {3}, false, 1.25).flatten(), Near(x, 0));
}

}  // namespace xgrad::testing
