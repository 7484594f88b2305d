#include "xgrad/optim/nadam.h"

#include <cmath>

#include "xgrad/kernels/optimizer.h"
#include "xgrad/optim/update.h"
#include "xgrad/optim/validate.h"

namespace xgrad::optim {

void NAdamOptions::validate() const {
  detail::check_not_negative("NAdam", "lr", lr());
  detail::check_not_negative("NAdam", "eps", eps());
  detail::check_betas("NAdam", betas());
  detail::check_not_negative("NAdam", "weight_decay", weight_decay());
  detail::check_not_negative("NAdam", "momentum_decay", momentum_decay());
}

void NAdamOptions::fields(FieldVisitor& field) {
  field("lr", &lr_);
  field("betas", &betas_);
  field("eps", &eps_);
  field("weight_decay", &weight_decay_);
  field("momentum_decay", &momentum_decay_);
  field("maximize", &maximize_);
}

void NAdamParamState::fields(FieldVisitor& field) {
  field("step", &step_);
  field("mu_product", &mu_product_);
  field("exp_avg", &exp_avg_);
  field("exp_avg_sq", &exp_avg_sq_);
}

namespace {

// PyTorch keeps the product in a tensor of the default dtype: in float32 its rounding is part of
// the trajectory.
double times(double product, double mu) {
  if (get_default_dtype() == kDouble) return product * mu;
  return static_cast<float>(product) * static_cast<float>(mu);
}

}  // namespace

Tensor NAdam::step(LossClosure closure) {
  return update_each<NAdamOptions>(closure, [&](const Tensor& p, const NAdamOptions& o) {
    auto& state = state_of<NAdamParamState>(p, [] { return NAdamParamState(); });
    if (!state.exp_avg().defined()) state.exp_avg(detail::new_state(p));
    if (!state.exp_avg_sq().defined()) state.exp_avg_sq(detail::new_state(p));
    state.step(state.step() + 1);
    const auto [beta1, beta2] = o.betas();
    const double first = beta1, decay = o.momentum_decay();
    const auto t = static_cast<double>(state.step());
    const auto momentum_at = [&](double step) {
      return first * (1 - 0.5 * std::pow(0.96, step * decay));
    };
    const double mu = momentum_at(t), mu_next = momentum_at(t + 1);
    state.mu_product(times(state.mu_product(), mu));
    // The paper and the documentation have no second mu here, PyTorch 1.13 does.
    const double product_next = state.mu_product() * mu * mu_next;
    const kernels::NadamRule rule{o.lr() * (1 - mu) / (1 - state.mu_product()),
                                  o.lr() * mu_next / (1 - product_next),
                                  1 - std::pow(beta2, t),
                                  beta1,
                                  beta2,
                                  o.eps(),
                                  o.weight_decay(),
                                  o.maximize()};
    detail::Update("NAdam", p, {&state.exp_avg(), &state.exp_avg_sq()})
        .run(kernels::optimizer_table().nadam, rule);
  });
}

}  // namespace xgrad::optim
