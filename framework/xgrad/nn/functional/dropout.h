// Dropout with options; see ops/dropout.h.
//
//   namespace F = xgrad::nn::functional;
//   auto y = F::dropout(x, F::DropoutFuncOptions().p(0.2).training(is_training()));
#pragma once

#include "xgrad/core/tensor.h"
#include "xgrad/nn/options/dropout.h"

namespace xgrad::nn::functional {

Tensor dropout(Tensor input, const DropoutFuncOptions& options = {});
// Whole channels of [N, C, H, W] or [C, H, W]; of [N, C, D, H, W] or [C, D, H, W].
Tensor dropout2d(Tensor input, const Dropout2dFuncOptions& options = {});
Tensor dropout3d(Tensor input, const Dropout3dFuncOptions& options = {});
Tensor alpha_dropout(Tensor input, const AlphaDropoutFuncOptions& options = {});
Tensor feature_alpha_dropout(Tensor input, const FeatureAlphaDropoutFuncOptions& options = {});

}  // namespace xgrad::nn::functional
