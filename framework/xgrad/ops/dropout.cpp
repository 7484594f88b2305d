#include "xgrad/ops/dropout.h"

#include <cmath>

#include "xgrad/autograd/grad_mode.h"
#include "xgrad/core/format.h"
#include "xgrad/ops/arithmetic.h"
#include "xgrad/ops/factories.h"

namespace xgrad {

namespace {

// Where SELU saturates, negated: scale * alpha of Klambauer et al.
constexpr double kSeluLimit = 1.7580993408473766;

// 1 with probability 1 - p, else 0: for each element, or ([N, C, 1, ...]) for each channel.
Tensor keep_or_drop(const char* op, const Tensor& x, double p, bool whole_channels) {
  // Drawn in row-major order, whatever the order of x.
  if (!whole_channels) return x.new_empty(x.sizes()).bernoulli_(1 - p);
  check(x.dim() >= 2, "{}: input has {} dims, expected at least 2, [N, C, ...]", op, x.dim());
  Dims sizes(static_cast<std::size_t>(x.dim()), 1);
  sizes[0] = x.size(0);
  sizes[1] = x.size(1);
  return x.new_empty(sizes).bernoulli_(1 - p);
}

// factor and (where it is defined) summand of x, or nothing to do.
struct Noise {
  bool none = false;
  Tensor factor, summand;
};

Noise make_noise(const char* op, const Tensor& x, double p, bool train, bool whole_channels,
                 bool alpha) {
  check(p >= 0 && p <= 1, "{}: probability is {}, expected 0..1", op, p);
  if (p == 0 || !train || x.numel() == 0) return {true, {}, {}};
  NoGradGuard no_grad;
  if (p == 1) return {false, x.new_zeros({}), {}};
  const Tensor noise = keep_or_drop(op, x, p, whole_channels);
  if (!alpha) {
    noise.div_(1 - p);
    return {false, noise, {}};
  }
  const double scale = 1 / std::sqrt((kSeluLimit * kSeluLimit * p + 1) * (1 - p));
  const Tensor summand = noise.add(-1).mul_(kSeluLimit * scale).add_(kSeluLimit * scale * p);
  return {false, noise.mul_(scale), summand};
}

Tensor drop(const char* op, const Tensor& x, double p, bool train, bool whole_channels,
            bool alpha) {
  const Noise noise = make_noise(op, x, p, train, whole_channels, alpha);
  if (noise.none) return x;
  const Tensor y = x * noise.factor;
  return noise.summand.defined() ? y + noise.summand : y;
}

Tensor& drop_(const char* op, Tensor& self, double p, bool train, bool whole_channels, bool alpha) {
  const Noise noise = make_noise(op, self, p, train, whole_channels, alpha);
  if (noise.none) return self;
  self.mul_(noise.factor);
  if (noise.summand.defined()) self.add_(noise.summand);
  return self;
}

}  // namespace

Tensor dropout(const Tensor& input, double p, bool train) {
  return drop("dropout", input, p, train, false, false);
}
Tensor& dropout_(Tensor& self, double p, bool train) {
  return drop_("dropout_", self, p, train, false, false);
}
Tensor feature_dropout(const Tensor& input, double p, bool train) {
  return drop("feature_dropout", input, p, train, true, false);
}
Tensor& feature_dropout_(Tensor& self, double p, bool train) {
  return drop_("feature_dropout_", self, p, train, true, false);
}
Tensor alpha_dropout(const Tensor& input, double p, bool train) {
  return drop("alpha_dropout", input, p, train, false, true);
}
Tensor& alpha_dropout_(Tensor& self, double p, bool train) {
  return drop_("alpha_dropout_", self, p, train, false, true);
}
Tensor feature_alpha_dropout(const Tensor& input, double p, bool train) {
  return drop("feature_alpha_dropout", input, p, train, true, true);
}
Tensor& feature_alpha_dropout_(Tensor& self, double p, bool train) {
  return drop_("feature_alpha_dropout_", self, p, train, true, true);
}

}  // namespace xgrad
