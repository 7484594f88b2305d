// Adadelta: steps in the proportion of the running averages of past steps to past gradients.
//
// Source: Zeiler, 2012; https://pytorch.org/docs/stable/generated/torch.optim.Adadelta.html.
// Not in libtorch.
#pragma once

#include "xgrad/optim/optimizer.h"

namespace xgrad::optim {

struct AdadeltaOptions : OptimizerCloneableOptions<AdadeltaOptions> {
  AdadeltaOptions(double lr = 1.0) : lr_(lr) {}
  XGRAD_ARG(double, lr);
  XGRAD_ARG(double, rho) = 0.9;
  XGRAD_ARG(double, eps) = 1e-6;
  XGRAD_ARG(double, weight_decay) = 0;
  // Goes up the gradient; Python's option, not in libtorch.
  XGRAD_ARG(bool, maximize) = false;

 public:
  double get_lr() const override { return lr(); }
  void set_lr(double value) override { lr(value); }
  void validate() const override;
  void fields(FieldVisitor& field) override;
};

struct AdadeltaParamState : OptimizerCloneableParamState<AdadeltaParamState> {
  XGRAD_ARG(std::int64_t, step) = 0;
  XGRAD_ARG(Tensor, square_avg);
  XGRAD_ARG(Tensor, acc_delta);

 public:
  void fields(FieldVisitor& field) override;
};

class Adadelta : public Optimizer {
 public:
  explicit Adadelta(std::vector<OptimizerParamGroup> param_groups, AdadeltaOptions defaults = {})
      : Optimizer(std::move(param_groups), defaults.clone()) {}
  explicit Adadelta(std::vector<Tensor> params, AdadeltaOptions defaults = {})
      : Optimizer(std::move(params), defaults.clone()) {}

  Tensor step(LossClosure closure = nullptr) override;
  const char* name() const override { return "Adadelta"; }

 protected:
  std::unique_ptr<OptimizerParamState> make_state() const override {
    return AdadeltaParamState().clone();
  }
};

}  // namespace xgrad::optim
