// The golden curves are made by tests/golden/make_optim.py, and are met bit for bit.
#include <catch2/catch.hpp>
#include <cmath>
#include <map>

#include "support/golden.h"
#include "support/matchers.h"
#include "xgrad/xgrad.h"

namespace {

using namespace xgrad;
using namespace xgrad::testing;
using Scheduler = std::shared_ptr<optim::LRScheduler>;
using Make = std::function<Scheduler(optim::Optimizer&)>;

// Two groups, rates 0.1 and 0.025.
std::unique_ptr<optim::SGD> two_groups() {
  std::vector<optim::OptimizerParamGroup> groups;
  groups.emplace_back(std::vector<Tensor>{zeros({1}, requires_grad())});
  groups.emplace_back(std::vector<Tensor>{zeros({1}, requires_grad())},
                      std::make_unique<optim::SGDOptions>(optim::SGDOptions(0.025).momentum(0.9)));
  return std::make_unique<optim::SGD>(groups, optim::SGDOptions(0.1).momentum(0.9));
}

template <class S, class... Args>
Make make(Args... args) {
  return [=](optim::Optimizer& optimizer) { return std::make_shared<S>(optimizer, args...); };
}

Make sequence(std::vector<Make> parts, std::vector<std::int64_t> milestones) {
  return [=](optim::Optimizer& optimizer) {
    optim::LRSchedulerList schedulers;
    for (const Make& part : parts) schedulers.push_back(part(optimizer));
    return std::make_shared<optim::SequentialLR>(optimizer, schedulers, milestones);
  };
}

Make chain(std::vector<Make> parts) {
  return [=](optim::Optimizer& optimizer) {
    optim::LRSchedulerList schedulers;
    for (const Make& part : parts) schedulers.push_back(part(optimizer));
    return std::make_shared<optim::ChainedScheduler>(schedulers);
  };
}

const std::vector<optim::LRLambda> lambdas = {
    [](std::int64_t e) { return std::pow(0.9, static_cast<double>(e)); },
    [](std::int64_t e) { return 1 / static_cast<double>(1 + e); }};

const std::map<std::string, Make> makers = {
    {"step", make<optim::StepLR>(7U, 0.3)},
    {"multistep", make<optim::MultiStepLR>(std::vector<std::int64_t>{3, 20, 20, 60}, 0.5)},
    {"exponential", make<optim::ExponentialLR>(0.95)},
    {"constant", make<optim::ConstantLR>()},
    {"constant_options", make<optim::ConstantLR>(0.7, 11)},
    {"linear", make<optim::LinearLR>()},
    {"linear_down", make<optim::LinearLR>(1.0, 0.01, 77)},
    {"polynomial", make<optim::PolynomialLR>()},
    {"polynomial_options", make<optim::PolynomialLR>(80, 1.7)},
    {"cosine", make<optim::CosineAnnealingLR>(13, 0.001)},
    {"restarts", make<optim::CosineAnnealingWarmRestarts>(9)},
    {"restarts_options", make<optim::CosineAnnealingWarmRestarts>(5, 2, 0.003)},
    {"onecycle", make<optim::OneCycleLR>(optim::OneCycleLROptions(0.7, 100))},
    {"onecycle_options", make<optim::OneCycleLR>(optim::OneCycleLROptions({0.7, 0.2}, 100)
                                                     .pct_start(0.4)
                                                     .anneal_strategy("linear")
                                                     .three_phase(true)
                                                     .div_factor(10)
                                                     .final_div_factor(50))},
    {"cyclic", make<optim::CyclicLR>(optim::CyclicLROptions(0.01, 0.3).step_size_up(8))},
    {"cyclic_triangular2", make<optim::CyclicLR>(optim::CyclicLROptions({0.01, 0.02}, {0.3, 0.5})
                                                     .step_size_up(6)
                                                     .step_size_down(9)
                                                     .mode("triangular2")
                                                     .base_momentum(0.6))},
    {"cyclic_exp", make<optim::CyclicLR>(optim::CyclicLROptions(0.01, 0.3)
                                             .step_size_up(8)
                                             .mode("exp_range")
                                             .gamma(0.97)
                                             .cycle_momentum(false))},
    {"lambda", make<optim::LambdaLR>(lambdas)},
    {"multiplicative", make<optim::MultiplicativeLR>(optim::LRLambda(
                           [](std::int64_t e) { return e % 3 != 0 ? 0.95 : 1.1; }))},
    {"sequential", sequence({make<optim::LinearLR>(0.1, 1.0, 10),
                             make<optim::CosineAnnealingLR>(30), make<optim::StepLR>(5U, 0.5)},
                            {10, 50})},
    {"sequential_restarts",
     sequence({make<optim::ConstantLR>(0.1, 2), make<optim::CosineAnnealingWarmRestarts>(4, 2),
               make<optim::PolynomialLR>(20, 2.0)},
              {3, 50})},
    {"chained", chain({make<optim::ConstantLR>(0.1, 2), make<optim::ExponentialLR>(0.9)})},
};

std::vector<double> rates(optim::Optimizer& optimizer) {
  std::vector<double> row;
  for (auto& group : optimizer.param_groups()) row.push_back(group.options().get_lr());
  return row;
}

std::vector<double> rates_and_momentum(optim::Optimizer& optimizer) {
  std::vector<double> row = rates(optimizer);
  row.push_back(static_cast<optim::SGDOptions&>(optimizer.param_groups()[0].options()).momentum());
  return row;
}

TEST_CASE("every scheduler gives PyTorch's curve, bit for bit, for 101 epochs") {
  const auto golden = read_golden("optim.json")["schedulers"];
  REQUIRE(golden.size() == makers.size());
  for (const auto& [name, make_one] : makers) {
    const auto optimizer = two_groups();
    const Scheduler scheduler = make_one(*optimizer);
    for (std::size_t epoch = 0; epoch <= 100; ++epoch) {
      INFO(name << ", epoch " << epoch);
      REQUIRE(rates_and_momentum(*optimizer) == golden[name][epoch].get<std::vector<double>>());
      if (epoch < 100) scheduler->step();
    }
  }
}

TEST_CASE("a loaded scheduler goes on with the same curve") {
  for (const auto& [name, make_one] : makers) {
    INFO(name);
    const auto optimizer = two_groups();
    const Scheduler scheduler = make_one(*optimizer);
    for (int epoch = 0; epoch < 27; ++epoch) scheduler->step();

    const auto resumed = two_groups();
    const Scheduler other = make_one(*resumed);
    other->load_state_dict(scheduler->state_dict());
    resumed->load_state_dict(optimizer->state_dict());
    REQUIRE(other->last_epoch() == scheduler->last_epoch());
    for (int epoch = 27; epoch < 80; ++epoch) {
      REQUIRE(rates_and_momentum(*resumed) == rates_and_momentum(*optimizer));
      scheduler->step();
      other->step();
    }
  }
}

double metric(int epoch) { return 1.0 / (1 + std::min(epoch, 20)) + 0.01 * (epoch % 3); }

TEST_CASE("ReduceLROnPlateau lowers the rates when PyTorch's does") {
  const auto golden = read_golden("optim.json")["plateaus"];
  const std::map<std::string, optim::ReduceLROnPlateauOptions> cases = {
      {"plateau", optim::ReduceLROnPlateauOptions().patience(4)},
      {"plateau_options", optim::ReduceLROnPlateauOptions()
                              .mode("max")
                              .factor(0.5)
                              .patience(2)
                              .threshold(0.02)
                              .threshold_mode("abs")
                              .cooldown(3)
                              .min_lr({0.002, 0.01})}};
  for (const auto& [name, options] : cases) {
    const auto optimizer = two_groups();
    auto scheduler = std::make_unique<optim::ReduceLROnPlateau>(*optimizer, options);
    for (int epoch = 0; epoch <= 100; ++epoch) {
      INFO(name << ", epoch " << epoch);
      REQUIRE(rates(*optimizer) ==
              golden[name][static_cast<std::size_t>(epoch)].get<std::vector<double>>());
      if (epoch == 17) {  // continue with another one
        const io::StateDict state = scheduler->state_dict();
        scheduler = std::make_unique<optim::ReduceLROnPlateau>(*optimizer, options);
        scheduler->load_state_dict(state);
      }
      scheduler->step(metric(epoch));
    }
  }
}

TEST_CASE("warm restarts can be stepped to any point of time") {
  const auto optimizer = two_groups();
  optim::CosineAnnealingWarmRestarts scheduler(*optimizer, 4, 2, 0.01);
  const double pi = std::acos(-1.0);
  const auto expected = [&](double part) { return 0.01 + 0.09 * (1 + std::cos(pi * part)) / 2; };
  for (const auto& [epoch, part] : std::map<double, double>{
           {0.5, 0.5 / 4}, {3.75, 3.75 / 4}, {4.5, 0.5 / 8}, {12.25, 0.25 / 16}}) {
    scheduler.step(epoch);
    REQUIRE(rates(*optimizer)[0] == Approx(expected(part)).epsilon(1e-14));
  }
}

// As a libtorch program writes one.
class Halving : public optim::LRScheduler {
 public:
  explicit Halving(optim::Optimizer& optimizer) : LRScheduler(optimizer) {}

 private:
  std::vector<double> get_lrs() override {
    std::vector<double> lrs = get_current_lrs();
    if (step_count_ > 0) {
      for (double& lr : lrs) lr /= 2;
    }
    return lrs;
  }
};

TEST_CASE("a program's own scheduler is asked for its rates at each step") {
  const auto optimizer = two_groups();
  Halving scheduler(*optimizer);
  scheduler.step();
  REQUIRE(rates(*optimizer) == std::vector<double>{0.1, 0.025});
  scheduler.step();
  scheduler.step();
  REQUIRE(rates(*optimizer) == std::vector<double>{0.025, 0.00625});
  REQUIRE(scheduler.step_count() == 3);
}

TEST_CASE("wrong schedulers and states are refused") {
  const auto optimizer = two_groups();
  optim::Optimizer& o = *optimizer;
  REQUIRE(error_of([&] { optim::StepLR(o, 0); }) == "StepLR: step_size is 0, expected at least 1");
  REQUIRE(error_of([&] { optim::LinearLR(o, 0); }) ==
          "LinearLR: start_factor is 0, expected above 0 and at most 1");
  REQUIRE(error_of([&] { optim::LambdaLR(o, std::vector<optim::LRLambda>{lambdas[0]}); }) ==
          "LambdaLR: 1 functions, expected one for each of 2 parameter groups");
  REQUIRE(error_of([&] { optim::CyclicLR(o, optim::CyclicLROptions(0.1, 1).mode("square")); }) ==
          "CyclicLR: mode is 'square', expected 'triangular', 'triangular2', 'exp_range' or a "
          "scale_fn");
  optim::Adagrad without({ones({1}, requires_grad())});
  REQUIRE(error_of([&] {
            optim::OneCycleLR(without, {0.1, 10});
          }) ==
          "OneCycleLR: cycle_momentum, but the optimizer has neither momentum nor betas, expected "
          "one that has, or cycle_momentum false");
  REQUIRE(error_of([&] { optim::ReduceLROnPlateau(o).step(); }) ==
          "ReduceLROnPlateau: step needs the metric that it watches, as in step(loss)");
  REQUIRE(error_of([&] { optim::SequentialLR(o, {makers.at("step")(o)}, {3}); }) ==
          "SequentialLR: 1 milestones for 1 schedulers, expected 0");

  optim::OneCycleLR cycle(o, {0.1, 2});
  cycle.step();
  cycle.step();
  REQUIRE(error_of([&] { cycle.step(); }) ==
          "OneCycleLR: step 3, expected at most 2 (total_steps)");

  optim::StepLR step(o, 5);
  REQUIRE(error_of([&] { step.load_state_dict(cycle.state_dict()); }) ==
          "StepLR::load_state_dict: the state is of OneCycleLR, expected StepLR");
  io::StateDict damaged = step.state_dict();
  damaged.values["fields"]["step_size"] = 0;
  const io::Value before = step.state_dict().values;
  REQUIRE(error_of([&] { step.load_state_dict(damaged); }) ==
          "StepLR: step_size is 0, expected at least 1");
  REQUIRE(step.state_dict().values == before);
}

}  // namespace
