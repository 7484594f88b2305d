#include "xgrad/optim/radam.h"

#include <cmath>

#include "xgrad/kernels/optimizer.h"
#include "xgrad/optim/update.h"
#include "xgrad/optim/validate.h"

namespace xgrad::optim {

void RAdamOptions::validate() const {
  detail::check_not_negative("RAdam", "lr", lr());
  detail::check_not_negative("RAdam", "eps", eps());
  detail::check_betas("RAdam", betas());
  detail::check_not_negative("RAdam", "weight_decay", weight_decay());
}

void RAdamOptions::fields(FieldVisitor& field) {
  field("lr", &lr_);
  field("betas", &betas_);
  field("eps", &eps_);
  field("weight_decay", &weight_decay_);
  field("maximize", &maximize_);
}

void RAdamParamState::fields(FieldVisitor& field) {
  field("step", &step_);
  field("exp_avg", &exp_avg_);
  field("exp_avg_sq", &exp_avg_sq_);
}

Tensor RAdam::step(LossClosure closure) {
  return update_each<RAdamOptions>(closure, [&](const Tensor& p, const RAdamOptions& o) {
    auto& state = state_of<RAdamParamState>(p, [] { return RAdamParamState(); });
    if (!state.exp_avg().defined()) state.exp_avg(detail::new_state(p));
    if (!state.exp_avg_sq().defined()) state.exp_avg_sq(detail::new_state(p));
    state.step(state.step() + 1);
    const auto [beta1, beta2] = o.betas();
    const auto t = static_cast<double>(state.step());
    const double bias1 = 1 - std::pow(beta1, t), bias2 = 1 - std::pow(beta2, t);
    // The length of the average, at its longest and now; the variance is tractable above 5.
    const double longest = 2 / (1 - beta2) - 1;
    const double length = longest - 2 * t * std::pow(beta2, t) / bias2;
    const bool adaptive = length > 5;
    const double rectification = adaptive ? std::sqrt((length - 4) * (length - 2) * longest /
                                                      ((longest - 4) * (longest - 2) * length))
                                          : 1;
    const kernels::RadamRule rule{o.lr(), bias1,   std::sqrt(bias2), rectification, beta1,
                                  beta2,  o.eps(), o.weight_decay(), adaptive,      o.maximize()};
    detail::Update("RAdam", p, {&state.exp_avg(), &state.exp_avg_sq()})
        .run(kernels::optimizer_table().radam, rule);
  });
}

}  // namespace xgrad::optim
