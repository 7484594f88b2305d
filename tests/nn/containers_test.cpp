#include <catch2/catch.hpp>
#include <sstream>

#include "xgrad/xgrad.h"

namespace {

using namespace xgrad;
using Catch::Matchers::EndsWith, Catch::Matchers::Equals;
using nn::AnyModule, nn::AnyValue, nn::Functional, nn::Linear, nn::LinearImpl, nn::Module;
using nn::ModuleDict, nn::ModuleList, nn::ParameterDict, nn::ParameterList, nn::ReLU,
    nn::Sequential;

std::string message_of(const std::function<void()>& call) {
  try {
    call();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

template <class T>
std::string printed(const T& value) {
  std::ostringstream text;
  text << value;
  return text.str();
}

Tensor scaled(const Tensor& x, const Scalar& factor) { return x.mul(factor); }

struct SumImpl : Module {
  Tensor forward(Tensor x, Tensor y, int times = 2) { return (x + y) * times; }

 protected:
  FORWARD_HAS_DEFAULT_ARGS({2, AnyValue(2)})
};
TORCH_MODULE(Sum);

struct SplitImpl : Module {
  std::tuple<Tensor, Tensor> forward(const Tensor& x) { return {x, x * 2}; }
};
XGRAD_MODULE(Split);

TEST_CASE("Sequential runs holders, objects, pointers, functions and Sequentials in order") {
  Linear fc(2, 2);
  Sequential net(fc, LinearImpl(2, 2), std::make_shared<LinearImpl>(2, 2), AnyModule(fc),
                 Functional(scaled, 0.5), Sequential(fc, ReLU()),
                 Functional([](Tensor x) { return x + 1; }));
  REQUIRE(net->size() == 7);
  Tensor expected = ones({1, 2});
  expected = net->at<LinearImpl>(1).forward(fc(expected));
  expected = fc(net->ptr<Linear>(2)->forward(expected)) * 0.5;
  expected = fc(expected).relu() + 1;
  CHECK(net(ones({1, 2})).equal(expected));
  CHECK(net->forward(ones({1, 2})).equal(expected));
  CHECK(net->named_parameters().keys() ==
        std::vector<std::string>{"0.weight", "0.bias", "1.weight", "1.bias", "2.weight", "2.bias"});
}

TEST_CASE("Sequential passes several arguments to its first module and returns any type") {
  Sequential net{Sum(), Split()};
  const auto [x, doubled] = net->forward<std::tuple<Tensor, Tensor>>(ones({1}), ones({1}));
  CHECK(x.item<float>() == 4);
  CHECK(doubled.item<float>() == 8);
  CHECK(Sequential(Sum{})->forward(ones({1}), ones({1}), 3).item<float>() == 6);
}

TEST_CASE("Sequential names what it is told to, and prints as libtorch's") {
  Sequential net({{"fc", Linear(3, 4)}, {"act", ReLU()}});
  net->push_back(Linear(4, 1));
  net->push_back("last", Functional(scaled, 2));
  CHECK(net->named_children().keys() == std::vector<std::string>{"fc", "act", "2", "last"});
  CHECK_THAT(printed(Sequential({{"fc", Linear(3, 4)}})),
             Equals("torch::nn::Sequential(\n"
                    "  (fc): torch::nn::Linear(in_features=3, out_features=4, bias=true)\n"
                    ")"));
}

TEST_CASE("Sequential gives its modules as AnyModule by iteration and as pointers by position") {
  Sequential net = nullptr;
  CHECK(net.is_empty());
  net = Sequential(Linear(2, 3), ReLU());
  Tensor x = ones({1, 2});
  for (auto& module : *net) x = module.forward(x);
  CHECK(x.equal(net(ones({1, 2}))));
  CHECK(net[0]->as<Linear>() == net->ptr(0).get());
  CHECK(net[0]->as<ReLU>() == nullptr);
  CHECK(net->begin()->get<Linear>().get() == net[0].get());
  Sequential twice;
  twice->extend(*net);
  CHECK(twice->ptr(0) == net->ptr(0));
}

TEST_CASE("a Sequential that cannot be called says why") {
  CHECK_THAT(message_of([] { Sequential()->forward(ones({1})); }),
             Equals("Sequential::forward: there are no modules, expected at least one"));
  Sequential net{Split()};
  CHECK_THAT(
      message_of([&] { net->forward(ones({1})); }),
      Equals("Sequential::forward: the result is a std::tuple<xgrad::Tensor, xgrad::Tensor>, "
             "expected a xgrad::Tensor"));
  net->push_back(ReLU());
  CHECK_THAT(message_of([&] { net->forward(ones({1})); }),
             Equals("torch::nn::ReLUImpl::forward: argument 0 is a std::tuple<xgrad::Tensor, "
                    "xgrad::Tensor>, expected a xgrad::Tensor"));
  CHECK_THAT(message_of([&] { net->at<Linear>(5); }),
             Equals("Sequential: index 5 is out of range, expected less than 2"));
  CHECK_THAT(message_of([&] { net->at<Linear>(1); }),
             Equals("AnyModule: the module is a torch::nn::ReLUImpl, expected a "
                    "torch::nn::LinearImpl"));
}

TEST_CASE("a cloned Sequential keeps names and values, and what it shares") {
  Linear fc(2, 2);
  Sequential net({{"a", fc}, {"b", ReLU()}, {"c", fc}});
  net->eval();
  auto copy = std::dynamic_pointer_cast<nn::SequentialImpl>(net->clone());
  REQUIRE(copy);
  CHECK(copy->named_children().keys() == std::vector<std::string>{"a", "b"});
  CHECK(copy->ptr(0) == copy->ptr(2));
  CHECK(copy->ptr(0) != net->ptr(0));
  CHECK_FALSE(copy->is_training());
  CHECK(copy->forward(ones({1, 2})).equal(net(ones({1, 2}))));
  const NoGradGuard no_grad;
  fc->weight.fill_(0);
  CHECK_FALSE(copy->at<Linear>(0).weight.equal(fc->weight));
}

TEST_CASE("AnyModule counts and checks its arguments") {
  AnyModule any(Sum{});
  CHECK(any.forward(ones({1}), ones({1})).item<float>() == 4);
  CHECK_THAT(message_of([&] { any.forward(ones({1})); }),
             EndsWith("SumImpl::forward: 1 arguments were given, expected 2 to 3"));
  CHECK_THAT(message_of([&] { any.forward(ones({1}), ones({1}), 2.5); }),
             EndsWith("SumImpl::forward: argument 2 is a double, expected a int"));
  CHECK_THAT(message_of([&] { any.forward<int>(ones({1}), ones({1})); }),
             EndsWith("SumImpl::forward: the result is a xgrad::Tensor, expected a int"));
  CHECK_THAT(message_of([] { AnyModule().ptr(); }),
             Equals("AnyModule: it is empty, expected a module"));
  AnyModule other;
  other = std::make_shared<LinearImpl>(1, 1);
  CHECK(other.get<LinearImpl>().weight.is_same(other.get<Linear>()->weight));
  CHECK(other.clone().ptr() != other.ptr());
}

TEST_CASE("ModuleList keeps positions and names together") {
  ModuleList list(Linear(1, 1), ReLU());
  list->insert(1, Linear(2, 2));
  CHECK(list->size() == 3);
  CHECK(list->named_children().keys() == std::vector<std::string>{"0", "1", "2"});
  CHECK(list->named_parameters()["1.weight"].size(0) == 2);
  CHECK(list[2]->as<ReLU>() != nullptr);
  CHECK(list->at<Linear>(1).weight.size(0) == 2);
  auto copy = std::dynamic_pointer_cast<nn::ModuleListImpl>(list->clone());
  CHECK(copy->size() == 3);
  CHECK(copy->state_dict().keys() == list->state_dict().keys());
  CHECK_THAT(message_of([&] { list->ptr(3); }),
             Equals("ModuleList: index 3 is out of range, expected less than 3"));
}

TEST_CASE("ModuleDict registers, replaces and removes by name") {
  ModuleDict dict;
  dict->insert("a", Linear(1, 1));
  dict->insert("b", ReLU());
  dict->insert("a", Linear(2, 2));
  CHECK(dict->keys() == std::vector<std::string>{"a", "b"});
  CHECK(dict->at<Linear>("a").weight.size(0) == 2);
  CHECK(dict->named_parameters()["a.weight"].size(0) == 2);
  CHECK(dict->pop("a")->as<Linear>() != nullptr);
  CHECK(dict->parameters().empty());
  CHECK_THAT(message_of([&] { dict["a"]; }), Equals("module 'a' is not defined"));
}

TEST_CASE("ParameterList and ParameterDict train what requires gradients") {
  ParameterList list(ones({2}, requires_grad()), zeros({3}));
  list->append(full({1}, 4.f));
  CHECK(list->size() == 3);
  CHECK(list[0].requires_grad());
  CHECK_FALSE(list[1].requires_grad());
  auto copy = std::dynamic_pointer_cast<nn::ParameterListImpl>(list->clone());
  CHECK(copy->at(2).equal(list[2]));
  CHECK_FALSE(copy->at(2).is_same(list[2]));
  CHECK(copy->at(0).requires_grad());
  CHECK_THAT(printed(ParameterList(zeros({2, 3}))),
             Equals("torch::nn::ParameterList(\n"
                    "(0): Parameter containing: [Float of size [2, 3]]\n"
                    ")"));
  ParameterDict dict;
  dict->insert("a", ones({2}));
  CHECK(dict["a"].equal(ones({2})));
  CHECK(dict->pop("a").numel() == 2);
  CHECK(dict->empty());
}

}  // namespace
