// Gradient accumulation and averaged weights: a large batch in small pieces, and the mean of the
// weights along the way.
//
// Data:    none (a noisy spiral of two arms, made from seed 0)
// Command: gradient_accumulation
// Result:  the gradient of one batch of 256 equals the sum over four of 64; the averaged weights
//          classify at least 95% of new points, and at least nearly as many as the last ones
#include <cmath>
#include <cstdio>
#include <numbers>
#include <utility>

#include "models/mlp.h"
#include "xgrad/xgrad.h"

using xgrad::Tensor;

namespace {

// Points [n, 2] on two arms, with their arms [n].
std::pair<Tensor, Tensor> spiral(std::int64_t n) {
  const Tensor arm = xgrad::randint(2, {n}, xgrad::kLong);
  const Tensor turn = xgrad::rand({n}) * 3 + 0.5;
  const Tensor angle = turn * 1.5 + arm * std::numbers::pi;
  const Tensor points = xgrad::stack({turn * angle.cos(), turn * angle.sin()}, 1);
  return {points + 0.1 * xgrad::randn({n, 2}), arm};
}

double accuracy(models::MLP& net, const Tensor& x, const Tensor& arm) {
  const xgrad::NoGradGuard no_grad;
  return net(x).argmax(1).eq(arm).to(xgrad::kDouble).mean().item<double>();
}

}  // namespace

int main() {
  xgrad::manual_seed(0);
  models::MLP net(models::MLPOptions({2, 32, 32, 2}));
  xgrad::optim::Adam optimizer(net->parameters(), 0.01);
  xgrad::optim::ExponentialMovingAverage average(net->parameters(), 0.98);

  constexpr std::int64_t kPieces = 4, kPiece = 64;
  for (int step = 0; step < 400; ++step) {
    const auto [x, arm] = spiral(kPieces * kPiece);
    optimizer.zero_grad();
    // Each backward() adds to the gradients; the mean over the batch is the mean of the pieces'.
    for (std::int64_t i = 0; i < kPieces; ++i) {
      const Tensor loss =
          xgrad::nll_loss(net(x.narrow(0, i * kPiece, kPiece)), arm.narrow(0, i * kPiece, kPiece));
      (loss / kPieces).backward();
    }
    if (step == 0) {
      const Tensor pieces = net->parameters()[0].grad().clone();
      optimizer.zero_grad();
      xgrad::nll_loss(net(x), arm).backward();
      const double difference = (net->parameters()[0].grad() - pieces).abs().max().item<double>();
      std::printf("largest difference to the gradient of the whole batch: %.1e\n", difference);
      if (difference > 1e-6) return 1;
    }
    optimizer.step();
    average.update();
  }

  const auto [x, arm] = spiral(1000);
  const double last = accuracy(net, x, arm);
  double averaged = 0;
  {
    const auto applied = average.apply();
    averaged = accuracy(net, x, arm);
  }
  std::printf("accuracy of the last weights %.1f%%, of the averaged ones %.1f%%\n", 100 * last,
              100 * averaged);
  return averaged >= 0.95 && averaged >= last - 0.01 ? 0 : 1;
}
