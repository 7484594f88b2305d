// map<F>(): an elementwise function of kernels/functions.h on tensors, with broadcasting, any
// strides, dtypes and threads.
//
//   Tensor y = map<kernels::Add>("add", kFloat, {a, b}, {alpha});
//
// Plain data: records nothing. Private to the ops.
#pragma once

#include <array>

#include "xgrad/core/tensor.h"
#include "xgrad/kernels/map.h"

namespace xgrad {

// A tensor (borrowed) or a number, as an elementwise function takes it.
class Operand {
 public:
  Operand(const Tensor& tensor) : tensor_(&tensor) {}
  Operand(const Scalar& scalar) : scalar_(scalar) {}
  template <class T, std::enable_if_t<std::is_arithmetic_v<T>, int> = 0>
  Operand(T number) : scalar_(number) {}
  bool is_tensor() const { return tensor_ != nullptr; }
  const Tensor& tensor() const { return *tensor_; }
  const Scalar& scalar() const { return scalar_; }

 private:
  const Tensor* tensor_ = nullptr;
  Scalar scalar_;
};
using Operands = std::initializer_list<Operand>;
using MapParams = std::array<double, 3>;

// The dtype of an operation on these, by PyTorch's rules: tensors with dims before 0-d tensors
// before numbers, where a later group counts only if its kind (bool, integral, floating) is higher.
ScalarType result_type(Operands operands);
// The same, but floating: integers become the default dtype.
ScalarType floating_result_type(Operands operands);
// The shape that all broadcast to. Errors name the op and both shapes.
Dims broadcast_shape(const char* op, Operands operands);

// The untyped bottom of map(): `out` is written when defined (it must have the broadcast shape),
// made otherwise.
Tensor map_kernel(const char* op, kernels::MapKernel kernel, ScalarType type, ScalarType out_type,
                  Operands operands, const MapParams& params, const Tensor& out = {});

// F of the operands, computed in `type`. Errors: F does not exist for `type`,
// shapes that do not broadcast.
template <class F>
Tensor map(const char* op, ScalarType type, Operands operands, const MapParams& params = {},
           const Tensor& out = {}) {
  return map_kernel(op, kernels::map_kernel<F>(type), type,
                    F::result == kernels::Result::boolean ? kBool : type, operands, params, out);
}

// Strides of a dense tensor whose dims follow each other in memory as those of the operands with
// these strides (of `shape`, 0 where broadcast) do: the memory order of an elementwise result.
Dims result_strides(const Dims& shape, const Dims* strides, int count);
// The same for one tensor: its own strides where it is dense.
Dims dense_strides(const Tensor& x);
// Row-major y in the memory order of x, which has the same shape.
Tensor ordered_as(const Tensor& x, const Tensor& y);

// Does the order of the strides of x [N, C, H, W] say channels-last, as PyTorch's
// suggest_memory_format reads them? x need not be dense.
bool is_like_channels_last(const Tensor& x);

// x with size 1 in its expanded dims: every place in memory once.
Tensor without_repeats(const Tensor& x);

// Every element of x = value, as plain data.
void fill_elements(const Tensor& x, const Scalar& value);
// A copy in another dtype, with the same memory order.
Tensor convert(const Tensor& x, ScalarType type);
// out = x, with broadcasting and conversion;
// overlapping views are copied as if through a temporary.
void copy_into(const Tensor& out, const Tensor& x);

}  // namespace xgrad
