// Schedulers along half a cosine from the base rate to eta_min: CosineAnnealingLR goes there and
// back, CosineAnnealingWarmRestarts goes there and jumps back. Source: Loshchilov and Hutter, SGDR,
// 2016.
#pragma once

#include "xgrad/optim/schedulers/lr_scheduler.h"

namespace xgrad::optim {

class CosineAnnealingLR : public EpochLRScheduler {
 public:
  // Errors: T_max below 1.
  CosineAnnealingLR(Optimizer& optimizer, std::int64_t T_max, double eta_min = 0);
  const char* name() const override { return "CosineAnnealingLR"; }

 protected:
  std::vector<double> get_lrs() override;
  std::vector<double> closed_form_lrs() override;
  void fields(FieldVisitor& field) override;
  void check_fields() const override;

 private:
  std::int64_t T_max_;
  double eta_min_;
};

// The first period lasts T_0 epochs, each later one T_mult times as long as the one before.
class CosineAnnealingWarmRestarts : public EpochLRScheduler {
 public:
  // Errors: T_0 or T_mult below 1.
  CosineAnnealingWarmRestarts(Optimizer& optimizer, std::int64_t T_0, std::int64_t T_mult = 1,
                              double eta_min = 0);
  void step() override;
  // At any point of time, in epochs: step(epoch + batch / batches) after each batch.
  // Errors: epoch < 0.
  void step(double epoch);
  const char* name() const override { return "CosineAnnealingWarmRestarts"; }

 protected:
  std::vector<double> get_lrs() override;
  void begin_at(std::int64_t epoch) override { step(static_cast<double>(epoch)); }
  void fields(FieldVisitor& field) override;
  void check_fields() const override;

 private:
  std::int64_t T_0_, T_mult_;
  double eta_min_;
  double T_cur_ = -1;  // epochs since the last restart
  double T_i_;         // epochs from that to the next
};

}  // namespace xgrad::optim
