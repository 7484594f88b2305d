// Options of instance normalization.
#pragma once

#include <cstdint>

#include "xgrad/core/arg.h"
#include "xgrad/core/tensor.h"

namespace xgrad::nn {

struct InstanceNormOptions {
  InstanceNormOptions(std::int64_t num_features) : num_features_(num_features) {}
  XGRAD_ARG(std::int64_t, num_features);
  XGRAD_ARG(double, eps) = 1e-5;
  XGRAD_ARG(double, momentum) = 0.1;
  XGRAD_ARG(bool, affine) = false;
  XGRAD_ARG(bool, track_running_stats) = false;
};
using InstanceNorm1dOptions = InstanceNormOptions;
using InstanceNorm2dOptions = InstanceNormOptions;
using InstanceNorm3dOptions = InstanceNormOptions;

namespace functional {

struct InstanceNormFuncOptions {
  XGRAD_ARG(Tensor, running_mean) = {};
  XGRAD_ARG(Tensor, running_var) = {};
  XGRAD_ARG(Tensor, weight) = {};
  XGRAD_ARG(Tensor, bias) = {};
  XGRAD_ARG(bool, use_input_stats) = true;
  XGRAD_ARG(double, momentum) = 0.1;
  XGRAD_ARG(double, eps) = 1e-5;
};

}  // namespace functional
}  // namespace xgrad::nn
