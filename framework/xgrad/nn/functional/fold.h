// Sliding blocks with options; see ops/fold.h.
#pragma once

#include "xgrad/core/tensor.h"
#include "xgrad/nn/options/fold.h"

namespace xgrad::nn::functional {

// [N, C kh kw, L] or [C kh kw, L] -> [N, C, H, W] or [C, H, W], (H, W) the output size.
Tensor fold(const Tensor& input, const FoldFuncOptions& options);
// [N, C, H, W] -> [N, C kh kw, L].
Tensor unfold(const Tensor& input, const UnfoldFuncOptions& options);

}  // namespace xgrad::nn::functional
