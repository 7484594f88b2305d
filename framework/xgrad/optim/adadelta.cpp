#include "xgrad/optim/adadelta.h"

#include "xgrad/core/format.h"
#include "xgrad/kernels/optimizer.h"
#include "xgrad/optim/update.h"
#include "xgrad/optim/validate.h"

namespace xgrad::optim {

void AdadeltaOptions::validate() const {
  detail::check_not_negative("Adadelta", "lr", lr());
  check(rho() >= 0 && rho() <= 1, "Adadelta: rho is {}, expected 0 to 1", rho());
  detail::check_not_negative("Adadelta", "eps", eps());
  detail::check_not_negative("Adadelta", "weight_decay", weight_decay());
}

void AdadeltaOptions::fields(FieldVisitor& field) {
  field("lr", &lr_);
  field("rho", &rho_);
  field("eps", &eps_);
  field("weight_decay", &weight_decay_);
  field("maximize", &maximize_);
}

void AdadeltaParamState::fields(FieldVisitor& field) {
  field("step", &step_);
  field("square_avg", &square_avg_);
  field("acc_delta", &acc_delta_);
}

Tensor Adadelta::step(LossClosure closure) {
  return update_each<AdadeltaOptions>(closure, [&](const Tensor& p, const AdadeltaOptions& o) {
    auto& state = state_of<AdadeltaParamState>(p, [] { return AdadeltaParamState(); });
    if (!state.square_avg().defined()) state.square_avg(detail::new_state(p));
    if (!state.acc_delta().defined()) state.acc_delta(detail::new_state(p));
    state.step(state.step() + 1);
    const kernels::AdadeltaRule rule{o.lr(), o.rho(), o.eps(), o.weight_decay(), o.maximize()};
    detail::Update("Adadelta", p, {&state.square_avg(), &state.acc_delta()})
        .run(kernels::optimizer_table().adadelta, rule);
  });
}

}  // namespace xgrad::optim
