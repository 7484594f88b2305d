// Trigonometric and hyperbolic functions, elementwise. tanh is an activation: see activation.h.
// Source: https://pytorch.org/docs/stable/torch.html#pointwise-ops.
//
// Shapes: [*] -> [*]; integers become the default dtype. A name with _ writes into its argument.
#pragma once

#include "xgrad/core/tensor.h"

namespace xgrad {

// clang-format off
Tensor sin(const Tensor& self);
Tensor cos(const Tensor& self);
Tensor tan(const Tensor& self);
Tensor asin(const Tensor& self);
Tensor acos(const Tensor& self);
Tensor atan(const Tensor& self);
Tensor sinh(const Tensor& self);
Tensor cosh(const Tensor& self);
Tensor asinh(const Tensor& self);
Tensor acosh(const Tensor& self);
Tensor atanh(const Tensor& self);

Tensor arcsin(const Tensor& self);
Tensor arccos(const Tensor& self);
Tensor arctan(const Tensor& self);
Tensor arcsinh(const Tensor& self);
Tensor arccosh(const Tensor& self);
Tensor arctanh(const Tensor& self);

Tensor& sin_(const Tensor& self);
Tensor& cos_(const Tensor& self);
Tensor& tan_(const Tensor& self);
Tensor& asin_(const Tensor& self);
Tensor& acos_(const Tensor& self);
Tensor& atan_(const Tensor& self);
Tensor& sinh_(const Tensor& self);
Tensor& cosh_(const Tensor& self);
Tensor& asinh_(const Tensor& self);
Tensor& acosh_(const Tensor& self);
Tensor& atanh_(const Tensor& self);
// clang-format on

Tensor deg2rad(const Tensor& self);
Tensor rad2deg(const Tensor& self);

}  // namespace xgrad
