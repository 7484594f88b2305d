// The losses of a difference d = input - target, most as one op: its value and its slope in d.
#include "xgrad/autograd/record.h"
#include "xgrad/core/format.h"
#include "xgrad/ops/arithmetic.h"
#include "xgrad/ops/comparison.h"
#include "xgrad/ops/loss.h"
#include "xgrad/ops/loss_reduce.h"
#include "xgrad/ops/where.h"

namespace xgrad {

using namespace autograd;

namespace {

// A bool beside a number counts as one.
Tensor difference(const Tensor& input, const Tensor& target) {
  const ScalarType a = input.scalar_type(), b = target.scalar_type();
  if ((a == kBool) == (b == kBool)) return input - target;
  return a == kBool ? input.to(b) - target : input - target.to(a);
}

void check_floating(const char* op, const Tensor& input, const Tensor& target) {
  const ScalarType type = promoteTypes(input.scalar_type(), target.scalar_type());
  check(isFloatingType(type), "{}: not defined for {} and {}, expected a floating dtype", op,
        dtype_name(input.scalar_type()), dtype_name(target.scalar_type()));
}

// value(d) is the loss; slope(d, dy) its derivative times dy, written with differentiable ops.
template <class Value, class Slope>
Tensor difference_loss(const char* op, const char* node, const Tensor& input, const Tensor& target,
                       std::int64_t reduction, Value value, Slope slope) {
  check_reduction(op, reduction);
  Tensor y;
  std::int64_t numel;
  {
    NoGradGuard no_grad;
    const Tensor d = difference(input, target);
    numel = d.numel();
    y = reduce_loss(value(d), reduction);
  }
  if (recording(input, target)) {
    record(node, y, {input, target},
           [input = Saved(input), target = Saved(target), reduction, numel, slope](const Tensor& dy,
                                                                                   Gradients& dx) {
             const Tensor g =
                 slope(difference(input(), target()), expand_gradient(dy, reduction, numel));
             if (dx.needs(0)) dx[0] = g;
             if (dx.needs(1)) dx[1] = -g;
           });
  }
  return y;
}

}  // namespace

Tensor mse_loss(const Tensor& input, const Tensor& target, std::int64_t reduction) {
  check_floating("mse_loss", input, target);
  return difference_loss(
      "mse_loss", "MseLossBackward0", input, target, reduction,
      [](const Tensor& d) { return d * d; },
      [](const Tensor& d, const Tensor& dy) { return d * (dy * 2); });
}

Tensor l1_loss(const Tensor& input, const Tensor& target, std::int64_t reduction) {
  check_reduction("l1_loss", reduction);
  check(input.scalar_type() != kBool && target.scalar_type() != kBool,
        "l1_loss: not defined for bool, expected numbers");
  return reduce_loss((input - target).abs(), reduction);  // keeps the difference, not its parts
}

Tensor smooth_l1_loss(const Tensor& input, const Tensor& target, std::int64_t reduction,
                      double beta) {
  check(beta >= 0, "smooth_l1_loss: beta is {}, expected at least 0", beta);
  check_floating("smooth_l1_loss", input, target);
  if (beta == 0) return reduce_loss(difference(input, target).abs(), reduction);
  return difference_loss(
      "smooth_l1_loss", "SmoothL1LossBackward0", input, target, reduction,
      [beta](const Tensor& d) {
        const Tensor z = d.abs();
        return (z * z * (0.5 / beta)).where(z.lt(beta), z - 0.5 * beta);
      },
      [beta](const Tensor& d, const Tensor& dy) {
        const Tensor outside = d.detach().abs().ge(beta);  // NaN is inside, and stays NaN
        return where(outside, d.detach().sign(), d / beta) * dy;
      });
}

Tensor huber_loss(const Tensor& input, const Tensor& target, std::int64_t reduction, double delta) {
  check(delta > 0, "huber_loss: delta is {}, expected more than 0", delta);
  check(input.is_floating_point(), "huber_loss: input is {}, expected a floating dtype",
        dtype_name(input.scalar_type()));
  // The result has the input's dtype, also beside a wider target, as in PyTorch.
  const ScalarType type = input.scalar_type();
  return difference_loss(
      "huber_loss", "HuberLossBackward0", input, target, reduction,
      [delta, type](const Tensor& d) {
        const Tensor z = d.abs().to(type);
        return (z * z * 0.5).where(z.le(delta), (z - 0.5 * delta) * delta);
      },
      [delta](const Tensor& d, const Tensor& dy) {
        const Tensor outside = d.detach().abs().ge(delta);
        return where(outside, d.detach().sign() * delta, d) * dy;
      });
}

}  // namespace xgrad
