// What printing a tensor needs of the layer above. Private to the library's sources.
#pragma once

#include <string>

#include "xgrad/core/tensor.h"

namespace xgrad::detail {

// The name of the node that made the tensor ("MulBackward0");
// empty for a leaf. Defined in autograd/.
std::string grad_fn_name(const Tensor& tensor);

}  // namespace xgrad::detail
