// Padding with options; see ops/pad.h.
//
//   auto y = xgrad::nn::functional::pad(x, xgrad::nn::functional::PadFuncOptions({1,
//   1}).mode(xgrad::kReflect));
#pragma once

#include "xgrad/core/tensor.h"
#include "xgrad/nn/options/padding.h"

namespace xgrad::nn::functional {

Tensor pad(const Tensor& input, const PadFuncOptions& options);

}  // namespace xgrad::nn::functional
