#include "xgrad/optim/sgd.h"

#include "xgrad/core/format.h"
#include "xgrad/kernels/optimizer.h"
#include "xgrad/optim/update.h"
#include "xgrad/optim/validate.h"

namespace xgrad::optim {

void SGDOptions::validate() const {
  detail::check_not_negative("SGD", "lr", lr());
  detail::check_not_negative("SGD", "momentum", momentum());
  detail::check_not_negative("SGD", "weight_decay", weight_decay());
  check(!nesterov() || (momentum() > 0 && dampening() == 0),
        "SGD: nesterov with momentum {} and dampening {}, expected a momentum above 0 and no "
        "dampening",
        momentum(), dampening());
}

void SGDOptions::fields(FieldVisitor& field) {
  field("lr", &lr_);
  field("momentum", &momentum_);
  field("dampening", &dampening_);
  field("weight_decay", &weight_decay_);
  field("nesterov", &nesterov_);
  field("maximize", &maximize_);
}

void SGDParamState::fields(FieldVisitor& field) { field("momentum_buffer", &momentum_buffer_); }

Tensor SGD::step(LossClosure closure) {
  return update_each<SGDOptions>(closure, [&](const Tensor& p, const SGDOptions& o) {
    kernels::SgdRule rule{o.lr(),       o.momentum(), o.dampening(), o.weight_decay(),
                          o.nesterov(), o.maximize(), false};
    const auto& kernels = kernels::optimizer_table().sgd;
    if (o.momentum() == 0) {
      detail::Update("SGD", p, {}).run(kernels, rule);
      return;
    }
    auto& state = state_of<SGDParamState>(p, [] { return SGDParamState(); });
    rule.first = !state.momentum_buffer().defined();
    if (rule.first) state.momentum_buffer(detail::new_state(p));
    detail::Update("SGD", p, {&state.momentum_buffer()}).run(kernels, rule);
  });
}

}  // namespace xgrad::optim
