#include "xgrad/optim/rmsprop.h"

#include "xgrad/kernels/optimizer.h"
#include "xgrad/optim/update.h"
#include "xgrad/optim/validate.h"

namespace xgrad::optim {

void RMSpropOptions::validate() const {
  detail::check_not_negative("RMSprop", "lr", lr());
  detail::check_not_negative("RMSprop", "eps", eps());
  detail::check_not_negative("RMSprop", "momentum", momentum());
  detail::check_not_negative("RMSprop", "weight_decay", weight_decay());
  detail::check_not_negative("RMSprop", "alpha", alpha());
}

void RMSpropOptions::fields(FieldVisitor& field) {
  field("lr", &lr_);
  field("alpha", &alpha_);
  field("eps", &eps_);
  field("weight_decay", &weight_decay_);
  field("momentum", &momentum_);
  field("centered", &centered_);
  field("maximize", &maximize_);
}

void RMSpropParamState::fields(FieldVisitor& field) {
  field("step", &step_);
  field("square_avg", &square_avg_);
  field("momentum_buffer", &momentum_buffer_);
  field("grad_avg", &grad_avg_);
}

Tensor RMSprop::step(LossClosure closure) {
  return update_each<RMSpropOptions>(closure, [&](const Tensor& p, const RMSpropOptions& o) {
    auto& state = state_of<RMSpropParamState>(p, [] { return RMSpropParamState(); });
    if (!state.square_avg().defined()) state.square_avg(detail::new_state(p));
    if (o.momentum() > 0 && !state.momentum_buffer().defined()) {
      state.momentum_buffer(detail::new_state(p));
    }
    if (o.centered() && !state.grad_avg().defined()) state.grad_avg(detail::new_state(p));
    state.step(state.step() + 1);
    const kernels::RmspropRule rule{o.lr(),       o.alpha(),    o.eps(),     o.weight_decay(),
                                    o.momentum(), o.centered(), o.maximize()};
    const auto& kernels = kernels::optimizer_table().rmsprop;
    Tensor *square = &state.square_avg(), *buffer = &state.momentum_buffer(),
           *mean = &state.grad_avg();
    if (o.momentum() > 0 && o.centered()) {
      detail::Update("RMSprop", p, {square, buffer, mean}).run(kernels, rule);
    } else if (o.momentum() > 0 || o.centered()) {
      detail::Update("RMSprop", p, {square, o.centered() ? mean : buffer}).run(kernels, rule);
    } else {
      detail::Update("RMSprop", p, {square}).run(kernels, rule);
    }
  });
}

}  // namespace xgrad::optim
