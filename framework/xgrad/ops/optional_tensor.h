// How ops read a tensor argument that may be absent: nullopt or undefined. Private to the ops.
#pragma once

#include "xgrad/core/tensor.h"

namespace xgrad {

inline const Tensor& tensor_or_none(const optional<Tensor>& tensor) {
  static const Tensor none;
  return tensor ? *tensor : none;
}

}  // namespace xgrad
