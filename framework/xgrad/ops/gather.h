// Reading and writing elements by index tensors and masks. Sources:
// https://pytorch.org/docs/stable/torch.html (gather, scatter, take, index_select, masked_select,
// nonzero...), https://pytorch.org/docs/stable/generated/torch.nn.functional.embedding.html.
//
// Indices are int64 and, unless said otherwise, not negative. An index out of range is an
// IndexError that names dim, index and size; it is found before anything is written. Other errors:
// dtypes or shapes that do not fit. All are differentiable in everything but index and mask.
#pragma once

#include "xgrad/core/tensor.h"

namespace xgrad {

// y[i][j] = x[index[i][j]][j] for dim 0, and so on: x [*], index [*] of as many dims, nowhere
// larger than x but along `dim` -> [index].
Tensor gather(const Tensor& x, std::int64_t dim, const Tensor& index, bool sparse_grad = false);
// A copy of x where y[index[i][j]][j] = source[i][j]: index [*] not larger than source, nor than x
// but along `dim`. Of several sources for one element the last counts. With `reduce` "add" or
// "multiply" the element is combined with each of them ("multiply" has no gradient).
Tensor scatter(const Tensor& x, std::int64_t dim, const Tensor& index, const Tensor& source);
Tensor scatter(const Tensor& x, std::int64_t dim, const Tensor& index, const Scalar& value);
Tensor scatter(const Tensor& x, std::int64_t dim, const Tensor& index, const Tensor& source,
               std::string_view reduce);
Tensor scatter(const Tensor& x, std::int64_t dim, const Tensor& index, const Scalar& value,
               std::string_view reduce);
// As scatter, but adds.
Tensor scatter_add(const Tensor& x, std::int64_t dim, const Tensor& index, const Tensor& source);
// As scatter, but combines all the sources of an element, and itself where `include_self`, by
// `reduce`: sum, prod, mean, amax or amin. Elements without a source stay what they are. Equal
// extremes share the gradient evenly.
Tensor scatter_reduce(const Tensor& x, std::int64_t dim, const Tensor& index, const Tensor& source,
                      std::string_view reduce, bool include_self = true);
// gather with index and x broadcast to each other but along `dim`; without a dim, both flat.
Tensor take_along_dim(const Tensor& x, const Tensor& index, optional<std::int64_t> dim = nullopt);

// Whole slices along `dim`: index [n] (int64 or int32), x [..., size, ...] -> [..., n, ...].
Tensor index_select(const Tensor& x, std::int64_t dim, const Tensor& index);
// A copy of x where slice index[i] has alpha * source's slice i added, is replaced by it, or is
// filled (there negative indices count from the end).
Tensor index_add(const Tensor& x, std::int64_t dim, const Tensor& index, const Tensor& source,
                 const Scalar& alpha = 1);
Tensor index_copy(const Tensor& x, std::int64_t dim, const Tensor& index, const Tensor& source);
Tensor index_fill(const Tensor& x, std::int64_t dim, const Tensor& index, const Scalar& value);
Tensor index_fill(const Tensor& x, std::int64_t dim, const Tensor& index, const Tensor& value);
// The slices combined as by scatter_reduce: prod, mean, amax or amin.
Tensor index_reduce(const Tensor& x, std::int64_t dim, const Tensor& index, const Tensor& source,
                    std::string_view reduce, bool include_self = true);
// Elements of x seen as flat; negative indices count from the end. index [*] -> [*].
Tensor take(const Tensor& x, const Tensor& index);
// A copy of x with source's elements put (or added) at those places: as many as the index has.
Tensor put(const Tensor& x, const Tensor& index, const Tensor& source, bool accumulate = false);

// mask: bool, broadcast to x's shape (and x to the mask's).
Tensor masked_fill(const Tensor& x, const Tensor& mask, const Scalar& value);
// value: 0-d.
Tensor masked_fill(const Tensor& x, const Tensor& mask, const Tensor& value);
// The chosen elements, row-major: [number of true].
Tensor masked_select(const Tensor& x, const Tensor& mask);
// The chosen elements are replaced by source's, in order. Errors: source has fewer.
Tensor masked_scatter(const Tensor& x, const Tensor& mask, const Tensor& source);

// The indices of the elements that are not zero, row-major: x of r dims -> [n, r], int64.
Tensor nonzero(const Tensor& x);
Tensor argwhere(const Tensor& x);
// The same, a tensor [n] for each dim; also where(x) of where.h.
std::vector<Tensor> nonzero_numpy(const Tensor& x);

// x [*], int64 classes -> [*, num_classes], int64; -1 stands for the largest class + 1.
Tensor one_hot(const Tensor& x, std::int64_t num_classes = -1);
// Rows of weight [n, d]: indices [*] (int64 or int32) -> [*, d]. Row `padding_idx` (negative: none)
// gets no gradient; with `scale_grad_by_freq` the gradient of a row is divided by how often it
// occurs in indices.
Tensor embedding(const Tensor& weight, const Tensor& indices, std::int64_t padding_idx = -1,
                 bool scale_grad_by_freq = false, bool sparse = false);

}  // namespace xgrad
