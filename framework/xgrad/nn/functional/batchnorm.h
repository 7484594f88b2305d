// Batch normalization with options; see ops/normalization.h.
#pragma once

#include "xgrad/core/tensor.h"
#include "xgrad/nn/options/batchnorm.h"

namespace xgrad::nn::functional {

// input [N, C, ...]; running statistics [C] or undefined, updated in place while training. Errors
// also: training on one value a channel.
Tensor batch_norm(const Tensor& input, const Tensor& running_mean, const Tensor& running_var,
                  const BatchNormFuncOptions& options = {});

}  // namespace xgrad::nn::functional
