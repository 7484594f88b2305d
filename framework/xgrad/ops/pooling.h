// Pooling: one number for each window of a plane, its largest element or its mean.
//
//   auto y = xgrad::max_pool2d(x, 2);
//   auto z = xgrad::avg_pool2d(x, 3, /*stride=*/2, /*padding=*/1);
//   auto w = xgrad::adaptive_avg_pool2d(x, {1, 1});            // the mean of each plane
//
// x [N, C, spatial...] or [C, spatial...] with 1 to 3 spatial dims as the name says; each parameter
// is one value or one a spatial dim, an empty stride stands for the kernel. The output has
// (size + 2 padding - dilation (kernel - 1) - 1) / stride + 1 elements in each dim, rounded up with
// ceil_mode, but no window may begin behind the input and its left padding. Differentiable to any
// order. Errors name the op and the shapes: another number of dims, an empty dim that is not the
// batch, parameters out of range (padding is at most half of the kernel), windows that do not fit,
// a dtype that is not floating. Source:
// https://pytorch.org/docs/1.13/nn.functional.html#pooling-functions.
#pragma once

#include <tuple>

#include "xgrad/core/tensor.h"

namespace xgrad {

// Of equal elements the first one is meant, and a NaN counts as the largest (of several the last
// one). What lies in the padding is never chosen. Errors also: a dilated window without elements.
Tensor max_pool1d(const Tensor& x, IntArrayRef kernel_size, IntArrayRef stride = {},
                  IntArrayRef padding = 0, IntArrayRef dilation = 1, bool ceil_mode = false);
Tensor max_pool2d(const Tensor& x, IntArrayRef kernel_size, IntArrayRef stride = {},
                  IntArrayRef padding = 0, IntArrayRef dilation = 1, bool ceil_mode = false);
Tensor max_pool3d(const Tensor& x, IntArrayRef kernel_size, IntArrayRef stride = {},
                  IntArrayRef padding = 0, IntArrayRef dilation = 1, bool ceil_mode = false);
// Also int64 where each element was: its number in the flattened plane.
std::tuple<Tensor, Tensor> max_pool1d_with_indices(const Tensor& x, IntArrayRef kernel_size,
                                                   IntArrayRef stride = {}, IntArrayRef padding = 0,
                                                   IntArrayRef dilation = 1,
                                                   bool ceil_mode = false);
std::tuple<Tensor, Tensor> max_pool2d_with_indices(const Tensor& x, IntArrayRef kernel_size,
                                                   IntArrayRef stride = {}, IntArrayRef padding = 0,
                                                   IntArrayRef dilation = 1,
                                                   bool ceil_mode = false);
std::tuple<Tensor, Tensor> max_pool3d_with_indices(const Tensor& x, IntArrayRef kernel_size,
                                                   IntArrayRef stride = {}, IntArrayRef padding = 0,
                                                   IntArrayRef dilation = 1,
                                                   bool ceil_mode = false);

// Sums divided by the window's size: with the zeros of the padding in it, without them if
// count_include_pad is false, or by divisor_override. Also int64 (rounded to zero). Errors also: a
// divisor of 0.
Tensor avg_pool1d(const Tensor& x, IntArrayRef kernel_size, IntArrayRef stride = {},
                  IntArrayRef padding = 0, bool ceil_mode = false, bool count_include_pad = true);
Tensor avg_pool2d(const Tensor& x, IntArrayRef kernel_size, IntArrayRef stride = {},
                  IntArrayRef padding = 0, bool ceil_mode = false, bool count_include_pad = true,
                  optional<std::int64_t> divisor_override = nullopt);
Tensor avg_pool3d(const Tensor& x, IntArrayRef kernel_size, IntArrayRef stride = {},
                  IntArrayRef padding = 0, bool ceil_mode = false, bool count_include_pad = true,
                  optional<std::int64_t> divisor_override = nullopt);

// To a given spatial size: window o of a dim is the elements floor(o size / output) to
// ceil((o + 1) size / output) - 1. Errors also: an output size below 0.
Tensor adaptive_avg_pool1d(const Tensor& x, IntArrayRef output_size);
Tensor adaptive_avg_pool2d(const Tensor& x, IntArrayRef output_size);
Tensor adaptive_avg_pool3d(const Tensor& x, IntArrayRef output_size);
std::tuple<Tensor, Tensor> adaptive_max_pool1d(const Tensor& x, IntArrayRef output_size);
std::tuple<Tensor, Tensor> adaptive_max_pool2d(const Tensor& x, IntArrayRef output_size);
std::tuple<Tensor, Tensor> adaptive_max_pool3d(const Tensor& x, IntArrayRef output_size);

// The partial inverse of max pooling: zeros [..., output_size] with x's elements at the indices,
// int64 of x's shape. Of equal indices the last element stays, and each gets the gradient. Errors
// also: indices out of range (IndexError), of another shape or dtype. Stride and padding of the 3-d
// form have no effect.
Tensor max_unpool2d(const Tensor& x, const Tensor& indices, IntArrayRef output_size);
Tensor max_unpool3d(const Tensor& x, const Tensor& indices, IntArrayRef output_size,
                    IntArrayRef stride, IntArrayRef padding);

// Max pooling to a given spatial size, by windows at random places that almost tile the plane
// (Graham, 2014). random_samples in [0, 1), of x's dtype: [N, C, dims], or [1, C, dims] if x has
// no batch, the last spatial dim's first in 2-d, the first one's in 3-d.
std::tuple<Tensor, Tensor> fractional_max_pool2d(const Tensor& x, IntArrayRef kernel_size,
                                                 IntArrayRef output_size,
                                                 const Tensor& random_samples);
std::tuple<Tensor, Tensor> fractional_max_pool3d(const Tensor& x, IntArrayRef kernel_size,
                                                 IntArrayRef output_size,
                                                 const Tensor& random_samples);

}  // namespace xgrad
