// Choosing between two tensors, and functions of two tensors that are no arithmetic.
//
// Shapes: all arguments broadcast to each other. Dtypes promote; atan2 and xlogy of integers give
// the default dtype. Source: https://pytorch.org/docs/stable/torch.html#pointwise-ops.
#pragma once

#include "xgrad/core/tensor.h"

namespace xgrad {

// a where the condition holds, b elsewhere. Errors: a condition that is neither bool nor uint8.
Tensor where(const Tensor& condition, const Tensor& a, const Tensor& b);
Tensor where(const Tensor& condition, const Scalar& a, const Tensor& b);
Tensor where(const Tensor& condition, const Tensor& a, const Scalar& b);
Tensor where(const Tensor& condition, const Scalar& a, const Scalar& b);
// The positions of what is not 0, one tensor of indices [n] a dim.
std::vector<Tensor> where(const Tensor& condition);

// NaN and the infinities replaced: by 0 and by the dtype's largest
// and smallest numbers unless given.
Tensor nan_to_num(const Tensor& x, optional<double> nan = nullopt,
                  optional<double> posinf = nullopt, optional<double> neginf = nullopt);
Tensor& nan_to_num_(const Tensor& x, optional<double> nan = nullopt,
                    optional<double> posinf = nullopt, optional<double> neginf = nullopt);

// The angle of the point (x = b, y = a), in (-pi, pi].
Tensor atan2(const Tensor& a, const Tensor& b);
Tensor arctan2(const Tensor& a, const Tensor& b);
// sqrt(a^2 + b^2) without overflow on the way. Errors: integers, as for logaddexp.
Tensor hypot(const Tensor& a, const Tensor& b);
// a log(b), and 0 where a is 0 (unless b is NaN).
Tensor xlogy(const Tensor& a, const Tensor& b);
Tensor xlogy(const Tensor& a, const Scalar& b);
Tensor xlogy(const Scalar& a, const Tensor& b);
// log(e^a + e^b), and the same with base 2.
Tensor logaddexp(const Tensor& a, const Tensor& b);
Tensor logaddexp2(const Tensor& a, const Tensor& b);

}  // namespace xgrad
