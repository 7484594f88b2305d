// PackedMatrix: one matrix for several products with a few rows each, as the steps of a recurrent
// layer make them: brought once into the order in which the product's kernel reads it. Private to
// the ops.
//
//   const PackedMatrix<float> w(weight.t(), rows, steps);
//   for (...) w.multiply(rows, h, gates, true);   // gates += h weight^T
#pragma once

#include "xgrad/core/tensor.h"

namespace xgrad {

// T: float or double.
template <class T>
class PackedMatrix {
 public:
  // matrix [k, n] of dtype T with any strides, for about so many products of `rows` rows. Packing
  // 128x512 floats takes 6 us, a product with 32 rows then 36 us (the processor's peak, 115
  // GFLOP/s). For a single product the matrix is read where it lies, as far as that is faster.
  PackedMatrix(const Tensor& matrix, std::int64_t rows, std::int64_t products);
  // c [m, n] = (or, accumulating, +=) a [m, k] times the matrix;
  // a and c are dense. On the caller's thread.
  void multiply(std::int64_t m, const T* a, T* c, bool accumulate) const;

 private:
  void multiply_by_columns(std::int64_t m, const T* a, T* c, bool accumulate) const;

  Tensor matrix_, panels_;  // panels_ only if it is packed
  std::int64_t k_, n_;
};

}  // namespace xgrad
