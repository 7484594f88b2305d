// Pixel shuffling with options; see ops/pixel_shuffle.h.
#pragma once

#include "xgrad/core/tensor.h"
#include "xgrad/nn/options/pixelshuffle.h"

namespace xgrad::nn::functional {

Tensor pixel_shuffle(const Tensor& input, const PixelShuffleFuncOptions& options);
Tensor pixel_unshuffle(const Tensor& input, const PixelUnshuffleFuncOptions& options);

}  // namespace xgrad::nn::functional
