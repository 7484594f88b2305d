// Training steps: forward, backward and Adam, of small networks.
//
//   training [threads]      # or, beside libtorch: ./run bench training
//
// Written against libtorch's API: CMake builds the same source against libtorch too where that is
// installed.
#include <torch/torch.h>

#include <cstdlib>
#include <tuple>

#include "measure.h"

namespace {

namespace nn = torch::nn;
using torch::Tensor;

template <class Forward>
void measure(const char* name, nn::Module& net, const Tensor& x, const Tensor& target,
             const Forward& forward) {
  torch::optim::Adam optimizer(net.parameters(), torch::optim::AdamOptions(1e-3));
  const double time = bench::median(
      [&] {
        const Tensor loss = torch::nll_loss(torch::log_softmax(forward(x), 1), target);
        optimizer.zero_grad();
        loss.backward();
        optimizer.step();
      },
      1);
  bench::report(name, time);
}

void mlp() {
  nn::Sequential net(nn::Linear(784, 512), nn::ReLU(), nn::Dropout(0.2), nn::Linear(512, 256),
                     nn::ReLU(), nn::Dropout(0.2), nn::Linear(256, 10));
  measure("mlp 784-512-256-10, batch 128", *net, torch::randn({128, 784}),
          torch::randint(10, {128}, torch::kLong),
          [&](const Tensor& x) { return net->forward(x); });
}

void small_mlp() {
  nn::Sequential net(nn::Linear(8, 16), nn::Tanh(), nn::Linear(16, 2));
  measure("mlp 8-16-2, batch 4", *net, torch::randn({4, 8}), torch::randint(2, {4}, torch::kLong),
          [&](const Tensor& x) { return net->forward(x); });
}

void convnet() {
  nn::Sequential net(nn::Conv2d(1, 16, 5), nn::BatchNorm2d(16), nn::ReLU(), nn::MaxPool2d(2),
                     nn::Conv2d(16, 32, 5), nn::BatchNorm2d(32), nn::ReLU(), nn::MaxPool2d(2),
                     nn::Flatten(), nn::Linear(512, 64), nn::ReLU(), nn::Linear(64, 10));
  measure("convnet 28x28, batch 64", *net, torch::randn({64, 1, 28, 28}),
          torch::randint(10, {64}, torch::kLong), [&](const Tensor& x) { return net->forward(x); });
}

struct Recurrent : nn::Module {
  Recurrent()
      : lstm(register_module("lstm", nn::LSTM(nn::LSTMOptions(28, 128).batch_first(true)))),
        vote(register_module("vote", nn::Linear(128, 10))) {}
  nn::LSTM lstm;
  nn::Linear vote;
};

void lstm() {
  Recurrent net;
  measure("lstm 28 steps of 28, hidden 128, batch 32", net, torch::randn({32, 28, 28}),
          torch::randint(10, {32}, torch::kLong),
          [&](const Tensor& x) { return net.vote(std::get<0>(net.lstm(x)).select(1, -1)); });
}

}  // namespace

int main(int argc, char** argv) {
  torch::set_num_threads(argc > 1 ? std::atoi(argv[1]) : 1);
  torch::manual_seed(0);
  mlp();
  small_mlp();
  convnet();
  lstm();
}
