// Modules, containers, optimizers and saving as libtorch programs write them.
// Compiles against libtorch too.
#include <torch/torch.h>

#include <catch2/catch.hpp>

namespace {

namespace nn = torch::nn;

struct BlockImpl : nn::Module {
  BlockImpl(int64_t in, int64_t out, bool shortcut = false)
      : fc(nn::LinearOptions(in, out).bias(false)) {
    register_module("fc", fc);
    norm = register_module("norm", nn::BatchNorm1d(nn::BatchNorm1dOptions(out).eps(1e-5)));
    if (shortcut) down = register_module("down", nn::Sequential(nn::Linear(in, out), nn::ReLU()));
    scale = register_parameter("scale", torch::ones({out}));
    count = register_buffer("count", torch::zeros({1}, torch::kLong));
  }
  torch::Tensor forward(torch::Tensor x) {
    auto y = torch::relu(norm(fc->forward(x))) * scale;
    if (down) y += down->forward(x);
    count += 1;
    return y;
  }
  nn::Linear fc;
  nn::BatchNorm1d norm{nullptr};
  nn::Sequential down = nullptr;
  torch::Tensor scale, count;
};
TORCH_MODULE(Block);

struct Sum2Impl : nn::Module {
  torch::Tensor forward(torch::Tensor a, torch::Tensor b) { return a + b; }
};
TORCH_MODULE(Sum2);

void initialize(nn::Module& module) {
  torch::NoGradGuard no_grad;
  auto parameters = module.named_parameters(/*recurse=*/false);
  if (typeid(module) == typeid(nn::LinearImpl)) {
    auto weight = parameters.find("weight");
    auto bias = parameters.find("bias");
    if (weight != nullptr) nn::init::constant_(*weight, 0.5);
    if (bias != nullptr && bias->defined()) nn::init::zeros_(*bias);
  } else if (auto* norm = module.as<nn::BatchNorm1d>()) {
    norm->weight.fill_(2);
  }
}

TEST_CASE("apply with typeid and find initializes by kind of layer") {
  Block block(2, 3, true);
  block->apply(initialize);
  REQUIRE(block->fc->weight.equal(torch::full({3, 2}, 0.5)));
  REQUIRE(block->norm->weight.equal(torch::full({3}, 2.0)));
  REQUIRE(block->down[0]->as<nn::Linear>()->bias.equal(torch::zeros(3)));
  block->apply([](nn::Module& module) { module.eval(); });
  REQUIRE(!block->norm->is_training());
}

TEST_CASE("the registry names what was registered, in order") {
  Block block(2, 3);
  std::vector<std::string> names;
  for (const auto& pair : block->named_parameters()) names.push_back(pair.key());
  REQUIRE(names == std::vector<std::string>{"scale", "fc.weight", "norm.weight", "norm.bias"});
  REQUIRE(block->named_buffers().contains("count"));
  REQUIRE(block->named_parameters()["fc.weight"].sizes() == std::vector<int64_t>{3, 2});
  REQUIRE(block->children().size() == 2);
  REQUIRE(block->parameters().size() == 4);
}

TEST_CASE("assigning a member rebinds the member and leaves the registry") {
  nn::Linear layer(2, 3);
  layer->weight = torch::zeros({3, 2});
  REQUIRE(!layer->parameters()[0].equal(layer->weight));
}

TEST_CASE("holders are empty, shared and made from pointers") {
  Block empty = nullptr;
  REQUIRE(empty.is_empty());
  REQUIRE(!empty);
  empty = Block(std::make_shared<BlockImpl>(2, 2));
  Block same = empty;
  REQUIRE(same.get() == empty.get());
  REQUIRE(same.ptr()->name() == "(anonymous namespace)::BlockImpl");
}

TEST_CASE("a Sequential holds layers, functions, lambdas and modules of one's own") {
  const std::vector<int64_t> shape{-1, 2};
  nn::Sequential net(nn::Functional(torch::reshape, shape), nn::Linear(2, 3),
                     nn::Functional(torch::relu), nn::Functional(torch::leaky_relu, 0.2),
                     nn::Functional([](torch::Tensor x) { return x * 2; }), Block(3, 2));
  net->push_back(nn::LinearImpl(2, 2));
  net->push_back("last", nn::Dropout(0.5));
  REQUIRE(net->size() == 8);
  net->eval();
  REQUIRE(net->forward(torch::ones({4})).sizes() == std::vector<int64_t>{2, 2});
  REQUIRE(net->at<nn::LinearImpl>(1).weight.size(0) == 3);
  int blocks = 0;
  for (auto& layer : *net) {
    if (layer.ptr()->as<Block>() != nullptr && layer.ptr()->as<BlockImpl>() != nullptr) ++blocks;
  }
  REQUIRE(blocks == 1);
  nn::Sequential named({{"first", nn::Linear(2, 2)}, {"second", nn::ReLU()}});
  REQUIRE(named->named_children().contains("first"));
  REQUIRE(nn::Sequential { Sum2() } -> forward(torch::ones(1), torch::ones(1)).item<int>() == 2);
}

TEST_CASE("a ModuleList is walked and indexed") {
  nn::ModuleList list;
  for (int i = 0; i < 3; ++i) list->push_back(nn::Linear(2, 2));
  auto x = torch::ones({1, 2});
  for (const auto& layer : *list) x = layer->as<nn::Linear>()->forward(x);
  x = list[0]->as<nn::Linear>()->forward(list->at<nn::LinearImpl>(1).forward(x));
  REQUIRE(list->size() == 3);
  REQUIRE(x.requires_grad());
}

TEST_CASE("a loss has three spellings") {
  auto x = torch::randn({4, 3});
  auto target = torch::tensor({0, 2, 1, 1});
  auto loss = nn::CrossEntropyLoss()(x, target);
  REQUIRE(loss.allclose(nn::functional::cross_entropy(x, target)));
  REQUIRE(loss.allclose(torch::cross_entropy_loss(x, target)));
  REQUIRE(loss.allclose(
      torch::nll_loss(torch::log_softmax(x, 1), target, {}, torch::Reduction::Sum) / 4));
  auto options = nn::functional::CrossEntropyFuncOptions().reduction(torch::kSum);
  REQUIRE((loss * 4).allclose(nn::functional::cross_entropy(x, target, options)));
}

TEST_CASE("a double makes options, and learning rates are edited by hand") {
  nn::Linear layer(2, 2);
  torch::optim::SGD sgd(layer->parameters(), 0.1);
  torch::optim::Adam adam(layer->parameters(), torch::optim::AdamOptions(1e-3).betas({0.5, 0.999}));
  torch::optim::Adam other(layer->parameters(),
                           torch::optim::AdamOptions(1e-3).betas(std::make_tuple(0.5, 0.5)));
  for (auto& group : adam.param_groups()) {
    if (group.has_options()) static_cast<torch::optim::AdamOptions&>(group.options()).lr(0.25);
  }
  REQUIRE(adam.param_groups()[0].options().get_lr() == 0.25);
  sgd.param_groups()[0].options().set_lr(0.5);
  REQUIRE(static_cast<torch::optim::SGDOptions&>(sgd.param_groups()[0].options()).lr() == 0.5);
}

TEST_CASE("an optimizer passes over parameters without a gradient") {
  Block used(2, 2), unused(2, 2);
  auto parameters = used->parameters();
  for (auto& parameter : unused->parameters()) parameters.push_back(parameter);
  auto before = unused->fc->weight.detach().clone();
  torch::optim::Adam adam(parameters, 0.1);
  adam.zero_grad();
  used->forward(torch::randn({4, 2})).pow(2).sum().backward();
  adam.step();
  REQUIRE(unused->fc->weight.equal(before));
  REQUIRE(used->count.item<int>() == 1);
}

TEST_CASE("modules, optimizers and tensors go through a stream") {
  Block block(2, 3), other(2, 3);
  std::stringstream stream;
  torch::save(block, stream);
  torch::load(other, stream);
  REQUIRE(other->fc->weight.equal(block->fc->weight));

  torch::optim::SGD sgd(block->parameters(), torch::optim::SGDOptions(0.1).momentum(0.9));
  block->forward(torch::randn({4, 2})).sum().backward();
  sgd.step();
  std::stringstream state;
  torch::save(sgd, state);
  torch::load(sgd, state);

  std::stringstream tensors;
  torch::Tensor read;
  torch::save(block->scale, tensors);
  torch::load(read, tensors);
  REQUIRE(read.equal(block->scale));
}

TEST_CASE("to(kF64) moves parameters and floating buffers") {
  Block block(2, 3);
  block->to(torch::kF64);
  REQUIRE(block->fc->weight.dtype() == torch::kFloat64);
  REQUIRE(block->norm->running_mean.dtype() == torch::kFloat64);
  REQUIRE(block->forward(torch::randn({4, 2}, torch::kF64)).dtype() == torch::kFloat64);
}

}  // namespace
