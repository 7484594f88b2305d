// Padding with options; see ops/pad.h.
//
//   namespace F = xgrad::nn::functional;
//   auto y = F::pad(x, F::PadFuncOptions({1, 1}).mode(xgrad::kReflect));
#pragma once

#include "xgrad/core/tensor.h"
#include "xgrad/nn/options/padding.h"

namespace xgrad::nn::functional {

Tensor pad(const Tensor& input, const PadFuncOptions& options);

}  // namespace xgrad::nn::functional
