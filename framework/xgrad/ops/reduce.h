// Sums, means, products and logical answers over dims. Source:
// https://pytorch.org/docs/stable/torch.html#reduction-ops.
//
//   x.sum();   x.sum({0, 2}, /*keepdim=*/true);   xgrad::mean(x, -1);
//
// x [*] -> 0-d, or x's shape without the dims that are named (with keepdim: of size 1). No dims
// means all. `type` converts first. Reductions of nothing: sum 0, prod 1, mean NaN, all true, any
// false. Errors: a dim that is out of range or named twice.
#pragma once

#include "xgrad/core/tensor.h"

namespace xgrad {

// Integers and bool are summed in int64.
Tensor sum(const Tensor& x, optional<ScalarType> type = nullopt);
Tensor sum(const Tensor& x, OptionalIntArrayRef dim, bool keepdim = false,
           optional<ScalarType> type = nullopt);
// NaN counts as 0.
Tensor nansum(const Tensor& x, OptionalIntArrayRef dim = nullopt, bool keepdim = false,
              optional<ScalarType> type = nullopt);
// Errors: integers without a floating `type`.
Tensor mean(const Tensor& x, optional<ScalarType> type = nullopt);
Tensor mean(const Tensor& x, OptionalIntArrayRef dim, bool keepdim = false,
            optional<ScalarType> type = nullopt);
Tensor nanmean(const Tensor& x, OptionalIntArrayRef dim = nullopt, bool keepdim = false,
               optional<ScalarType> type = nullopt);
// The gradient is right where elements are 0, too, and so is its gradient.
Tensor prod(const Tensor& x, optional<ScalarType> type = nullopt);
Tensor prod(const Tensor& x, std::int64_t dim, bool keepdim = false,
            optional<ScalarType> type = nullopt);

// Whether all (any) elements are nonzero; NaN is nonzero. bool, or uint8 for uint8.
Tensor all(const Tensor& x);
Tensor all(const Tensor& x, std::int64_t dim, bool keepdim = false);
Tensor any(const Tensor& x);
Tensor any(const Tensor& x, std::int64_t dim, bool keepdim = false);
// [int64]
Tensor count_nonzero(const Tensor& x, optional<std::int64_t> dim = nullopt);
Tensor count_nonzero(const Tensor& x, IntArrayRef dim);

// Undoes broadcasting: sums x until it has this shape.
// Errors: that shape does not broadcast to x's.
Tensor sum_to_size(const Tensor& x, IntArrayRef sizes);

}  // namespace xgrad
