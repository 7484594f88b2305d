// Options of cosine similarity and pairwise distance.
#pragma once

#include <cstdint>

#include "xgrad/core/arg.h"

namespace xgrad::nn {

struct CosineSimilarityOptions {
  XGRAD_ARG(std::int64_t, dim) = 1;
  XGRAD_ARG(double, eps) = 1e-8;
};

struct PairwiseDistanceOptions {
  XGRAD_ARG(double, p) = 2;
  XGRAD_ARG(double, eps) = 1e-6;
  XGRAD_ARG(bool, keepdim) = false;
};

namespace functional {

using CosineSimilarityFuncOptions = CosineSimilarityOptions;
using PairwiseDistanceFuncOptions = PairwiseDistanceOptions;

}  // namespace functional
}  // namespace xgrad::nn
