// Powers. Source: https://pytorch.org/docs/stable/generated/torch.pow.html.
//
// Shapes: base [*], exponent [*], broadcast to each other; dtypes promote, and integers stay
// integers. Gradients at 0 are PyTorch's: that of x^0 is 0 and that of 0^y by y is 0 for y >= 0.
// Errors: an integer to a negative whole number, bool to bool.
#pragma once

#include "xgrad/core/tensor.h"

namespace xgrad {

Tensor pow(const Tensor& base, const Tensor& exponent);
Tensor pow(const Tensor& base, const Scalar& exponent);
Tensor pow(const Scalar& base, const Tensor& exponent);
// The same, computed in float64.
Tensor float_power(const Tensor& base, const Tensor& exponent);
Tensor float_power(const Tensor& base, const Scalar& exponent);
Tensor float_power(const Scalar& base, const Tensor& exponent);

}  // namespace xgrad
