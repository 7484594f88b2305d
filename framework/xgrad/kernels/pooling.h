// Max pooling of planes: the largest element of each window, and where it is.
#pragma once

#include <cstdint>

namespace xgrad::kernels {

// A plane has three dims; those that a pooling lacks have size 1. Output o of a dim takes the
// elements o * stride - padding + k * dilation, k < kernel, that exist: in every window one does.
struct PoolingShape {
  using Three = std::int64_t[3];
  Three input, output, kernel, stride, padding, dilation;
};

// Of equal elements the first one counts, of NaNs the last one, and a NaN counts as the largest.
template <class T>
struct MaxPooling {
  PoolingShape shape;  // of less than 2^31 elements a plane if T is float
  std::int64_t planes;
  const T* x;             // [planes, input]
  std::int64_t readable;  // elements from x on; what is behind the planes is read, but not used
  T* y;                   // [planes, output]
  std::int64_t* index;    // [planes, output]: numbers within the plane; null: not wanted
  T* scratch;             // scratch(shape) elements
};

template <class T>
struct PoolingKernels {
  void (*max)(const MaxPooling<T>& task);
  std::int64_t (*scratch)(const PoolingShape& shape);
};

struct PoolingTable {
  PoolingKernels<float> f32;
  PoolingKernels<double> f64;
};

// Of the active instruction set.
const PoolingTable& pooling_table();

}  // namespace xgrad::kernels
