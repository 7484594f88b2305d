// Batches of matrices as Eigen sees them. Included by the sources of linear algebra only.
#pragma once

#include <Eigen/Core>

#include "xgrad/ops/factories.h"
#include "xgrad/ops/linalg_check.h"

namespace xgrad::eigen {

using Index = std::int64_t;
template <class T>
using Matrix = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

// Matrix number i of a contiguous batch [..., rows, columns].
template <class T>
Eigen::Map<Matrix<T>> matrix(const Tensor& x, Index i) {
  const Index rows = x.size(-2), columns = x.size(-1);
  return {static_cast<T*>(x.data_ptr()) + i * rows * columns, rows, columns};
}
// Vector number i of a contiguous batch [..., n].
template <class T>
Eigen::Map<Eigen::Matrix<T, Eigen::Dynamic, 1>> vector(const Tensor& x, Index i) {
  return {static_cast<T*>(x.data_ptr()) + i * x.size(-1), x.size(-1)};
}

// f(T{}, i) for each matrix of x; none if the matrices are empty.
template <class F>
void each_matrix(const Tensor& x, const F& f) {
  if (x.numel() == 0) return;
  const Index count = numel_of(batch_sizes(x));
  dispatch_floating(x.scalar_type(), [&](auto zero) {
    for (Index i = 0; i < count; ++i) f(zero, i);
  });
}

inline Tensor new_batch(const Tensor& x, IntArrayRef sizes) {
  return empty(batch_with(x, sizes), x.scalar_type());
}
inline Tensor as_matrices(const Tensor& x) { return x.unsqueeze(-1).unsqueeze(-1); }

}  // namespace xgrad::eigen
