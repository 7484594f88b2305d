// AdaptiveLogSoftmaxWithLoss: a softmax over many classes of very different frequency, in clusters.
//
//   nn::AdaptiveLogSoftmaxWithLoss softmax(
//       nn::AdaptiveLogSoftmaxWithLossOptions(64, 10000, {100, 1000}));
//   auto [output, loss] = softmax(x, target);
//
// Source: Grave et al., "Efficient softmax approximation for GPUs" (2017).
#pragma once

#include "xgrad/nn/cloneable.h"
#include "xgrad/nn/containers/module_list.h"
#include "xgrad/nn/modules/linear.h"
#include "xgrad/nn/options/adaptive.h"
#include "xgrad/nn/pimpl.h"

namespace xgrad::nn {

struct ASMoutput {
  Tensor output;  // the log-probability of each target
  double loss;    // minus their mean
};

class AdaptiveLogSoftmaxWithLossImpl : public Cloneable<AdaptiveLogSoftmaxWithLossImpl> {
 public:
  AdaptiveLogSoftmaxWithLossImpl(std::int64_t in_features, std::int64_t n_classes,
                                 std::vector<std::int64_t> given_cutoffs)
      : AdaptiveLogSoftmaxWithLossImpl(
            AdaptiveLogSoftmaxWithLossOptions(in_features, n_classes, std::move(given_cutoffs))) {}
  // Errors: cutoffs that do not rise, or that are not from 1 to n_classes - 1.
  explicit AdaptiveLogSoftmaxWithLossImpl(AdaptiveLogSoftmaxWithLossOptions given);

  void reset() override;
  void reset_parameters();
  // input [N, in_features], target int64 [N] -> output [N]; or without N. Errors: other shapes, a
  // class that does not exist.
  ASMoutput forward(const Tensor& input, const Tensor& target);
  // input [N, in_features] -> [N, n_classes].
  Tensor log_prob(const Tensor& input);
  // The most probable class: [N, in_features] -> int64 [N].
  Tensor predict(const Tensor& input);
  // log_prob from the head's output.
  Tensor _get_full_log_prob(const Tensor& input, const Tensor& head_output);
  void pretty_print(std::ostream& stream) const override;

  AdaptiveLogSoftmaxWithLossOptions options;
  std::vector<std::int64_t> cutoffs;  // with n_classes as the last
  std::int64_t shortlist_size = 0, n_clusters = 0, head_size = 0;
  Linear head = nullptr;  // the shortlist's classes, then the clusters
  ModuleList tail = nullptr;

 private:
  // log-probabilities within a cluster: [N, in_features] -> [N, its classes].
  Tensor cluster_log_prob(std::size_t cluster, const Tensor& input);
};
XGRAD_MODULE(AdaptiveLogSoftmaxWithLoss);

}  // namespace xgrad::nn
