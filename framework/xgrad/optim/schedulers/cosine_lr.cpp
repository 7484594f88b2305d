#include "xgrad/optim/schedulers/cosine_lr.h"

#include <cmath>
#include <numbers>

#include "xgrad/core/format.h"

namespace xgrad::optim {

using std::numbers::pi;

CosineAnnealingLR::CosineAnnealingLR(Optimizer& optimizer, std::int64_t T_max, double eta_min)
    : EpochLRScheduler(optimizer), T_max_(T_max), eta_min_(eta_min) {
  CosineAnnealingLR::check_fields();
  CosineAnnealingLR::initial_step();
}

void CosineAnnealingLR::check_fields() const {
  check(T_max_ > 0, "CosineAnnealingLR: T_max is {}, expected at least 1", T_max_);
}

std::vector<double> CosineAnnealingLR::get_lrs() {
  const auto period = static_cast<double>(T_max_), epoch = static_cast<double>(last_epoch_);
  return each([&](double lr, double base) {
    if (last_epoch_ == 0) return lr;
    // Where the quotient below would be x / 0: at the bottom.
    if ((last_epoch_ - 1 - T_max_) % (2 * T_max_) == 0) {
      return lr + (base - eta_min_) * (1 - std::cos(pi / period)) / 2;
    }
    return (1 + std::cos(pi * epoch / period)) / (1 + std::cos(pi * (epoch - 1) / period)) *
               (lr - eta_min_) +
           eta_min_;
  });
}

std::vector<double> CosineAnnealingLR::closed_form_lrs() {
  const double phase = pi * static_cast<double>(last_epoch_) / static_cast<double>(T_max_);
  return each([&](double, double base) {
    return eta_min_ + (base - eta_min_) * (1 + std::cos(phase)) / 2;
  });
}

void CosineAnnealingLR::fields(FieldVisitor& field) {
  EpochLRScheduler::fields(field);
  field("T_max", &T_max_);
  field("eta_min", &eta_min_);
}

CosineAnnealingWarmRestarts::CosineAnnealingWarmRestarts(Optimizer& optimizer, std::int64_t T_0,
                                                         std::int64_t T_mult, double eta_min)
    : EpochLRScheduler(optimizer),
      T_0_(T_0),
      T_mult_(T_mult),
      eta_min_(eta_min),
      T_i_(static_cast<double>(T_0)) {
  CosineAnnealingWarmRestarts::check_fields();
  CosineAnnealingWarmRestarts::initial_step();
}

void CosineAnnealingWarmRestarts::check_fields() const {
  check(T_0_ > 0, "CosineAnnealingWarmRestarts: T_0 is {}, expected at least 1", T_0_);
  check(T_mult_ > 0, "CosineAnnealingWarmRestarts: T_mult is {}, expected at least 1", T_mult_);
}

std::vector<double> CosineAnnealingWarmRestarts::get_lrs() {
  return each([&](double, double base) {
    return eta_min_ + (base - eta_min_) * (1 + std::cos(pi * T_cur_ / T_i_)) / 2;
  });
}

void CosineAnnealingWarmRestarts::step() {
  if (last_epoch_ < 0) return step(0.0);
  T_cur_ += 1;
  if (T_cur_ >= T_i_) {
    T_cur_ -= T_i_;
    T_i_ *= static_cast<double>(T_mult_);
  }
  EpochLRScheduler::step();
}

void CosineAnnealingWarmRestarts::step(double epoch) {
  check(epoch >= 0, "CosineAnnealingWarmRestarts: step to epoch {}, expected at least 0", epoch);
  const auto first = static_cast<double>(T_0_), growth = static_cast<double>(T_mult_);
  if (epoch < first) {
    T_cur_ = epoch;
    T_i_ = first;
  } else if (T_mult_ == 1) {
    T_cur_ = std::fmod(epoch, first);
    T_i_ = first;
  } else {
    // Python's math.log(x, base) is a quotient of natural logarithms too.
    const double restarts =
        std::trunc(std::log(epoch / first * (growth - 1) + 1) / std::log(growth));
    T_cur_ = epoch - first * (std::pow(growth, restarts) - 1) / (growth - 1);
    T_i_ = first * std::pow(growth, restarts);
  }
  last_epoch_ = static_cast<std::int64_t>(std::floor(epoch));
  ++step_count_;
  set_optimizer_lrs(get_lrs());
}

void CosineAnnealingWarmRestarts::fields(FieldVisitor& field) {
  EpochLRScheduler::fields(field);
  field("T_0", &T_0_);
  field("T_mult", &T_mult_);
  field("eta_min", &eta_min_);
  field("T_cur", &T_cur_);
  field("T_i", &T_i_);
}

}  // namespace xgrad::optim
