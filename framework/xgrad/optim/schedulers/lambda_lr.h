// Schedulers by a program's own function of the epoch: LambdaLR multiplies the base rate,
// MultiplicativeLR the current one.
//
//   auto factor = [](std::int64_t epoch) { return std::min(1.0, 0.1 * double(epoch + 1)); };
//   optim::LambdaLR warmup(optimizer, factor);
//
// Functions are not part of the state.
#pragma once

#include <functional>

#include "xgrad/optim/schedulers/lr_scheduler.h"

namespace xgrad::optim {

using LRLambda = std::function<double(std::int64_t epoch)>;

class LambdaLR : public EpochLRScheduler {
 public:
  LambdaLR(Optimizer& optimizer, LRLambda lambda);
  // One function a group. Errors: another number of functions.
  LambdaLR(Optimizer& optimizer, std::vector<LRLambda> lambdas);
  const char* name() const override { return "LambdaLR"; }

 protected:
  std::vector<double> get_lrs() override;

 private:
  std::vector<LRLambda> lambdas_;
};

// Epoch 0 has the base rate; the function is first asked for epoch 1.
class MultiplicativeLR : public EpochLRScheduler {
 public:
  MultiplicativeLR(Optimizer& optimizer, LRLambda lambda);
  MultiplicativeLR(Optimizer& optimizer, std::vector<LRLambda> lambdas);
  const char* name() const override { return "MultiplicativeLR"; }

 protected:
  std::vector<double> get_lrs() override;

 private:
  std::vector<LRLambda> lambdas_;
};

}  // namespace xgrad::optim
