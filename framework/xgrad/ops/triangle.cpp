// Triangles and diagonals of matrices: see shape.h.
#include <cstring>

#include "xgrad/core/format.h"
#include "xgrad/ops/factories.h"
#include "xgrad/ops/overwrite.h"
#include "xgrad/ops/places.h"
#include "xgrad/ops/shape.h"

namespace xgrad {

using namespace autograd;

namespace {

// Writes zeros above (or below) the diagonal of every matrix of y.
void zero_outside(const Tensor& y, bool lower, std::int64_t diagonal) {
  if (y.numel() == 0) return;
  const std::size_t rank = y.sizes().size();
  const std::int64_t rows = y.sizes()[rank - 2], columns = y.sizes()[rank - 1];
  const std::int64_t row_step = y.strides()[rank - 2], column_step = y.strides()[rank - 1];
  const std::vector<std::int64_t> matrices =
      element_offsets(y.sizes().slice(0, rank - 2), y.strides().slice(0, rank - 2));
  // A diagonal beyond the matrix is as good as one at its edge; so no sum overflows.
  const std::int64_t offset = std::clamp(diagonal, -rows - 1, columns + 1);
  dispatch_size(y.scalar_type(), [&](auto zero) {
    using T = decltype(zero);
    T* data = static_cast<T*>(y.data_ptr());
    for (const std::int64_t matrix : matrices) {
      for (std::int64_t i = 0; i < rows; ++i) {
        T* row = data + matrix + i * row_step;
        const std::int64_t first = lower ? std::clamp<std::int64_t>(i + offset + 1, 0, columns) : 0;
        const std::int64_t last =
            lower ? columns : std::clamp<std::int64_t>(i + offset, 0, columns);
        for (std::int64_t j = first; j < last; ++j) row[j * column_step] = zero;
      }
    }
  });
}

Tensor triangle(const char* op, bool in_place, const Tensor& x, bool lower, std::int64_t diagonal) {
  check(x.dim() >= 2 || x.numel() == 0, "{}: the tensor has shape {}, expected at least 2 dims", op,
        x.sizes());
  return overwrite(
      op, lower ? "TrilBackward0" : "TriuBackward0",
      in_place ? Into::expanded_self : Into::row_major_copy, x, {},
      [&](const Tensor& y) { zero_outside(y, lower, diagonal); },
      [lower, diagonal](const Tensor& dy, Gradients& dx) {
        dx[0] = lower ? dy.tril(diagonal) : dy.triu(diagonal);
      });
}

Tensor triangle_indices(const char* op, std::int64_t rows, std::int64_t columns,
                        std::int64_t offset, bool lower, const TensorOptions& options) {
  check(rows >= 0 && columns >= 0, "{}: the matrix is [{}, {}], expected sizes of at least 0", op,
        rows, columns);
  const ScalarType type = options.dtype_opt().value_or(kLong);
  check(type == kLong || type == kInt, "{}: the dtype is {}, expected int64 or int32", op,
        dtype_name(type));
  const std::int64_t diagonal = std::clamp(offset, -rows - 1, columns + 1);
  std::vector<std::int64_t> row_of, column_of;
  for (std::int64_t i = 0; i < rows; ++i) {
    const std::int64_t first = lower ? 0 : std::clamp<std::int64_t>(i + diagonal, 0, columns);
    const std::int64_t last =
        lower ? std::clamp<std::int64_t>(i + diagonal + 1, 0, columns) : columns;
    for (std::int64_t j = first; j < last; ++j) {
      row_of.push_back(i);
      column_of.push_back(j);
    }
  }
  Tensor indices = make_tensor({2, static_cast<std::int64_t>(row_of.size())}, kLong);
  std::int64_t* out = indices.data_ptr<std::int64_t>();
  std::copy(column_of.begin(), column_of.end(), std::copy(row_of.begin(), row_of.end(), out));
  return type == kLong ? indices : convert(indices, type);
}

}  // namespace

Tensor tril(const Tensor& x, std::int64_t diagonal) {
  return triangle("tril", false, x, true, diagonal);
}
Tensor triu(const Tensor& x, std::int64_t diagonal) {
  return triangle("triu", false, x, false, diagonal);
}
Tensor Tensor::tril(std::int64_t diagonal) const { return xgrad::tril(*this, diagonal); }
Tensor Tensor::triu(std::int64_t diagonal) const { return xgrad::triu(*this, diagonal); }
Tensor& Tensor::tril_(std::int64_t diagonal) const {
  triangle("tril_", true, *this, true, diagonal);
  return const_cast<Tensor&>(*this);
}
Tensor& Tensor::triu_(std::int64_t diagonal) const {
  triangle("triu_", true, *this, false, diagonal);
  return const_cast<Tensor&>(*this);
}

Tensor tril_indices(std::int64_t row, std::int64_t col, std::int64_t offset,
                    TensorOptions options) {
  return triangle_indices("tril_indices", row, col, offset, true, options);
}
Tensor triu_indices(std::int64_t row, std::int64_t col, std::int64_t offset,
                    TensorOptions options) {
  return triangle_indices("triu_indices", row, col, offset, false, options);
}

Tensor diag(const Tensor& x, std::int64_t diagonal) {
  check(x.dim() == 1 || x.dim() == 2,
        "diag: the tensor has shape {}, expected a vector or a matrix", x.sizes());
  check(x.dim() == 1 || (diagonal <= x.size(1) && -diagonal <= x.size(0)),
        "diag: there is no diagonal {} in a matrix of shape {}", diagonal, x.sizes());
  return x.dim() == 1 ? x.diag_embed(diagonal)
                      : x.diagonal(diagonal).clone(MemoryFormat::Contiguous);
}
Tensor diagflat(const Tensor& x, std::int64_t offset) { return x.reshape({-1}).diag(offset); }

Tensor diag_embed(const Tensor& x, std::int64_t offset, std::int64_t dim1, std::int64_t dim2) {
  check(x.dim() >= 1, "diag_embed: the tensor is 0-d, expected at least 1 dim");
  const std::int64_t i = wrap_dim("diag_embed", dim1, x.dim() + 1),
                     j = wrap_dim("diag_embed", dim2, x.dim() + 1);
  check(i != j, "diag_embed: the two dims are the same, {} and {}", dim1, dim2);
  constexpr std::int64_t kLongest = std::int64_t{1} << 31;  // beyond it no matrix fits into memory
  check(offset > -kLongest && offset < kLongest, "diag_embed: the offset {} is too large", offset);
  const std::int64_t n = x.sizes().back() + std::abs(offset);
  Dims sizes = x.sizes();
  sizes.pop_back();
  sizes.insert(as_size(std::min(i, j)), n);
  sizes.insert(as_size(std::max(i, j)), n);
  Tensor y = zeros(sizes, x.scalar_type());
  copy_into(y.diagonal(offset, i, j), x);
  if (recording(x)) {
    record("DiagEmbedBackward0", y, {x},
           [offset, i, j](const Tensor& dy, Gradients& dx) { dx[0] = dy.diagonal(offset, i, j); });
  }
  return y;
}
Tensor Tensor::diag(std::int64_t diagonal) const { return xgrad::diag(*this, diagonal); }
Tensor Tensor::diag_embed(std::int64_t offset, std::int64_t dim1, std::int64_t dim2) const {
  return xgrad::diag_embed(*this, offset, dim1, dim2);
}

Tensor& Tensor::fill_diagonal_(const Scalar& value, bool wrap) const {
  check(dim() >= 2, "fill_diagonal_: the tensor has shape {}, expected at least 2 dims", sizes());
  const std::int64_t n = sizes()[0];
  for (const std::int64_t size : sizes()) {
    check(dim() == 2 || size == n, "fill_diagonal_: the tensor has shape {}, expected equal sizes",
          sizes());
  }
  check_history_change("fill_diagonal_", *this);
  // A tall matrix may wrap: after one row of rest the diagonal begins anew.
  const std::int64_t block = dim() == 2 && wrap ? sizes()[1] + 1 : std::max<std::int64_t>(n, 1);
  for (std::int64_t start = 0; start < n; start += block) {
    Tensor diagonal = slice(0, start, start + block);
    while (diagonal.dim() > 1) diagonal = diagonal.diagonal();
    diagonal.fill_(value);
  }
  return const_cast<Tensor&>(*this);
}

}  // namespace xgrad
