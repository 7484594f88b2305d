// What the normalizations share: their checks, and their gradient as a composition of
// differentiable ops, for derivatives of higher order. Private to the ops.
#pragma once

#include "xgrad/core/tensor.h"

namespace xgrad {

// Errors: an input that is not floating.
void check_norm_input(const char* op, const Tensor& input);
// Errors: `what` of the op is defined, but has not this shape or not the input's dtype.
void check_norm_parameter(const char* op, const char* what, const Tensor& parameter,
                          IntArrayRef sizes, const Tensor& input);

// [1, C, 1, ...]: a vector along dim 1 of a tensor of `dims` dims.
Tensor along_channels(const Tensor& vector, std::int64_t dims);

// The number of this floating dtype that is nearest to `value`.
double nearest(double value, ScalarType type);

// h = (x - mean) / sqrt(var + eps) over dims, with the factor 1 / sqrt(var + eps): infinite where
// var + eps is 0, or 0 there if `flat_is_zero`.
struct Standardized {
  Standardized(const Tensor& x, IntArrayRef dims, double eps, bool flat_is_zero = false);
  Tensor h, rstd;
};

// The gradient of x from the gradient g of h.
Tensor standardized_gradient(const Standardized& s, const Tensor& g, IntArrayRef dims);

}  // namespace xgrad
