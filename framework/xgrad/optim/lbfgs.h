// LBFGS: quasi-Newton steps from the last few gradients. Each step calls the closure many times;
// best for small problems with the whole data in one batch.
//
//   auto options = optim::LBFGSOptions(1).line_search_fn("strong_wolfe");
//   optim::LBFGS optimizer(model->parameters(), options);
//   optimizer.step([&] {
//     optimizer.zero_grad();
//     auto loss = f();
//     loss.backward();
//     return loss;
//   });
//
// Sources: Nocedal and Wright, Numerical Optimization, 2006, algorithms 7.4, 3.5 and 3.6;
// https://pytorch.org/docs/stable/generated/torch.optim.LBFGS.html.
#pragma once

#include <deque>

#include "xgrad/optim/optimizer.h"

namespace xgrad::optim {

struct LBFGSOptions : OptimizerCloneableOptions<LBFGSOptions> {
  LBFGSOptions(double lr = 1) : lr_(lr) {}
  XGRAD_ARG(double, lr);
  XGRAD_ARG(std::int64_t, max_iter) = 20;
  // Calls of the closure in a step; 5/4 of max_iter if not given.
  XGRAD_ARG(optional<std::int64_t>, max_eval);
  XGRAD_ARG(double, tolerance_grad) = 1e-7;
  XGRAD_ARG(double, tolerance_change) = 1e-9;
  XGRAD_ARG(std::int64_t, history_size) = 100;
  // "strong_wolfe", or none: steps of length lr.
  XGRAD_ARG(optional<std::string>, line_search_fn);

 public:
  double get_lr() const override { return lr(); }
  void set_lr(double value) override { lr(value); }
  void validate() const override;
  void fields(FieldVisitor& field) override;
};

// Of all parameters together, flattened: [n]; kept with the first one.
struct LBFGSParamState : OptimizerCloneableParamState<LBFGSParamState> {
  XGRAD_ARG(std::int64_t, func_evals) = 0;
  XGRAD_ARG(std::int64_t, n_iter) = 0;
  XGRAD_ARG(double, t) = 0;
  XGRAD_ARG(double, prev_loss) = 0;
  XGRAD_ARG(Tensor, d);
  XGRAD_ARG(Tensor, H_diag);
  XGRAD_ARG(Tensor, prev_flat_grad);
  XGRAD_ARG(std::deque<Tensor>, old_dirs);
  XGRAD_ARG(std::deque<Tensor>, old_stps);
  XGRAD_ARG(std::deque<Tensor>, ro);
  // libtorch's room for a step's coefficients; not used here.
  XGRAD_ARG(optional<std::vector<Tensor>>, al);

 public:
  void fields(FieldVisitor& field) override;
};

class LBFGS : public Optimizer {
 public:
  // Errors: more than one group.
  explicit LBFGS(std::vector<OptimizerParamGroup> param_groups, LBFGSOptions defaults = {});
  explicit LBFGS(std::vector<Tensor> params, LBFGSOptions defaults = {});

  // Errors: no closure.
  Tensor step(LossClosure closure) override;
  const char* name() const override { return "LBFGS"; }

 protected:
  std::unique_ptr<OptimizerParamState> make_state() const override {
    return LBFGSParamState().clone();
  }
  bool state_is_per_parameter() const override { return false; }
};

}  // namespace xgrad::optim
