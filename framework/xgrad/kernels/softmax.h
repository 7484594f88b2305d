// The SIMD kernels of softmax and log_softmax, forward and backward,
// on contiguous rows and on columns.
#pragma once

#include <cstdint>

#include "xgrad/core/scalar_type.h"

namespace xgrad::kernels {

// Rows: `count` rows of `n` contiguous elements, one after the other. Columns: `count` columns
// beside each other, of `n` elements that lie `step` apart; x and y have the same geometry.
struct SoftmaxKernel {
  void (*rows)(std::int64_t count, std::int64_t n, const void* x, void* y);
  void (*columns)(std::int64_t count, std::int64_t n, std::int64_t step, const void* x, void* y);
  // dx from dy and the forward's y.
  void (*rows_backward)(std::int64_t count, std::int64_t n, const void* dy, const void* y,
                        void* dx);
  void (*columns_backward)(std::int64_t count, std::int64_t n, std::int64_t step, const void* dy,
                           const void* y, void* dx);
};

struct SoftmaxTable {
  SoftmaxKernel kernel[2][2];  // [log][double]
};
// Of the active instruction set.
const SoftmaxTable& softmax_table();

}  // namespace xgrad::kernels
