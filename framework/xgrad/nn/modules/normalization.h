// Layer, group and response normalization.
//
//   xgrad::nn::LayerNorm norm(xgrad::nn::LayerNormOptions({64}).elementwise_affine(false));
#pragma once

#include <utility>
#include <vector>

#include "xgrad/nn/modules/stateless.h"
#include "xgrad/nn/options/normalization.h"
#include "xgrad/nn/pimpl.h"

namespace xgrad::nn {

// [..., normalized_shape]; weight 1 and bias 0 of that shape at first,
// undefined unless elementwise_affine.
class LayerNormImpl : public Cloneable<LayerNormImpl> {
 public:
  LayerNormImpl(std::vector<std::int64_t> normalized_shape)
      : LayerNormImpl(LayerNormOptions(std::move(normalized_shape))) {}
  explicit LayerNormImpl(const LayerNormOptions& options_);
  void reset() override;
  void reset_parameters();
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input);

  LayerNormOptions options;
  Tensor weight;
  Tensor bias;
};
XGRAD_MODULE(LayerNorm);

// [N, num_channels, ...]; weight 1 and bias 0 [num_channels] at first, undefined unless affine.
class GroupNormImpl : public Cloneable<GroupNormImpl> {
 public:
  GroupNormImpl(std::int64_t num_groups, std::int64_t num_channels)
      : GroupNormImpl(GroupNormOptions(num_groups, num_channels)) {}
  explicit GroupNormImpl(const GroupNormOptions& options_);
  void reset() override;
  void reset_parameters();
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& input);

  GroupNormOptions options;
  Tensor weight;
  Tensor bias;
};
XGRAD_MODULE(GroupNorm);

// [N, C, ...].
class LocalResponseNormImpl : public Stateless<LocalResponseNormImpl, LocalResponseNormOptions> {
 public:
  using Stateless::Stateless;
  Tensor forward(const Tensor& input);
  void pretty_print(std::ostream& stream) const override;
};
XGRAD_MODULE(LocalResponseNorm);

// [N, C, H, W].
class CrossMapLRN2dImpl : public Stateless<CrossMapLRN2dImpl, CrossMapLRN2dOptions> {
 public:
  using Stateless::Stateless;
  Tensor forward(const Tensor& input);
  void pretty_print(std::ostream& stream) const override;
};
XGRAD_MODULE(CrossMapLRN2d);

}  // namespace xgrad::nn
