// AdamW: Adam whose weight decay shrinks the parameter itself, p *= 1 - lr weight_decay, and leaves
// the gradient alone.
//
// Source: Loshchilov and Hutter, 2017;
// https://pytorch.org/docs/stable/generated/torch.optim.AdamW.html.
#pragma once

#include "xgrad/optim/optimizer.h"

namespace xgrad::optim {

struct AdamWOptions : OptimizerCloneableOptions<AdamWOptions> {
  using betas_t = std::tuple<double, double>;

  AdamWOptions(double lr = 1e-3) : lr_(lr) {}
  XGRAD_ARG(double, lr);
  XGRAD_ARG(betas_t, betas) = std::make_tuple(0.9, 0.999);
  XGRAD_ARG(double, eps) = 1e-8;
  XGRAD_ARG(double, weight_decay) = 1e-2;
  XGRAD_ARG(bool, amsgrad) = false;
  // Goes up the gradient; Python's option, not in libtorch.
  XGRAD_ARG(bool, maximize) = false;

 public:
  double get_lr() const override { return lr(); }
  void set_lr(double value) override { lr(value); }
  void validate() const override;
  void fields(FieldVisitor& field) override;
};

struct AdamWParamState : OptimizerCloneableParamState<AdamWParamState> {
  XGRAD_ARG(std::int64_t, step) = 0;
  XGRAD_ARG(Tensor, exp_avg);
  XGRAD_ARG(Tensor, exp_avg_sq);
  XGRAD_ARG(Tensor, max_exp_avg_sq);

 public:
  void fields(FieldVisitor& field) override;
};

class AdamW : public Optimizer {
 public:
  explicit AdamW(std::vector<OptimizerParamGroup> param_groups, AdamWOptions defaults = {})
      : Optimizer(std::move(param_groups), defaults.clone()) {}
  explicit AdamW(std::vector<Tensor> params, AdamWOptions defaults = {})
      : Optimizer(std::move(params), defaults.clone()) {}

  Tensor step(LossClosure closure = nullptr) override;
  const char* name() const override { return "AdamW"; }

 protected:
  std::unique_ptr<OptimizerParamState> make_state() const override {
    return AdamWParamState().clone();
  }
};

}  // namespace xgrad::optim
