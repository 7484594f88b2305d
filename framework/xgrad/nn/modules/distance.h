// Cosine similarity and pairwise distance as layers.
#pragma once

#include "xgrad/nn/modules/stateless.h"
#include "xgrad/nn/options/distance.h"
#include "xgrad/nn/pimpl.h"

namespace xgrad::nn {

class CosineSimilarityImpl : public Stateless<CosineSimilarityImpl, CosineSimilarityOptions> {
 public:
  using Stateless::Stateless;
  Tensor forward(const Tensor& x1, const Tensor& x2);
  void pretty_print(std::ostream& stream) const override;
};
XGRAD_MODULE(CosineSimilarity);

class PairwiseDistanceImpl : public Stateless<PairwiseDistanceImpl, PairwiseDistanceOptions> {
 public:
  using Stateless::Stateless;
  Tensor forward(const Tensor& x1, const Tensor& x2);
  void pretty_print(std::ostream& stream) const override;
};
XGRAD_MODULE(PairwiseDistance);

}  // namespace xgrad::nn
