// Exponentials, logarithms, roots, rounding and special functions, elementwise.
// Source: https://pytorch.org/docs/stable/torch.html#pointwise-ops.
//
// Shapes: [*] -> [*]. Integers become the default dtype, but stay what they are in abs, square,
// sign and the roundings. A name with _ writes into its argument.
#pragma once

#include "xgrad/core/tensor.h"

namespace xgrad {

// clang-format off
Tensor exp(const Tensor& self);
Tensor exp2(const Tensor& self);  // 2^x
Tensor expm1(const Tensor& self);  // e^x - 1, exact near 0
Tensor log(const Tensor& self);
Tensor log2(const Tensor& self);
Tensor log10(const Tensor& self);
Tensor log1p(const Tensor& self);  // log(1 + x), exact near 0
Tensor sqrt(const Tensor& self);
Tensor rsqrt(const Tensor& self);  // 1 / sqrt(x)
Tensor reciprocal(const Tensor& self);
Tensor erf(const Tensor& self);
Tensor erfc(const Tensor& self);
Tensor erfinv(const Tensor& self);
Tensor lgamma(const Tensor& self);
Tensor digamma(const Tensor& self);
// The gradient of abs at 0 is 0.
Tensor abs(const Tensor& self);
Tensor square(const Tensor& self);
Tensor floor(const Tensor& self);
Tensor ceil(const Tensor& self);
Tensor round(const Tensor& self);  // halves to even
Tensor round(const Tensor& self, std::int64_t decimals);  // errors: integers
Tensor trunc(const Tensor& self);
Tensor frac(const Tensor& self);
// The gradient of these and of the roundings is 0; of NaN they are 0.
Tensor sign(const Tensor& self);
Tensor sgn(const Tensor& self);
Tensor absolute(const Tensor& self);
Tensor fix(const Tensor& self);  // trunc

Tensor& exp_(const Tensor& self);
Tensor& exp2_(const Tensor& self);
Tensor& expm1_(const Tensor& self);
Tensor& log_(const Tensor& self);
Tensor& log2_(const Tensor& self);
Tensor& log10_(const Tensor& self);
Tensor& log1p_(const Tensor& self);
Tensor& sqrt_(const Tensor& self);
Tensor& rsqrt_(const Tensor& self);
Tensor& reciprocal_(const Tensor& self);
Tensor& erf_(const Tensor& self);
Tensor& erfc_(const Tensor& self);
Tensor& erfinv_(const Tensor& self);
Tensor& lgamma_(const Tensor& self);
Tensor& digamma_(const Tensor& self);
Tensor& abs_(const Tensor& self);
Tensor& square_(const Tensor& self);
Tensor& floor_(const Tensor& self);
Tensor& ceil_(const Tensor& self);
Tensor& round_(const Tensor& self);
Tensor& round_(const Tensor& self, std::int64_t decimals);
Tensor& trunc_(const Tensor& self);
Tensor& frac_(const Tensor& self);
Tensor& sign_(const Tensor& self);
Tensor& sgn_(const Tensor& self);
Tensor& absolute_(const Tensor& self);
// clang-format on

// The derivative of digamma of order n; digamma itself for n = 0. Errors: n < 0.
Tensor polygamma(std::int64_t n, const Tensor& self);
// The logarithm of the multivariate gamma function of dimension p. Errors: p < 1.
Tensor mvlgamma(const Tensor& self, std::int64_t p);
// sin(pi x) / (pi x), 1 at 0.
Tensor sinc(const Tensor& self);
// 0 where x < 0, 1 where x > 0, `values` where x is 0. No gradient.
Tensor heaviside(const Tensor& self, const Tensor& values);
// |a| with the sign of b (of a zero, too).
Tensor copysign(const Tensor& a, const Tensor& b);
Tensor copysign(const Tensor& a, const Scalar& b);
// Whether the sign is negative: that of -0.0 is.
Tensor signbit(const Tensor& self);
// a 2^b.
Tensor ldexp(const Tensor& a, const Tensor& b);
Tensor positive(const Tensor& self);  // itself
// The modified Bessel function of the first kind, of order 0.
Tensor i0(const Tensor& self);
// x as mantissa 2^exponent (int32), the mantissa's size in [0.5, 1). Errors: integers.
std::tuple<Tensor, Tensor> frexp(const Tensor& self);
// The next number after a towards b. No gradient. Errors: integers.
Tensor nextafter(const Tensor& a, const Tensor& b);
// The argument of a real number: pi where it is negative, else 0.
Tensor angle(const Tensor& self);
// log(x / (1 - x)), with x brought into [eps, 1 - eps] if eps is given.
Tensor logit(const Tensor& self, optional<double> eps = nullopt);

}  // namespace xgrad
