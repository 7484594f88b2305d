#include "xgrad/optim/schedulers/ramp_lr.h"

#include <algorithm>
#include <cmath>

#include "xgrad/core/format.h"

namespace xgrad::optim {

ConstantLR::ConstantLR(Optimizer& optimizer, double factor, std::int64_t total_iters)
    : EpochLRScheduler(optimizer), factor_(factor), total_iters_(total_iters) {
  ConstantLR::check_fields();
  ConstantLR::initial_step();
}

void ConstantLR::check_fields() const {
  check(factor_ >= 0 && factor_ <= 1, "ConstantLR: factor is {}, expected 0 to 1", factor_);
}

std::vector<double> ConstantLR::get_lrs() {
  return each([&](double lr, double) {
    if (last_epoch_ == 0) return lr * factor_;
    return last_epoch_ == total_iters_ ? lr * (1.0 / factor_) : lr;
  });
}

std::vector<double> ConstantLR::closed_form_lrs() {
  const double factor = factor_ + (last_epoch_ >= total_iters_ ? 1 - factor_ : 0);
  return each([&](double, double base) { return base * factor; });
}

void ConstantLR::fields(FieldVisitor& field) {
  EpochLRScheduler::fields(field);
  field("factor", &factor_);
  field("total_iters", &total_iters_);
}

LinearLR::LinearLR(Optimizer& optimizer, double start_factor, double end_factor,
                   std::int64_t total_iters)
    : EpochLRScheduler(optimizer),
      start_factor_(start_factor),
      end_factor_(end_factor),
      total_iters_(total_iters) {
  LinearLR::check_fields();
  LinearLR::initial_step();
}

void LinearLR::check_fields() const {
  check(start_factor_ > 0 && start_factor_ <= 1,
        "LinearLR: start_factor is {}, expected above 0 and at most 1", start_factor_);
  check(end_factor_ >= 0 && end_factor_ <= 1, "LinearLR: end_factor is {}, expected 0 to 1",
        end_factor_);
  check(total_iters_ > 0, "LinearLR: total_iters is {}, expected at least 1", total_iters_);
}

std::vector<double> LinearLR::get_lrs() {
  const double rise = end_factor_ - start_factor_;
  const double from = static_cast<double>(total_iters_) * start_factor_ +
                      static_cast<double>(last_epoch_ - 1) * rise;
  return each([&](double lr, double) {
    if (last_epoch_ == 0) return lr * start_factor_;
    return last_epoch_ > total_iters_ ? lr : lr * (1 + rise / from);
  });
}

std::vector<double> LinearLR::closed_form_lrs() {
  const auto done = static_cast<double>(std::min(total_iters_, last_epoch_));
  const double factor =
      start_factor_ + (end_factor_ - start_factor_) * done / static_cast<double>(total_iters_);
  return each([&](double, double base) { return base * factor; });
}

void LinearLR::fields(FieldVisitor& field) {
  EpochLRScheduler::fields(field);
  field("start_factor", &start_factor_);
  field("end_factor", &end_factor_);
  field("total_iters", &total_iters_);
}

PolynomialLR::PolynomialLR(Optimizer& optimizer, std::int64_t total_iters, double power)
    : EpochLRScheduler(optimizer), total_iters_(total_iters), power_(power) {
  PolynomialLR::check_fields();
  PolynomialLR::initial_step();
}

void PolynomialLR::check_fields() const {
  check(total_iters_ > 0, "PolynomialLR: total_iters is {}, expected at least 1", total_iters_);
}

std::vector<double> PolynomialLR::get_lrs() {
  const auto total = static_cast<double>(total_iters_), epoch = static_cast<double>(last_epoch_);
  const double factor = std::pow((1.0 - epoch / total) / (1.0 - (epoch - 1) / total), power_);
  const bool still = last_epoch_ == 0 || last_epoch_ > total_iters_;
  return each([&](double lr, double) { return still ? lr : lr * factor; });
}

std::vector<double> PolynomialLR::closed_form_lrs() {
  const auto done = static_cast<double>(std::min(total_iters_, last_epoch_));
  const double factor = std::pow(1.0 - done / static_cast<double>(total_iters_), power_);
  return each([&](double, double base) { return base * factor; });
}

void PolynomialLR::fields(FieldVisitor& field) {
  EpochLRScheduler::fields(field);
  field("total_iters", &total_iters_);
  field("power", &power_);
}

}  // namespace xgrad::optim
