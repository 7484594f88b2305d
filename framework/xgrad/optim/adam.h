// Adam: steps scaled by running averages of the gradient (m) and its square (v).
//
//   g += weight_decay p;   m = beta0 m + (1 - beta0) g;   v = beta1 v + (1 - beta1) g^2
//   p -= lr m / (1 - beta0^t) / (sqrt(v / (1 - beta1^t)) + eps)
//
// Source: Kingma and Ba, 2014; https://pytorch.org/docs/stable/generated/torch.optim.Adam.html.
#pragma once

#include "xgrad/optim/optimizer.h"

namespace xgrad::optim {

struct AdamOptions : OptimizerCloneableOptions<AdamOptions> {
  using betas_t = std::tuple<double, double>;

  AdamOptions(double lr = 1e-3) : lr_(lr) {}
  XGRAD_ARG(double, lr);
  XGRAD_ARG(betas_t, betas) = std::make_tuple(0.9, 0.999);
  XGRAD_ARG(double, eps) = 1e-8;
  XGRAD_ARG(double, weight_decay) = 0;
  // Divides by the largest v so far.
  XGRAD_ARG(bool, amsgrad) = false;
  // Goes up the gradient; Python's option, not in libtorch.
  XGRAD_ARG(bool, maximize) = false;

 public:
  double get_lr() const override { return lr(); }
  void set_lr(double value) override { lr(value); }
  void validate() const override;
  void fields(FieldVisitor& field) override;
};

struct AdamParamState : OptimizerCloneableParamState<AdamParamState> {
  XGRAD_ARG(std::int64_t, step) = 0;
  XGRAD_ARG(Tensor, exp_avg);
  XGRAD_ARG(Tensor, exp_avg_sq);
  XGRAD_ARG(Tensor, max_exp_avg_sq);

 public:
  void fields(FieldVisitor& field) override;
};

class Adam : public Optimizer {
 public:
  explicit Adam(std::vector<OptimizerParamGroup> param_groups, AdamOptions defaults = {})
      : Optimizer(std::move(param_groups), defaults.clone()) {}
  explicit Adam(std::vector<Tensor> params, AdamOptions defaults = {})
      : Optimizer(std::move(params), defaults.clone()) {}

  Tensor step(LossClosure closure = nullptr) override;
  const char* name() const override { return "Adam"; }

 protected:
  std::unique_ptr<OptimizerParamState> make_state() const override {
    return AdamParamState().clone();
  }
};

}  // namespace xgrad::optim
