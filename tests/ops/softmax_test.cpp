// Softmax and its logarithm: against exp and sum in double, at the edges, and their derivatives.
#include "xgrad/ops/softmax.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

#include "support/matchers.h"
#include "xgrad/autograd/gradcheck.h"
#include "xgrad/core/instruction_set.h"
#include "xgrad/xgrad.h"

namespace xgrad::testing {
namespace {

constexpr double kInf = std::numeric_limits<double>::infinity(),
                 kNan = std::numeric_limits<double>::quiet_NaN();

Tensor naive(const Tensor& x, std::int64_t dim) {
  const Tensor e = x.to(kDouble).exp();
  return e / e.sum(dim, true);
}

}  // namespace

TEST_CASE("softmax equals its formula for all lengths around a vector's, forward and backward",
          "[ops][softmax]") {
  const InstructionSet before = instruction_set();
  for (const InstructionSet set : available_instruction_sets()) {
    set_instruction_set(set);
    for (const std::int64_t n : {1, 2, 7, 8, 9, 15, 16, 17, 33, 100}) {
      for (const std::int64_t inner : {1, 3, 16, 21}) {
        for (const ScalarType type : {kFloat, kDouble}) {
          INFO(toString(set) << " n " << n << " inner " << inner << " " << type);
          const Tensor x = (randn({2, n, inner}) * 3).to(type).set_requires_grad(true),
                       dy = randn({2, n, inner}).to(type);
          const Tensor expected = naive(x.detach(), 1), v = dy.to(kDouble);
          const Tensor y = x.softmax(1), z = x.log_softmax(1);
          CHECK(y.dtype() == type);
          CHECK_THAT(y.to(kDouble), Near(expected, 1e-6));
          CHECK_THAT(z.to(kDouble), Near(expected.log(), 2e-6));
          y.backward(dy);
          CHECK_THAT(x.grad().to(kDouble),
                     Near(expected * (v - (v * expected).sum(1, true)), 2e-6));
          x.mutable_grad().reset();
          z.backward(dy);
          CHECK_THAT(x.grad().to(kDouble), Near(v - expected * v.sum(1, true), 1e-5));
        }
      }
    }
  }
  set_instruction_set(before);
}

TEST_CASE("softmax is the same for other strides and dims", "[ops][softmax]") {
  const Tensor x = randn({4, 5, 6});
  for (std::int64_t dim = -3; dim < 3; ++dim)
    CHECK_THAT(x.softmax(dim).to(kDouble), Near(naive(x, dim), 1e-6));
  CHECK_THAT(x.transpose(0, 2).softmax(0), Near(x.softmax(2).transpose(0, 2), 3e-7));
  CHECK_THAT(x.slice(2, 0, nullopt, 2).softmax(2).to(kDouble),
             Near(naive(x.slice(2, 0, nullopt, 2), 2), 1e-6));
  CHECK(zeros({0, 3}).softmax(0).sizes() == IntArrayRef({0, 3}));
  CHECK(zeros({3, 0}).softmax(1).sizes() == IntArrayRef({3, 0}));
}

TEST_CASE("huge values do not overflow and infinities give PyTorch's answers", "[ops][softmax]") {
  CHECK_THAT(tensor({1e30, 1., -1e30}).softmax(0), Near(tensor({1., 0., 0.}), 0));
  CHECK_THAT(tensor({1000., 1000.}).log_softmax(0), Near(full({2}, -std::log(2.)), 1e-6));
  CHECK_THAT(tensor({-kInf, 1., 1.}).softmax(0), Near(tensor({0., .5, .5}), 0));
  CHECK_THAT(tensor({-kInf, -kInf}).softmax(0), Near(full({2}, kNan), 0));
  CHECK_THAT(tensor({kInf, 1.}).softmax(0),
             Near(tensor({kNan, 0.}), 0) || Near(full({2}, kNan), 0));
  CHECK_THAT(softmin(tensor({1., 1.}), 0), Near(full({2}, 0.5), 0));
  CHECK_THAT(tensor({-kInf, -kInf}).logsumexp(0), Near(tensor(-kInf), 0));
  CHECK_THAT(tensor({1000., 1000.}).logsumexp(0), Near(tensor(1000 + std::log(2.)), 1e-6));
  CHECK(tensor({1, 2}).logsumexp(0).item<float>() == Approx(2.3132617));
  CHECK(logsumexp(ones({2, 3}), {0, 1}, true).sizes() == IntArrayRef({1, 1}));
}

TEST_CASE("a dtype converts before softmax and back in the gradient", "[ops][softmax]") {
  const Tensor x = ones({4}).set_requires_grad(true);
  const Tensor y = softmax(x, 0, kDouble);
  CHECK(y.dtype() == kDouble);
  y.select(0, 0).backward();
  CHECK(x.grad().dtype() == kFloat);
  CHECK(softmax(tensor({1, 2}), 0, kFloat).dtype() == kFloat);
  CHECK(error_of([] {
          tensor({1, 2}).softmax(0);
        }) == "softmax: not defined for dtype int64, expected a floating one");
  CHECK(error_of([] { ones({3}).log_softmax(2); }) ==
        "log_softmax: dim 2 is out of range, expected -1 to 0");
}

TEST_CASE("second derivatives of the softmax family pass the numerical check", "[ops][softmax]") {
  const auto check = [](const std::function<Tensor(const Tensor&)>& f) {
    const Tensor x = randn({2, 3, 4}, kDouble).set_requires_grad(true);
    const auto many = [&](const std::vector<Tensor>& in) { return std::vector<Tensor>{f(in[0])}; };
    CHECK(autograd::gradcheck(many, {x}));
    CHECK(autograd::gradgradcheck(many, {x}));
  };
  check([](const Tensor& x) { return x.softmax(1); });
  check([](const Tensor& x) { return x.log_softmax(1); });
  check([](const Tensor& x) { return x.log_softmax(2); });
  check([](const Tensor& x) { return x.logsumexp({0, 2}); });
  check([](const Tensor& x) { return x.logcumsumexp(1); });
  check([](const Tensor& x) { return x.cumprod(1); });
  check([](const Tensor& x) { return x.prod(2); });
  check([](const Tensor& x) { return x.var(1); });
  check([](const Tensor& x) { return x.std({0, 1}); });
  check([](const Tensor& x) { return x.norm(3, 1); });
}

}  // namespace xgrad::testing
