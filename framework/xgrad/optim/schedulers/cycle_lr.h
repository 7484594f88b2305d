// Schedulers that let rate and momentum swing against each other: OneCycleLR once up and down over
// the whole training, CyclicLR again and again. Both are stepped after each batch. Sources: Smith
// and Topin, Super-Convergence, 2017; Smith, Cyclical Learning Rates, 2015.
#pragma once

#include <functional>
#include <string>

#include "xgrad/optim/schedulers/lr_scheduler.h"

namespace xgrad::optim {

struct OneCycleLROptions {
  // total_steps: epochs times batches.
  OneCycleLROptions(double max_lr, std::int64_t total_steps)
      : max_lr_{max_lr}, total_steps_(total_steps) {}
  // One rate a group.
  OneCycleLROptions(std::vector<double> max_lr, std::int64_t total_steps)
      : max_lr_(std::move(max_lr)), total_steps_(total_steps) {}

  XGRAD_ARG(std::vector<double>, max_lr);
  XGRAD_ARG(std::int64_t, total_steps);
  // The part of the cycle that goes up.
  XGRAD_ARG(double, pct_start) = 0.3;
  // "cos" or "linear".
  XGRAD_ARG(std::string, anneal_strategy) = "cos";
  // Momentum, or the first beta, goes from max_momentum down to base_momentum and back.
  XGRAD_ARG(bool, cycle_momentum) = true;
  XGRAD_ARG(double, base_momentum) = 0.85;
  XGRAD_ARG(double, max_momentum) = 0.95;
  // The first rate is max_lr / div_factor, the last one that / final_div_factor.
  XGRAD_ARG(double, div_factor) = 25;
  XGRAD_ARG(double, final_div_factor) = 1e4;
  // Down to the first rate as long as up, then on to the last one.
  XGRAD_ARG(bool, three_phase) = false;
};

class OneCycleLR : public EpochLRScheduler {
 public:
  // Errors: options outside their range; cycle_momentum for an optimizer without.
  // step(): beyond total_steps.
  OneCycleLR(Optimizer& optimizer, OneCycleLROptions options);
  const char* name() const override { return "OneCycleLR"; }

 protected:
  std::vector<double> get_lrs() override;

 private:
  OneCycleLROptions options_;
};

struct CyclicLROptions {
  CyclicLROptions(double base_lr, double max_lr) : base_lr_{base_lr}, max_lr_{max_lr} {}
  // One rate a group.
  CyclicLROptions(std::vector<double> base_lr, std::vector<double> max_lr)
      : base_lr_(std::move(base_lr)), max_lr_(std::move(max_lr)) {}

  XGRAD_ARG(std::vector<double>, base_lr);
  XGRAD_ARG(std::vector<double>, max_lr);
  XGRAD_ARG(std::int64_t, step_size_up) = 2000;
  // As step_size_up if not given.
  XGRAD_ARG(optional<std::int64_t>, step_size_down);
  // "triangular", "triangular2" (half as high each cycle) or "exp_range" (gamma^step as high);
  // ignored with a scale_fn.
  XGRAD_ARG(std::string, mode) = "triangular";
  XGRAD_ARG(double, gamma) = 1;
  // The height, as a function of the cycle (from 1) or, with scale_mode "iterations", of the step.
  XGRAD_ARG(std::function<double(double)>, scale_fn);
  XGRAD_ARG(std::string, scale_mode) = "cycle";
  XGRAD_ARG(bool, cycle_momentum) = true;
  XGRAD_ARG(double, base_momentum) = 0.8;
  XGRAD_ARG(double, max_momentum) = 0.9;
};

class CyclicLR : public EpochLRScheduler {
 public:
  // Errors: an unknown mode, no steps; cycle_momentum for an optimizer without.
  CyclicLR(Optimizer& optimizer, CyclicLROptions options);
  const char* name() const override { return "CyclicLR"; }

 protected:
  std::vector<double> get_lrs() override;

 private:
  static Optimizer& prepare(Optimizer& optimizer, CyclicLROptions& options);

  CyclicLROptions options_;
};

}  // namespace xgrad::optim
