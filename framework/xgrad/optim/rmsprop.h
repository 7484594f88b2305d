// RMSprop: steps divided by the root of a running average of the squared gradient.
//
//   v = alpha v + (1 - alpha) g^2  (centered: minus the square of the average gradient)
//   p -= lr g / (sqrt(v) + eps)
//
// Source: https://pytorch.org/docs/stable/generated/torch.optim.RMSprop.html.
#pragma once

#include "xgrad/optim/optimizer.h"

namespace xgrad::optim {

struct RMSpropOptions : OptimizerCloneableOptions<RMSpropOptions> {
  RMSpropOptions(double lr = 1e-2) : lr_(lr) {}
  XGRAD_ARG(double, lr);
  XGRAD_ARG(double, alpha) = 0.99;
  XGRAD_ARG(double, eps) = 1e-8;
  XGRAD_ARG(double, weight_decay) = 0;
  XGRAD_ARG(double, momentum) = 0;
  XGRAD_ARG(bool, centered) = false;
  // Goes up the gradient; Python's option, not in libtorch.
  XGRAD_ARG(bool, maximize) = false;

 public:
  double get_lr() const override { return lr(); }
  void set_lr(double value) override { lr(value); }
  void validate() const override;
  void fields(FieldVisitor& field) override;
};

struct RMSpropParamState : OptimizerCloneableParamState<RMSpropParamState> {
  XGRAD_ARG(std::int64_t, step) = 0;
  XGRAD_ARG(Tensor, square_avg);
  XGRAD_ARG(Tensor, momentum_buffer);
  XGRAD_ARG(Tensor, grad_avg);

 public:
  void fields(FieldVisitor& field) override;
};

class RMSprop : public Optimizer {
 public:
  explicit RMSprop(std::vector<OptimizerParamGroup> param_groups, RMSpropOptions defaults = {})
      : Optimizer(std::move(param_groups), defaults.clone()) {}
  explicit RMSprop(std::vector<Tensor> params, RMSpropOptions defaults = {})
      : Optimizer(std::move(params), defaults.clone()) {}

  Tensor step(LossClosure closure = nullptr) override;
  const char* name() const override { return "RMSprop"; }

 protected:
  std::unique_ptr<OptimizerParamState> make_state() const override {
    return RMSpropParamState().clone();
  }
};

}  // namespace xgrad::optim
