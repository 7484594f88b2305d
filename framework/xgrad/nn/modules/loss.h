// Losses as layers: each calls the function of its name in nn/functional/loss.h with its options;
// ops/loss.h says what they compute.
//
//   using xgrad::nn::CrossEntropyLoss, xgrad::nn::CrossEntropyLossOptions;
//   CrossEntropyLoss criterion(CrossEntropyLossOptions().label_smoothing(0.1));
//   auto loss = criterion(net(x), labels);
//
// Weights given in the options are buffers, `weight` and `pos_weight`:
// they move with to() and are saved.
#pragma once

#include "xgrad/nn/modules/stateless.h"
#include "xgrad/nn/options/loss.h"
#include "xgrad/nn/pimpl.h"

namespace xgrad::nn {

class L1LossImpl : public Stateless<L1LossImpl, L1LossOptions> {
 public:
  using Stateless::Stateless;
  Tensor forward(const Tensor& input, const Tensor& target);
  void pretty_print(std::ostream& stream) const override;
};
XGRAD_MODULE(L1Loss);

class MSELossImpl : public Stateless<MSELossImpl, MSELossOptions> {
 public:
  using Stateless::Stateless;
  Tensor forward(const Tensor& input, const Tensor& target);
  void pretty_print(std::ostream& stream) const override;
};
XGRAD_MODULE(MSELoss);

class SmoothL1LossImpl : public Stateless<SmoothL1LossImpl, SmoothL1LossOptions> {
 public:
  using Stateless::Stateless;
  Tensor forward(const Tensor& input, const Tensor& target);
  void pretty_print(std::ostream& stream) const override;
};
XGRAD_MODULE(SmoothL1Loss);

class HuberLossImpl : public Stateless<HuberLossImpl, HuberLossOptions> {
 public:
  using Stateless::Stateless;
  Tensor forward(const Tensor& input, const Tensor& target);
  void pretty_print(std::ostream& stream) const override;
};
XGRAD_MODULE(HuberLoss);

class NLLLossImpl : public Cloneable<NLLLossImpl> {
 public:
  explicit NLLLossImpl(const NLLLossOptions& options_ = {});
  void reset() override;
  Tensor forward(const Tensor& input, const Tensor& target);
  void pretty_print(std::ostream& stream) const override;

  NLLLossOptions options;
  Tensor weight;
};
XGRAD_MODULE(NLLLoss);

class CrossEntropyLossImpl : public Cloneable<CrossEntropyLossImpl> {
 public:
  explicit CrossEntropyLossImpl(const CrossEntropyLossOptions& options_ = {});
  void reset() override;
  Tensor forward(const Tensor& input, const Tensor& target);
  void pretty_print(std::ostream& stream) const override;

  CrossEntropyLossOptions options;
  Tensor weight;
};
XGRAD_MODULE(CrossEntropyLoss);

class BCELossImpl : public Cloneable<BCELossImpl> {
 public:
  explicit BCELossImpl(const BCELossOptions& options_ = {});
  void reset() override;
  Tensor forward(const Tensor& input, const Tensor& target);
  void pretty_print(std::ostream& stream) const override;

  BCELossOptions options;
  Tensor weight;
};
XGRAD_MODULE(BCELoss);

class BCEWithLogitsLossImpl : public Cloneable<BCEWithLogitsLossImpl> {
 public:
  explicit BCEWithLogitsLossImpl(const BCEWithLogitsLossOptions& options_ = {});
  void reset() override;
  Tensor forward(const Tensor& input, const Tensor& target);
  void pretty_print(std::ostream& stream) const override;

  BCEWithLogitsLossOptions options;
  Tensor weight, pos_weight;
};
XGRAD_MODULE(BCEWithLogitsLoss);

class KLDivLossImpl : public Stateless<KLDivLossImpl, KLDivLossOptions> {
 public:
  using Stateless::Stateless;
  Tensor forward(const Tensor& input, const Tensor& target);
  void pretty_print(std::ostream& stream) const override;
};
XGRAD_MODULE(KLDivLoss);

class PoissonNLLLossImpl : public Stateless<PoissonNLLLossImpl, PoissonNLLLossOptions> {
 public:
  using Stateless::Stateless;
  Tensor forward(const Tensor& input, const Tensor& target);
  void pretty_print(std::ostream& stream) const override;
};
XGRAD_MODULE(PoissonNLLLoss);

class GaussianNLLLossImpl : public Stateless<GaussianNLLLossImpl, GaussianNLLLossOptions> {
 public:
  using Stateless::Stateless;
  Tensor forward(const Tensor& input, const Tensor& target, const Tensor& var);
  void pretty_print(std::ostream& stream) const override;
};
XGRAD_MODULE(GaussianNLLLoss);

class HingeEmbeddingLossImpl : public Stateless<HingeEmbeddingLossImpl, HingeEmbeddingLossOptions> {
 public:
  using Stateless::Stateless;
  Tensor forward(const Tensor& input, const Tensor& target);
  void pretty_print(std::ostream& stream) const override;
};
XGRAD_MODULE(HingeEmbeddingLoss);

class MarginRankingLossImpl : public Stateless<MarginRankingLossImpl, MarginRankingLossOptions> {
 public:
  using Stateless::Stateless;
  Tensor forward(const Tensor& input1, const Tensor& input2, const Tensor& target);
  void pretty_print(std::ostream& stream) const override;
};
XGRAD_MODULE(MarginRankingLoss);

class CosineEmbeddingLossImpl
    : public Stateless<CosineEmbeddingLossImpl, CosineEmbeddingLossOptions> {
 public:
  using Stateless::Stateless;
  Tensor forward(const Tensor& input1, const Tensor& input2, const Tensor& target);
  void pretty_print(std::ostream& stream) const override;
};
XGRAD_MODULE(CosineEmbeddingLoss);

class MultiMarginLossImpl : public Cloneable<MultiMarginLossImpl> {
 public:
  explicit MultiMarginLossImpl(const MultiMarginLossOptions& options_ = {});
  void reset() override;
  Tensor forward(const Tensor& input, const Tensor& target);
  void pretty_print(std::ostream& stream) const override;

  MultiMarginLossOptions options;
  Tensor weight;
};
XGRAD_MODULE(MultiMarginLoss);

class MultiLabelMarginLossImpl
    : public Stateless<MultiLabelMarginLossImpl, MultiLabelMarginLossOptions> {
 public:
  using Stateless::Stateless;
  Tensor forward(const Tensor& input, const Tensor& target);
  void pretty_print(std::ostream& stream) const override;
};
XGRAD_MODULE(MultiLabelMarginLoss);

class MultiLabelSoftMarginLossImpl : public Cloneable<MultiLabelSoftMarginLossImpl> {
 public:
  explicit MultiLabelSoftMarginLossImpl(const MultiLabelSoftMarginLossOptions& options_ = {});
  void reset() override;
  Tensor forward(const Tensor& input, const Tensor& target);
  void pretty_print(std::ostream& stream) const override;

  MultiLabelSoftMarginLossOptions options;
  Tensor weight;
};
XGRAD_MODULE(MultiLabelSoftMarginLoss);

class SoftMarginLossImpl : public Stateless<SoftMarginLossImpl, SoftMarginLossOptions> {
 public:
  using Stateless::Stateless;
  Tensor forward(const Tensor& input, const Tensor& target);
  void pretty_print(std::ostream& stream) const override;
};
XGRAD_MODULE(SoftMarginLoss);

class TripletMarginLossImpl : public Stateless<TripletMarginLossImpl, TripletMarginLossOptions> {
 public:
  using Stateless::Stateless;
  Tensor forward(const Tensor& anchor, const Tensor& positive, const Tensor& negative);
  void pretty_print(std::ostream& stream) const override;
};
XGRAD_MODULE(TripletMarginLoss);

class TripletMarginWithDistanceLossImpl
    : public Stateless<TripletMarginWithDistanceLossImpl, TripletMarginWithDistanceLossOptions> {
 public:
  using Stateless::Stateless;
  Tensor forward(const Tensor& anchor, const Tensor& positive, const Tensor& negative);
  void pretty_print(std::ostream& stream) const override;
};
XGRAD_MODULE(TripletMarginWithDistanceLoss);

class CTCLossImpl : public Stateless<CTCLossImpl, CTCLossOptions> {
 public:
  using Stateless::Stateless;
  Tensor forward(const Tensor& log_probs, const Tensor& targets, const Tensor& input_lengths,
                 const Tensor& target_lengths);
  void pretty_print(std::ostream& stream) const override;
};
XGRAD_MODULE(CTCLoss);

}  // namespace xgrad::nn
