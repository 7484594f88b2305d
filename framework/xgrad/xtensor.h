// The one door to xtensor: tensors as xtensor arrays and back.
// No other header of xgrad includes xtensor.
//
//   auto view = xgrad::borrow<float>(x);                 // an adaptor on x's storage, any strides
//   view *= 2;                                           // writes through
//   Tensor y = xgrad::from_xtensor(xt::sin(view) + 1);   // evaluates an expression into a tensor
//   Tensor z = xgrad::adopt(std::move(array));           // takes over an xarray's buffer, no copy
//   xt::xarray<float> copy = xgrad::to_xarray<float>(x);
//
// An adaptor borrows: it must not outlive the tensor. Never keep an xtensor expression in `auto`:
// it refers to its operands. Changes through an adaptor are not seen by autograd.
#pragma once

#include <xtensor/xadapt.hpp>
#include <xtensor/xarray.hpp>
#include <xtensor/xnoalias.hpp>

#include "xgrad/core/tensor.h"
#include "xgrad/ops/factories.h"

namespace xgrad {

// x as an xtensor array of the same shape and strides. Errors: T is not x's type.
template <class T>
auto borrow(const Tensor& x) {
  const std::vector<std::size_t> shape(x.sizes().begin(), x.sizes().end());
  std::vector<std::ptrdiff_t> strides(x.strides().begin(), x.strides().end());
  std::size_t extent = 1;
  for (std::size_t d = 0; d < shape.size(); ++d) {
    if (shape[d] == 1) strides[d] = 0;  // xtensor broadcasts by stride 0
    extent += shape[d] == 0 ? 0 : (shape[d] - 1) * static_cast<std::size_t>(strides[d]);
  }
  if (x.numel() == 0) extent = 0;
  return xt::adapt(x.data_ptr<T>(), extent, xt::no_ownership(), shape, strides);
}

// Evaluates an expression (or copies an array) into a new row-major tensor of its value type.
template <class E>
Tensor from_xtensor(const xt::xexpression<E>& expression) {
  using T = std::decay_t<typename E::value_type>;
  const E& e = expression.derived_cast();
  const Dims sizes = [&] {
    Dims dims;
    for (const auto size : e.shape()) dims.push_back(static_cast<std::int64_t>(size));
    return dims;
  }();
  Tensor result = make_tensor(sizes, scalar_type_of<T>());
  auto view = borrow<T>(result);
  xt::noalias(view) = e;
  return result;
}

// The array's own buffer as a tensor; it is freed with the last tensor that refers to it.
template <class T, xt::layout_type L, class A, class S>
Tensor adopt(xt::xarray<T, L, A, S>&& array) {
  auto* kept = new xt::xarray<T, L, A, S>(std::move(array));
  const std::vector<std::int64_t> sizes(kept->shape().begin(), kept->shape().end());
  std::vector<std::int64_t> strides(kept->strides().begin(), kept->strides().end());
  return from_blob(
      kept->data(), sizes, strides, [kept](void*) { delete kept; },
      TensorOptions(scalar_type_of<T>()));
}

// A row-major copy.
template <class T>
xt::xarray<T> to_xarray(const Tensor& x) {
  return xt::xarray<T>(borrow<T>(x));
}

}  // namespace xgrad
