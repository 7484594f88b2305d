// Instance normalization: statistics of each channel of each sample; by default without parameters
// or running statistics.
#pragma once

#include "xgrad/nn/modules/norm_base.h"
#include "xgrad/nn/options/instancenorm.h"

namespace xgrad::nn {

template <std::size_t D, class Derived>
class InstanceNormImpl : public NormImplBase<D, Derived, InstanceNormOptions> {
 public:
  using NormImplBase<D, Derived, InstanceNormOptions>::NormImplBase;
  Tensor forward(const Tensor& input);
  void pretty_print(std::ostream& stream) const override;
};

// [N, C, L] or [C, L].
class InstanceNorm1dImpl : public InstanceNormImpl<1, InstanceNorm1dImpl> {
 public:
  using InstanceNormImpl<1, InstanceNorm1dImpl>::InstanceNormImpl;

 protected:
  void _check_input_dim(const Tensor& input) override;
};
XGRAD_MODULE(InstanceNorm1d);

// [N, C, H, W] or [C, H, W].
class InstanceNorm2dImpl : public InstanceNormImpl<2, InstanceNorm2dImpl> {
 public:
  using InstanceNormImpl<2, InstanceNorm2dImpl>::InstanceNormImpl;

 protected:
  void _check_input_dim(const Tensor& input) override;
};
XGRAD_MODULE(InstanceNorm2d);

// [N, C, D, H, W] or [C, D, H, W].
class InstanceNorm3dImpl : public InstanceNormImpl<3, InstanceNorm3dImpl> {
 public:
  using InstanceNormImpl<3, InstanceNorm3dImpl>::InstanceNormImpl;

 protected:
  void _check_input_dim(const Tensor& input) override;
};
XGRAD_MODULE(InstanceNorm3d);

}  // namespace xgrad::nn
