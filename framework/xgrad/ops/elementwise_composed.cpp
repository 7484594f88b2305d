// What is composed of other elementwise functions: their gradients come of themselves.
#include <cmath>
#include <numbers>

#include "xgrad/autograd/grad_mode.h"
#include "xgrad/core/format.h"
#include "xgrad/ops/arithmetic.h"
#include "xgrad/ops/comparison.h"
#include "xgrad/ops/elementwise.h"
#include "xgrad/ops/factories.h"
#include "xgrad/ops/pow.h"
#include "xgrad/ops/trigonometry.h"
#include "xgrad/ops/where.h"

namespace xgrad {

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

Tensor copysign(const Tensor& a, const Tensor& b) {
  const Tensor magnitude = abs(a.is_floating_point() ? a : a.to(get_default_dtype_as_scalartype()));
  return where(signbit(b), -magnitude, magnitude);
}
Tensor copysign(const Tensor& a, const Scalar& b) {
  const Tensor magnitude = abs(a.is_floating_point() ? a : a.to(get_default_dtype_as_scalartype()));
  return std::signbit(b.toDouble()) ? -magnitude : magnitude;
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
