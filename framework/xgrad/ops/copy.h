// Copies and conversions. Methods of Tensor:
// clone, contiguous, to, copy_, fill_, zero_, set_, resize_.
#pragma once

#include "xgrad/core/tensor.h"

namespace xgrad {

// A copy with its own storage, in x's memory order (or row-major with MemoryFormat::Contiguous);
// the gradient passes through.
Tensor clone(const Tensor& x, optional<MemoryFormat> format = nullopt);
Tensor fill(const Tensor& x, const Scalar& value);
Tensor& fill_(const Tensor& x, const Scalar& value);
Tensor& zero_(const Tensor& x);
// Copies of x with `source` in the place of x.select(dim, index), x.slice(dim, start, end, step),
// x.diagonal(offset, dim1, dim2). Errors: as those; source has another shape.
Tensor select_scatter(const Tensor& x, const Tensor& source, std::int64_t dim, std::int64_t index);
Tensor slice_scatter(const Tensor& x, const Tensor& source, std::int64_t dim = 0,
                     optional<std::int64_t> start = nullopt, optional<std::int64_t> end = nullopt,
                     std::int64_t step = 1);
Tensor diagonal_scatter(const Tensor& x, const Tensor& source, std::int64_t offset = 0,
                        std::int64_t dim1 = 0, std::int64_t dim2 = 1);
Tensor as_strided_scatter(const Tensor& x, const Tensor& source, IntArrayRef sizes,
                          IntArrayRef strides, optional<std::int64_t> storage_offset = nullopt);

}  // namespace xgrad
