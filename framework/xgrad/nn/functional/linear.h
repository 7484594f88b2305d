// Products with a layer's weights.
#pragma once

#include "xgrad/core/tensor.h"

namespace xgrad::nn::functional {

// input [..., in], weight [out, in], bias [out] or undefined -> [..., out]: x W^T + b.
Tensor linear(const Tensor& input, const Tensor& weight, const Tensor& bias = {});
// input1 [..., in1], input2 [..., in2], weight [out, in1, in2],
// bias [out] or undefined -> [..., out]: x1^T W x2 + b.
Tensor bilinear(const Tensor& input1, const Tensor& input2, const Tensor& weight,
                const Tensor& bias = {});

}  // namespace xgrad::nn::functional
