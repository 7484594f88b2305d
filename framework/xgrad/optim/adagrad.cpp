#include "xgrad/optim/adagrad.h"

#include "xgrad/kernels/optimizer.h"
#include "xgrad/optim/update.h"
#include "xgrad/optim/validate.h"

namespace xgrad::optim {

void AdagradOptions::validate() const {
  detail::check_not_negative("Adagrad", "lr", lr());
  detail::check_not_negative("Adagrad", "lr_decay", lr_decay());
  detail::check_not_negative("Adagrad", "weight_decay", weight_decay());
  detail::check_not_negative("Adagrad", "initial_accumulator_value", initial_accumulator_value());
  detail::check_not_negative("Adagrad", "eps", eps());
}

void AdagradOptions::fields(FieldVisitor& field) {
  field("lr", &lr_);
  field("lr_decay", &lr_decay_);
  field("weight_decay", &weight_decay_);
  field("initial_accumulator_value", &initial_accumulator_value_);
  field("eps", &eps_);
  field("maximize", &maximize_);
}

void AdagradParamState::fields(FieldVisitor& field) {
  field("sum", &sum_);
  field("step", &step_);
}

Adagrad::Adagrad(std::vector<OptimizerParamGroup> param_groups, AdagradOptions defaults)
    : Optimizer(std::move(param_groups), defaults.clone()) {
  make_states();
}
Adagrad::Adagrad(std::vector<Tensor> params, AdagradOptions defaults)
    : Optimizer(std::move(params), defaults.clone()) {
  make_states();
}

AdagradParamState& Adagrad::state_for(const Tensor& parameter, const AdagradOptions& options) {
  auto& state = state_of<AdagradParamState>(parameter, [] { return AdagradParamState(); });
  if (!state.sum().defined()) {
    state.sum(detail::new_state(parameter, options.initial_accumulator_value()));
  }
  return state;
}

void Adagrad::make_states() {
  const NoGradGuard no_grad;
  for (OptimizerParamGroup& group : param_groups_) {
    const auto& options = static_cast<const AdagradOptions&>(group.options());
    for (const Tensor& parameter : group.params()) state_for(parameter, options);
  }
}

Tensor Adagrad::step(LossClosure closure) {
  return update_each<AdagradOptions>(closure, [&](const Tensor& p, const AdagradOptions& o) {
    AdagradParamState& state = state_for(p, o);
    const auto before = static_cast<double>(state.step());
    state.step(state.step() + 1);
    const kernels::AdagradRule rule{o.lr() / (1 + before * o.lr_decay()), o.eps(), o.weight_decay(),
                                    o.maximize()};
    detail::Update("Adagrad", p, {&state.sum()}).run(kernels::optimizer_table().adagrad, rule);
  });
}

}  // namespace xgrad::optim
