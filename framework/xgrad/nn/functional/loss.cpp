#include "xgrad/nn/functional/loss.h"

#include "xgrad/core/format.h"
#include "xgrad/ops/arithmetic.h"
#include "xgrad/ops/distance.h"
#include "xgrad/ops/loss.h"

namespace xgrad::nn::functional {

using enumtype::reduction_get_enum;

namespace {

void check_same_shape(const char* op, const Tensor& input, const Tensor& target) {
  check(target.sizes() == input.sizes(), "{}: target has shape {}, expected the input's, {}", op,
        target.sizes(), input.sizes());
}

void check_batch(const char* op, const Tensor& input, const Tensor& target) {
  check(input.dim() < 2 || target.dim() == 0 || input.size(0) == target.size(0),
        "{}: input has a batch of {}, but target one of {}", op,
        input.dim() < 2 ? 1 : input.size(0), target.dim() == 0 ? 1 : target.size(0));
}

}  // namespace

Tensor l1_loss(const Tensor& input, const Tensor& target, const L1LossFuncOptions& options) {
  return xgrad::l1_loss(input, target, reduction_get_enum(options.reduction()));
}
Tensor mse_loss(const Tensor& input, const Tensor& target, const MSELossFuncOptions& options) {
  return xgrad::mse_loss(input, target, reduction_get_enum(options.reduction()));
}
Tensor smooth_l1_loss(const Tensor& input, const Tensor& target,
                      const SmoothL1LossFuncOptions& options) {
  return smooth_l1_loss(input, target, options, options.beta());
}
Tensor smooth_l1_loss(const Tensor& input, const Tensor& target,
                      const SmoothL1LossFuncOptions& options, double beta) {
  return xgrad::smooth_l1_loss(input, target, reduction_get_enum(options.reduction()), beta);
}
Tensor huber_loss(const Tensor& input, const Tensor& target, const HuberLossFuncOptions& options) {
  return xgrad::huber_loss(input, target, reduction_get_enum(options.reduction()), options.delta());
}

Tensor nll_loss(const Tensor& input, const Tensor& target, const NLLLossFuncOptions& options) {
  check_batch("nll_loss", input, target);
  return xgrad::nll_loss(input, target, options.weight(), reduction_get_enum(options.reduction()),
                         options.ignore_index());
}
Tensor cross_entropy(const Tensor& input, const Tensor& target,
                     const CrossEntropyFuncOptions& options) {
  check_batch("cross_entropy", input, target);
  return cross_entropy_loss(input, target, options.weight(),
                            reduction_get_enum(options.reduction()), options.ignore_index(),
                            options.label_smoothing());
}

Tensor binary_cross_entropy(const Tensor& input, const Tensor& target,
                            const BinaryCrossEntropyFuncOptions& options) {
  check_same_shape("binary_cross_entropy", input, target);
  return xgrad::binary_cross_entropy(input, target, options.weight(),
                                     reduction_get_enum(options.reduction()));
}
Tensor binary_cross_entropy_with_logits(const Tensor& input, const Tensor& target,
                                        const BinaryCrossEntropyWithLogitsFuncOptions& options) {
  check_same_shape("binary_cross_entropy_with_logits", input, target);
  return xgrad::binary_cross_entropy_with_logits(input, target, options.weight(),
                                                 options.pos_weight(),
                                                 reduction_get_enum(options.reduction()));
}
Tensor kl_div(const Tensor& input, const Tensor& target, const KLDivFuncOptions& options) {
  if (!std::holds_alternative<enumtype::kBatchMean>(options.reduction())) {
    return xgrad::kl_div(input, target, reduction_get_enum(options.reduction()),
                         options.log_target());
  }
  const Tensor sum = xgrad::kl_div(input, target, Reduction::Sum, options.log_target());
  return input.dim() == 0 ? sum : sum / input.size(0);
}
Tensor poisson_nll_loss(const Tensor& input, const Tensor& target,
                        const PoissonNLLLossFuncOptions& options) {
  return xgrad::poisson_nll_loss(input, target, options.log_input(), options.full(), options.eps(),
                                 reduction_get_enum(options.reduction()));
}
Tensor gaussian_nll_loss(const Tensor& input, const Tensor& target, const Tensor& var,
                         const GaussianNLLLossFuncOptions& options) {
  return xgrad::gaussian_nll_loss(input, target, var, options.full(), options.eps(),
                                  reduction_get_enum(options.reduction()));
}

Tensor hinge_embedding_loss(const Tensor& input, const Tensor& target,
                            const HingeEmbeddingLossFuncOptions& options) {
  return xgrad::hinge_embedding_loss(input, target, options.margin(),
                                     reduction_get_enum(options.reduction()));
}
Tensor margin_ranking_loss(const Tensor& input1, const Tensor& input2, const Tensor& target,
                           const MarginRankingLossFuncOptions& options) {
  check(input1.dim() == input2.dim() && input1.dim() == target.dim(),
        "margin_ranking_loss: inputs have shapes {} and {} and target {}, expected one number of "
        "dims",
        input1.sizes(), input2.sizes(), target.sizes());
  return xgrad::margin_ranking_loss(input1, input2, target, options.margin(),
                                    reduction_get_enum(options.reduction()));
}
Tensor cosine_embedding_loss(const Tensor& input1, const Tensor& input2, const Tensor& target,
                             const CosineEmbeddingLossFuncOptions& options) {
  return xgrad::cosine_embedding_loss(input1, input2, target, options.margin(),
                                      reduction_get_enum(options.reduction()));
}
Tensor multi_margin_loss(const Tensor& input, const Tensor& target,
                         const MultiMarginLossFuncOptions& options) {
  return xgrad::multi_margin_loss(input, target, options.p(), options.margin(), options.weight(),
                                  reduction_get_enum(options.reduction()));
}
Tensor multilabel_margin_loss(const Tensor& input, const Tensor& target,
                              const MultilabelMarginLossFuncOptions& options) {
  return xgrad::multilabel_margin_loss(input, target, reduction_get_enum(options.reduction()));
}
Tensor multilabel_soft_margin_loss(const Tensor& input, const Tensor& target,
                                   const MultilabelSoftMarginLossFuncOptions& options) {
  return xgrad::multilabel_soft_margin_loss(input, target, options.weight(),
                                            reduction_get_enum(options.reduction()));
}
Tensor soft_margin_loss(const Tensor& input, const Tensor& target,
                        const SoftMarginLossFuncOptions& options) {
  return xgrad::soft_margin_loss(input, target, reduction_get_enum(options.reduction()));
}
Tensor triplet_margin_loss(const Tensor& anchor, const Tensor& positive, const Tensor& negative,
                           const TripletMarginLossFuncOptions& options) {
  return xgrad::triplet_margin_loss(anchor, positive, negative, options.margin(), options.p(),
                                    options.eps(), options.swap(),
                                    reduction_get_enum(options.reduction()));
}

Tensor triplet_margin_with_distance_loss(const Tensor& anchor, const Tensor& positive,
                                         const Tensor& negative,
                                         const TripletMarginWithDistanceLossFuncOptions& options) {
  const auto distance = [&](const Tensor& a, const Tensor& b) {
    return options.distance_function() ? (*options.distance_function())(a, b)
                                       : pairwise_distance(a, b);
  };
  const Tensor to_positive = distance(anchor, positive);
  Tensor to_negative = distance(anchor, negative);
  if (options.swap()) to_negative = to_negative.minimum(distance(positive, negative));
  const Tensor loss = (to_positive - to_negative + options.margin()).clamp_min(0);
  const auto reduction = reduction_get_enum(options.reduction());
  return reduction == Reduction::Mean  ? loss.mean()
         : reduction == Reduction::Sum ? loss.sum()
                                       : loss;
}

Tensor ctc_loss(const Tensor& log_probs, const Tensor& targets, const Tensor& input_lengths,
                const Tensor& target_lengths, const CTCLossFuncOptions& options) {
  return xgrad::ctc_loss(log_probs, targets, input_lengths, target_lengths, options.blank(),
                         reduction_get_enum(options.reduction()), options.zero_infinity());
}

}  // namespace xgrad::nn::functional
