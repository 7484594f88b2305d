// Ops that write into a tensor that is there: `add_out(out, a, b)`.
//
// `out` takes the result's shape where it has another, and keeps its dtype. Errors: an undefined
// `out`; a result whose kind its dtype cannot hold (floating to integer); a tensor among all that
// requires grad while recording; an input that overlaps `out` in part.
#pragma once

#include "xgrad/core/tensor.h"

namespace xgrad {

Tensor& add_out(Tensor& out, const Tensor& a, const Tensor& b, const Scalar& alpha = 1);
Tensor& sub_out(Tensor& out, const Tensor& a, const Tensor& b, const Scalar& alpha = 1);
Tensor& mul_out(Tensor& out, const Tensor& a, const Tensor& b);
Tensor& div_out(Tensor& out, const Tensor& a, const Tensor& b);
Tensor& matmul_out(Tensor& out, const Tensor& a, const Tensor& b);
Tensor& mm_out(Tensor& out, const Tensor& a, const Tensor& b);
Tensor& bmm_out(Tensor& out, const Tensor& a, const Tensor& b);
Tensor& cat_out(Tensor& out, TensorList tensors, std::int64_t dim = 0);
Tensor& stack_out(Tensor& out, TensorList tensors, std::int64_t dim = 0);

namespace detail {
// The end of any other: the result for these inputs into `out`.
Tensor& write_out(const char* op, Tensor& out, const Tensor& result, TensorList inputs);
}  // namespace detail

}  // namespace xgrad
