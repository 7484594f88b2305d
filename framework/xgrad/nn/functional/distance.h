// Distances with options; see ops/distance.h.
#pragma once

#include "xgrad/core/tensor.h"
#include "xgrad/nn/options/distance.h"

namespace xgrad::nn::functional {

Tensor cosine_similarity(const Tensor& x1, const Tensor& x2,
                         const CosineSimilarityFuncOptions& options = {});
Tensor pairwise_distance(const Tensor& x1, const Tensor& x2,
                         const PairwiseDistanceFuncOptions& options = {});
Tensor pdist(const Tensor& input, double p = 2);

}  // namespace xgrad::nn::functional
