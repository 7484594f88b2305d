// Schedulers that bring a factor to its end within total_iters epochs: ConstantLR at once, LinearLR
// evenly, PolynomialLR by a power. For warming up, or for running out.
#pragma once

#include "xgrad/optim/schedulers/lr_scheduler.h"

namespace xgrad::optim {

// base * factor, then base.
class ConstantLR : public EpochLRScheduler {
 public:
  // Errors: a factor outside 0 to 1.
  explicit ConstantLR(Optimizer& optimizer, double factor = 1.0 / 3, std::int64_t total_iters = 5);
  const char* name() const override { return "ConstantLR"; }

 protected:
  std::vector<double> get_lrs() override;
  std::vector<double> closed_form_lrs() override;
  void fields(FieldVisitor& field) override;
  void check_fields() const override;

 private:
  double factor_;
  std::int64_t total_iters_;
};

// From base * start_factor to base * end_factor.
class LinearLR : public EpochLRScheduler {
 public:
  // Errors: start_factor not above 0 or above 1, end_factor outside 0 to 1, no iterations.
  explicit LinearLR(Optimizer& optimizer, double start_factor = 1.0 / 3, double end_factor = 1,
                    std::int64_t total_iters = 5);
  const char* name() const override { return "LinearLR"; }

 protected:
  std::vector<double> get_lrs() override;
  std::vector<double> closed_form_lrs() override;
  void fields(FieldVisitor& field) override;
  void check_fields() const override;

 private:
  double start_factor_, end_factor_;
  std::int64_t total_iters_;
};

// base * (1 - epoch / total_iters)^power, down to 0.
class PolynomialLR : public EpochLRScheduler {
 public:
  // Errors: no iterations.
  explicit PolynomialLR(Optimizer& optimizer, std::int64_t total_iters = 5, double power = 1);
  const char* name() const override { return "PolynomialLR"; }

 protected:
  std::vector<double> get_lrs() override;
  std::vector<double> closed_form_lrs() override;
  void fields(FieldVisitor& field) override;
  void check_fields() const override;

 private:
  std::int64_t total_iters_;
  double power_;
};

}  // namespace xgrad::optim
