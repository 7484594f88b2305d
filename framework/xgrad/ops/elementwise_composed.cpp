// What is composed of other elementwise functions: their gradients come of themselves.
#include <cmath>
#include <numbers>

#include "xgrad/autograd/record.h"
#include "xgrad/core/format.h"
#include "xgrad/ops/arithmetic.h"
#include "xgrad/ops/comparison.h"
#include "xgrad/ops/elementwise.h"
#include "xgrad/ops/factories.h"
#include "xgrad/ops/map.h"
#include "xgrad/ops/pow.h"
#include "xgrad/ops/trigonometry.h"
#include "xgrad/ops/where.h"

namespace xgrad {

using namespace autograd;

Tensor mvlgamma(const Tensor& self, std::int64_t p) {
  check(p >= 1, "mvlgamma: the dimension is {}, expected at least 1", p);
  const double constant = static_cast<double>(p * (p - 1)) / 4 * std::log(std::numbers::pi);
  Tensor sum = lgamma(self) + constant;
  for (std::int64_t j = 1; j < p; ++j) sum = sum + lgamma(self - static_cast<double>(j) / 2);
  return sum;
}

Tensor sinc(const Tensor& self) {
  // At 0 the quotient is taken of another number, so that its gradient is finite there.
  const Tensor zero = self == 0;
  const Tensor angle = self.masked_fill(zero, 1) * std::numbers::pi;
  const Tensor quotient = sin(angle) / angle;
  return where(zero, ones_like(quotient), quotient);
}

Tensor heaviside(const Tensor& self, const Tensor& values) {
  check(self.scalar_type() == values.scalar_type(), "heaviside: dtypes {} and {} differ",
        dtype_name(self.scalar_type()), dtype_name(values.scalar_type()));
  const NoGradGuard no_grad;
  return where(self == 0, values, (self > 0).to(self.scalar_type()));
}

Tensor signbit(const Tensor& self) {
  if (!self.is_floating_point()) return self < 0;
  // Of a zero 1 / x tells the sign.
  const NoGradGuard no_grad;
  return (self < 0) | ((self == 0) & (self.reciprocal() < 0));
}

namespace {

// Where a is not 0 the gradient by a is 1 or -1, and that by b is zero.
Tensor recorded_copysign(const char* node, const Tensor& y, const Tensor& a, const Tensor& b) {
  if (!recording(a, b)) return y;
  record(node, y, {a, b}, [a = Saved(a), y = saved_output(y)](const Tensor& dy, Gradients& dx) {
    if (dx.needs(0)) {
      const Tensor x = a().detach();
      dx[0] = dy * (y().detach() / x).masked_fill(x == 0, 0);
    }
    if (dx.needs(1)) dx[1] = zeros_like(dy);
  });
  return y;
}

}  // namespace

Tensor copysign(const Tensor& a, const Tensor& b) {
  const Tensor magnitude = abs(a.detach().to(floating_result_type({a, b})));
  return recorded_copysign("CopysignBackward0", where(signbit(b), -magnitude, magnitude), a, b);
}
Tensor copysign(const Tensor& a, const Scalar& b) {
  const Tensor magnitude = abs(a.detach().to(floating_result_type({a})));
  return recorded_copysign("CopysignBackward1", std::signbit(b.toDouble()) ? -magnitude : magnitude,
                           a, {});
}

Tensor ldexp(const Tensor& a, const Tensor& b) { return a * pow(2.0, b); }
Tensor positive(const Tensor& self) { return self; }

// clang-format off
Tensor Tensor::mvlgamma(std::int64_t p) const { return xgrad::mvlgamma(*this, p); }
Tensor Tensor::polygamma(std::int64_t n) const { return xgrad::polygamma(n, *this); }
Tensor Tensor::logit(optional<double> eps) const { return xgrad::logit(*this, eps); }
Tensor Tensor::sinc() const { return xgrad::sinc(*this); }
Tensor Tensor::heaviside(const Tensor& values) const { return xgrad::heaviside(*this, values); }
Tensor Tensor::signbit() const { return xgrad::signbit(*this); }
Tensor Tensor::copysign(const Tensor& other) const { return xgrad::copysign(*this, other); }
Tensor Tensor::copysign(const Scalar& other) const { return xgrad::copysign(*this, other); }
Tensor Tensor::ldexp(const Tensor& other) const { return xgrad::ldexp(*this, other); }
// clang-format on

}  // namespace xgrad
