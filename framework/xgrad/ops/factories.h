// Factories: tensors from nothing. Source: https://pytorch.org/docs/stable/torch.html#creation-ops.
//
//   xgrad::zeros({2, 3}, xgrad::kFloat64);
//   xgrad::tensor({{1., 2.}, {3., 4.}}, xgrad::requires_grad());
//
// `options` holds dtype (default: float32; integers of arange, full and tensor() give int64),
// device (only cpu) and requires_grad.
#pragma once

#include "xgrad/core/tensor.h"

namespace xgrad {

Tensor empty(IntArrayRef sizes, TensorOptions options = {},
             optional<MemoryFormat> format = nullopt);
Tensor empty_strided(IntArrayRef sizes, IntArrayRef strides, TensorOptions options = {});
Tensor zeros(IntArrayRef sizes, TensorOptions options = {});
Tensor ones(IntArrayRef sizes, TensorOptions options = {});
Tensor full(IntArrayRef sizes, const Scalar& value, TensorOptions options = {});
Tensor empty_like(const Tensor& x, TensorOptions options = {},
                  optional<MemoryFormat> format = nullopt);
Tensor zeros_like(const Tensor& x, TensorOptions options = {},
                  optional<MemoryFormat> format = nullopt);
Tensor ones_like(const Tensor& x, TensorOptions options = {},
                 optional<MemoryFormat> format = nullopt);
Tensor full_like(const Tensor& x, const Scalar& value, TensorOptions options = {},
                 optional<MemoryFormat> format = nullopt);
Tensor scalar_tensor(const Scalar& value, TensorOptions options = {});

// [ceil((end - start) / step)]: start, start + step, ... below end.
// Errors: step 0 or of the wrong sign.
Tensor arange(const Scalar& end, TensorOptions options = {});
Tensor arange(const Scalar& start, const Scalar& end, TensorOptions options = {});
Tensor arange(const Scalar& start, const Scalar& end, const Scalar& step,
              TensorOptions options = {});
// As arange, but `end` is included.
Tensor range(const Scalar& start, const Scalar& end, TensorOptions options = {});
Tensor range(const Scalar& start, const Scalar& end, const Scalar& step,
             TensorOptions options = {});
// [steps]: evenly from start to end, both included; logspace: base to those powers.
Tensor linspace(const Scalar& start, const Scalar& end, std::int64_t steps = 100,
                TensorOptions options = {});
Tensor logspace(const Scalar& start, const Scalar& end, std::int64_t steps = 100, double base = 10,
                TensorOptions options = {});
Tensor eye(std::int64_t n, TensorOptions options = {});
Tensor eye(std::int64_t n, std::int64_t m, TensorOptions options = {});

// Borrows foreign memory of the options' dtype; the caller keeps it alive, or `deleter` is called
// when the last tensor is gone.
Tensor from_blob(void* data, IntArrayRef sizes, TensorOptions options = {});
Tensor from_blob(void* data, IntArrayRef sizes, const std::function<void(void*)>& deleter,
                 TensorOptions options = {});
Tensor from_blob(void* data, IntArrayRef sizes, IntArrayRef strides, TensorOptions options = {});
Tensor from_blob(void* data, IntArrayRef sizes, IntArrayRef strides,
                 const std::function<void(void*)>& deleter, TensorOptions options = {});

namespace detail {

// What tensor() takes: a number, nested braces of numbers, or a flat container.
class TensorDataContainer {
 public:
  TensorDataContainer() : is_list_(true), sizes_{0} {}  // {}
  template <class T, std::enable_if_t<std::is_arithmetic_v<T>, int> = 0>
  TensorDataContainer(T value) : type_(type_of<T>()), value_(value) {}
  TensorDataContainer(std::initializer_list<TensorDataContainer> list);
  template <class T>
  TensorDataContainer(ArrayRef<T> values) {
    adopt(values.data(), values.size(), type_of<T>());
  }
  template <class T>
  TensorDataContainer(const std::vector<T>& values) : TensorDataContainer(ArrayRef<T>(values)) {}
  TensorDataContainer(const std::vector<bool>& values);

  const Dims& sizes() const { return sizes_; }
  ScalarType scalar_type() const { return type_; }
  Tensor tensor(const TensorOptions& options) const;

 private:
  // Integers become int64 and floating numbers the default dtype, as in libtorch; bytes stay.
  template <class T>
  static ScalarType type_of() {
    if (std::is_same_v<T, bool>) return kBool;
    if (std::is_same_v<T, std::uint8_t>) return kByte;
    return std::is_integral_v<T> ? kLong : get_default_dtype_as_scalartype();
  }
  template <class T>
  void adopt(const T* values, std::size_t count, ScalarType type) {
    is_list_ = true;
    type_ = type;
    sizes_ = {static_cast<std::int64_t>(count)};
    for (std::size_t i = 0; i < count; ++i) flat_.push_back(values[i]);
  }
  void write(const Tensor& to) const;

  bool is_list_ = false;
  ScalarType type_ = ScalarType::Undefined;
  Scalar value_;
  Dims sizes_;
  std::vector<TensorDataContainer> list_;
  std::vector<Scalar> flat_;
};

}  // namespace detail

// A tensor from numbers: tensor(1.5), tensor({1, 2}), tensor({{1., 2.}, {3., 4.}}), tensor(vector).
// Errors: ragged braces.
Tensor tensor(detail::TensorDataContainer data, const TensorOptions& options = {});

}  // namespace xgrad
