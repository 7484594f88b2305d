// Parameters and buffers: what is trained, what is only saved, and what is neither.
//
// Data:    none
// Command: buffers_and_parameters
// Result:  a table of the module's tensors; after training only `weight` has changed by the
//          optimizer and `mean` by the module itself; the saved file holds those two and not
//          `scratch`.
#include <cstdio>
#include <fstream>
#include <iostream>

#include "xgrad/xgrad.h"

using xgrad::Tensor;

// Scores x against a running mean of what it has seen.
struct CenteredImpl : xgrad::nn::Module {
  CenteredImpl() {
    weight = register_parameter("weight", xgrad::ones({3}));  // trained, saved
    mean = register_buffer("mean", xgrad::zeros({3}));        // not trained, saved
    // Not trained, not saved: not persistent.
    scratch = register_buffer("scratch", xgrad::zeros({3}), false);
  }

  Tensor forward(const Tensor& x) {
    if (is_training()) {
      xgrad::NoGradGuard no_grad;
      mean.mul_(0.9).add_(x.mean(0), 0.1);
      scratch.copy_(x[0]);
    }
    return ((x - mean) * weight).sum(1);
  }

  Tensor weight, mean, scratch;
};
XGRAD_MODULE(Centered);

int main() {
  xgrad::manual_seed(0);
  Centered net;

  xgrad::optim::SGD optimizer(net->parameters(), xgrad::optim::SGDOptions(0.05));
  for (int step = 0; step < 100; ++step) {
    const Tensor x = xgrad::randn({16, 3}) + 2;
    const Tensor target = (x - 2).matmul(xgrad::tensor({1., -2., 0.5}));
    const Tensor loss = xgrad::mse_loss(net(x), target);
    optimizer.zero_grad();
    loss.backward();
    optimizer.step();
  }

  std::cout << "parameters (trained and saved):\n";
  for (const auto& item : net->named_parameters())
    std::cout << "  " << item.key() << " = " << item.value().detach() << "\n";
  std::cout << "buffers (never trained):\n";
  const auto saved = net->named_buffers(true, /*persistent_only=*/true);
  for (const auto& item : net->named_buffers()) {
    std::cout << "  " << item.key() << " = " << item.value()
              << (saved.contains(item.key()) ? "  saved" : "  not saved") << "\n";
  }

  const std::string path = "buffers_and_parameters.json";
  xgrad::save(net, path);
  std::cout << "\n" << path << ":\n" << std::ifstream(path).rdbuf() << "\n";

  Centered copy;
  xgrad::load(copy, path);
  copy->eval();
  net->eval();
  const Tensor x = xgrad::randn({2, 3});
  const bool same = xgrad::equal(copy(x), net(x));
  std::cout << (same ? "the reloaded module gives the same results\n"
                     : "the reloaded module differs\n");
  std::remove(path.c_str());
  return same ? 0 : 1;
}
