// reduce<op>(): a reduction of kernels/reduce.h over any dims
// of a tensor with any strides, on all threads.
//
//   const DimMask reduced = reduced_dims("sum", dim, x.dim());
//   Tensor y = reduce("sum", kernels::ReduceOp::sum, x, reduced, keepdim);
//
// Plain data: records nothing. The order of additions is fixed by the shape and the strides, never
// by the threads. Private to the ops.
#pragma once

#include <bitset>

#include "xgrad/core/tensor.h"
#include "xgrad/kernels/reduce.h"

namespace xgrad {

constexpr std::size_t kMaxDims = 64;
using DimMask = std::bitset<kMaxDims>;

// The dims that a reduction goes over: all where none is given. Errors (name the op): out of range,
// a dim that is named twice.
DimMask reduced_dims(const char* op, OptionalIntArrayRef dims, std::int64_t rank);
// The shape of the result.
Dims reduced_shape(IntArrayRef sizes, const DimMask& reduced, bool keepdim);
// How many elements go into each result.
std::int64_t reduced_count(IntArrayRef sizes, const DimMask& reduced);

// The result is row-major. `centre` has the shape and the type of the result, for the op that wants
// one. Errors: the op does not exist for x's dtype.
Tensor reduce(const char* op, kernels::ReduceOp kind, const Tensor& x, const DimMask& reduced,
              bool keepdim, const Tensor& centre = {});

// A result (or its gradient) with the reduced dims back as size 1, so that it broadcasts over the
// input. Differentiable.
Tensor restore_dims(const Tensor& y, IntArrayRef sizes, const DimMask& reduced, bool keepdim);
// The gradient of a sum: every element gets its result's. Differentiable.
Tensor spread(const Tensor& dy, IntArrayRef sizes, const DimMask& reduced, bool keepdim);

// x along one dim as plain row-major data [outer, n, inner].
struct Lines {
  Lines(const char* op, const Tensor& x, std::int64_t dim);
  // The shape of x with n replaced.
  Dims with(std::int64_t length) const;

  Tensor x;  // contiguous, without history
  std::int64_t dim, outer = 1, n = 1, inner = 1;
};

}  // namespace xgrad
