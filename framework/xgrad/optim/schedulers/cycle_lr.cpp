#include "xgrad/optim/schedulers/cycle_lr.h"

#include <cmath>
#include <numbers>

#include "xgrad/core/format.h"

namespace xgrad::optim {

namespace {

class FindMomentum : public FieldVisitor {
 public:
  void operator()(const char* name, FieldPointer field) override {
    const std::string_view text = name;
    if (text == "momentum") momentum = std::get<double*>(field);
    if (text == "betas") momentum = &std::get<0>(*std::get<std::tuple<double, double>*>(field));
  }
  double* momentum = nullptr;
};

// The options' momentum or first beta.
double& momentum_of(const char* scheduler, OptimizerOptions& options) {
  FindMomentum visitor;
  options.fields(visitor);
  check(visitor.momentum != nullptr,
        "{}: cycle_momentum, but the optimizer has neither momentum nor betas, expected one that "
        "has, or cycle_momentum false",
        scheduler);
  return *visitor.momentum;
}

void set_momentum(const char* scheduler, Optimizer& optimizer, double momentum) {
  for (OptimizerParamGroup& group : optimizer.param_groups()) {
    momentum_of(scheduler, group.options()) = momentum;
  }
}

std::vector<double> one_for_each_group(const char* scheduler, const char* option,
                                       std::vector<double> values, const Optimizer& optimizer) {
  const std::size_t groups = optimizer.param_groups().size();
  if (values.size() == 1) values.resize(groups, values[0]);
  check(values.size() == groups, "{}: {} has {} values, expected 1 or one for each of {} groups",
        scheduler, option, values.size(), groups);
  return values;
}

double anneal_cos(double start, double end, double part) {
  return end + (start - end) / 2.0 * (std::cos(std::numbers::pi * part) + 1);
}
double anneal_linear(double start, double end, double part) { return (end - start) * part + start; }

}  // namespace

OneCycleLR::OneCycleLR(Optimizer& optimizer, OneCycleLROptions options)
    : EpochLRScheduler(optimizer), options_(std::move(options)) {
  const OneCycleLROptions& o = options_;
  check(o.total_steps() > 0, "OneCycleLR: total_steps is {}, expected at least 1", o.total_steps());
  check(o.pct_start() >= 0 && o.pct_start() <= 1, "OneCycleLR: pct_start is {}, expected 0 to 1",
        o.pct_start());
  check(o.anneal_strategy() == "cos" || o.anneal_strategy() == "linear",
        "OneCycleLR: anneal_strategy is '{}', expected 'cos' or 'linear'", o.anneal_strategy());
  options_.max_lr(one_for_each_group("OneCycleLR", "max_lr", o.max_lr(), optimizer));
  if (o.cycle_momentum()) set_momentum("OneCycleLR", optimizer, o.max_momentum());
  std::vector<OptimizerParamGroup>& groups = optimizer.param_groups();
  for (std::size_t i = 0; i < groups.size(); ++i) {
    groups[i].initial_lr(o.max_lr()[i] / o.div_factor());
  }
  take_base_lrs();
  OneCycleLR::initial_step();
}

std::vector<double> OneCycleLR::get_lrs() {
  const OneCycleLROptions& o = options_;
  check(last_epoch_ <= o.total_steps(), "OneCycleLR: step {}, expected at most {} (total_steps)",
        last_epoch_, o.total_steps());
  enum Level { kInitial, kMax, kMin };
  struct Phase {
    double end;  // the last step
    Level from_lr, to_lr;
    double from_momentum, to_momentum;
  };
  const auto steps = static_cast<double>(o.total_steps());
  const double low = o.base_momentum(), high = o.max_momentum();
  std::vector<Phase> phases = {{o.pct_start() * steps - 1, kInitial, kMax, high, low}};
  if (o.three_phase()) {
    phases.push_back({2 * o.pct_start() * steps - 2, kMax, kInitial, low, high});
    phases.push_back({steps - 1, kInitial, kMin, high, high});
  } else {
    phases.push_back({steps - 1, kMax, kMin, low, high});
  }
  const auto now = static_cast<double>(last_epoch_);
  std::size_t current = 0;
  while (now > phases[current].end && current + 1 < phases.size()) ++current;
  const Phase& phase = phases[current];
  const double start = current == 0 ? 0 : phases[current - 1].end;
  const double part = (now - start) / (phase.end - start);
  const auto anneal = o.anneal_strategy() == "cos" ? anneal_cos : anneal_linear;

  if (o.cycle_momentum()) {
    set_momentum("OneCycleLR", optimizer(), anneal(phase.from_momentum, phase.to_momentum, part));
  }
  std::size_t i = 0;
  return each([&](double lr, double initial) {
    if (i == o.max_lr().size()) return lr;  // a group that was added later
    const double levels[] = {initial, o.max_lr()[i++], initial / o.final_div_factor()};
    return anneal(levels[phase.from_lr], levels[phase.to_lr], part);
  });
}

// What comes before the base class looks at the optimizer: the rates begin from base_lr.
Optimizer& CyclicLR::prepare(Optimizer& optimizer, CyclicLROptions& o) {
  check(o.step_size_up() > 0 && o.step_size_down().value_or(1) > 0,
        "CyclicLR: step sizes are {} and {}, expected at least 1", o.step_size_up(),
        o.step_size_down().value_or(o.step_size_up()));
  check(o.mode() == "triangular" || o.mode() == "triangular2" || o.mode() == "exp_range" ||
            o.scale_fn() != nullptr,
        "CyclicLR: mode is '{}', expected 'triangular', 'triangular2', 'exp_range' or a scale_fn",
        o.mode());
  check(o.scale_mode() == "cycle" || o.scale_mode() == "iterations",
        "CyclicLR: scale_mode is '{}', expected 'cycle' or 'iterations'", o.scale_mode());
  o.base_lr(one_for_each_group("CyclicLR", "base_lr", o.base_lr(), optimizer));
  o.max_lr(one_for_each_group("CyclicLR", "max_lr", o.max_lr(), optimizer));
  if (o.cycle_momentum()) set_momentum("CyclicLR", optimizer, o.base_momentum());
  std::vector<OptimizerParamGroup>& groups = optimizer.param_groups();
  for (std::size_t i = 0; i < groups.size(); ++i) groups[i].options().set_lr(o.base_lr()[i]);
  return optimizer;
}

CyclicLR::CyclicLR(Optimizer& optimizer, CyclicLROptions options)
    : EpochLRScheduler(prepare(optimizer, options)), options_(std::move(options)) {
  CyclicLR::initial_step();
}

std::vector<double> CyclicLR::get_lrs() {
  const CyclicLROptions& o = options_;
  const auto up = static_cast<double>(o.step_size_up());
  const auto down = static_cast<double>(o.step_size_down().value_or(o.step_size_up()));
  const auto now = static_cast<double>(last_epoch_);
  const double total = up + down, top = up / total;
  const double cycle = std::floor(1 + now / total);
  const double x = 1.0 + now / total - cycle;
  const double height = x <= top ? x / top : (x - 1) / (top - 1);
  double scale = 1;
  if (o.scale_fn()) {
    scale = o.scale_fn()(o.scale_mode() == "cycle" ? cycle : now);
  } else if (o.mode() == "triangular2") {
    scale = 1 / std::pow(2.0, cycle - 1);
  } else if (o.mode() == "exp_range") {
    scale = std::pow(o.gamma(), now);
  }
  if (o.cycle_momentum()) {
    const double swing = (o.max_momentum() - o.base_momentum()) * height;
    set_momentum("CyclicLR", optimizer(), o.max_momentum() - swing * scale);
  }
  std::size_t i = 0;
  return each([&](double lr, double base) {
    if (i == o.max_lr().size()) return lr;  // a group that was added later
    return base + (o.max_lr()[i++] - base) * height * scale;
  });
}

}  // namespace xgrad::optim
