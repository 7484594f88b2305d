#include "xgrad/optim/schedulers/lambda_lr.h"

#include "xgrad/core/format.h"

namespace xgrad::optim {

namespace {

std::vector<LRLambda> checked(const char* scheduler, std::vector<LRLambda> lambdas,
                              const Optimizer& optimizer) {
  const std::size_t groups = optimizer.param_groups().size();
  check(lambdas.size() == groups, "{}: {} functions, expected one for each of {} parameter groups",
        scheduler, lambdas.size(), groups);
  for (const LRLambda& lambda : lambdas) {
    check(static_cast<bool>(lambda), "{}: a function is empty", scheduler);
  }
  return lambdas;
}

std::vector<LRLambda> repeated(const LRLambda& lambda, const Optimizer& optimizer) {
  return std::vector<LRLambda>(optimizer.param_groups().size(), lambda);
}

}  // namespace

LambdaLR::LambdaLR(Optimizer& optimizer, LRLambda lambda)
    : LambdaLR(optimizer, repeated(lambda, optimizer)) {}

LambdaLR::LambdaLR(Optimizer& optimizer, std::vector<LRLambda> lambdas)
    : EpochLRScheduler(optimizer), lambdas_(checked("LambdaLR", std::move(lambdas), optimizer)) {
  LambdaLR::initial_step();
}

std::vector<double> LambdaLR::get_lrs() {
  std::size_t i = 0;
  return each([&](double lr, double base) {
    return i < lambdas_.size() ? base * lambdas_[i++](last_epoch_) : lr;
  });
}

MultiplicativeLR::MultiplicativeLR(Optimizer& optimizer, LRLambda lambda)
    : MultiplicativeLR(optimizer, repeated(lambda, optimizer)) {}

MultiplicativeLR::MultiplicativeLR(Optimizer& optimizer, std::vector<LRLambda> lambdas)
    : EpochLRScheduler(optimizer),
      lambdas_(checked("MultiplicativeLR", std::move(lambdas), optimizer)) {
  MultiplicativeLR::initial_step();
}

std::vector<double> MultiplicativeLR::get_lrs() {
  std::size_t i = 0;
  return each([&](double lr, double) {
    return last_epoch_ > 0 && i < lambdas_.size() ? lr * lambdas_[i++](last_epoch_) : lr;
  });
}

}  // namespace xgrad::optim
