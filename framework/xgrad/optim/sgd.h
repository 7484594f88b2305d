// SGD: stochastic gradient descent, with momentum as a running sum of gradients.
//
//   g += weight_decay p
//   b = momentum b + (1 - dampening) g   (at first b = g)
//   p -= lr b                            (nesterov: g + momentum b)
//
// Source: https://pytorch.org/docs/stable/generated/torch.optim.SGD.html.
#pragma once

#include "xgrad/optim/optimizer.h"

namespace xgrad::optim {

struct SGDOptions : OptimizerCloneableOptions<SGDOptions> {
  SGDOptions(double lr) : lr_(lr) {}
  XGRAD_ARG(double, lr);
  XGRAD_ARG(double, momentum) = 0;
  XGRAD_ARG(double, dampening) = 0;
  XGRAD_ARG(double, weight_decay) = 0;
  XGRAD_ARG(bool, nesterov) = false;
  // Goes up the gradient; Python's option, not in libtorch.
  XGRAD_ARG(bool, maximize) = false;

 public:
  double get_lr() const override { return lr(); }
  void set_lr(double value) override { lr(value); }
  void validate() const override;
  void fields(FieldVisitor& field) override;
};

struct SGDParamState : OptimizerCloneableParamState<SGDParamState> {
  XGRAD_ARG(Tensor, momentum_buffer);

 public:
  void fields(FieldVisitor& field) override;
};

class SGD : public Optimizer {
 public:
  explicit SGD(std::vector<OptimizerParamGroup> param_groups, SGDOptions defaults)
      : Optimizer(std::move(param_groups), defaults.clone()) {}
  explicit SGD(std::vector<Tensor> params, SGDOptions defaults)
      : Optimizer(std::move(params), defaults.clone()) {}

  Tensor step(LossClosure closure = nullptr) override;
  const char* name() const override { return "SGD"; }

 protected:
  std::unique_ptr<OptimizerParamState> make_state() const override {
    return SGDParamState().clone();
  }
};

}  // namespace xgrad::optim
