// Adagrad: steps divided by the root of the sum of all squared gradients.
//
// Source: Duchi, Hazan and Singer, 2011;
// https://pytorch.org/docs/stable/generated/torch.optim.Adagrad.html.
#pragma once

#include "xgrad/optim/optimizer.h"

namespace xgrad::optim {

struct AdagradOptions : OptimizerCloneableOptions<AdagradOptions> {
  AdagradOptions(double lr = 1e-2) : lr_(lr) {}
  XGRAD_ARG(double, lr);
  XGRAD_ARG(double, lr_decay) = 0;
  XGRAD_ARG(double, weight_decay) = 0;
  XGRAD_ARG(double, initial_accumulator_value) = 0;
  XGRAD_ARG(double, eps) = 1e-10;
  // Goes up the gradient; Python's option, not in libtorch.
  XGRAD_ARG(bool, maximize) = false;

 public:
  double get_lr() const override { return lr(); }
  void set_lr(double value) override { lr(value); }
  void validate() const override;
  void fields(FieldVisitor& field) override;
};

struct AdagradParamState : OptimizerCloneableParamState<AdagradParamState> {
  XGRAD_ARG(Tensor, sum);
  XGRAD_ARG(std::int64_t, step) = 0;

 public:
  void fields(FieldVisitor& field) override;
};

class Adagrad : public Optimizer {
 public:
  // The states are made at once, as in libtorch.
  explicit Adagrad(std::vector<OptimizerParamGroup> param_groups, AdagradOptions defaults = {});
  explicit Adagrad(std::vector<Tensor> params, AdagradOptions defaults = {});

  Tensor step(LossClosure closure = nullptr) override;
  const char* name() const override { return "Adagrad"; }

 protected:
  std::unique_ptr<OptimizerParamState> make_state() const override {
    return AdagradParamState().clone();
  }

 private:
  AdagradParamState& state_for(const Tensor& parameter, const AdagradOptions& options);
  void make_states();
};

}  // namespace xgrad::optim
