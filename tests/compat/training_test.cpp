// A training run whose losses libtorch computed: dropout, a shuffling loader and Adam together use
// the random stream as libtorch does. Compiles against libtorch too.
#include <torch/torch.h>

#include <catch2/catch.hpp>

namespace {

namespace nn = torch::nn;

struct Points : torch::data::datasets::Dataset<Points> {
  torch::data::Example<> get(size_t index) override {
    const auto i = static_cast<int64_t>(index);
    torch::Tensor x = torch::empty({8});
    for (int64_t j = 0; j < 8; ++j) {
      x[j] = static_cast<float>((i * 31 + j * j * 17) % 101) / 101.0F - 0.5F;
    }
    return {x, torch::tensor((i * 31) % 101 / 34, torch::kLong)};
  }
  torch::optional<size_t> size() const override { return 200; }
};

struct MlpImpl : nn::Module {
  MlpImpl() {
    fc1 = register_module("fc1", nn::Linear(8, 32));
    drop = register_module("drop", nn::Dropout(0.25));
    fc2 = register_module("fc2", nn::Linear(32, 16));
    fc3 = register_module("fc3", nn::Linear(16, 3));
  }
  torch::Tensor forward(torch::Tensor x) {
    x = drop(torch::relu(fc1(x)));
    x = torch::dropout(torch::tanh(fc2(x)), 0.5, is_training());
    return torch::log_softmax(fc3(x), 1);
  }
  nn::Linear fc1{nullptr}, fc2{nullptr}, fc3{nullptr};
  nn::Dropout drop{nullptr};
};
TORCH_MODULE(Mlp);

// Made by this program with libtorch 1.13.1: the loss of each step, printed with "%.9g".
constexpr float kLosses[] = {1.18064547F,  1.04292512F,  1.15068758F,  1.01532567F,  1.09472489F,
                             1.04371893F,  1.04946411F,  0.999991715F, 0.970196664F, 0.924803138F,
                             0.97843039F,  0.825749516F, 0.775252402F, 0.82089901F,  0.648332596F,
                             0.683999419F, 0.741668582F, 0.794582903F, 0.611004651F, 0.689533949F,
                             0.562515438F, 0.601160586F, 0.513409019F, 0.505388379F, 0.489063591F,
                             0.279264927F, 0.487794489F, 0.696799755F, 0.4642905F,   0.361802697F,
                             0.227166131F, 0.224385738F, 0.499792427F, 0.252895206F, 0.337190211F,
                             0.613679826F, 0.176657557F, 0.390444577F, 0.275269389F, 0.135250732F,
                             0.269719154F, 0.38426128F,  0.291748047F, 0.114743583F, 0.276382953F,
                             0.366068929F, 0.196592629F, 0.199932948F, 0.14954485F,  0.217062593F};

TEST_CASE("dropout, shuffling and Adam give libtorch's losses") {
  torch::manual_seed(7);
  Mlp model;
  auto loader = torch::data::make_data_loader<torch::data::samplers::RandomSampler>(
      Points().map(torch::data::transforms::Stack<>()),
      torch::data::DataLoaderOptions().batch_size(16));
  torch::optim::Adam adam(model->parameters(), torch::optim::AdamOptions(1e-2).weight_decay(1e-3));
  size_t step = 0;
  while (step < std::size(kLosses)) {  // several epochs, each shuffled anew
    for (auto& batch : *loader) {
      if (step == std::size(kLosses)) break;
      adam.zero_grad();
      auto loss = torch::nll_loss(model(batch.data), batch.target);
      loss.backward();
      adam.step();
      INFO("step " << step);
      CHECK(loss.item<float>() == Approx(kLosses[step]).epsilon(1e-4));
      ++step;
    }
  }
}

}  // namespace
