// Sampling an image at any places, and the places of an affine map. Source: Jaderberg et al.,
// "Spatial transformer networks" (2015);
// https://pytorch.org/docs/1.13/generated/torch.nn.functional.grid_sample.html.
//
//   auto grid = xgrad::affine_grid_generator(theta, x.sizes(), false);
//   auto y = xgrad::grid_sampler(x, grid, 0, 0, false);
#pragma once

#include "xgrad/core/tensor.h"

namespace xgrad {

// input [N, C, H, W], grid [N, h, w, 2] -> [N, C, h, w]; or [N, C, D, H, W], [N, d, h, w, 3]
// -> [N, C, d, h, w]. A place is (x, y) or (x, y, z), from -1 to 1: the centers of the corner
// elements with align_corners, else the corners of the image. interpolation_mode: 0 linear, 1
// nearest, 2 cubic (of images); padding_mode, of what lies outside: 0 zeros, 1 the border, 2
// reflections. Derivatives of any order, by grid too. Errors: other shapes, dtypes that differ, no
// such mode.
Tensor grid_sampler(const Tensor& input, const Tensor& grid, std::int64_t interpolation_mode,
                    std::int64_t padding_mode, bool align_corners);
Tensor grid_sampler_2d(const Tensor& input, const Tensor& grid, std::int64_t interpolation_mode,
                       std::int64_t padding_mode, bool align_corners);
Tensor grid_sampler_3d(const Tensor& input, const Tensor& grid, std::int64_t interpolation_mode,
                       std::int64_t padding_mode, bool align_corners);

// theta [N, 2, 3] and size {N, C, H, W} -> [N, H, W, 2]: the places theta (x, y, 1) of an image of
// that size; theta [N, 3, 4] and {N, C, D, H, W} -> [N, D, H, W, 3]. Errors: other shapes.
Tensor affine_grid_generator(const Tensor& theta, IntArrayRef size, bool align_corners);

}  // namespace xgrad
