// TensorAccessor<T, N>: the elements of a tensor of N dims by plain subscripts,
// for loops in user code.
//
//   auto a = x.accessor<float, 2>();
//   for (int64_t i = 0; i < a.size(0); ++i) trace += a[i][i];
//
// It borrows the tensor's memory and geometry:
// the tensor must outlive it. Subscripts are not checked.
#pragma once

#include "xgrad/core/tensor.h"

namespace xgrad {

template <class T, std::size_t N>
class TensorAccessor {
 public:
  TensorAccessor(T* data, const std::int64_t* sizes, const std::int64_t* strides)
      : data_(data), sizes_(sizes), strides_(strides) {}

  decltype(auto) operator[](std::int64_t i) const {
    if constexpr (N == 1) {
      return (data_[i * strides_[0]]);
    } else {
      return TensorAccessor<T, N - 1>(data_ + i * strides_[0], sizes_ + 1, strides_ + 1);
    }
  }
  std::int64_t size(std::size_t dim) const { return sizes_[dim]; }
  std::int64_t stride(std::size_t dim) const { return strides_[dim]; }
  IntArrayRef sizes() const { return {sizes_, N}; }
  IntArrayRef strides() const { return {strides_, N}; }
  T* data() const { return data_; }

 private:
  T* data_;
  const std::int64_t* sizes_;
  const std::int64_t* strides_;
};

namespace detail {
// Errors: the tensor has another number of dims.
void check_accessor(const Tensor& tensor, std::size_t dims);
}  // namespace detail

// Errors: T is not the tensor's type, N not its number of dims.
template <class T, std::size_t N>
TensorAccessor<T, N> Tensor::accessor() const {
  static_assert(N > 0, "a 0-d tensor has one element: use item<T>()");
  detail::check_accessor(*this, N);
  return {data_ptr<std::remove_const_t<T>>(), sizes().data(), strides().data()};
}

}  // namespace xgrad
