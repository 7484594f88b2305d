#include "xgrad/optim/adam.h"

#include <cmath>

#include "xgrad/kernels/optimizer.h"
#include "xgrad/optim/adamw.h"
#include "xgrad/optim/update.h"
#include "xgrad/optim/validate.h"

namespace xgrad::optim {

namespace {

template <class Options>
void validate_adam(const char* optimizer, const Options& o) {
  detail::check_not_negative(optimizer, "lr", o.lr());
  detail::check_not_negative(optimizer, "eps", o.eps());
  detail::check_betas(optimizer, o.betas());
  detail::check_not_negative(optimizer, "weight_decay", o.weight_decay());
}

// Adam and AdamW: they differ in what weight decay means.
template <class State, class Options>
void adam_update(const char* optimizer, const Tensor& p, const Options& o, State& state,
                 double weight_decay, double shrink) {
  if (!state.exp_avg().defined()) state.exp_avg(detail::new_state(p));
  if (!state.exp_avg_sq().defined()) state.exp_avg_sq(detail::new_state(p));
  state.step(state.step() + 1);
  const auto [beta1, beta2] = o.betas();
  const auto t = static_cast<double>(state.step());
  const kernels::AdamRule rule{o.lr() / (1 - std::pow(beta1, t)),
                               std::sqrt(1 - std::pow(beta2, t)),
                               beta1,
                               beta2,
                               o.eps(),
                               weight_decay,
                               shrink,
                               o.maximize()};
  const auto& kernels = kernels::optimizer_table().adam;
  if (o.amsgrad()) {
    if (!state.max_exp_avg_sq().defined()) state.max_exp_avg_sq(detail::new_state(p));
    detail::Update(optimizer, p, {&state.exp_avg(), &state.exp_avg_sq(), &state.max_exp_avg_sq()})
        .run(kernels, rule);
  } else {
    detail::Update(optimizer, p, {&state.exp_avg(), &state.exp_avg_sq()}).run(kernels, rule);
  }
}

template <class Options>
void adam_option_fields(Options& o, FieldVisitor& field) {
  field("lr", &o.lr());
  field("betas", &o.betas());
  field("eps", &o.eps());
  field("weight_decay", &o.weight_decay());
  field("amsgrad", &o.amsgrad());
  field("maximize", &o.maximize());
}

template <class State>
void adam_state_fields(State& state, FieldVisitor& field) {
  field("step", &state.step());
  field("exp_avg", &state.exp_avg());
  field("exp_avg_sq", &state.exp_avg_sq());
  field("max_exp_avg_sq", &state.max_exp_avg_sq());
}

}  // namespace

void AdamOptions::validate() const { validate_adam("Adam", *this); }
void AdamOptions::fields(FieldVisitor& field) { adam_option_fields(*this, field); }
void AdamParamState::fields(FieldVisitor& field) { adam_state_fields(*this, field); }

Tensor Adam::step(LossClosure closure) {
  return update_each<AdamOptions>(closure, [&](const Tensor& p, const AdamOptions& o) {
    auto& state = state_of<AdamParamState>(p, [] { return AdamParamState(); });
    adam_update("Adam", p, o, state, o.weight_decay(), 1);
  });
}

void AdamWOptions::validate() const { validate_adam("AdamW", *this); }
void AdamWOptions::fields(FieldVisitor& field) { adam_option_fields(*this, field); }
void AdamWParamState::fields(FieldVisitor& field) { adam_state_fields(*this, field); }

Tensor AdamW::step(LossClosure closure) {
  return update_each<AdamWOptions>(closure, [&](const Tensor& p, const AdamWOptions& o) {
    auto& state = state_of<AdamWParamState>(p, [] { return AdamWParamState(); });
    adam_update("AdamW", p, o, state, 0, 1 - o.lr() * o.weight_decay());
  });
}

}  // namespace xgrad::optim
