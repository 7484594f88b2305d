// Convolutions with options; see ops/convolution.h for shapes and errors.
//
//   namespace F = xgrad::nn::functional;
//   auto y = F::conv2d(x, weight, F::Conv2dFuncOptions().bias(bias).stride(2).padding(1));
#pragma once

#include "xgrad/core/tensor.h"
#include "xgrad/nn/options/conv.h"

namespace xgrad::nn::functional {

Tensor conv1d(const Tensor& input, const Tensor& weight, const Conv1dFuncOptions& options = {});
Tensor conv2d(const Tensor& input, const Tensor& weight, const Conv2dFuncOptions& options = {});
Tensor conv3d(const Tensor& input, const Tensor& weight, const Conv3dFuncOptions& options = {});

Tensor conv_transpose1d(const Tensor& input, const Tensor& weight,
                        const ConvTranspose1dFuncOptions& options = {});
Tensor conv_transpose2d(const Tensor& input, const Tensor& weight,
                        const ConvTranspose2dFuncOptions& options = {});
Tensor conv_transpose3d(const Tensor& input, const Tensor& weight,
                        const ConvTranspose3dFuncOptions& options = {});

}  // namespace xgrad::nn::functional
