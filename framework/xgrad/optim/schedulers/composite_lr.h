// Schedulers of schedulers: SequentialLR one after the other, ChainedScheduler all at each step.
//
//   auto warmup = std::make_shared<optim::LinearLR>(optimizer, 0.1);
//   auto decay = std::make_shared<optim::ExponentialLR>(optimizer, 0.9);
//   optim::SequentialLR scheduler(optimizer, {warmup, decay}, {5});   // decay from epoch 5 on
#pragma once

#include <memory>

#include "xgrad/optim/schedulers/lr_scheduler.h"

namespace xgrad::optim {

using LRSchedulerList = std::vector<std::shared_ptr<LRScheduler>>;

class SequentialLR : public LRScheduler {
 public:
  // Errors: schedulers of another optimizer; not one milestone fewer than schedulers;
  // milestones that do not rise.
  SequentialLR(Optimizer& optimizer, LRSchedulerList schedulers,
               std::vector<std::int64_t> milestones);
  void step() override;
  std::int64_t last_epoch() const override { return last_epoch_; }
  const char* name() const override { return "SequentialLR"; }
  io::StateDict state_dict() const override;
  void load_state_dict(const io::StateDict& state) override;

 protected:
  std::vector<double> get_lrs() override { return get_current_lrs(); }
  void fields(FieldVisitor& field) override;
  void check_fields() const override;

 private:
  LRSchedulerList schedulers_;
  std::vector<std::int64_t> milestones_;
  std::int64_t last_epoch_ = 0;
};

class ChainedScheduler : public LRScheduler {
 public:
  // Errors: no schedulers, or schedulers of different optimizers.
  explicit ChainedScheduler(LRSchedulerList schedulers);
  void step() override;
  const char* name() const override { return "ChainedScheduler"; }
  io::StateDict state_dict() const override;
  void load_state_dict(const io::StateDict& state) override;

 protected:
  std::vector<double> get_lrs() override { return get_current_lrs(); }

 private:
  LRSchedulerList schedulers_;
};

}  // namespace xgrad::optim
