#include "xgrad/optim/adamax.h"

#include <cmath>

#include "xgrad/kernels/optimizer.h"
#include "xgrad/optim/update.h"
#include "xgrad/optim/validate.h"

namespace xgrad::optim {

void AdamaxOptions::validate() const {
  detail::check_not_negative("Adamax", "lr", lr());
  detail::check_not_negative("Adamax", "eps", eps());
  detail::check_betas("Adamax", betas());
  detail::check_not_negative("Adamax", "weight_decay", weight_decay());
}

void AdamaxOptions::fields(FieldVisitor& field) {
  field("lr", &lr_);
  field("betas", &betas_);
  field("eps", &eps_);
  field("weight_decay", &weight_decay_);
  field("maximize", &maximize_);
}

void AdamaxParamState::fields(FieldVisitor& field) {
  field("step", &step_);
  field("exp_avg", &exp_avg_);
  field("exp_inf", &exp_inf_);
}

Tensor Adamax::step(LossClosure closure) {
  return update_each<AdamaxOptions>(closure, [&](const Tensor& p, const AdamaxOptions& o) {
    auto& state = state_of<AdamaxParamState>(p, [] { return AdamaxParamState(); });
    if (!state.exp_avg().defined()) state.exp_avg(detail::new_state(p));
    if (!state.exp_inf().defined()) state.exp_inf(detail::new_state(p));
    state.step(state.step() + 1);
    const auto [beta1, beta2] = o.betas();
    const double bias = 1 - std::pow(beta1, static_cast<double>(state.step()));
    const kernels::AdamaxRule rule{o.lr() / bias,    beta1,       beta2, o.eps(),
                                   o.weight_decay(), o.maximize()};
    detail::Update("Adamax", p, {&state.exp_avg(), &state.exp_inf()})
        .run(kernels::optimizer_table().adamax, rule);
  });
}

}  // namespace xgrad::optim
