// Batch normalization: learnt scale and shift (weight, bias)
// and running statistics (buffers) that evaluation uses.
//
//   xgrad::nn::BatchNorm1d norm(xgrad::nn::BatchNorm1dOptions(64).momentum(0.05));
#pragma once

#include "xgrad/nn/modules/norm_base.h"
#include "xgrad/nn/options/batchnorm.h"

namespace xgrad::nn {

template <std::size_t D, class Derived>
class BatchNormImplBase : public NormImplBase<D, Derived, BatchNormOptions> {
 public:
  using NormImplBase<D, Derived, BatchNormOptions>::NormImplBase;
  Tensor forward(const Tensor& input);
  void pretty_print(std::ostream& stream) const override;
};

// [N, C] or [N, C, L].
class BatchNorm1dImpl : public BatchNormImplBase<1, BatchNorm1dImpl> {
 public:
  using BatchNormImplBase<1, BatchNorm1dImpl>::BatchNormImplBase;

 protected:
  void _check_input_dim(const Tensor& input) override;
};
XGRAD_MODULE(BatchNorm1d);

// [N, C, H, W].
class BatchNorm2dImpl : public BatchNormImplBase<2, BatchNorm2dImpl> {
 public:
  using BatchNormImplBase<2, BatchNorm2dImpl>::BatchNormImplBase;

 protected:
  void _check_input_dim(const Tensor& input) override;
};
XGRAD_MODULE(BatchNorm2d);

// [N, C, D, H, W].
class BatchNorm3dImpl : public BatchNormImplBase<3, BatchNorm3dImpl> {
 public:
  using BatchNormImplBase<3, BatchNorm3dImpl>::BatchNormImplBase;

 protected:
  void _check_input_dim(const Tensor& input) override;
};
XGRAD_MODULE(BatchNorm3d);

}  // namespace xgrad::nn
