// The three products of a convolution on plain data, each trilinear in (x, weight, y): see
// kernels/convolution.h. Private to ops/convolution.cpp.
#pragma once

#include <array>

#include "xgrad/core/tensor.h"

namespace xgrad {

// Three spatial dims; those that a convolution lacks have size 1. Channels are counted per group.
struct ConvolutionShape {
  using Three = std::array<std::int64_t, 3>;
  std::int64_t batch, groups, in, out;
  Three input, kernel, output, stride, padding, dilation;

  static std::int64_t volume(const Three& sizes) { return sizes[0] * sizes[1] * sizes[2]; }
  std::int64_t window() const { return in * volume(kernel); }  // elements of one
};

// All tensors are row-major and of one floating dtype:
// x [batch, groups in, input...], weight [groups out, in, kernel...], bias [groups out] or
// undefined, y [batch, groups out, output...].
// y[n, o, i] = bias[o] + sum over c, k of x[n, c, i stride - padding + k dilation] weight[o, c, k].
void window_output(const ConvolutionShape& shape, const Tensor& x, const Tensor& weight,
                   const Tensor& bias, const Tensor& y);
// x[n, c, i stride - padding + k dilation] = sum of y[n, o, i] weight[o, c, k], + bias[c].
void window_input(const ConvolutionShape& shape, const Tensor& y, const Tensor& weight,
                  const Tensor& bias, const Tensor& x);
// weight[o, c, k] = sum over n, i of y[n, o, i] x[n, c, i stride - padding + k dilation].
void window_weight(const ConvolutionShape& shape, const Tensor& y, const Tensor& x,
                   const Tensor& weight);

}  // namespace xgrad
