// The SIMD kernels of reductions on runs of contiguous elements. Which dims are reduced, in which
// order and by how many threads is ops/reduce_plan.h's.
#pragma once

#include <cstdint>

#include "xgrad/core/scalar_type.h"

namespace xgrad::kernels {

// What is reduced: terms of the elements, joined.
// In brackets the type of the result where it is not the elements'.
enum class ReduceOp {
  sum,               // [integers and bool: int64]
  nansum,            // NaN counts as 0
  wide_sum,          // [double]
  square_deviation,  // of (x - centre)^2 [double]
  prod,              // [integers and bool: int64]
  max,               // NaN wins
  min,
  abs_sum,
  square_sum,
  abs_max,
  abs_min,
  any,            // [bool]
  all,            // [bool]
  count_nonzero,  // [int64]
  size
};

// No run is longer than this: the stack of pairwise sums is that deep.
constexpr std::int64_t kLongestRun = 1 << 20;

// Sums of floats are pairwise over blocks, and a block is summed in several vectors: the error
// grows with the logarithm of the length. `centre` holds one number of the result's type for each
// result; null where the op has none.
struct ReduceKernel {
  // y[i] = reduction of x[i * step + j] over j < n, for i < count.
  // n = 0 gives what the reduction of nothing is.
  void (*rows)(std::int64_t count, std::int64_t step, std::int64_t n, const void* x,
               const void* centre, void* y) = nullptr;
  // y[j] = reduction of x[i * step + j] over i < count, for j < n.
  void (*columns)(std::int64_t count, std::int64_t step, std::int64_t n, const void* x,
                  const void* centre, void* y) = nullptr;
  // y[i] = y[i] joined with other[i], i < n.
  void (*join)(std::int64_t n, void* y, const void* other) = nullptr;
  ScalarType result = ScalarType::Undefined;
};

// Where an extremum stands; the first of equals.
struct PositionKernel {
  // positions[i] = the first j with x[i * n + j] equal to values[i] (or NaN, if that is NaN),
  // for i < count.
  void (*find)(std::int64_t count, std::int64_t n, const void* x, const void* values,
               std::int64_t* positions) = nullptr;
  // Of column j of x [count, step], j < n: the extremum and its row. NaN wins.
  void (*max_columns)(std::int64_t count, std::int64_t step, std::int64_t n, const void* x,
                      void* values, std::int64_t* positions) = nullptr;
  void (*min_columns)(std::int64_t count, std::int64_t step, std::int64_t n, const void* x,
                      void* values, std::int64_t* positions) = nullptr;
};

struct ReduceTable {
  // Null where the op does not exist for the type.
  ReduceKernel reduce[static_cast<int>(ReduceOp::size)][kScalarTypeCount];
  PositionKernel position[kScalarTypeCount];
};
// Of the active instruction set.
const ReduceTable& reduce_table();

inline const ReduceKernel& reduce_kernel(ReduceOp op, ScalarType type) {
  return reduce_table().reduce[static_cast<int>(op)][static_cast<int>(type)];
}
inline const PositionKernel& position_kernel(ScalarType type) {
  return reduce_table().position[static_cast<int>(type)];
}

}  // namespace xgrad::kernels
