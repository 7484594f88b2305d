#include "xgrad/optim/schedulers/reduce_lr_on_plateau.h"

#include <algorithm>

#include "xgrad/core/format.h"

namespace xgrad::optim {

ReduceLROnPlateau::ReduceLROnPlateau(Optimizer& optimizer, ReduceLROnPlateauOptions options)
    : LRScheduler(optimizer), options_(std::move(options)) {
  const ReduceLROnPlateauOptions& o = options_;
  check(o.factor() < 1, "ReduceLROnPlateau: factor is {}, expected less than 1", o.factor());
  check(o.mode() == "min" || o.mode() == "max",
        "ReduceLROnPlateau: mode is '{}', expected 'min' or 'max'", o.mode());
  check(o.threshold_mode() == "rel" || o.threshold_mode() == "abs",
        "ReduceLROnPlateau: threshold_mode is '{}', expected 'rel' or 'abs'", o.threshold_mode());
  const std::size_t groups = optimizer.param_groups().size();
  if (o.min_lr().size() == 1) options_.min_lr().resize(groups, o.min_lr()[0]);
  check(o.min_lr().size() == groups,
        "ReduceLROnPlateau: min_lr has {} values, expected 1 or one for each of {} groups",
        o.min_lr().size(), groups);
  const double infinity = std::numeric_limits<double>::infinity();
  best_ = o.mode() == "min" ? infinity : -infinity;
}

bool ReduceLROnPlateau::is_better(double metric) const {
  const bool relative = options_.threshold_mode() == "rel";
  const double threshold = options_.threshold();
  if (options_.mode() == "min") {
    return metric < (relative ? best_ * (1 - threshold) : best_ - threshold);
  }
  return metric > (relative ? best_ * (threshold + 1) : best_ + threshold);
}

void ReduceLROnPlateau::step(double metric) {
  ++step_count_;
  if (is_better(metric)) {
    best_ = metric;
    num_bad_epochs_ = 0;
  } else {
    ++num_bad_epochs_;
  }
  if (cooldown_counter_ > 0) {
    --cooldown_counter_;
    num_bad_epochs_ = 0;
  }
  if (num_bad_epochs_ > options_.patience()) {
    set_optimizer_lrs(get_lrs());
    cooldown_counter_ = options_.cooldown();
    num_bad_epochs_ = 0;
  }
}

void ReduceLROnPlateau::step() {
  fail("ReduceLROnPlateau: step needs the metric that it watches, as in step(loss)");
}

// The reduced ones.
std::vector<double> ReduceLROnPlateau::get_lrs() {
  std::vector<double> lrs = get_current_lrs();
  for (std::size_t i = 0; i < lrs.size(); ++i) {
    const double least = i < options_.min_lr().size() ? options_.min_lr()[i] : 0;
    const double reduced = std::max(lrs[i] * options_.factor(), least);
    if (lrs[i] - reduced > options_.eps()) lrs[i] = reduced;
  }
  return lrs;
}

void ReduceLROnPlateau::fields(FieldVisitor& field) {
  field("best", &best_);
  field("num_bad_epochs", &num_bad_epochs_);
  field("cooldown_counter", &cooldown_counter_);
  field("factor", &options_.factor());
  field("patience", &options_.patience());
  field("threshold", &options_.threshold());
  field("cooldown", &options_.cooldown());
  field("min_lr", &options_.min_lr());
  field("eps", &options_.eps());
}

}  // namespace xgrad::optim
