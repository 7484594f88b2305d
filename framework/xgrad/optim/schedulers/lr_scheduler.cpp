#include "xgrad/optim/schedulers/lr_scheduler.h"

#include "xgrad/core/format.h"

namespace xgrad::optim {

void LRScheduler::step() {
  set_optimizer_lrs(get_lrs());
  ++step_count_;
}

void LRScheduler::begin_at(std::int64_t epoch) {
  step_count_ = static_cast<unsigned>(epoch);
  step();
}

std::vector<double> LRScheduler::get_current_lrs() const {
  std::vector<double> lrs;
  for (const OptimizerParamGroup& group : optimizer_.param_groups()) {
    lrs.push_back(group.options().get_lr());
  }
  return lrs;
}

void LRScheduler::set_optimizer_lrs(const std::vector<double>& lrs) {
  std::vector<OptimizerParamGroup>& groups = optimizer_.param_groups();
  check(lrs.size() == groups.size(),
        "{}: get_lrs gave {} learning rates, expected one for each of {} parameter groups", name(),
        lrs.size(), groups.size());
  for (std::size_t i = 0; i < lrs.size(); ++i) groups[i].options().set_lr(lrs[i]);
}

io::StateDict LRScheduler::state_dict() const {
  io::StateDict state;
  state.values["scheduler"] = name();
  state.values["step_count"] = step_count_;
  state.values["fields"] = io::Value::object();
  save_fields(const_cast<LRScheduler&>(*this), state.values["fields"]);
  return state;
}

void LRScheduler::load_state_dict(const io::StateDict& state) {
  const io::Value* kind = state.values.find("scheduler");
  const bool named = kind != nullptr && kind->type() == io::Value::Type::String;
  check(named && kind->as_string() == name(),
        "{}::load_state_dict: the state is of {}, expected {}", name(),
        named ? kind->as_string() : "no scheduler", name());
  const std::int64_t count = state.values.at("step_count").as_int();
  // Fields are written one by one: what there was comes back if one of them is refused.
  io::Value before = io::Value::object();
  save_fields(*this, before);
  const std::string label = fmt::format("{}::load_state_dict", name());
  try {
    load_fields(*this, state.values.at("fields"), label);
    check_fields();
  } catch (...) {
    load_fields(*this, before, label);
    throw;
  }
  step_count_ = static_cast<unsigned>(count);
}

EpochLRScheduler::EpochLRScheduler(Optimizer& optimizer) : LRScheduler(optimizer) {
  take_base_lrs();
}

void EpochLRScheduler::take_base_lrs() {
  base_lrs_.clear();
  for (OptimizerParamGroup& group : optimizer().param_groups()) {
    if (!group.initial_lr()) group.initial_lr(group.options().get_lr());
    base_lrs_.push_back(*group.initial_lr());
  }
}

void EpochLRScheduler::step() {
  ++step_count_;
  ++last_epoch_;
  set_optimizer_lrs(get_lrs());
}

void EpochLRScheduler::initial_step() {
  step_count_ = 0;
  step();
}

void EpochLRScheduler::begin_at(std::int64_t epoch) {
  ++step_count_;
  last_epoch_ = epoch;
  set_optimizer_lrs(closed_form_lrs());
}

void EpochLRScheduler::fields(FieldVisitor& field) {
  field("last_epoch", &last_epoch_);
  field("base_lrs", &base_lrs_);
}

}  // namespace xgrad::optim
