// What all losses share: the reduction. Private to the ops.
#pragma once

#include "xgrad/core/tensor.h"

namespace xgrad {

// Errors: a reduction that is none.
void check_reduction(const char* op, std::int64_t reduction);
Tensor reduce_loss(const Tensor& loss, std::int64_t reduction);
// The gradient of each element of a loss of `numel` elements, from the gradient of the reduced one.
Tensor expand_gradient(const Tensor& dy, std::int64_t reduction, std::int64_t numel);

}  // namespace xgrad
