// Options of batch normalization.
#pragma once

#include <cstdint>

#include "xgrad/core/arg.h"
#include "xgrad/core/tensor.h"

namespace xgrad::nn {

struct BatchNormOptions {
  BatchNormOptions(std::int64_t num_features) : num_features_(num_features) {}
  XGRAD_ARG(std::int64_t, num_features);
  XGRAD_ARG(double, eps) = 1e-5;
  XGRAD_ARG(optional<double>, momentum) = 0.1;  // nullopt: running statistics are plain averages
  XGRAD_ARG(bool, affine) = true;
  XGRAD_ARG(bool, track_running_stats) = true;
};
using BatchNorm1dOptions = BatchNormOptions;
using BatchNorm2dOptions = BatchNormOptions;
using BatchNorm3dOptions = BatchNormOptions;

namespace functional {

struct BatchNormFuncOptions {
  XGRAD_ARG(Tensor, weight) = {};
  XGRAD_ARG(Tensor, bias) = {};
  XGRAD_ARG(bool, training) = false;
  XGRAD_ARG(optional<double>, momentum) = 0.1;
  XGRAD_ARG(double, eps) = 1e-5;
};

}  // namespace functional
}  // namespace xgrad::nn
