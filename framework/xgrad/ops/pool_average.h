// Means over windows, with their gradient. Private to the poolings.
#pragma once

#include "xgrad/ops/pool_windows.h"

namespace xgrad {

struct AverageWindows {
  const char* node;  // of the tape
  std::size_t rank;  // spatial dims
  Planes planes;
  Spans spans;
  Dims input, output;    // sizes of x and y
  std::int64_t divisor;  // 0: the product of the window's sizes
};

// x of a floating dtype or int64 -> y.
Tensor average(const AverageWindows& windows, const Tensor& x);

}  // namespace xgrad
