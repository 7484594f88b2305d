// Resampling of [N, C, spatial...] to another spatial size.
//
//   auto y = xgrad::upsample_bilinear2d(x, {56, 56}, /*align_corners=*/false);
//
// Without align_corners an element stands for an area, and output i lies at (i + 0.5) * scale - 0.5
// of the input; with it the ends fall together. `scales` are output / input, if they are to differ
// from the ratio of the sizes. Each dim is resampled on its own, so derivatives of any order exist.
// Errors: another number of dims or sizes, a size of 0. Source:
// https://pytorch.org/docs/1.13/generated/torch.nn.functional.interpolate.html.
#pragma once

#include "xgrad/core/tensor.h"

namespace xgrad {

enum class Resampling {
  nearest,        // floor(i * scale)
  nearest_exact,  // floor((i + 0.5) * scale)
  linear,
  cubic,             // Keys' kernel with a = -0.75
  antialias_linear,  // wider kernels where the size falls
  antialias_cubic    // with a = -0.5
};

// The general form, for any number of spatial dims: `size` and `scales` hold one value for each,
// `scales` may be empty.
Tensor resample(const char* op, const Tensor& input, IntArrayRef size, Resampling how,
                bool align_corners = false, ArrayRef<double> scales = {});

Tensor upsample_nearest1d(const Tensor& input, IntArrayRef output_size,
                          optional<double> scales = nullopt);
Tensor upsample_nearest2d(const Tensor& input, IntArrayRef output_size,
                          optional<double> scales_h = nullopt, optional<double> scales_w = nullopt);
Tensor upsample_nearest3d(const Tensor& input, IntArrayRef output_size,
                          optional<double> scales_d = nullopt, optional<double> scales_h = nullopt,
                          optional<double> scales_w = nullopt);
Tensor upsample_linear1d(const Tensor& input, IntArrayRef output_size, bool align_corners,
                         optional<double> scales = nullopt);
Tensor upsample_bilinear2d(const Tensor& input, IntArrayRef output_size, bool align_corners,
                           optional<double> scales_h = nullopt,
                           optional<double> scales_w = nullopt);
Tensor upsample_bicubic2d(const Tensor& input, IntArrayRef output_size, bool align_corners,
                          optional<double> scales_h = nullopt, optional<double> scales_w = nullopt);
Tensor upsample_trilinear3d(const Tensor& input, IntArrayRef output_size, bool align_corners,
                            optional<double> scales_d = nullopt,
                            optional<double> scales_h = nullopt,
                            optional<double> scales_w = nullopt);

}  // namespace xgrad
