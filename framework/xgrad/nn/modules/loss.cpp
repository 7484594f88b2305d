#include "xgrad/nn/modules/loss.h"

#include <ostream>

#include "xgrad/nn/functional/loss.h"
#include "xgrad/nn/modules/print.h"

namespace xgrad::nn {

namespace F = functional;

Tensor L1LossImpl::forward(const Tensor& input, const Tensor& target) {
  return F::l1_loss(input, target, options);
}
void L1LossImpl::pretty_print(std::ostream& stream) const { print_layer(stream, "L1Loss"); }

Tensor MSELossImpl::forward(const Tensor& input, const Tensor& target) {
  return F::mse_loss(input, target, options);
}
void MSELossImpl::pretty_print(std::ostream& stream) const { print_layer(stream, "MSELoss"); }

Tensor SmoothL1LossImpl::forward(const Tensor& input, const Tensor& target) {
  return F::smooth_l1_loss(input, target, options);
}
void SmoothL1LossImpl::pretty_print(std::ostream& stream) const {
  stream << "torch::nn::SmoothL1Loss";
}

Tensor HuberLossImpl::forward(const Tensor& input, const Tensor& target) {
  return F::huber_loss(input, target, options);
}
void HuberLossImpl::pretty_print(std::ostream& stream) const { stream << "torch::nn::HuberLoss"; }

NLLLossImpl::NLLLossImpl(const NLLLossOptions& options_) : options(options_) {
  NLLLossImpl::reset();
}
void NLLLossImpl::reset() { weight = register_buffer("weight", options.weight()); }
Tensor NLLLossImpl::forward(const Tensor& input, const Tensor& target) {
  auto function = options;
  return F::nll_loss(input, target, function.weight(weight));
}
void NLLLossImpl::pretty_print(std::ostream& stream) const { print_layer(stream, "NLLLoss"); }

CrossEntropyLossImpl::CrossEntropyLossImpl(const CrossEntropyLossOptions& options_)
    : options(options_) {
  CrossEntropyLossImpl::reset();
}
void CrossEntropyLossImpl::reset() { weight = register_buffer("weight", options.weight()); }
Tensor CrossEntropyLossImpl::forward(const Tensor& input, const Tensor& target) {
  auto function = options;
  return F::cross_entropy(input, target, function.weight(weight));
}
void CrossEntropyLossImpl::pretty_print(std::ostream& stream) const {
  print_layer(stream, "CrossEntropyLoss");
}

BCELossImpl::BCELossImpl(const BCELossOptions& options_) : options(options_) {
  BCELossImpl::reset();
}
void BCELossImpl::reset() { weight = register_buffer("weight", options.weight()); }
Tensor BCELossImpl::forward(const Tensor& input, const Tensor& target) {
  auto function = options;
  return F::binary_cross_entropy(input, target, function.weight(weight));
}
void BCELossImpl::pretty_print(std::ostream& stream) const { print_layer(stream, "BCELoss"); }

BCEWithLogitsLossImpl::BCEWithLogitsLossImpl(const BCEWithLogitsLossOptions& options_)
    : options(options_) {
  BCEWithLogitsLossImpl::reset();
}
void BCEWithLogitsLossImpl::reset() {
  weight = register_buffer("weight", options.weight());
  pos_weight = register_buffer("pos_weight", options.pos_weight());
}
Tensor BCEWithLogitsLossImpl::forward(const Tensor& input, const Tensor& target) {
  auto function = options;
  return F::binary_cross_entropy_with_logits(input, target,
                                             function.weight(weight).pos_weight(pos_weight));
}
void BCEWithLogitsLossImpl::pretty_print(std::ostream& stream) const {
  print_layer(stream, "BCEWithLogitsLoss");
}

Tensor KLDivLossImpl::forward(const Tensor& input, const Tensor& target) {
  return F::kl_div(input, target, options);
}
void KLDivLossImpl::pretty_print(std::ostream& stream) const { print_layer(stream, "KLDivLoss"); }

Tensor PoissonNLLLossImpl::forward(const Tensor& input, const Tensor& target) {
  return F::poisson_nll_loss(input, target, options);
}
void PoissonNLLLossImpl::pretty_print(std::ostream& stream) const {
  print_layer(stream, "PoissonNLLLoss");
}

Tensor GaussianNLLLossImpl::forward(const Tensor& input, const Tensor& target, const Tensor& var) {
  return F::gaussian_nll_loss(input, target, var, options);
}
void GaussianNLLLossImpl::pretty_print(std::ostream& stream) const {
  print_layer(stream, "GaussianNLLLoss");
}

Tensor HingeEmbeddingLossImpl::forward(const Tensor& input, const Tensor& target) {
  return F::hinge_embedding_loss(input, target, options);
}
void HingeEmbeddingLossImpl::pretty_print(std::ostream& stream) const {
  print_layer(stream, "HingeEmbeddingLoss", field("margin", options.margin()));
}

Tensor MarginRankingLossImpl::forward(const Tensor& input1, const Tensor& input2,
                                      const Tensor& target) {
  return F::margin_ranking_loss(input1, input2, target, options);
}
void MarginRankingLossImpl::pretty_print(std::ostream& stream) const {
  print_layer(stream, "MarginRankingLoss");
}

Tensor CosineEmbeddingLossImpl::forward(const Tensor& input1, const Tensor& input2,
                                        const Tensor& target) {
  return F::cosine_embedding_loss(input1, input2, target, options);
}
void CosineEmbeddingLossImpl::pretty_print(std::ostream& stream) const {
  print_layer(stream, "CosineEmbeddingLoss", field("margin", options.margin()));
}

MultiMarginLossImpl::MultiMarginLossImpl(const MultiMarginLossOptions& options_)
    : options(options_) {
  MultiMarginLossImpl::reset();
}
void MultiMarginLossImpl::reset() { weight = register_buffer("weight", options.weight()); }
Tensor MultiMarginLossImpl::forward(const Tensor& input, const Tensor& target) {
  auto function = options;
  return F::multi_margin_loss(input, target, function.weight(weight));
}
void MultiMarginLossImpl::pretty_print(std::ostream& stream) const {
  print_layer(stream, "MultiMarginLoss", field("p", options.p()), field("margin", options.margin()),
              field("weight", weight),
              field("reduction", enumtype::get_enum_name(options.reduction())));
}

Tensor MultiLabelMarginLossImpl::forward(const Tensor& input, const Tensor& target) {
  return F::multilabel_margin_loss(input, target, options);
}
void MultiLabelMarginLossImpl::pretty_print(std::ostream& stream) const {
  print_layer(stream, "MultiLabelMarginLoss");
}

MultiLabelSoftMarginLossImpl::MultiLabelSoftMarginLossImpl(
    const MultiLabelSoftMarginLossOptions& options_)
    : options(options_) {
  MultiLabelSoftMarginLossImpl::reset();
}
void MultiLabelSoftMarginLossImpl::reset() { weight = register_buffer("weight", options.weight()); }
Tensor MultiLabelSoftMarginLossImpl::forward(const Tensor& input, const Tensor& target) {
  auto function = options;
  return F::multilabel_soft_margin_loss(input, target, function.weight(weight));
}
void MultiLabelSoftMarginLossImpl::pretty_print(std::ostream& stream) const {
  print_layer(stream, "MultiLabelSoftMarginLoss");
}

Tensor SoftMarginLossImpl::forward(const Tensor& input, const Tensor& target) {
  return F::soft_margin_loss(input, target, options);
}
void SoftMarginLossImpl::pretty_print(std::ostream& stream) const {
  print_layer(stream, "SoftMarginLoss");
}

Tensor TripletMarginLossImpl::forward(const Tensor& anchor, const Tensor& positive,
                                      const Tensor& negative) {
  return F::triplet_margin_loss(anchor, positive, negative, options);
}
void TripletMarginLossImpl::pretty_print(std::ostream& stream) const {
  print_layer(stream, "TripletMarginLoss", field("margin", options.margin()),
              field("p", options.p()), field("eps", options.eps()), field("swap", options.swap()));
}

Tensor TripletMarginWithDistanceLossImpl::forward(const Tensor& anchor, const Tensor& positive,
                                                  const Tensor& negative) {
  return F::triplet_margin_with_distance_loss(anchor, positive, negative, options);
}
void TripletMarginWithDistanceLossImpl::pretty_print(std::ostream& stream) const {
  print_layer(stream, "TripletMarginWithDistanceLoss", field("margin", options.margin()),
              field("swap", options.swap()));
}

Tensor CTCLossImpl::forward(const Tensor& log_probs, const Tensor& targets,
                            const Tensor& input_lengths, const Tensor& target_lengths) {
  return F::ctc_loss(log_probs, targets, input_lengths, target_lengths, options);
}
void CTCLossImpl::pretty_print(std::ostream& stream) const { print_layer(stream, "CTCLoss"); }

}  // namespace xgrad::nn
