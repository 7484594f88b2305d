// Normalizations with options; see ops/normalization.h.
#pragma once

#include "xgrad/core/tensor.h"
#include "xgrad/nn/options/normalization.h"

namespace xgrad::nn::functional {

// input / max(p-norm of it along dim, eps), same shape.
Tensor normalize(const Tensor& input, NormalizeFuncOptions options = {});
Tensor layer_norm(const Tensor& input, const LayerNormFuncOptions& options);
Tensor group_norm(const Tensor& input, const GroupNormFuncOptions& options);
Tensor local_response_norm(const Tensor& input, const LocalResponseNormFuncOptions& options);

}  // namespace xgrad::nn::functional
