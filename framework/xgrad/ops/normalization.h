// Normalization by statistics of the data itself, with ATen's names and argument order.
//
//   auto y = xgrad::layer_norm(x, {64}, weight, bias);
//
// All give (x - mean) / sqrt(var + eps) * weight + bias, var being the mean of squares about the
// mean; they differ in what is averaged over. weight and bias may be absent. Errors: shapes that do
// not fit, an input that is not floating, parameters of another dtype.
#pragma once

#include "xgrad/core/tensor.h"

namespace xgrad {

// x [N, C, ...], by channel: over all but dim 1; weight, bias and running statistics [C]. In
// training, running = (1 - momentum) * running + momentum * (mean, unbiased variance), in place;
// otherwise the running statistics take the place of x's own. Source: Ioffe and Szegedy, 2015.
Tensor batch_norm(const Tensor& input, const optional<Tensor>& weight, const optional<Tensor>& bias,
                  const optional<Tensor>& running_mean, const optional<Tensor>& running_var,
                  bool training, double momentum, double eps, bool cudnn_enabled = false);

// x [..., normalized_shape], over the last dims;
// weight and bias [normalized_shape]. Source: Ba et al., 2016.
Tensor layer_norm(const Tensor& input, IntArrayRef normalized_shape,
                  const optional<Tensor>& weight = {}, const optional<Tensor>& bias = {},
                  double eps = 1e-5, bool cudnn_enable = false);

// x [N, C, ...], for each sample over each of num_groups groups of channels; weight and bias [C].
// Source: Wu and He, 2018.
Tensor group_norm(const Tensor& input, std::int64_t num_groups, const optional<Tensor>& weight = {},
                  const optional<Tensor>& bias = {}, double eps = 1e-5, bool cudnn_enabled = false);

// x [N, C, ...], for each sample and channel; weight, bias and running statistics [C]. Without
// use_input_stats it is batch_norm in evaluation. Source: Ulyanov et al., 2016.
Tensor instance_norm(const Tensor& input, const optional<Tensor>& weight,
                     const optional<Tensor>& bias, const optional<Tensor>& running_mean,
                     const optional<Tensor>& running_var, bool use_input_stats, double momentum,
                     double eps, bool cudnn_enabled = false);

// x [N, C, ...] / (k + alpha * mean of x^2 over `size` neighbouring channels)^beta, zeros beyond
// the ends. Source: Krizhevsky et al., 2012.
Tensor local_response_norm(const Tensor& input, std::int64_t size, double alpha = 1e-4,
                           double beta = 0.75, double k = 1);
// The same over the channels at most (size - 1) / 2 away, as Torch7 had it; x [N, C, H, W].
Tensor cross_map_lrn2d(const Tensor& input, std::int64_t size, double alpha = 1e-4,
                       double beta = 0.75, double k = 1);

}  // namespace xgrad
