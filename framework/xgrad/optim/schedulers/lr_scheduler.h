// LRScheduler: changes the learning rates of an optimizer from epoch to epoch (or step to step).
//
//   optim::StepLR scheduler(optimizer, 30, 0.1);
//   for (int epoch = 0; epoch < 90; ++epoch) { train(); scheduler.step(); }
//
// The optimizer must outlive its schedulers. A program's own scheduler overrides get_lrs(), which
// step() asks for the new rates, one a parameter group; step_count_ then says how often step() was
// called before. Source: https://pytorch.org/docs/stable/optim.html#how-to-adjust-learning-rate.
#pragma once

#include <vector>

#include "xgrad/optim/optimizer.h"

namespace xgrad::optim {

class LRScheduler : public HasFields {
 public:
  LRScheduler(Optimizer& optimizer) : optimizer_(optimizer) {}

  virtual void step();
  // One a parameter group.
  std::vector<double> get_current_lrs() const;
  unsigned step_count() const { return step_count_; }
  virtual std::int64_t last_epoch() const { return step_count_; }
  Optimizer& optimizer() const { return optimizer_; }

  // "StepLR".
  virtual const char* name() const { return "LRScheduler"; }
  // All but the optimizer, functions, and the options of OneCycleLR and CyclicLR. To continue a run
  // make the scheduler, then load its state and the optimizer's, which has the current rates.
  // Errors: the state is of another scheduler; nothing is changed then.
  virtual io::StateDict state_dict() const;
  virtual void load_state_dict(const io::StateDict& state);

 protected:
  virtual std::vector<double> get_lrs() = 0;
  void set_optimizer_lrs(const std::vector<double>& lrs);
  // Errors: a field is outside its range; asked when made and when a state is loaded.
  virtual void check_fields() const {}

  // What SequentialLR does to its parts: take back the step that making them was,
  // make it again, begin at an epoch.
  friend class SequentialLR;
  virtual void undo_initial_step() {}
  virtual void initial_step() {}
  virtual void begin_at(std::int64_t epoch);

  unsigned step_count_ = 0;

 private:
  Optimizer& optimizer_;
};

// The schedulers of PyTorch's Python library. They begin with epoch 0 when made,
// and each step() is the next epoch.
class EpochLRScheduler : public LRScheduler {
 public:
  void step() override;
  std::int64_t last_epoch() const override { return last_epoch_; }
  // The rates before any scheduler changed them.
  const std::vector<double>& base_lrs() const { return base_lrs_; }

 protected:
  explicit EpochLRScheduler(Optimizer& optimizer);
  void undo_initial_step() override { --last_epoch_; }
  void initial_step() override;  // what a constructor ends with
  void begin_at(std::int64_t epoch) override;
  void fields(FieldVisitor& field) override;

  // The rates as a function of the epoch, where there is one;
  // get_lrs() mostly goes from the current ones.
  virtual std::vector<double> closed_form_lrs() { return get_lrs(); }
  void take_base_lrs();
  // f(current, base) for each group.
  template <class F>
  std::vector<double> each(const F& f) {
    std::vector<double> lrs = get_current_lrs();
    // A group that was added later has its rate now as its base.
    while (base_lrs_.size() < lrs.size()) base_lrs_.push_back(lrs[base_lrs_.size()]);
    for (std::size_t i = 0; i < lrs.size(); ++i) lrs[i] = f(lrs[i], base_lrs_[i]);
    return lrs;
  }

  std::int64_t last_epoch_ = -1;
  std::vector<double> base_lrs_;
};

}  // namespace xgrad::optim
