// Options of the activation layers and functions.
#pragma once

#include <cstdint>
#include <string>

#include "xgrad/core/arg.h"
#include "xgrad/core/tensor_options.h"

namespace xgrad::nn {

struct ELUOptions {
  XGRAD_ARG(double, alpha) = 1;
  XGRAD_ARG(bool, inplace) = false;
};

struct SELUOptions {
  SELUOptions(bool inplace = false) : inplace_(inplace) {}
  XGRAD_ARG(bool, inplace);
};

struct CELUOptions {
  XGRAD_ARG(double, alpha) = 1;
  XGRAD_ARG(bool, inplace) = false;
};

struct GLUOptions {
  GLUOptions(std::int64_t dim = -1) : dim_(dim) {}
  XGRAD_ARG(std::int64_t, dim);
};

struct GELUOptions {
  XGRAD_ARG(std::string, approximate) = "none";  // or "tanh"
};

struct HardshrinkOptions {
  HardshrinkOptions(double lambda = 0.5) : lambda_(lambda) {}
  XGRAD_ARG(double, lambda);
};

struct SoftshrinkOptions {
  SoftshrinkOptions(double lambda = 0.5) : lambda_(lambda) {}
  XGRAD_ARG(double, lambda);
};

struct HardtanhOptions {
  XGRAD_ARG(double, min_val) = -1;
  XGRAD_ARG(double, max_val) = 1;
  XGRAD_ARG(bool, inplace) = false;
};

struct LeakyReLUOptions {
  XGRAD_ARG(double, negative_slope) = 1e-2;
  XGRAD_ARG(bool, inplace) = false;
};

struct ReLUOptions {
  ReLUOptions(bool inplace = false) : inplace_(inplace) {}
  XGRAD_ARG(bool, inplace);
};

struct ReLU6Options {
  ReLU6Options(bool inplace = false) : inplace_(inplace) {}
  XGRAD_ARG(bool, inplace);
};

struct PReLUOptions {
  XGRAD_ARG(std::int64_t, num_parameters) = 1;
  XGRAD_ARG(double, init) = 0.25;
};

struct RReLUOptions {
  XGRAD_ARG(double, lower) = 1.0 / 8;
  XGRAD_ARG(double, upper) = 1.0 / 3;
  XGRAD_ARG(bool, inplace) = false;
};

struct SoftmaxOptions {
  SoftmaxOptions(std::int64_t dim) : dim_(dim) {}
  XGRAD_ARG(std::int64_t, dim);
};

struct SoftminOptions {
  SoftminOptions(std::int64_t dim) : dim_(dim) {}
  XGRAD_ARG(std::int64_t, dim);
};

struct LogSoftmaxOptions {
  LogSoftmaxOptions(std::int64_t dim) : dim_(dim) {}
  XGRAD_ARG(std::int64_t, dim);
};

struct SoftplusOptions {
  XGRAD_ARG(double, beta) = 1;
  XGRAD_ARG(double, threshold) = 20;
};

struct ThresholdOptions {
  ThresholdOptions(double threshold, double value) : threshold_(threshold), value_(value) {}
  XGRAD_ARG(double, threshold);
  XGRAD_ARG(double, value);
  XGRAD_ARG(bool, inplace) = false;
};

struct HardsigmoidOptions {
  HardsigmoidOptions(bool inplace = false) : inplace_(inplace) {}
  XGRAD_ARG(bool, inplace);
};

struct HardswishOptions {
  HardswishOptions(bool inplace = false) : inplace_(inplace) {}
  XGRAD_ARG(bool, inplace);
};

namespace functional {

using ELUFuncOptions = ELUOptions;
using SELUFuncOptions = SELUOptions;
using CELUFuncOptions = CELUOptions;
using GLUFuncOptions = GLUOptions;
using GELUFuncOptions = GELUOptions;
using HardshrinkFuncOptions = HardshrinkOptions;
using SoftshrinkFuncOptions = SoftshrinkOptions;
using HardtanhFuncOptions = HardtanhOptions;
using LeakyReLUFuncOptions = LeakyReLUOptions;
using ReLUFuncOptions = ReLUOptions;
using ReLU6FuncOptions = ReLU6Options;
using SoftplusFuncOptions = SoftplusOptions;
using ThresholdFuncOptions = ThresholdOptions;

struct RReLUFuncOptions {
  XGRAD_ARG(double, lower) = 1.0 / 8;
  XGRAD_ARG(double, upper) = 1.0 / 3;
  XGRAD_ARG(bool, training) = false;
  XGRAD_ARG(bool, inplace) = false;
};

// With a dtype the input is converted first.
struct SoftmaxFuncOptions {
  SoftmaxFuncOptions(std::int64_t dim) : dim_(dim) {}
  XGRAD_ARG(std::int64_t, dim);
  XGRAD_ARG(optional<Dtype>, dtype) = nullopt;
};

struct SoftminFuncOptions {
  SoftminFuncOptions(std::int64_t dim) : dim_(dim) {}
  XGRAD_ARG(std::int64_t, dim);
  XGRAD_ARG(optional<Dtype>, dtype) = nullopt;
};

struct LogSoftmaxFuncOptions {
  LogSoftmaxFuncOptions(std::int64_t dim) : dim_(dim) {}
  XGRAD_ARG(std::int64_t, dim);
  XGRAD_ARG(optional<Dtype>, dtype) = nullopt;
};

struct GumbelSoftmaxFuncOptions {
  XGRAD_ARG(double, tau) = 1;
  XGRAD_ARG(bool, hard) = false;
  XGRAD_ARG(int, dim) = -1;
};

}  // namespace functional
}  // namespace xgrad::nn
