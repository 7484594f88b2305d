// OptionalTensorRef: an argument that is a tensor, an optional one, or none: at::OptionalTensorRef.
//
//   Tensor linear(const Tensor& x, const Tensor& weight, OptionalTensorRef bias = {});
//   linear(x, w);   linear(x, w, b);   linear(x, w, nullopt);   linear(x, w, std::optional(b));
//
// It refers to what it was made of and counts no reference. Not to be kept.
#pragma once

#include "xgrad/core/tensor.h"

namespace xgrad {

class OptionalTensorRef {
 public:
  OptionalTensorRef() = default;
  OptionalTensorRef(std::nullopt_t) {}
  OptionalTensorRef(const Tensor& tensor) : tensor_(tensor.defined() ? &tensor : nullptr) {}
  OptionalTensorRef(const optional<Tensor>& tensor)
      : tensor_(tensor && tensor->defined() ? &*tensor : nullptr) {}

  bool has_value() const { return tensor_ != nullptr; }
  explicit operator bool() const { return has_value(); }
  const Tensor& operator*() const { return *tensor_; }
  const Tensor* operator->() const { return tensor_; }
  // The tensor, or an undefined one.
  const Tensor& getTensorRef() const {
    static const Tensor none;
    return tensor_ != nullptr ? *tensor_ : none;
  }

 private:
  const Tensor* tensor_ = nullptr;
};

}  // namespace xgrad
