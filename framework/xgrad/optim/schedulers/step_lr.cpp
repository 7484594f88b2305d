#include "xgrad/optim/schedulers/step_lr.h"

#include <algorithm>
#include <cmath>

#include "xgrad/core/format.h"

namespace xgrad::optim {

StepLR::StepLR(Optimizer& optimizer, unsigned step_size, double gamma)
    : EpochLRScheduler(optimizer), step_size_(step_size), gamma_(gamma) {
  StepLR::check_fields();
  StepLR::initial_step();
}

void StepLR::check_fields() const {
  check(step_size_ > 0, "StepLR: step_size is {}, expected at least 1", step_size_);
}

std::vector<double> StepLR::get_lrs() {
  const bool decays = last_epoch_ != 0 && last_epoch_ % step_size_ == 0;
  return each([&](double lr, double) { return decays ? lr * gamma_ : lr; });
}

std::vector<double> StepLR::closed_form_lrs() {
  const auto times = static_cast<double>(last_epoch_ / step_size_);
  return each([&](double, double base) { return base * std::pow(gamma_, times); });
}

void StepLR::fields(FieldVisitor& field) {
  EpochLRScheduler::fields(field);
  field("step_size", &step_size_);
  field("gamma", &gamma_);
}

MultiStepLR::MultiStepLR(Optimizer& optimizer, std::vector<std::int64_t> milestones, double gamma)
    : EpochLRScheduler(optimizer), milestones_(std::move(milestones)), gamma_(gamma) {
  std::sort(milestones_.begin(), milestones_.end());
  MultiStepLR::initial_step();
}

std::vector<double> MultiStepLR::get_lrs() {
  const auto times = std::count(milestones_.begin(), milestones_.end(), last_epoch_);
  const double factor = std::pow(gamma_, static_cast<double>(times));
  return each([&](double lr, double) { return times == 0 ? lr : lr * factor; });
}

std::vector<double> MultiStepLR::closed_form_lrs() {
  const auto passed =
      std::upper_bound(milestones_.begin(), milestones_.end(), last_epoch_) - milestones_.begin();
  const double factor = std::pow(gamma_, static_cast<double>(passed));
  return each([&](double, double base) { return base * factor; });
}

void MultiStepLR::fields(FieldVisitor& field) {
  EpochLRScheduler::fields(field);
  field("milestones", &milestones_);
  field("gamma", &gamma_);
}

ExponentialLR::ExponentialLR(Optimizer& optimizer, double gamma)
    : EpochLRScheduler(optimizer), gamma_(gamma) {
  ExponentialLR::initial_step();
}

std::vector<double> ExponentialLR::get_lrs() {
  return each([&](double lr, double) { return last_epoch_ == 0 ? lr : lr * gamma_; });
}

std::vector<double> ExponentialLR::closed_form_lrs() {
  const double factor = std::pow(gamma_, static_cast<double>(last_epoch_));
  return each([&](double, double base) { return base * factor; });
}

void ExponentialLR::fields(FieldVisitor& field) {
  EpochLRScheduler::fields(field);
  field("gamma", &gamma_);
}

}  // namespace xgrad::optim
