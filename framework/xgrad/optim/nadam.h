// NAdam: Adam with Nesterov's momentum.
//
// Source: Dozat, 2016; https://pytorch.org/docs/stable/generated/torch.optim.NAdam.html.
// Not in libtorch.
#pragma once

#include "xgrad/optim/optimizer.h"

namespace xgrad::optim {

struct NAdamOptions : OptimizerCloneableOptions<NAdamOptions> {
  using betas_t = std::tuple<double, double>;

  NAdamOptions(double lr = 2e-3) : lr_(lr) {}
  XGRAD_ARG(double, lr);
  XGRAD_ARG(betas_t, betas) = std::make_tuple(0.9, 0.999);
  XGRAD_ARG(double, eps) = 1e-8;
  XGRAD_ARG(double, weight_decay) = 0;
  XGRAD_ARG(double, momentum_decay) = 4e-3;
  // Goes up the gradient; Python's option, not in libtorch.
  XGRAD_ARG(bool, maximize) = false;

 public:
  double get_lr() const override { return lr(); }
  void set_lr(double value) override { lr(value); }
  void validate() const override;
  void fields(FieldVisitor& field) override;
};

struct NAdamParamState : OptimizerCloneableParamState<NAdamParamState> {
  XGRAD_ARG(std::int64_t, step) = 0;
  XGRAD_ARG(double, mu_product) = 1;
  XGRAD_ARG(Tensor, exp_avg);
  XGRAD_ARG(Tensor, exp_avg_sq);

 public:
  void fields(FieldVisitor& field) override;
};

class NAdam : public Optimizer {
 public:
  explicit NAdam(std::vector<OptimizerParamGroup> param_groups, NAdamOptions defaults = {})
      : Optimizer(std::move(param_groups), defaults.clone()) {}
  explicit NAdam(std::vector<Tensor> params, NAdamOptions defaults = {})
      : Optimizer(std::move(params), defaults.clone()) {}

  Tensor step(LossClosure closure = nullptr) override;
  const char* name() const override { return "NAdam"; }

 protected:
  std::unique_ptr<OptimizerParamState> make_state() const override {
    return NAdamParamState().clone();
  }
};

}  // namespace xgrad::optim
