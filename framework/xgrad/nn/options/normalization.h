// Options of layer, group and response normalization, and of normalize().
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "xgrad/core/arg.h"
#include "xgrad/core/tensor.h"

namespace xgrad::nn {

struct LayerNormOptions {
  LayerNormOptions(std::vector<std::int64_t> normalized_shape)
      : normalized_shape_(std::move(normalized_shape)) {}
  XGRAD_ARG(std::vector<std::int64_t>, normalized_shape);
  XGRAD_ARG(double, eps) = 1e-5;
  XGRAD_ARG(bool, elementwise_affine) = true;
};

struct GroupNormOptions {
  GroupNormOptions(std::int64_t num_groups, std::int64_t num_channels)
      : num_groups_(num_groups), num_channels_(num_channels) {}
  XGRAD_ARG(std::int64_t, num_groups);
  XGRAD_ARG(std::int64_t, num_channels);
  XGRAD_ARG(double, eps) = 1e-5;
  XGRAD_ARG(bool, affine) = true;
};

struct LocalResponseNormOptions {
  LocalResponseNormOptions(std::int64_t size) : size_(size) {}
  XGRAD_ARG(std::int64_t, size);
  XGRAD_ARG(double, alpha) = 1e-4;
  XGRAD_ARG(double, beta) = 0.75;
  XGRAD_ARG(double, k) = 1;
};

struct CrossMapLRN2dOptions {
  CrossMapLRN2dOptions(std::int64_t size) : size_(size) {}
  XGRAD_ARG(std::int64_t, size);
  XGRAD_ARG(double, alpha) = 1e-4;
  XGRAD_ARG(double, beta) = 0.75;
  XGRAD_ARG(std::int64_t, k) = 1;
};

namespace functional {

struct LayerNormFuncOptions {
  LayerNormFuncOptions(std::vector<std::int64_t> normalized_shape)
      : normalized_shape_(std::move(normalized_shape)) {}
  XGRAD_ARG(std::vector<std::int64_t>, normalized_shape);
  XGRAD_ARG(Tensor, weight) = {};
  XGRAD_ARG(Tensor, bias) = {};
  XGRAD_ARG(double, eps) = 1e-5;
};

struct GroupNormFuncOptions {
  GroupNormFuncOptions(std::int64_t num_groups) : num_groups_(num_groups) {}
  XGRAD_ARG(std::int64_t, num_groups);
  XGRAD_ARG(Tensor, weight) = {};
  XGRAD_ARG(Tensor, bias) = {};
  XGRAD_ARG(double, eps) = 1e-5;
};

using LocalResponseNormFuncOptions = LocalResponseNormOptions;

// With `out` the result is written there too.
struct NormalizeFuncOptions {
  XGRAD_ARG(double, p) = 2;
  XGRAD_ARG(std::int64_t, dim) = 1;
  XGRAD_ARG(double, eps) = 1e-12;
  XGRAD_ARG(optional<Tensor>, out) = nullopt;
};

}  // namespace functional
}  // namespace xgrad::nn
