// Activations as layers: each calls the function of its name
// in nn/functional/activation.h with its options.
//
//   xgrad::nn::LeakyReLU leaky(xgrad::nn::LeakyReLUOptions().negative_slope(0.2));
//   xgrad::nn::Sequential net(xgrad::nn::Linear(3, 4), leaky);
#pragma once

#include "xgrad/nn/modules/stateless.h"
#include "xgrad/nn/options/activation.h"
#include "xgrad/nn/pimpl.h"

namespace xgrad::nn {

class ELUImpl : public Stateless<ELUImpl, ELUOptions> {
 public:
  using Stateless::Stateless;
  Tensor forward(Tensor input);
  void pretty_print(std::ostream& stream) const override;
};
XGRAD_MODULE(ELU);

class SELUImpl : public Stateless<SELUImpl, SELUOptions> {
 public:
  using Stateless::Stateless;
  Tensor forward(Tensor input);
  void pretty_print(std::ostream& stream) const override;
};
XGRAD_MODULE(SELU);

class CELUImpl : public Stateless<CELUImpl, CELUOptions> {
 public:
  using Stateless::Stateless;
  Tensor forward(Tensor input);
  void pretty_print(std::ostream& stream) const override;
};
XGRAD_MODULE(CELU);

class GELUImpl : public Stateless<GELUImpl, GELUOptions> {
 public:
  using Stateless::Stateless;
  Tensor forward(const Tensor& input);
  void pretty_print(std::ostream& stream) const override;
};
XGRAD_MODULE(GELU);

class ReLUImpl : public Stateless<ReLUImpl, ReLUOptions> {
 public:
  using Stateless::Stateless;
  Tensor forward(Tensor input);
  void pretty_print(std::ostream& stream) const override;
};
XGRAD_MODULE(ReLU);

class ReLU6Impl : public Stateless<ReLU6Impl, ReLU6Options> {
 public:
  using Stateless::Stateless;
  Tensor forward(Tensor input);
  void pretty_print(std::ostream& stream) const override;
};
XGRAD_MODULE(ReLU6);

class LeakyReLUImpl : public Stateless<LeakyReLUImpl, LeakyReLUOptions> {
 public:
  using Stateless::Stateless;
  Tensor forward(Tensor input);
  void pretty_print(std::ostream& stream) const override;
};
XGRAD_MODULE(LeakyReLU);

// Random slopes while training.
class RReLUImpl : public Stateless<RReLUImpl, RReLUOptions> {
 public:
  using Stateless::Stateless;
  Tensor forward(Tensor input);
  void pretty_print(std::ostream& stream) const override;
};
XGRAD_MODULE(RReLU);

class HardtanhImpl : public Stateless<HardtanhImpl, HardtanhOptions> {
 public:
  using Stateless::Stateless;
  Tensor forward(Tensor input);
  void pretty_print(std::ostream& stream) const override;
};
XGRAD_MODULE(Hardtanh);

class HardshrinkImpl : public Stateless<HardshrinkImpl, HardshrinkOptions> {
 public:
  using Stateless::Stateless;
  Tensor forward(const Tensor& input);
  void pretty_print(std::ostream& stream) const override;
};
XGRAD_MODULE(Hardshrink);

class SoftshrinkImpl : public Stateless<SoftshrinkImpl, SoftshrinkOptions> {
 public:
  using Stateless::Stateless;
  Tensor forward(const Tensor& input);
  void pretty_print(std::ostream& stream) const override;
};
XGRAD_MODULE(Softshrink);

class SoftplusImpl : public Stateless<SoftplusImpl, SoftplusOptions> {
 public:
  using Stateless::Stateless;
  Tensor forward(const Tensor& input);
  void pretty_print(std::ostream& stream) const override;
};
XGRAD_MODULE(Softplus);

class ThresholdImpl : public Stateless<ThresholdImpl, ThresholdOptions> {
 public:
  using Stateless::Stateless;
  ThresholdImpl(double threshold, double value) : Stateless(ThresholdOptions(threshold, value)) {}
  Tensor forward(Tensor input);
  void pretty_print(std::ostream& stream) const override;
};
XGRAD_MODULE(Threshold);

class GLUImpl : public Stateless<GLUImpl, GLUOptions> {
 public:
  using Stateless::Stateless;
  Tensor forward(const Tensor& input);
  void pretty_print(std::ostream& stream) const override;
};
XGRAD_MODULE(GLU);

class SiLUImpl : public Stateless<SiLUImpl> {
 public:
  using Stateless::Stateless;
  Tensor forward(const Tensor& input);
  void pretty_print(std::ostream& stream) const override;
};
XGRAD_MODULE(SiLU);

class MishImpl : public Stateless<MishImpl> {
 public:
  using Stateless::Stateless;
  Tensor forward(const Tensor& input);
  void pretty_print(std::ostream& stream) const override;
};
XGRAD_MODULE(Mish);

class SigmoidImpl : public Stateless<SigmoidImpl> {
 public:
  using Stateless::Stateless;
  Tensor forward(const Tensor& input);
  void pretty_print(std::ostream& stream) const override;
};
XGRAD_MODULE(Sigmoid);

class TanhImpl : public Stateless<TanhImpl> {
 public:
  using Stateless::Stateless;
  Tensor forward(const Tensor& input);
  void pretty_print(std::ostream& stream) const override;
};
XGRAD_MODULE(Tanh);

class LogSigmoidImpl : public Stateless<LogSigmoidImpl> {
 public:
  using Stateless::Stateless;
  Tensor forward(const Tensor& input);
  void pretty_print(std::ostream& stream) const override;
};
XGRAD_MODULE(LogSigmoid);

class SoftsignImpl : public Stateless<SoftsignImpl> {
 public:
  using Stateless::Stateless;
  Tensor forward(const Tensor& input);
  void pretty_print(std::ostream& stream) const override;
};
XGRAD_MODULE(Softsign);

class TanhshrinkImpl : public Stateless<TanhshrinkImpl> {
 public:
  using Stateless::Stateless;
  Tensor forward(const Tensor& input);
  void pretty_print(std::ostream& stream) const override;
};
XGRAD_MODULE(Tanhshrink);

class HardsigmoidImpl : public Stateless<HardsigmoidImpl, HardsigmoidOptions> {
 public:
  using Stateless::Stateless;
  Tensor forward(Tensor input);
  void pretty_print(std::ostream& stream) const override;
};
XGRAD_MODULE(Hardsigmoid);

class HardswishImpl : public Stateless<HardswishImpl, HardswishOptions> {
 public:
  using Stateless::Stateless;
  Tensor forward(Tensor input);
  void pretty_print(std::ostream& stream) const override;
};
XGRAD_MODULE(Hardswish);

class SoftmaxImpl : public Stateless<SoftmaxImpl, SoftmaxOptions> {
 public:
  using Stateless::Stateless;
  Tensor forward(const Tensor& input);
  void pretty_print(std::ostream& stream) const override;
};
XGRAD_MODULE(Softmax);

class SoftminImpl : public Stateless<SoftminImpl, SoftminOptions> {
 public:
  using Stateless::Stateless;
  Tensor forward(const Tensor& input);
  void pretty_print(std::ostream& stream) const override;
};
XGRAD_MODULE(Softmin);

class LogSoftmaxImpl : public Stateless<LogSoftmaxImpl, LogSoftmaxOptions> {
 public:
  using Stateless::Stateless;
  Tensor forward(const Tensor& input);
  void pretty_print(std::ostream& stream) const override;
};
XGRAD_MODULE(LogSoftmax);

// Softmax over the channels of [N, C, H, W] or [C, H, W]. Errors: another number of dims.
class Softmax2dImpl : public Stateless<Softmax2dImpl> {
 public:
  using Stateless::Stateless;
  Tensor forward(const Tensor& input);
  void pretty_print(std::ostream& stream) const override;
};
XGRAD_MODULE(Softmax2d);

// Slopes for x <= 0 that are trained: weight [num_parameters],
// one for all or one for each channel of [N, C, ...].
class PReLUImpl : public Cloneable<PReLUImpl> {
 public:
  explicit PReLUImpl(const PReLUOptions& options_ = {});
  void reset() override;
  Tensor forward(const Tensor& input);
  void pretty_print(std::ostream& stream) const override;

  PReLUOptions options;
  Tensor weight;
};
XGRAD_MODULE(PReLU);

}  // namespace xgrad::nn
