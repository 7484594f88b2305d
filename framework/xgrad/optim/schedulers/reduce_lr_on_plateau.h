// ReduceLROnPlateau: lowers the rate when a metric has stopped improving.
//
//   optim::ReduceLROnPlateau scheduler(optimizer, optim::ReduceLROnPlateauOptions().patience(3));
//   scheduler.step(validation_loss);
#pragma once

#include <limits>
#include <string>

#include "xgrad/optim/schedulers/lr_scheduler.h"

namespace xgrad::optim {

struct ReduceLROnPlateauOptions {
  // "min": lower is better; "max": higher.
  XGRAD_ARG(std::string, mode) = "min";
  XGRAD_ARG(double, factor) = 0.1;
  // Epochs without improvement that are let pass.
  XGRAD_ARG(std::int64_t, patience) = 10;
  // What counts as better: by this part of the best ("rel") or by this much ("abs").
  XGRAD_ARG(double, threshold) = 1e-4;
  XGRAD_ARG(std::string, threshold_mode) = "rel";
  // Epochs after a reduction in which none are counted.
  XGRAD_ARG(std::int64_t, cooldown) = 0;
  // One for all groups, or one for each.
  XGRAD_ARG(std::vector<double>, min_lr) = {0};
  // Smaller changes of the rate are not made.
  XGRAD_ARG(double, eps) = 1e-8;
};

class ReduceLROnPlateau : public LRScheduler {
 public:
  // Errors: options outside their range.
  ReduceLROnPlateau(Optimizer& optimizer, ReduceLROnPlateauOptions options = {});
  void step(double metric);
  void step(const Tensor& metric) { step(metric.item<double>()); }
  // Errors: always; a metric is needed.
  void step() override;
  double best() const { return best_; }
  std::int64_t num_bad_epochs() const { return num_bad_epochs_; }
  const char* name() const override { return "ReduceLROnPlateau"; }

 protected:
  std::vector<double> get_lrs() override;
  void fields(FieldVisitor& field) override;

 private:
  bool is_better(double metric) const;

  ReduceLROnPlateauOptions options_;
  double best_;
  std::int64_t num_bad_epochs_ = 0;
  std::int64_t cooldown_counter_ = 0;
};

}  // namespace xgrad::optim
