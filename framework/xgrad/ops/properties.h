// Questions about tensors and types as free functions.
#pragma once

#include "xgrad/core/tensor.h"

namespace xgrad {

std::int64_t numel(const Tensor& x);
bool is_floating_point(const Tensor& x);
bool is_complex(const Tensor& x);
bool is_signed(const Tensor& x);
// Whether the one element is not zero. Errors: not exactly one element.
bool is_nonzero(const Tensor& x);
bool is_same_size(const Tensor& a, const Tensor& b);

// The dtype of an op's result on these: categories first, dimensioned tensors before 0-d ones
// before numbers. Source:
// https://pytorch.org/docs/stable/tensor_attributes.html#type-promotion-doc.
ScalarType result_type(const Tensor& a, const Tensor& b);
ScalarType result_type(const Tensor& a, const Scalar& b);
ScalarType result_type(const Scalar& a, const Tensor& b);
ScalarType result_type(const Scalar& a, const Scalar& b);
// Whether an op may write a result of `from` into `to`:
// never a floating one to integers, nor a number to bool.
bool can_cast(ScalarType from, ScalarType to);

}  // namespace xgrad
