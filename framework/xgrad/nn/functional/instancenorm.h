// Instance normalization with options; see ops/normalization.h.
#pragma once

#include "xgrad/core/tensor.h"
#include "xgrad/nn/options/instancenorm.h"

namespace xgrad::nn::functional {

// input [N, C, ...]. Errors also: use_input_stats on one value a channel.
Tensor instance_norm(const Tensor& input, const InstanceNormFuncOptions& options = {});

}  // namespace xgrad::nn::functional
