// Dropout as layers: active while training, else the identity; see ops/dropout.h.
//
//   xgrad::nn::Dropout drop(0.2);  net->eval();
#pragma once

#include "xgrad/nn/cloneable.h"
#include "xgrad/nn/options/dropout.h"
#include "xgrad/nn/pimpl.h"

namespace xgrad::nn {

template <class Derived>
class DropoutBase : public Cloneable<Derived> {
 public:
  DropoutBase(double p) : DropoutBase(DropoutOptions(p)) {}
  explicit DropoutBase(const DropoutOptions& options_ = {}) : options(options_) {
    DropoutBase::reset();
  }
  // Errors: a probability outside [0, 1].
  void reset() override;

  DropoutOptions options;
};

// Elements.
class DropoutImpl : public DropoutBase<DropoutImpl> {
 public:
  using DropoutBase::DropoutBase;
  Tensor forward(Tensor input);
  void pretty_print(std::ostream& stream) const override;
};
XGRAD_MODULE(Dropout);

// Channels of [N, C, H, W].
class Dropout2dImpl : public DropoutBase<Dropout2dImpl> {
 public:
  using DropoutBase::DropoutBase;
  Tensor forward(Tensor input);
  void pretty_print(std::ostream& stream) const override;
};
XGRAD_MODULE(Dropout2d);

// Channels of [N, C, D, H, W].
class Dropout3dImpl : public DropoutBase<Dropout3dImpl> {
 public:
  using DropoutBase::DropoutBase;
  Tensor forward(Tensor input);
  void pretty_print(std::ostream& stream) const override;
};
XGRAD_MODULE(Dropout3d);

// Elements, for SELU.
class AlphaDropoutImpl : public DropoutBase<AlphaDropoutImpl> {
 public:
  using DropoutBase::DropoutBase;
  Tensor forward(const Tensor& input);
  void pretty_print(std::ostream& stream) const override;
};
XGRAD_MODULE(AlphaDropout);

// Channels, for SELU.
class FeatureAlphaDropoutImpl : public DropoutBase<FeatureAlphaDropoutImpl> {
 public:
  using DropoutBase::DropoutBase;
  Tensor forward(const Tensor& input);
  void pretty_print(std::ostream& stream) const override;
};
XGRAD_MODULE(FeatureAlphaDropout);

}  // namespace xgrad::nn
