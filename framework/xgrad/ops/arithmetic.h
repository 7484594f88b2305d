// Arithmetic with broadcasting and type promotion. Sources:
// https://pytorch.org/docs/stable/notes/broadcasting.html,
// https://pytorch.org/docs/stable/tensor_attributes.html.
//
// Shapes: a [*], b [*], broadcast to each other; a number stands for a 0-d tensor of its kind.
// Errors: shapes that do not broadcast, a dtype that the op is not defined for.
#pragma once

#include "xgrad/core/tensor.h"

namespace xgrad {

// a + alpha * b; on bool: or.
Tensor add(const Tensor& a, const Tensor& b, const Scalar& alpha = 1);
Tensor add(const Tensor& a, const Scalar& b, const Scalar& alpha = 1);
// a - alpha * b. Errors: bool.
Tensor sub(const Tensor& a, const Tensor& b, const Scalar& alpha = 1);
Tensor sub(const Tensor& a, const Scalar& b, const Scalar& alpha = 1);
Tensor subtract(const Tensor& a, const Tensor& b, const Scalar& alpha = 1);
// b - alpha * a.
Tensor rsub(const Tensor& a, const Tensor& b, const Scalar& alpha = 1);
Tensor rsub(const Tensor& a, const Scalar& b, const Scalar& alpha = 1);
Tensor mul(const Tensor& a, const Tensor& b);
Tensor mul(const Tensor& a, const Scalar& b);
Tensor multiply(const Tensor& a, const Tensor& b);
// True division: integers give the default dtype.
// With a rounding mode "trunc" or "floor" the dtype stays.
Tensor div(const Tensor& a, const Tensor& b);
Tensor div(const Tensor& a, const Scalar& b);
Tensor div(const Tensor& a, const Tensor& b, optional<std::string_view> rounding_mode);
Tensor div(const Tensor& a, const Scalar& b, optional<std::string_view> rounding_mode);
Tensor true_divide(const Tensor& a, const Tensor& b);
Tensor divide(const Tensor& a, const Tensor& b);
Tensor divide(const Tensor& a, const Scalar& b);
Tensor divide(const Tensor& a, const Tensor& b, optional<std::string_view> rounding_mode);
Tensor divide(const Tensor& a, const Scalar& b, optional<std::string_view> rounding_mode);
Tensor floor_divide(const Tensor& a, const Tensor& b);
Tensor floor_divide(const Tensor& a, const Scalar& b);
// The rest of a division: remainder has the sign of b (Python's %), fmod that of a (C's).
Tensor remainder(const Tensor& a, const Tensor& b);
Tensor remainder(const Tensor& a, const Scalar& b);
Tensor fmod(const Tensor& a, const Tensor& b);
Tensor fmod(const Tensor& a, const Scalar& b);
Tensor neg(const Tensor& x);
Tensor negative(const Tensor& x);
// The greatest common divisor and the least common multiple, not negative. Errors: not integers.
Tensor gcd(const Tensor& a, const Tensor& b);
Tensor lcm(const Tensor& a, const Tensor& b);
// a + value * b * c, a + value * b / c, a + weight * (b - a).
Tensor addcmul(const Tensor& a, const Tensor& b, const Tensor& c, const Scalar& value = 1);
Tensor addcdiv(const Tensor& a, const Tensor& b, const Tensor& c, const Scalar& value = 1);
Tensor lerp(const Tensor& a, const Tensor& b, const Scalar& weight);
Tensor lerp(const Tensor& a, const Tensor& b, const Tensor& weight);

Tensor operator+(const Tensor& a, const Tensor& b);
Tensor operator+(const Tensor& a, const Scalar& b);
Tensor operator+(const Scalar& a, const Tensor& b);
Tensor operator-(const Tensor& a, const Tensor& b);
Tensor operator-(const Tensor& a, const Scalar& b);
Tensor operator-(const Scalar& a, const Tensor& b);
Tensor operator*(const Tensor& a, const Tensor& b);
Tensor operator*(const Tensor& a, const Scalar& b);
Tensor operator*(const Scalar& a, const Tensor& b);
Tensor operator/(const Tensor& a, const Tensor& b);
Tensor operator/(const Tensor& a, const Scalar& b);
Tensor operator/(const Scalar& a, const Tensor& b);
Tensor operator%(const Tensor& a, const Tensor& b);
Tensor operator%(const Tensor& a, const Scalar& b);

}  // namespace xgrad
