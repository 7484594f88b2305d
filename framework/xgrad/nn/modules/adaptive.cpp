#include "xgrad/nn/modules/adaptive.h"

#include <cmath>

#include "xgrad/core/format.h"
#include "xgrad/core/tensor_index.h"
#include "xgrad/nn/containers/sequential.h"
#include "xgrad/ops/arithmetic.h"
#include "xgrad/ops/comparison.h"
#include "xgrad/ops/factories.h"
#include "xgrad/ops/gather.h"
#include "xgrad/ops/shape.h"
#include "xgrad/ops/softmax.h"

namespace xgrad::nn {

AdaptiveLogSoftmaxWithLossImpl::AdaptiveLogSoftmaxWithLossImpl(
    AdaptiveLogSoftmaxWithLossOptions given)
    : options(std::move(given)) {
  reset();
}

void AdaptiveLogSoftmaxWithLossImpl::reset() {
  std::int64_t before = 0;
  for (const std::int64_t cutoff : options.cutoffs()) {
    check(cutoff > before && cutoff < options.n_classes(),
          "AdaptiveLogSoftmaxWithLoss: cutoffs {}, expected rising ones from 1 to {}",
          options.cutoffs(), options.n_classes() - 1);
    before = cutoff;
  }
  check(before > 0, "AdaptiveLogSoftmaxWithLoss: there are no cutoffs, expected at least one");
  cutoffs = options.cutoffs();
  n_clusters = static_cast<std::int64_t>(cutoffs.size());
  cutoffs.push_back(options.n_classes());
  shortlist_size = cutoffs[0];
  head_size = shortlist_size + n_clusters;
  const std::int64_t features = options.in_features();
  head =
      register_module("head", Linear(LinearOptions(features, head_size).bias(options.head_bias())));
  tail = register_module("tail", ModuleList());
  for (std::size_t i = 0; i + 1 < cutoffs.size(); ++i) {
    const auto divisor =
        static_cast<std::int64_t>(std::pow(options.div_value(), static_cast<double>(i + 1)));
    const std::int64_t hidden = features / divisor, classes = cutoffs[i + 1] - cutoffs[i];
    tail->push_back(Sequential(Linear(LinearOptions(features, hidden).bias(false)),
                               Linear(LinearOptions(hidden, classes).bias(false))));
  }
}

void AdaptiveLogSoftmaxWithLossImpl::reset_parameters() {
  head->reset_parameters();
  for (const auto& projection : tail->children()) {
    for (const auto& layer : projection->children()) layer->as<Linear>()->reset_parameters();
  }
}

Tensor AdaptiveLogSoftmaxWithLossImpl::cluster_log_prob(std::size_t cluster, const Tensor& input) {
  return log_softmax(tail[cluster]->as<Sequential>()->forward(input), 1);
}

ASMoutput AdaptiveLogSoftmaxWithLossImpl::forward(const Tensor& input, const Tensor& target) {
  check(target.dim() <= 1 && input.dim() == target.dim() + 1,
        "AdaptiveLogSoftmaxWithLoss: input has shape {} and target {}, expected [N, features] and "
        "[N]",
        input.sizes().vec(), target.sizes().vec());
  if (target.dim() == 0) {
    const ASMoutput one = forward(input.unsqueeze(0), target.unsqueeze(0));
    return {one.output.squeeze(0), one.loss};
  }
  check(target.numel() == 0 || (target.min().item<std::int64_t>() >= 0 &&
                                target.max().item<std::int64_t>() < options.n_classes()),
        "AdaptiveLogSoftmaxWithLoss: a target is out of range, expected 0 to {}",
        options.n_classes() - 1);
  // Of each target its place in the head, which is its class or its cluster, and its share of that.
  Tensor place = target, share = zeros_like(target, input.scalar_type());
  for (std::size_t i = 0; i + 1 < cutoffs.size(); ++i) {
    const Tensor rows = ((target >= cutoffs[i]) & (target < cutoffs[i + 1])).nonzero().squeeze(1);
    if (rows.numel() == 0) continue;
    const Tensor within = target.index_select(0, rows) - cutoffs[i];
    const Tensor log_prob = cluster_log_prob(i, input.index_select(0, rows));
    share = share.index_copy(0, rows, log_prob.gather(1, within.unsqueeze(1)).squeeze(1));
    place = place.index_fill(0, rows, shortlist_size + static_cast<std::int64_t>(i));
  }
  const Tensor head_log_prob = log_softmax(head(input), 1);
  const Tensor output = share + head_log_prob.gather(1, place.unsqueeze(1)).squeeze(1);
  return {output, -output.mean().item<double>()};
}

Tensor AdaptiveLogSoftmaxWithLossImpl::_get_full_log_prob(const Tensor& input,
                                                          const Tensor& head_output) {
  const Tensor head_log_prob = log_softmax(head_output, 1);
  std::vector<Tensor> parts{head_log_prob.narrow(1, 0, shortlist_size)};
  for (std::int64_t i = 0; i < n_clusters; ++i) {
    parts.push_back(cluster_log_prob(static_cast<std::size_t>(i), input) +
                    head_log_prob.narrow(1, shortlist_size + i, 1));
  }
  return cat(parts, 1);
}

Tensor AdaptiveLogSoftmaxWithLossImpl::log_prob(const Tensor& input) {
  return _get_full_log_prob(input, head(input));
}

Tensor AdaptiveLogSoftmaxWithLossImpl::predict(const Tensor& input) {
  return log_prob(input).argmax(1);
}

void AdaptiveLogSoftmaxWithLossImpl::pretty_print(std::ostream& stream) const {
  stream << "torch::nn::AdaptiveLogSoftmaxWithLoss";
}

}  // namespace xgrad::nn
