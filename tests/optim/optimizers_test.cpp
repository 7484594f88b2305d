// The golden trajectories are made by tests/golden/make_optim.py.
#include <catch2/catch.hpp>
#include <map>

#include "support/golden.h"
#include "support/matchers.h"
#include "xgrad/xgrad.h"

namespace {

using namespace xgrad;
using namespace xgrad::testing;
using Make = std::function<std::unique_ptr<optim::Optimizer>(std::vector<Tensor>)>;

template <class O, class Options>
Make make(Options options) {
  return [options](std::vector<Tensor> params) {
    return std::make_unique<O>(std::move(params), options);
  };
}

const std::map<std::string, Make> makers = {
    {"sgd", make<optim::SGD>(optim::SGDOptions(0.05))},
    {"sgd_decay_maximize",
     make<optim::SGD>(optim::SGDOptions(0.001).weight_decay(0.1).maximize(true))},
    {"sgd_momentum", make<optim::SGD>(optim::SGDOptions(0.02).momentum(0.9))},
    {"sgd_dampening",
     make<optim::SGD>(optim::SGDOptions(0.02).momentum(0.8).dampening(0.3).weight_decay(0.01))},
    {"sgd_nesterov",
     make<optim::SGD>(optim::SGDOptions(0.02).momentum(0.9).nesterov(true).weight_decay(0.05))},
    {"adam", make<optim::Adam>(optim::AdamOptions())},
    {"adam_options",
     make<optim::Adam>(optim::AdamOptions(0.1).betas({0.8, 0.95}).eps(1e-4).weight_decay(0.1))},
    {"adam_amsgrad", make<optim::Adam>(optim::AdamOptions(0.2).amsgrad(true))},
    {"adam_maximize", make<optim::Adam>(optim::AdamOptions(0.01).maximize(true).weight_decay(0.1))},
    {"adamw", make<optim::AdamW>(optim::AdamWOptions(0.05))},
    {"adamw_options", make<optim::AdamW>(optim::AdamWOptions(0.1)
                                             .betas(std::make_tuple(0.7, 0.9))
                                             .eps(1e-3)
                                             .weight_decay(0.3)
                                             .amsgrad(true))},
    {"rmsprop", make<optim::RMSprop>(optim::RMSpropOptions())},
    {"rmsprop_momentum",
     make<optim::RMSprop>(optim::RMSpropOptions(0.02).alpha(0.9).momentum(0.5).weight_decay(0.1))},
    {"rmsprop_centered",
     make<optim::RMSprop>(optim::RMSpropOptions(0.02).centered(true).eps(1e-2))},
    {"rmsprop_both",
     make<optim::RMSprop>(
         optim::RMSpropOptions(0.02).alpha(0.95).momentum(0.9).centered(true).eps(1e-2))},
    {"adagrad", make<optim::Adagrad>(optim::AdagradOptions(0.5))},
    {"adagrad_options",
     make<optim::Adagrad>(optim::AdagradOptions(0.5)
                              .lr_decay(0.1)
                              .weight_decay(0.05)
                              .initial_accumulator_value(0.3)
                              .eps(1e-3))},
    {"adadelta", make<optim::Adadelta>(optim::AdadeltaOptions())},
    {"adadelta_options",
     make<optim::Adadelta>(optim::AdadeltaOptions(2).rho(0.7).eps(1e-3).weight_decay(0.1))},
    {"adamax", make<optim::Adamax>(optim::AdamaxOptions())},
    {"adamax_options",
     make<optim::Adamax>(optim::AdamaxOptions(0.1).betas({0.8, 0.9}).eps(1e-3).weight_decay(0.1))},
    {"nadam", make<optim::NAdam>(optim::NAdamOptions())},
    {"nadam_options",
     make<optim::NAdam>(
         optim::NAdamOptions(0.05).betas({0.8, 0.95}).weight_decay(0.1).momentum_decay(0.05))},
    {"radam", make<optim::RAdam>(optim::RAdamOptions())},
    {"radam_options",
     make<optim::RAdam>(optim::RAdamOptions(0.1).betas({0.8, 0.9}).eps(1e-3).weight_decay(0.1))},
};

constexpr double kStart[] = {0.5, -1.25, 2.0, 0.125, -3.0, 1.5, -0.75, 0.25, 1.0};
constexpr double kStiffness[] = {1.0, 4.0, 0.25, 10.0, 0.5, 2.0, 0.75, 6.0, 0.1};
constexpr double kCentre[] = {1.0, 0.0, -1.0, 0.5, 2.0, -0.5, 0.25, -2.0, 3.0};

// The nine elements [5] and [2, 2] of make_optim.py. `transposed`: as views whose memory is in
// another order, or has gaps.
enum class Memory { dense, gradient_transposed, parameter_with_gaps };

class NineElements {
 public:
  explicit NineElements(Memory memory = Memory::dense, ScalarType type = kDouble)
      : memory_(memory) {
    const bool gaps = memory == Memory::parameter_with_gaps;
    a_ = gaps ? zeros({5, 3}, type).select(1, 1) : zeros({5}, type);
    b_ = gaps ? zeros({4, 4}, type).slice(0, 0, 4, 2).slice(1, 1, 3) : zeros({2, 2}, type);
    a_.copy_(tensor({kStart[0], kStart[1], kStart[2], kStart[3], kStart[4]}));
    b_.copy_(tensor({{kStart[5], kStart[6]}, {kStart[7], kStart[8]}}));
    a_.requires_grad_();
    b_.requires_grad_();
  }

  std::vector<Tensor> parameters() const { return {a_, b_}; }
  std::vector<double> values() const {
    std::vector<double> result;
    for (std::int64_t i = 0; i < 5; ++i) result.push_back(a_.detach()[i].item<double>());
    for (std::int64_t i = 0; i < 4; ++i) result.push_back(b_.detach()[i / 2][i % 2].item<double>());
    return result;
  }
  void set_gradients() const {
    std::vector<double> g = values();
    for (std::size_t i = 0; i < g.size(); ++i) {
      g[i] = kStiffness[i] * (g[i] - kCentre[i]) + 0.05 * g[i] * g[i] * g[i];
    }
    a_.mutable_grad() = tensor({g[0], g[1], g[2], g[3], g[4]}, kDouble).to(a_.scalar_type());
    Tensor grad = tensor({{g[5], g[6]}, {g[7], g[8]}}, kDouble).to(a_.scalar_type());
    if (memory_ == Memory::gradient_transposed) grad = grad.t().contiguous().t();
    b_.mutable_grad() = grad;
  }

 private:
  Memory memory_;
  Tensor a_, b_;
};

double largest_difference(const std::vector<double>& a, const std::vector<double>& b) {
  REQUIRE(a.size() == b.size());
  double result = 0;
  for (std::size_t i = 0; i < a.size(); ++i) result = std::max(result, std::fabs(a[i] - b[i]));
  return result;
}

void run(const std::string& name, Memory memory) {
  const auto rows = read_golden("optim.json")["optimizers"][name];
  const NineElements elements(memory);
  const auto optimizer = makers.at(name)(elements.parameters());
  for (std::size_t step = 1; step <= 50; ++step) {
    elements.set_gradients();
    optimizer->step();
    if (step % 5 != 0) continue;
    INFO(name << ", step " << step);
    REQUIRE(largest_difference(elements.values(), rows[step / 5 - 1].get<std::vector<double>>()) <
            1e-9);
  }
}

TEST_CASE("every optimizer takes PyTorch's path, for 50 steps in float64") {
  const auto golden = read_golden("optim.json")["optimizers"];
  REQUIRE(golden.size() == makers.size());
  for (const auto& [name, make_one] : makers) run(name, Memory::dense);
}

TEST_CASE("the path does not depend on the memory order of gradients or parameters") {
  for (const char* name : {"sgd_nesterov", "adam_amsgrad", "rmsprop_both"}) {
    run(name, Memory::gradient_transposed);
    run(name, Memory::parameter_with_gaps);
  }
}

TEST_CASE("float32 follows float64") {
  for (const auto& [name, make_one] : makers) {
    const NineElements narrow(Memory::dense, kFloat), wide;
    const auto a = make_one(narrow.parameters()), b = make_one(wide.parameters());
    for (int step = 0; step < 10; ++step) {
      narrow.set_gradients();
      wide.set_gradients();
      a->step();
      b->step();
    }
    INFO(name);
    REQUIRE(largest_difference(narrow.values(), wide.values()) < 1e-4);
  }
}

TEST_CASE("a large parameter is updated as its pieces are, whatever the instruction set") {
  const std::int64_t n = 70001;
  const Tensor start = randn({n}, kDouble), gradient = randn({n}, kDouble);
  Tensor first;
  for (const InstructionSet set : available_instruction_sets()) {
    const InstructionSet before = instruction_set();
    set_instruction_set(set);
    const Tensor p = start.clone().requires_grad_();
    optim::AdamW optimizer({p}, optim::AdamWOptions(0.1).amsgrad(true));
    for (int step = 0; step < 3; ++step) {
      p.mutable_grad() = gradient;
      optimizer.step();
    }
    set_instruction_set(before);
    const Tensor tail = start.narrow(0, n - 5, 5).clone().requires_grad_();
    optim::AdamW of_tail({tail}, optim::AdamWOptions(0.1).amsgrad(true));
    for (int step = 0; step < 3; ++step) {
      tail.mutable_grad() = gradient.narrow(0, n - 5, 5);
      of_tail.step();
    }
    REQUIRE_THAT(p.detach().narrow(0, n - 5, 5), Near(tail.detach(), 1e-15));
    if (!first.defined()) first = p.detach();
    REQUIRE_THAT(p.detach(), Near(first, 1e-14));
  }
}

std::vector<std::vector<double>> rosenbrock(optim::LBFGSOptions options) {
  const Tensor x = tensor({-1.2, 1.0}, dtype(kDouble)).requires_grad_();
  optim::LBFGS optimizer({x}, options);
  std::vector<std::vector<double>> rows;
  double calls = 0;
  for (int step = 0; step < 8; ++step) {
    optimizer.step([&] {
      ++calls;
      optimizer.zero_grad();
      Tensor loss = (1 - x[0]).pow(2) + 100 * (x[1] - x[0].pow(2)).pow(2);
      loss.backward();
      return loss;
    });
    const Tensor now = x.detach();
    rows.push_back({now[0].item<double>(), now[1].item<double>(), calls});
  }
  return rows;
}

TEST_CASE(
    "LBFGS takes PyTorch's path on Rosenbrock's function, with as many calls of the closure") {
  const auto golden = read_golden("optim.json")["lbfgs"];
  const std::map<std::string, optim::LBFGSOptions> cases = {
      {"plain", optim::LBFGSOptions(0.001)},
      {"wolfe", optim::LBFGSOptions().line_search_fn("strong_wolfe").max_iter(4)},
      {"wolfe_short",
       optim::LBFGSOptions(0.5).line_search_fn("strong_wolfe").max_iter(3).history_size(2)}};
  for (const auto& [name, options] : cases) {
    const auto rows = rosenbrock(options);
    for (std::size_t step = 0; step < rows.size(); ++step) {
      INFO(name << ", step " << step);
      REQUIRE(largest_difference(rows[step], golden[name][step].get<std::vector<double>>()) < 1e-9);
    }
  }
}

TEST_CASE("parameters without a gradient are left alone, and keep no state") {
  const Tensor used = ones({2}, requires_grad()), unused = ones({2}, requires_grad());
  optim::Adam optimizer({used, unused}, 0.1);
  used.sum().backward();
  optimizer.step();
  REQUIRE(optimizer.state().size() == 1);
  REQUIRE(unused.equal(ones({2})));
  REQUIRE_THAT(used.detach(), Near(full({2}, 0.9), 1e-6));
}

TEST_CASE("Adagrad has its states from the start, and follows parameters that change dtype") {
  auto net = std::make_shared<nn::LinearImpl>(2, 1);
  optim::Adagrad optimizer(net->parameters(),
                           optim::AdagradOptions(0.5).initial_accumulator_value(2));
  const auto& state = optimizer.state()[net->weight.unsafeGetTensorImpl()];
  REQUIRE(state != nullptr);
  REQUIRE(static_cast<optim::AdagradParamState&>(*state).sum().equal(full({1, 2}, 2.0)));
  net->to(kDouble);
  net->forward(ones({2}, kDouble)).sum().backward();
  optimizer.step();
  REQUIRE(static_cast<optim::AdagradParamState&>(*state).step() == 1);
  REQUIRE(static_cast<optim::AdagradParamState&>(*state).sum().scalar_type() == kDouble);
}

TEST_CASE("zero_grad fills with zeros, or lets go") {
  const Tensor x = ones({2}, requires_grad());
  optim::SGD optimizer({x}, 0.1);
  x.sum().backward();
  const Tensor grad = x.grad();
  optimizer.zero_grad();
  REQUIRE(x.grad().is_same(grad));
  REQUIRE(grad.equal(zeros({2})));
  optimizer.zero_grad(true);
  REQUIRE(!x.grad().defined());
}

TEST_CASE("each group has its own options, and those of a group without are the defaults") {
  const Tensor x = ones({1}, requires_grad()), y = ones({1}, requires_grad());
  std::vector<optim::OptimizerParamGroup> groups;
  groups.emplace_back(std::vector<Tensor>{x}, std::make_unique<optim::SGDOptions>(0.5));
  optim::SGD optimizer(groups, optim::SGDOptions(0.1));
  optimizer.add_param_group(optim::OptimizerParamGroup({y}));
  REQUIRE(optimizer.size() == 2);
  (x + y).sum().backward();
  optimizer.step();
  REQUIRE(x.item<double>() == Approx(0.5));
  REQUIRE(y.item<double>() == Approx(0.9));
  auto& second = static_cast<optim::SGDOptions&>(optimizer.param_groups()[1].options());
  second.lr(0.2).momentum(0.5);
  REQUIRE(second.get_lr() == 0.2);
  REQUIRE(optimizer.param_groups()[0].options().get_lr() == 0.5);
  optimizer.param_groups()[0].options().set_lr(0.25);
  REQUIRE(static_cast<optim::SGDOptions&>(optimizer.param_groups()[0].options()) ==
          optim::SGDOptions(0.25));
}

TEST_CASE("step gives the closure's loss, computed with gradients on") {
  const Tensor x = ones({1}, requires_grad());
  optim::SGD optimizer({x}, 0.1);
  const NoGradGuard no_grad;
  const Tensor loss = optimizer.step([&] {
    Tensor value = (x * 3).sum();
    value.backward();
    return value;
  });
  REQUIRE(loss.item<double>() == 3);
  REQUIRE(x.item<double>() == Approx(0.7));
}

TEST_CASE("a loaded optimizer continues bit for bit, hyper-parameters included") {
  for (const auto& [name, make_one] : makers) {
    INFO(name);
    const NineElements elements;
    auto optimizer = make_one(elements.parameters());
    const auto steps = [&](int count) {
      for (int i = 0; i < count; ++i) {
        elements.set_gradients();
        optimizer->step();
      }
    };
    const io::StateDict fresh = optimizer->state_dict();
    optimizer->load_state_dict(fresh);  // before the first step
    steps(3);
    optimizer->param_groups()[0].options().set_lr(0.0123);
    const io::StateDict state = optimizer->state_dict();
    std::vector<Tensor> at_3, tensors_at_3;
    for (const Tensor& p : elements.parameters()) at_3.push_back(p.detach().clone());
    io::StateDict copy;
    copy.values = state.values;
    for (const auto& [key, value] : state.tensors) copy.add(key, value.clone());
    steps(4);
    const std::vector<double> expected = elements.values();

    {
      const NoGradGuard no_grad;
      for (std::size_t i = 0; i < 2; ++i) elements.parameters()[i].copy_(at_3[i]);
    }
    optimizer = make_one(elements.parameters());
    optimizer->load_state_dict(copy);
    REQUIRE(optimizer->param_groups()[0].options().get_lr() == 0.0123);
    steps(4);
    REQUIRE(elements.values() == expected);
  }
}

TEST_CASE("LBFGS continues from its state") {
  const auto run_steps = [](bool reload) {
    const Tensor x = tensor({-1.2, 1.0}, dtype(kDouble)).requires_grad_();
    const auto options = optim::LBFGSOptions().line_search_fn("strong_wolfe").max_iter(3);
    auto optimizer = std::make_unique<optim::LBFGS>(std::vector<Tensor>{x}, options);
    for (int step = 0; step < 6; ++step) {
      if (reload && step == 3) {
        const io::StateDict state = optimizer->state_dict();
        optimizer = std::make_unique<optim::LBFGS>(std::vector<Tensor>{x});
        optimizer->load_state_dict(state);
      }
      optimizer->step([&] {
        optimizer->zero_grad();
        Tensor loss = (1 - x[0]).pow(2) + 100 * (x[1] - x[0].pow(2)).pow(2);
        loss.backward();
        return loss;
      });
    }
    return x.detach();
  };
  REQUIRE_THAT(run_steps(true), Identical(run_steps(false)));
}

TEST_CASE("a state that does not fit is refused, and changes nothing") {
  const Tensor x = ones({3}, requires_grad());
  optim::Adam optimizer({x}, 0.1);
  x.sum().backward();
  optimizer.step();
  const io::StateDict good = optimizer.state_dict();

  const auto refused = [&](const std::string& expected, const io::StateDict& state) {
    REQUIRE(error_of([&] { optimizer.load_state_dict(state); }) == expected);
    REQUIRE(optimizer.state_dict().values == good.values);
  };
  optim::SGD other({x}, 0.1);
  refused("Adam::load_state_dict: the state is of SGD, expected Adam", other.state_dict());
  optim::Adam of_two({x, ones({1}, requires_grad())});
  refused("Adam::load_state_dict: group 0 has 2 parameters in the state, expected 1",
          of_two.state_dict());
  io::StateDict wrong = good;
  wrong.tensors[0].second = ones({2});
  refused(
      "Adam::load_state_dict: parameter 0: tensor 'state.0.exp_avg' is 2, expected 3 as its "
      "parameter",
      wrong);
  wrong = good;
  wrong.values["param_groups"] = io::Value(io::Value::Array{});
  refused("Adam::load_state_dict: the state has 0 parameter groups, expected the optimizer's 1",
          wrong);
  wrong = good;
  wrong.values["state"]["0"] = io::Value::object();
  refused("Adam::load_state_dict: parameter 0: 'step' is missing", wrong);
  wrong = good;
  wrong.values["state"]["0"]["step"] = "many";
  refused("Adam::load_state_dict: parameter 0: 'step' is of type string, expected int", wrong);
}

TEST_CASE("wrong hyper-parameters and parameters are refused") {
  const Tensor x = ones({1}, requires_grad());
  const std::vector<Tensor> params = {x};
  REQUIRE(error_of([&] { optim::SGD(params, -1.0); }) == "SGD: lr is -1, expected at least 0");
  REQUIRE(error_of([&] { optim::SGD(params, optim::SGDOptions(1).nesterov(true)); }) ==
          "SGD: nesterov with momentum 0 and dampening 0, expected a momentum above 0 and no "
          "dampening");
  REQUIRE(error_of([&] {
            optim::Adam(params, optim::AdamOptions().betas({0.9, 1.0}));
          }) == "Adam: beta 1 is 1, expected at least 0 and less than 1");
  REQUIRE(error_of([&] { optim::LBFGS(params, optim::LBFGSOptions().line_search_fn("armijo")); }) ==
          "LBFGS: line_search_fn is 'armijo', expected 'strong_wolfe' or none");
  REQUIRE(error_of([&] { optim::LBFGS(params).step(nullptr); }) ==
          "LBFGS: step has no closure, expected one that computes the loss and its gradients");
  REQUIRE(error_of([&] {
            optim::SGD(std::vector<Tensor>{x, x}, 0.1);
          }) == "add_param_group: parameter 1 is already in a group, expected it once");
  REQUIRE(error_of([&] { optim::SGD(std::vector<Tensor>{x * 2}, 0.1); }) ==
          "add_param_group: parameter 0 is the result of an op, expected a leaf tensor");
  optim::SGD optimizer(params, 0.1);
  std::vector<optim::OptimizerParamGroup> group;
  group.emplace_back(std::vector<Tensor>{ones({1})}, std::make_unique<optim::AdamOptions>());
  REQUIRE(error_of([&] { optimizer.add_param_group(group[0]); }) ==
          "add_param_group: the group's options are of another optimizer, expected those of this");
  REQUIRE(error_of([&] { optim::OptimizerParamGroup({x}).options(); }) ==
          "OptimizerParamGroup: the group has no options, expected one in an optimizer");
}

TEST_CASE("an update counts as a change in place") {
  const Tensor x = ones({1}, requires_grad());
  optim::SGD optimizer({x}, 0.1);
  const Tensor y = (x * x).sum();
  y.backward({}, true);
  const auto version = x._version();
  optimizer.step();
  REQUIRE(x._version() > version);
  REQUIRE_THROWS_AS(y.backward(), Error);
}

TEST_CASE("an average of the weights follows them, and can stand in for them") {
  const Tensor x = zeros({2}, dtype(kDouble)).requires_grad_();
  optim::ExponentialMovingAverage ema({x}, 0.75);
  {
    const NoGradGuard no_grad;
    x.fill_(1);
  }
  ema.update();
  ema.update();
  REQUIRE(ema.averages()[0].equal(full({2}, 0.4375, kDouble)));
  {
    const auto applied = ema.apply();
    REQUIRE(x.equal(full({2}, 0.4375, kDouble)));
  }
  REQUIRE(x.equal(ones({2}, kDouble)));
  optim::ExponentialMovingAverage other({zeros({2}, kDouble)}, 0.5);
  other.load_state_dict(ema.state_dict());
  REQUIRE(other.decay() == 0.75);
  REQUIRE(other.averages()[0].equal(ema.averages()[0]));
  optim::ExponentialMovingAverage wrong({zeros({3}, kDouble)}, 0.5);
  REQUIRE(error_of([&] { wrong.load_state_dict(ema.state_dict()); }) ==
          "ExponentialMovingAverage::load_state_dict: average 0 is 2, expected 3");
}

}  // namespace
