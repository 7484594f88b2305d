// RAdam: Adam that waits with its adaptive step until the variance of v is tractable.
//
// Source: Liu et al., 2019; https://pytorch.org/docs/stable/generated/torch.optim.RAdam.html.
// Not in libtorch.
#pragma once

#include "xgrad/optim/optimizer.h"

namespace xgrad::optim {

struct RAdamOptions : OptimizerCloneableOptions<RAdamOptions> {
  using betas_t = std::tuple<double, double>;

  RAdamOptions(double lr = 1e-3) : lr_(lr) {}
  XGRAD_ARG(double, lr);
  XGRAD_ARG(betas_t, betas) = std::make_tuple(0.9, 0.999);
  XGRAD_ARG(double, eps) = 1e-8;
  XGRAD_ARG(double, weight_decay) = 0;
  // Goes up the gradient; Python's option, not in libtorch.
  XGRAD_ARG(bool, maximize) = false;

 public:
  double get_lr() const override { return lr(); }
  void set_lr(double value) override { lr(value); }
  void validate() const override;
  void fields(FieldVisitor& field) override;
};

struct RAdamParamState : OptimizerCloneableParamState<RAdamParamState> {
  XGRAD_ARG(std::int64_t, step) = 0;
  XGRAD_ARG(Tensor, exp_avg);
  XGRAD_ARG(Tensor, exp_avg_sq);

 public:
  void fields(FieldVisitor& field) override;
};

class RAdam : public Optimizer {
 public:
  explicit RAdam(std::vector<OptimizerParamGroup> param_groups, RAdamOptions defaults = {})
      : Optimizer(std::move(param_groups), defaults.clone()) {}
  explicit RAdam(std::vector<Tensor> params, RAdamOptions defaults = {})
      : Optimizer(std::move(params), defaults.clone()) {}

  Tensor step(LossClosure closure = nullptr) override;
  const char* name() const override { return "RAdam"; }

 protected:
  std::unique_ptr<OptimizerParamState> make_state() const override {
    return RAdamParamState().clone();
  }
};

}  // namespace xgrad::optim
