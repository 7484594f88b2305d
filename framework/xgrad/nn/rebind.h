// rebind_data: puts other elements, of any shape and type, under a tensor's handle. Private to nn.
#pragma once

#include "xgrad/core/tensor.h"

namespace xgrad::nn {

// All handles and members that share `tensor` see the new data, its place in autograd stays; as
// Tensor::set_data, but the element type may change.
void rebind_data(const Tensor& tensor, const Tensor& data);

}  // namespace xgrad::nn
