#include <catch2/catch.hpp>
#include <sstream>

#include "xgrad/xgrad.h"

namespace {

using namespace xgrad;
using Catch::Matchers::EndsWith, Catch::Matchers::Equals;
using nn::Linear, nn::LinearImpl, nn::Module;

struct NetImpl : nn::Cloneable<NetImpl> {
  NetImpl() { reset(); }
  void reset() override {
    scale = register_parameter("scale", ones({2}));
    seen = register_buffer("seen", zeros({1}));
    work = register_buffer("work", zeros({3}), false);
    count = register_buffer("count", zeros({}, kLong));
    fc = register_module("fc", Linear(3, 2));
  }
  Tensor forward(Tensor x) { return fc(x) * scale; }

  Tensor scale, seen, work, count;
  Linear fc = nullptr;
};
XGRAD_MODULE(Net);

std::string message_of(const std::function<void()>& call) {
  try {
    call();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

std::string printed(const Module& module) {
  std::ostringstream text;
  text << module;
  return text.str();
}

// All weights of a second network differ from those of the first.
Net other_net() {
  Net net;
  const NoGradGuard no_grad;
  for (const Tensor& parameter : net->parameters()) parameter.add_(1);
  net->seen.fill_(7);
  return net;
}

TEST_CASE("names are dotted and in the order of registration") {
  Net net;
  CHECK(net->named_parameters().keys() ==
        std::vector<std::string>{"scale", "fc.weight", "fc.bias"});
  CHECK(net->named_parameters(false).keys() == std::vector<std::string>{"scale"});
  CHECK(net->named_buffers().keys() == std::vector<std::string>{"seen", "work", "count"});
  CHECK(net->named_buffers(true, true).keys() == std::vector<std::string>{"seen", "count"});
  CHECK(net->state_dict().keys() ==
        std::vector<std::string>{"scale", "seen", "count", "fc.weight", "fc.bias"});
  CHECK(net->state_dict("net.").keys()[3] == "net.fc.weight");
  CHECK(net->named_modules().keys() == std::vector<std::string>{"", "fc"});
  CHECK(net->named_modules("net", false).keys() == std::vector<std::string>{"net.fc"});
  CHECK(net->children().size() == 1);
  CHECK(net->named_parameters(false).find("weight") == nullptr);
  CHECK(net->fc->named_parameters(false).find("weight")->is_same(net->fc->weight));
}

TEST_CASE("registration shares the handle, and only parameters require gradients") {
  Net net;
  CHECK(net->parameters()[0].is_same(net->scale));
  CHECK(net->scale.requires_grad());
  CHECK_FALSE(net->seen.requires_grad());
  CHECK_FALSE(net->register_parameter("frozen", ones({1}), false).requires_grad());
  CHECK_FALSE(net->register_parameter("nothing", Tensor()).defined());
  CHECK_FALSE(net->named_parameters().contains("nothing"));
}

TEST_CASE("a name that cannot be registered is an error that says why") {
  Net net;
  CHECK_THAT(message_of([&] { net->register_parameter("", ones({1})); }),
             Equals("register_parameter: the name is empty, expected one"));
  CHECK_THAT(message_of([&] { net->register_buffer("a.b", ones({1})); }),
             Equals("register_buffer \"a.b\": the name has a dot, expected one without"));
  CHECK_THAT(message_of([&] { net->register_buffer("scale", ones({1})); }),
             EndsWith("NetImpl has a parameter of that name already, expected a new name for the "
                      "buffer"));
  CHECK_THAT(message_of([&] { net->register_parameter("fc", ones({1})); }),
             EndsWith("has a submodule of that name already, expected a new name for the "
                      "parameter"));
  CHECK_THAT(message_of([&] { net->register_module("seen", Linear(1, 1)); }),
             EndsWith("has a buffer of that name already, expected a new name for the "
                      "submodule"));
  CHECK_THAT(message_of([&] { net->fc->register_module("parent", net.ptr()); }),
             Equals("register_module \"parent\": the module contains torch::nn::LinearImpl "
                    "itself, expected a tree"));
  CHECK_THAT(message_of([&] { net->replace_module("fd", Linear(1, 1)); }),
             EndsWith("has no such submodule, did you mean fc?"));
  CHECK_THAT(message_of([&] { net->register_module("none", Linear(nullptr)); }),
             Equals("module holder: it is empty, expected a module; assign one to it first"));
}

TEST_CASE("what is registered twice is listed once") {
  Net net;
  net->register_module("again", net->fc);
  net->register_parameter("tied", net->fc->weight);
  CHECK(net->named_parameters().keys() == std::vector<std::string>{"scale", "tied", "fc.bias"});
  CHECK(net->modules().size() == 2);
  CHECK(net->state_dict().size() == 5);
}

TEST_CASE("train and eval reach all modules") {
  Net net;
  net->eval();
  CHECK_FALSE(net->fc->is_training());
  net->train();
  CHECK(net->fc->is_training());
}

TEST_CASE("to changes floating tensors in place and keeps their handles") {
  Net net;
  net->scale.mutable_grad() = ones({2});
  net->to(kFloat64);
  CHECK(net->scale.dtype() == kFloat64);
  CHECK(net->fc->weight.dtype() == kFloat64);
  CHECK(net->seen.dtype() == kFloat64);
  CHECK(net->count.dtype() == kLong);
  CHECK(net->scale.grad().dtype() == kFloat64);
  CHECK(net->parameters()[1].is_same(net->fc->weight));
  net(ones({1, 3}, kFloat64)).sum().backward();
  CHECK(net->fc->weight.grad().dtype() == kFloat64);
  CHECK_THAT(message_of([&] { net->to(kLong); }),
             Equals("Module::to: int64 is no floating type, expected float32 or float64"));
}

TEST_CASE("zero_grad zeroes gradients or drops them") {
  Net net;
  net(ones({1, 3})).sum().backward();
  net->zero_grad();
  REQUIRE(net->scale.grad().defined());
  CHECK(net->scale.grad().abs().sum().item<float>() == 0);
  net->zero_grad(true);
  CHECK_FALSE(net->scale.grad().defined());
}

TEST_CASE("apply visits the module first, then those below, in each of its forms") {
  Net net;
  std::vector<std::string> names;
  net->apply([&](const std::string& name, Module&) { names.push_back(name); }, "net");
  CHECK(names == std::vector<std::string>{"net", "net.fc"});
  int linears = 0;
  net->apply([&](Module& module) { linears += typeid(module) == typeid(LinearImpl); });
  net->apply(
      [&](const std::shared_ptr<Module>& module) { linears += module->as<Linear>() != nullptr; });
  const Net& fixed = net;
  fixed->apply([&](const Module& module) { linears += module.as<LinearImpl>() != nullptr; });
  CHECK(linears == 3);
}

TEST_CASE("a holder that was moved from is empty") {
  Linear from(2, 3);
  Linear to = std::move(from);
  CHECK(from.is_empty());
  CHECK_FALSE(static_cast<bool>(from));
  CHECK_THAT(message_of([&] { from->weight.sizes(); }), Catch::Contains("empty"));
  CHECK(to->weight.size(0) == 3);
  CHECK(to.ptr().use_count() == 2);  // the holder, and what ptr() returned
}

TEST_CASE("modules print as libtorch's do") {
  CHECK_THAT(printed(*Linear(3, 2)),
             Equals("torch::nn::Linear(in_features=3, out_features=2, bias=true)"));
  struct Outer : Module {
    Outer() : Module("Outer") {
      register_module("a", Linear(1, 2));
      register_module("net", std::make_shared<Module>("Inner"))->register_module("b", Linear(2, 1));
    }
  };
  CHECK_THAT(printed(*std::make_shared<Outer>()),
             Equals("Outer(\n"
                    "  (a): torch::nn::Linear(in_features=1, out_features=2, bias=true)\n"
                    "  (net): Inner(\n"
                    "    (b): torch::nn::Linear(in_features=2, out_features=1, bias=true)\n"
                    "  )\n"
                    ")"));
  CHECK_THAT(NetImpl().name(), EndsWith("NetImpl"));
}

TEST_CASE("a module is named after its whole type, whenever it is asked first") {
  CHECK(nn::Conv2d(1, 1, 1)->name() == "torch::nn::Conv2dImpl");
  CHECK(nn::BatchNorm1d(1)->name() == "torch::nn::BatchNorm1dImpl");
  CHECK(nn::Sequential(nn::LSTM(1, 1))->children()[0]->name() == "torch::nn::LSTMImpl");
  struct Early : nn::LinearImpl {
    Early() : nn::LinearImpl(1, 1) { first = name(); }
    std::string first;
  };
  struct Late : Early {};
  CHECK_THAT(Late().first, EndsWith("Early"));
  CHECK_THAT(Late().name(), EndsWith("Late"));
}

TEST_CASE("a state loads bit for bit, into the same handles") {
  Net source = other_net(), target;
  const Tensor weight = target->fc->weight;
  target->load_state_dict(source->state_dict());
  CHECK(weight.equal(source->fc->weight));
  CHECK(target->seen.equal(source->seen));
  CHECK(weight.is_same(target->fc->weight));
}

TEST_CASE("a state that does not fit changes nothing and all its faults are one message") {
  Net net;
  const Tensor before = net->fc->weight.clone();
  OrderedDict<std::string, Tensor> state;
  state.insert("scale", ones({5}));
  state.insert("fc.weight", zeros({2, 3}));
  state.insert("seen", zeros({1}, kFloat64));
  state.insert("head.bias", zeros({2}));
  CHECK_THAT(message_of([&] { net->load_state_dict(state); }),
             Equals("load_state_dict: 2 names are missing (count, fc.bias), 1 is unknown "
                    "(head.bias, did you mean fc.bias?), 2 do not fit (scale is 5 float32 in the "
                    "state but 2 float32 in the module, seen is 1 float64 in the state but 1 "
                    "float32 in the module)"));
  CHECK(net->fc->weight.equal(before));

  OrderedDict<std::string, Tensor> part;
  part.insert("scale", full({2}, 3.f));
  part.insert("head.bias", zeros({2}));
  const auto report = net->load_state_dict(part, false);
  CHECK(net->scale.equal(full({2}, 3.f)));
  CHECK(report.unexpected_keys == std::vector<std::string>{"head.bias"});
  CHECK(report.missing_keys == std::vector<std::string>{"count", "fc.bias", "fc.weight", "seen"});
}

TEST_CASE("a tied tensor is saved once and loads under any of its names") {
  Net net;
  net->register_parameter("tied", net->fc->weight);
  auto state = net->state_dict();
  CHECK(state.contains("tied"));
  CHECK_FALSE(state.contains("fc.weight"));
  OrderedDict<std::string, Tensor> renamed;
  for (const auto& item : state) {
    renamed.insert(item.key() == "tied" ? "fc.weight" : item.key(), item->clone().detach());
  }
  renamed["fc.weight"].fill_(5);
  net->load_state_dict(renamed);
  CHECK(net->fc->weight.equal(full({2, 3}, 5.f)));
  renamed.insert("tied", zeros({2, 3}));
  CHECK_THAT(message_of([&] { net->load_state_dict(renamed); }),
             Equals("load_state_dict: 1 name does not fit (fc.weight differs from tied in the "
                    "state but is tied to it in the module)"));
}

TEST_CASE("a buffer without elements takes its shape from the state") {
  const auto make = [] {
    auto module = std::make_shared<Module>("Late");
    module->register_buffer("empty", zeros({0}));
    module->register_buffer("none", Tensor());
    return module;
  };
  auto source = make(), target = make();
  CHECK(source->state_dict().size() == 1);
  source->set_buffer("empty", ones({4}));
  source->set_buffer("none", full({2}, 3.f));
  const Tensor member = target->get_buffer("empty");
  target->load_state_dict(source->state_dict());
  CHECK(member.equal(ones({4})));
  CHECK(target->get_buffer("none").equal(full({2}, 3.f)));
}

TEST_CASE("registered tensors are replaced and found by dotted name") {
  Net net;
  const Tensor fresh = zeros({2, 3});
  net->fc->weight = net->set_parameter("fc.weight", fresh);
  CHECK(net->parameters()[1].is_same(fresh));
  CHECK(fresh.requires_grad());
  CHECK(net->get_parameter("fc.weight").is_same(fresh));
  CHECK(net->get_submodule("fc").get() == net->fc.get());
  CHECK(net->get_submodule("").get() == net.get());
  CHECK_THAT(message_of([&] { net->get_parameter("fc.wieght"); }),
             Equals("get_parameter \"fc.wieght\": torch::nn::LinearImpl has no such parameter, did "
                    "you mean weight?"));
  CHECK_THAT(message_of([&] { net->get_submodule("fd"); }),
             EndsWith("NetImpl has no submodule 'fd', did you mean fc?"));
}

TEST_CASE("a clone is equal to its source and independent of it") {
  Net net = other_net();
  net->fc->weight.set_requires_grad(false);
  net->eval();
  auto copy = std::dynamic_pointer_cast<NetImpl>(net->clone());
  REQUIRE(copy);
  CHECK(copy->fc->weight.equal(net->fc->weight));
  CHECK(copy->seen.equal(net->seen));
  CHECK_FALSE(copy->fc->weight.requires_grad());
  CHECK(copy->scale.requires_grad());
  CHECK_FALSE(copy->fc->is_training());
  CHECK(copy->get_parameter("fc.weight").is_same(copy->fc->weight));
  CHECK(copy->state_dict().keys() == net->state_dict().keys());
  copy->seen.fill_(0);
  copy->fc->weight.fill_(0);
  CHECK(net->seen.item<float>() == 7);
  CHECK(net->fc->weight.abs().sum().item<float>() > 0);
}

struct TiedImpl : nn::Cloneable<TiedImpl> {
  TiedImpl() { reset(); }
  void reset() override {
    a = register_module("a", Linear(2, 2));
    b = register_module("b", Linear(2, 2));
  }
  Linear a = nullptr, b = nullptr;
};

TEST_CASE("what is tied stays tied in a clone") {
  auto tied = std::make_shared<TiedImpl>();
  tied->b->weight = tied->b->set_parameter("weight", tied->a->weight);
  REQUIRE(tied->parameters().size() == 3);
  auto copy = std::dynamic_pointer_cast<TiedImpl>(tied->clone());
  CHECK(copy->parameters().size() == 3);
  CHECK(copy->b->weight.is_same(copy->a->weight));
  CHECK_FALSE(copy->a->weight.is_same(tied->a->weight));
  CHECK(copy->a->weight.equal(tied->a->weight));

  auto shared = std::make_shared<TiedImpl>();
  shared->b = shared->replace_module("b", shared->a);
  copy = std::dynamic_pointer_cast<TiedImpl>(shared->clone());
  CHECK(copy->a.get() == copy->b.get());
  CHECK(copy->a->bias.equal(shared->a->bias));
}

TEST_CASE("a module that cannot be cloned says so") {
  CHECK_THAT(message_of([] { Module("Plain").clone(); }),
             Equals("clone Plain: the type derives from Module, expected Cloneable<Plain>"));
  Linear extended(1, 1);
  extended->register_parameter("extra", ones({1}));
  CHECK_THAT(message_of([&] { extended->clone(); }),
             Equals("clone torch::nn::LinearImpl: reset() registers the parameters [weight, bias] "
                    "but the module has [weight, bias, extra], expected the same; register in "
                    "reset(), not in the constructor"));
}

TEST_CASE("hooks see a call through the holder and may change it") {
  Linear fc(2, 2);
  int calls = 0;
  const auto first = fc->register_forward_pre_hook([&](Module&, const Tensor& input) {
    ++calls;
    return input * 0;
  });
  fc->register_forward_hook([&](Module& module, const Tensor&, const Tensor&) {
    calls += module.as<Linear>() != nullptr;
  });
  CHECK(fc(ones({1, 2})).equal(fc->bias.unsqueeze(0)));
  CHECK(calls == 2);
  fc->remove_forward_hook(first);
  fc(ones({1, 2}));
  CHECK(calls == 3);
}

}  // namespace
