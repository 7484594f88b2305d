// Adamax: Adam with the largest past gradient in place of the root of the average square.
//
// Source: Kingma and Ba, 2014; https://pytorch.org/docs/stable/generated/torch.optim.Adamax.html.
// Not in libtorch.
#pragma once

#include "xgrad/optim/optimizer.h"

namespace xgrad::optim {

struct AdamaxOptions : OptimizerCloneableOptions<AdamaxOptions> {
  using betas_t = std::tuple<double, double>;

  AdamaxOptions(double lr = 2e-3) : lr_(lr) {}
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

struct AdamaxParamState : OptimizerCloneableParamState<AdamaxParamState> {
  XGRAD_ARG(std::int64_t, step) = 0;
  XGRAD_ARG(Tensor, exp_avg);
  XGRAD_ARG(Tensor, exp_inf);

 public:
  void fields(FieldVisitor& field) override;
};

class Adamax : public Optimizer {
 public:
  explicit Adamax(std::vector<OptimizerParamGroup> param_groups, AdamaxOptions defaults = {})
      : Optimizer(std::move(param_groups), defaults.clone()) {}
  explicit Adamax(std::vector<Tensor> params, AdamaxOptions defaults = {})
      : Optimizer(std::move(params), defaults.clone()) {}

  Tensor step(LossClosure closure = nullptr) override;
  const char* name() const override { return "Adamax"; }

 protected:
  std::unique_ptr<OptimizerParamState> make_state() const override {
    return AdamaxParamState().clone();
  }
};

}  // namespace xgrad::optim
