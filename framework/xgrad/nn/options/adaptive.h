// Options of AdaptiveLogSoftmaxWithLoss.
#pragma once

#include <cstdint>
#include <vector>

#include "xgrad/core/arg.h"

namespace xgrad::nn {

struct AdaptiveLogSoftmaxWithLossOptions {
  AdaptiveLogSoftmaxWithLossOptions(std::int64_t in_features, std::int64_t n_classes,
                                    std::vector<std::int64_t> cutoffs)
      : in_features_(in_features), n_classes_(n_classes), cutoffs_(std::move(cutoffs)) {}
  XGRAD_ARG(std::int64_t, in_features);
  // Classes by falling frequency.
  XGRAD_ARG(std::int64_t, n_classes);
  // Where the clusters begin: the classes below the first are in the head.
  XGRAD_ARG(std::vector<std::int64_t>, cutoffs);
  // Each cluster has so many times fewer features than the one before.
  XGRAD_ARG(double, div_value) = 4;
  XGRAD_ARG(bool, head_bias) = false;
};

}  // namespace xgrad::nn
