// Views: other geometries of the same storage, without a copy. Source:
// https://pytorch.org/docs/stable/tensor_view.html.
//
// x [*]; negative dims count from the end. Errors (IndexError for dims and indices)
// name the op and what it was given.
#pragma once

#include "xgrad/core/tensor.h"

namespace xgrad {

// The one general view: any sizes and strides (in elements) into x's storage. Errors: beyond the
// storage. Its gradient adds where elements share memory.
Tensor as_strided(const Tensor& x, IntArrayRef sizes, IntArrayRef strides,
                  optional<std::int64_t> storage_offset = nullopt);
Tensor alias(const Tensor& x);
// The same elements outside autograd.
Tensor detach(const Tensor& x);
// A copy only where no view can have this shape; one size may be -1.
Tensor reshape(const Tensor& x, IntArrayRef sizes);
Tensor flatten(const Tensor& x, std::int64_t start_dim = 0, std::int64_t end_dim = -1);
Tensor unflatten(const Tensor& x, std::int64_t dim, IntArrayRef sizes);
Tensor ravel(const Tensor& x);
Tensor transpose(const Tensor& x, std::int64_t a, std::int64_t b);
Tensor swapaxes(const Tensor& x, std::int64_t a, std::int64_t b);
Tensor swapdims(const Tensor& x, std::int64_t a, std::int64_t b);
Tensor t(const Tensor& x);
Tensor adjoint(const Tensor& x);
Tensor permute(const Tensor& x, IntArrayRef dims);
Tensor movedim(const Tensor& x, std::int64_t source, std::int64_t destination);
Tensor movedim(const Tensor& x, IntArrayRef source, IntArrayRef destination);
Tensor moveaxis(const Tensor& x, std::int64_t source, std::int64_t destination);
Tensor moveaxis(const Tensor& x, IntArrayRef source, IntArrayRef destination);
Tensor squeeze(const Tensor& x);
Tensor squeeze(const Tensor& x, std::int64_t dim);
Tensor unsqueeze(const Tensor& x, std::int64_t dim);
// Size-1 dims (and new leading ones) repeat without a copy; -1 keeps a size.
Tensor expand(const Tensor& x, IntArrayRef sizes);
Tensor broadcast_to(const Tensor& x, IntArrayRef sizes);
Tensor select(const Tensor& x, std::int64_t dim, std::int64_t index);
Tensor narrow(const Tensor& x, std::int64_t dim, std::int64_t start, std::int64_t length);
Tensor narrow(const Tensor& x, std::int64_t dim, const Tensor& start, std::int64_t length);
Tensor slice(const Tensor& x, std::int64_t dim = 0, optional<std::int64_t> start = nullopt,
             optional<std::int64_t> end = nullopt, std::int64_t step = 1);
Tensor diagonal(const Tensor& x, std::int64_t offset = 0, std::int64_t dim1 = 0,
                std::int64_t dim2 = 1);
// Windows of `size` every `step` along `dim`:
// [..., n, ...] -> [..., (n - size) / step + 1, ..., size].
Tensor unfold(const Tensor& x, std::int64_t dim, std::int64_t size, std::int64_t step);

// The strides under which `x` can be seen as `sizes`, if it can without a copy.
optional<Dims> view_strides(const Tensor& x, IntArrayRef sizes);
// `sizes` with its -1 filled in. Errors: the number of elements differs.
Dims infer_sizes(const char* op, IntArrayRef sizes, std::int64_t numel);

}  // namespace xgrad
