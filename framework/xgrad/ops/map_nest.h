// Private to map.cpp: an elementwise operation on operands of any strides, as a nest of loops.
#pragma once

#include "xgrad/ops/map.h"

namespace xgrad {

// Innermost loop first; operand 0 is the output.
struct MapNest {
  static constexpr int kMaxOperands = 4;  // the output and three inputs
  // Elements a thread takes: about 10 us of cheap arithmetic.
  static constexpr std::int64_t kGrain = 32 * 1024;

  int operands = 0;
  Dims sizes;
  Dims strides[kMaxOperands];  // in elements
  char* data[kMaxOperands] = {};
  std::size_t bytes[kMaxOperands] = {};
  std::int64_t numel = 1;

  // May reorder the loops.
  void run(kernels::MapKernel kernel, const MapParams& params);
};

}  // namespace xgrad
