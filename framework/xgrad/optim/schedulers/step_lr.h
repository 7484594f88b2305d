// Schedulers that multiply the rate by gamma: StepLR every so many epochs, MultiStepLR at given
// epochs, ExponentialLR always.
//
// StepLR decays at epoch step_size, as Python's does; libtorch 1.13's is one step() late.
#pragma once

#include "xgrad/optim/schedulers/lr_scheduler.h"

namespace xgrad::optim {

class StepLR : public EpochLRScheduler {
 public:
  // Errors: a step_size of 0.
  StepLR(Optimizer& optimizer, unsigned step_size, double gamma = 0.1);
  const char* name() const override { return "StepLR"; }

 protected:
  std::vector<double> get_lrs() override;
  std::vector<double> closed_form_lrs() override;
  void fields(FieldVisitor& field) override;
  void check_fields() const override;

 private:
  std::int64_t step_size_;
  double gamma_;
};

class MultiStepLR : public EpochLRScheduler {
 public:
  // A milestone that is given twice counts twice.
  MultiStepLR(Optimizer& optimizer, std::vector<std::int64_t> milestones, double gamma = 0.1);
  const char* name() const override { return "MultiStepLR"; }

 protected:
  std::vector<double> get_lrs() override;
  std::vector<double> closed_form_lrs() override;
  void fields(FieldVisitor& field) override;

 private:
  std::vector<std::int64_t> milestones_;  // rising
  double gamma_;
};

class ExponentialLR : public EpochLRScheduler {
 public:
  ExponentialLR(Optimizer& optimizer, double gamma);
  const char* name() const override { return "ExponentialLR"; }

 protected:
  std::vector<double> get_lrs() override;
  std::vector<double> closed_form_lrs() override;
  void fields(FieldVisitor& field) override;

 private:
  double gamma_;
};

}  // namespace xgrad::optim
