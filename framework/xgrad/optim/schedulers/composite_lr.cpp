#include "xgrad/optim/schedulers/composite_lr.h"

#include <algorithm>

#include "xgrad/core/format.h"

namespace xgrad::optim {

namespace {

void check_parts(const char* name, const LRSchedulerList& schedulers) {
  check(!schedulers.empty(), "{}: there are no schedulers, expected at least 1", name);
  for (std::size_t i = 0; i < schedulers.size(); ++i) {
    check(schedulers[i] != nullptr, "{}: scheduler {} is null", name, i);
    check(&schedulers[i]->optimizer() == &schedulers[0]->optimizer(),
          "{}: scheduler {} has another optimizer than scheduler 0, expected the same", name, i);
  }
}

Optimizer& optimizer_of(const LRSchedulerList& schedulers) {
  check_parts("ChainedScheduler", schedulers);
  return schedulers[0]->optimizer();
}

void add_parts(io::StateDict& state, const LRSchedulerList& schedulers) {
  for (std::size_t i = 0; i < schedulers.size(); ++i) {
    state.add_part(std::to_string(i), schedulers[i]->state_dict());
  }
}

// All or none.
void load_parts(const io::StateDict& state, const LRSchedulerList& schedulers) {
  std::vector<io::StateDict> before;
  try {
    for (std::size_t i = 0; i < schedulers.size(); ++i) {
      before.push_back(schedulers[i]->state_dict());
      schedulers[i]->load_state_dict(state.part(std::to_string(i)));
    }
  } catch (...) {
    for (std::size_t i = 0; i < before.size(); ++i) schedulers[i]->load_state_dict(before[i]);
    throw;
  }
}

}  // namespace

SequentialLR::SequentialLR(Optimizer& optimizer, LRSchedulerList schedulers,
                           std::vector<std::int64_t> milestones)
    : LRScheduler(optimizer),
      schedulers_(std::move(schedulers)),
      milestones_(std::move(milestones)) {
  check_parts("SequentialLR", schedulers_);
  check(&schedulers_[0]->optimizer() == &optimizer,
        "SequentialLR: the schedulers have another optimizer, expected the one that is given");
  SequentialLR::check_fields();
  for (OptimizerParamGroup& group : optimizer.param_groups()) {
    if (group.initial_lr()) group.options().set_lr(*group.initial_lr());
  }
  for (const auto& scheduler : schedulers_) scheduler->undo_initial_step();
  schedulers_[0]->initial_step();
}

void SequentialLR::check_fields() const {
  check(milestones_.size() + 1 == schedulers_.size(),
        "SequentialLR: {} milestones for {} schedulers, expected {}", milestones_.size(),
        schedulers_.size(), schedulers_.size() - 1);
  check(std::is_sorted(milestones_.begin(), milestones_.end()),
        "SequentialLR: milestones are {}, expected rising ones", milestones_);
}

void SequentialLR::step() {
  ++step_count_;
  ++last_epoch_;
  const auto passed = static_cast<std::size_t>(
      std::upper_bound(milestones_.begin(), milestones_.end(), last_epoch_) - milestones_.begin());
  if (passed > 0 && milestones_[passed - 1] == last_epoch_) {
    schedulers_[passed]->begin_at(0);
  } else {
    schedulers_[passed]->step();
  }
}

void SequentialLR::fields(FieldVisitor& field) {
  field("milestones", &milestones_);
  field("last_epoch", &last_epoch_);
}

io::StateDict SequentialLR::state_dict() const {
  io::StateDict state = LRScheduler::state_dict();
  add_parts(state, schedulers_);
  return state;
}

void SequentialLR::load_state_dict(const io::StateDict& state) {
  const io::StateDict before = state_dict();
  LRScheduler::load_state_dict(state);
  try {
    load_parts(state, schedulers_);
  } catch (...) {
    LRScheduler::load_state_dict(before);
    throw;
  }
}

ChainedScheduler::ChainedScheduler(LRSchedulerList schedulers)
    : LRScheduler(optimizer_of(schedulers)), schedulers_(std::move(schedulers)) {}

void ChainedScheduler::step() {
  ++step_count_;
  for (const auto& scheduler : schedulers_) scheduler->step();
}

io::StateDict ChainedScheduler::state_dict() const {
  io::StateDict state = LRScheduler::state_dict();
  add_parts(state, schedulers_);
  return state;
}

void ChainedScheduler::load_state_dict(const io::StateDict& state) {
  const io::StateDict before = state_dict();
  LRScheduler::load_state_dict(state);
  try {
    load_parts(state, schedulers_);
  } catch (...) {
    LRScheduler::load_state_dict(before);
    throw;
  }
}

}  // namespace xgrad::optim
