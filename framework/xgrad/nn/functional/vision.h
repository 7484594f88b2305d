// Sampling of images with options; see ops/grid_sample.h.
#pragma once

#include "xgrad/core/tensor.h"
#include "xgrad/nn/options/vision.h"

namespace xgrad::nn::functional {

// theta [N, 2, 3], size {N, C, H, W} -> [N, H, W, 2];
// theta [N, 3, 4], {N, C, D, H, W} -> [N, D, H, W, 3].
// Errors: theta is not floating, a size below 1.
Tensor affine_grid(const Tensor& theta, IntArrayRef size, bool align_corners = false);
// input [N, C, H, W], grid [N, h, w, 2] -> [N, C, h, w], and the same with a depth.
Tensor grid_sample(const Tensor& input, const Tensor& grid,
                   const GridSampleFuncOptions& options = {});

}  // namespace xgrad::nn::functional
