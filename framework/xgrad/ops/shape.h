// Joining, cutting and rearranging tensors. Source:
// https://pytorch.org/docs/stable/torch.html#indexing-slicing-joining-mutating-ops.
//
// x [*]; negative dims count from the end. What cuts (chunk, split, unbind, meshgrid...) gives
// views, the rest copies. All are differentiable; errors name the op, the dim and the shapes.
#pragma once

#include "xgrad/core/tensor.h"

namespace xgrad {

// One after the other along `dim`; dtypes are promoted. Errors: none given, a 0-d tensor, shapes
// that differ in another dim. Empty 1-d tensors are skipped.
Tensor cat(TensorList tensors, std::int64_t dim = 0);
Tensor concat(TensorList tensors, std::int64_t dim = 0);
Tensor concatenate(TensorList tensors, std::int64_t dim = 0);
// Along a new dim: n tensors [*] -> [..., n, ...]. Errors: shapes that differ.
Tensor stack(TensorList tensors, std::int64_t dim = 0);
// Along the columns, rows and the third dim, after atleast_1d, 2d, 3d.
Tensor hstack(TensorList tensors);
Tensor vstack(TensorList tensors);
Tensor row_stack(TensorList tensors);
Tensor dstack(TensorList tensors);
// As hstack, but a vector is one column.
Tensor column_stack(TensorList tensors);
// Matrices along the diagonal, zeros elsewhere; vectors count as rows.
Tensor block_diag(TensorList tensors);
Tensor atleast_1d(const Tensor& x);
Tensor atleast_2d(const Tensor& x);
Tensor atleast_3d(const Tensor& x);
std::vector<Tensor> atleast_1d(TensorList tensors);
std::vector<Tensor> atleast_2d(TensorList tensors);
std::vector<Tensor> atleast_3d(TensorList tensors);

// At most `chunks` equal parts, the last one smaller.
std::vector<Tensor> chunk(const Tensor& x, std::int64_t chunks, std::int64_t dim = 0);
// Parts of `size`, the last one smaller; or of these sizes, whose sum is x's.
std::vector<Tensor> split(const Tensor& x, std::int64_t size, std::int64_t dim = 0);
std::vector<Tensor> split(const Tensor& x, IntArrayRef sizes, std::int64_t dim = 0);
std::vector<Tensor> split_with_sizes(const Tensor& x, IntArrayRef sizes, std::int64_t dim = 0);
// Exactly `sections` parts, the first ones larger by one where it does not divide;
// or cut before these indices.
std::vector<Tensor> tensor_split(const Tensor& x, std::int64_t sections, std::int64_t dim = 0);
std::vector<Tensor> tensor_split(const Tensor& x, IntArrayRef indices, std::int64_t dim = 0);
// By a number of parts (0-d) or by indices (1-d). Errors: not int64.
std::vector<Tensor> tensor_split(const Tensor& x, const Tensor& indices_or_sections,
                                 std::int64_t dim = 0);
// tensor_split of the columns (of a vector: its elements), the rows, the third dim. Errors: fewer
// dims; sections that do not divide.
std::vector<Tensor> hsplit(const Tensor& x, std::int64_t sections);
std::vector<Tensor> hsplit(const Tensor& x, IntArrayRef indices);
std::vector<Tensor> vsplit(const Tensor& x, std::int64_t sections);
std::vector<Tensor> vsplit(const Tensor& x, IntArrayRef indices);
std::vector<Tensor> dsplit(const Tensor& x, std::int64_t sections);
std::vector<Tensor> dsplit(const Tensor& x, IntArrayRef indices);
// chunk and split: what makes them safe elsewhere costs nothing here.
std::vector<Tensor> unsafe_chunk(const Tensor& x, std::int64_t chunks, std::int64_t dim = 0);
std::vector<Tensor> unsafe_split(const Tensor& x, std::int64_t size, std::int64_t dim = 0);
// x [..., n, ...] -> n tensors without that dim.
std::vector<Tensor> unbind(const Tensor& x, std::int64_t dim = 0);

// Each element (or slice along `dim`) that many times in a row; without a dim, of x seen as flat.
// repeats: int64 or int32, [n] or [1].
Tensor repeat_interleave(const Tensor& x, std::int64_t repeats,
                         optional<std::int64_t> dim = nullopt,
                         optional<std::int64_t> output_size = nullopt);
Tensor repeat_interleave(const Tensor& x, const Tensor& repeats,
                         optional<std::int64_t> dim = nullopt,
                         optional<std::int64_t> output_size = nullopt);
// Index i repeats[i] times: {2, 0, 1} -> {0, 0, 2}.
Tensor repeat_interleave(const Tensor& repeats, optional<std::int64_t> output_size = nullopt);
// The whole of x that many times along each dim; missing repeats are 1.
Tensor tile(const Tensor& x, IntArrayRef repeats);
// The elements in reverse order along these dims.
Tensor flip(const Tensor& x, IntArrayRef dims);
Tensor fliplr(const Tensor& x);
Tensor flipud(const Tensor& x);
// Shifted along these dims, what falls off re-enters; without dims, of x seen as flat.
Tensor roll(const Tensor& x, IntArrayRef shifts, IntArrayRef dims = {});
// Turned k times by 90 degrees from the first of the two dims to the second.
Tensor rot90(const Tensor& x, std::int64_t k = 1, IntArrayRef dims = {0, 1});

// x [..., n, m] with zeros above (below) the diagonal.
Tensor tril(const Tensor& x, std::int64_t diagonal = 0);
Tensor triu(const Tensor& x, std::int64_t diagonal = 0);
// The indices of the triangle of a [row, col] matrix, row-major: [2, n], int64 or int32.
Tensor tril_indices(std::int64_t row, std::int64_t col, std::int64_t offset = 0,
                    TensorOptions options = kLong);
Tensor triu_indices(std::int64_t row, std::int64_t col, std::int64_t offset = 0,
                    TensorOptions options = kLong);
// A vector as a diagonal matrix, a matrix's diagonal as a vector (a copy).
Tensor diag(const Tensor& x, std::int64_t diagonal = 0);
Tensor diagflat(const Tensor& x, std::int64_t offset = 0);
// x [..., n] as the diagonal of the dims dim1 and dim2 of the result.
Tensor diag_embed(const Tensor& x, std::int64_t offset = 0, std::int64_t dim1 = -2,
                  std::int64_t dim2 = -1);

// Views of one shape.
std::vector<Tensor> broadcast_tensors(TensorList tensors);
// The coordinates of the grid that vectors span: of vectors [n], [m], ... tensors [n, m, ...]
// ("ij"), or [m, n, ...] ("xy").
std::vector<Tensor> meshgrid(TensorList tensors);
std::vector<Tensor> meshgrid(TensorList tensors, std::string_view indexing);
// All tuples of elements, the last vector's running fastest: [n * m * ..., number of vectors].
Tensor cartesian_prod(TensorList tensors);
// All combinations of r elements of a vector, in order: [count, r].
Tensor combinations(const Tensor& x, std::int64_t r = 2, bool with_replacement = false);

}  // namespace xgrad
