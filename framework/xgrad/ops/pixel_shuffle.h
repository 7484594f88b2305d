// Rearranges channels into space and back. Source: Shi et al., "Real-time single image
// super-resolution..." (2016).
#pragma once

#include "xgrad/core/tensor.h"

namespace xgrad {

// [..., C r^2, H, W] -> [..., C, H r, W r] with r the factor. Errors: fewer than 3 dims, a factor
// below 1, channels it does not divide.
Tensor pixel_shuffle(const Tensor& input, std::int64_t upscale_factor);
// [..., C, H r, W r] -> [..., C r^2, H, W].
// Errors also: a height or width that the factor does not divide.
Tensor pixel_unshuffle(const Tensor& input, std::int64_t downscale_factor);
// [N, g k, ...] -> [N, k g, ...]: the channels of the g groups interleaved. Errors: fewer than 3
// dims, groups that do not divide the channels.
Tensor channel_shuffle(const Tensor& input, std::int64_t groups);

}  // namespace xgrad
