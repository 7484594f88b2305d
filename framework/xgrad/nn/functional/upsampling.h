// Resampling with options; see ops/upsample.h.
#pragma once

#include "xgrad/core/tensor.h"
#include "xgrad/nn/options/upsampling.h"

namespace xgrad::nn::functional {

// input [N, C, spatial...], to options.size or by options.scale_factor (one value a spatial dim),
// but not both. kLinear, kBilinear and kTrilinear are for 1, 2 and 3 spatial dims, kBicubic for 2.
// recompute_scale_factor: use the ratio of the sizes, not the factor. Errors: a mode for another
// number of dims, align_corners or antialias with a mode that has none.
Tensor interpolate(const Tensor& input, const InterpolateFuncOptions& options = {});

}  // namespace xgrad::nn::functional
