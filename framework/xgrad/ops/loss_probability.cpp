// Losses of probabilities and their logarithms, element by element.
#include <cmath>
#include <cstdint>
#include <vector>

#include "xgrad/autograd/record.h"
#include "xgrad/core/format.h"
#include "xgrad/ops/activation.h"
#include "xgrad/ops/arithmetic.h"
#include "xgrad/ops/loss.h"
#include "xgrad/ops/loss_reduce.h"
#include "xgrad/ops/map.h"
#include "xgrad/ops/optional_tensor.h"

namespace xgrad {

using namespace autograd;

namespace {

constexpr double kPi = 3.14159265358979323846;

void check_pair(const char* op, const Tensor& input, const Tensor& target) {
  check(input.sizes() == target.sizes(), "{}: target has shape {}, expected the input's, {}", op,
        target.sizes(), input.sizes());
  check(input.is_floating_point(), "{}: input is {}, expected a floating dtype", op,
        dtype_name(input.scalar_type()));
  check(input.scalar_type() == target.scalar_type(),
        "{}: target is {}, expected the input's dtype, {}", op, dtype_name(target.scalar_type()),
        dtype_name(input.scalar_type()));
}

// Whether the shapes agree when dims of size 1 are left out.
bool same_but_for_ones(const Tensor& a, const Tensor& b) {
  const auto longer_dims = [](const Tensor& x) {
    std::vector<std::int64_t> sizes = x.sizes().vec();
    std::erase(sizes, 1);
    return sizes;
  };
  return longer_dims(a) == longer_dims(b);
}

// The loss of each element of contiguous x and t; stops at a probability that is none.
template <class T>
void binary_cross_entropy_values(std::int64_t n, const T* x, const T* t, T* y) {
  for (std::int64_t i = 0; i < n; ++i) {
    check(x[i] >= T{0} && x[i] <= T{1},
          "binary_cross_entropy: input has the element {}, expected probabilities in [0, 1]", x[i]);
    const T positive = std::max(std::log(x[i]), T{-100}),
            negative = std::max(std::log1p(-x[i]), T{-100});
    y[i] = (t[i] - T{1}) * negative - t[i] * positive;
  }
}

}  // namespace

Tensor binary_cross_entropy(const Tensor& input, const Tensor& given_target,
                            const optional<Tensor>& weight, std::int64_t reduction) {
  check_reduction("binary_cross_entropy", reduction);
  const bool reshape =
      input.sizes() != given_target.sizes() && same_but_for_ones(input, given_target);
  const Tensor target = reshape ? given_target.reshape(input.sizes()) : given_target;
  check_pair("binary_cross_entropy", input, target);
  const Tensor& w = tensor_or_none(weight);
  Tensor y;
  std::int64_t numel;
  {
    NoGradGuard no_grad;
    const Tensor x = input.contiguous(), t = target.contiguous();
    Tensor loss = make_tensor(input.sizes(), input.scalar_type());
    dispatch_floating(input.scalar_type(), [&](auto type) {
      using T = decltype(type);
      binary_cross_entropy_values(x.numel(), x.data_ptr<T>(), t.data_ptr<T>(), loss.data_ptr<T>());
    });
    if (w.defined()) loss = loss * w;
    numel = loss.numel();
    y = reduce_loss(loss, reduction);
  }
  if (recording(input, target)) {
    record("BinaryCrossEntropyBackward0", y, {input, target},
           [x = Saved(input), t = Saved(target), w, reduction, numel](const Tensor& dy,
                                                                      Gradients& dx) {
             Tensor g = expand_gradient(dy, reduction, numel);
             if (w.defined()) g = g * w;
             if (dx.needs(0)) dx[0] = g * (x() - t()) / ((1 - x()) * x()).clamp_min(1e-12);
             if (dx.needs(1)) dx[1] = g * ((1 - x()).log() - x().log());
           });
  }
  return y;
}

// With a = 1 + (pos_weight - 1) t the loss is (1 - t) x - a log sigmoid(x), whose slope is (1 - t)
// - a (1 - sigmoid(x)).
Tensor binary_cross_entropy_with_logits(const Tensor& input, const Tensor& target,
                                        const optional<Tensor>& weight,
                                        const optional<Tensor>& pos_weight,
                                        std::int64_t reduction) {
  check_reduction("binary_cross_entropy_with_logits", reduction);
  check(input.is_floating_point(),
        "binary_cross_entropy_with_logits: input is {}, expected a floating dtype",
        dtype_name(input.scalar_type()));
  check(target.is_floating_point(),
        "binary_cross_entropy_with_logits: target is {}, expected a floating dtype",
        dtype_name(target.scalar_type()));
  const Tensor &w = tensor_or_none(weight), &positive = tensor_or_none(pos_weight);
  const auto log_sigmoid_of = [](const Tensor& x) {
    return map<kernels::LogSigmoid>("log_sigmoid", x.scalar_type(), {x});
  };
  Tensor y;
  std::int64_t numel;
  {
    NoGradGuard no_grad;
    Tensor log_probability = log_sigmoid_of(input);
    if (positive.defined()) log_probability = log_probability * ((positive - 1) * target + 1);
    Tensor loss = (1 - target) * input - log_probability;
    if (w.defined()) loss = loss * w;
    numel = loss.numel();
    y = reduce_loss(loss.to(target.scalar_type()), reduction);  // as in PyTorch
  }
  if (recording(input, target)) {
    record("BinaryCrossEntropyWithLogitsBackward0", y, {input, target},
           [x = Saved(input), t = Saved(target), w, positive, reduction, numel](const Tensor& dy,
                                                                                Gradients& dx) {
             Tensor g = expand_gradient(dy, reduction, numel);
             if (w.defined()) g = g * w;
             if (dx.needs(0)) {
               if (positive.defined()) {
                 dx[0] = g * ((1 - t()) - ((positive - 1) * t() + 1) * (1 - x().sigmoid()));
               } else {
                 dx[0] = g * (x().sigmoid() - t());
               }
             }
             if (dx.needs(1)) {
               if (positive.defined()) {
                 dx[1] = g * (-x() - (positive - 1) * log_sigmoid(x()));
               } else {
                 dx[1] = -g * x();
               }
             }
           });
  }
  return y;
}

Tensor kl_div(const Tensor& input, const Tensor& target, std::int64_t reduction, bool log_target) {
  check_reduction("kl_div", reduction);
  check(input.is_floating_point() && target.is_floating_point(),
        "kl_div: input is {} and target {}, expected floating dtypes",
        dtype_name(input.scalar_type()), dtype_name(target.scalar_type()));
  if (log_target) return reduce_loss(target.exp() * (target - input), reduction);
  return reduce_loss(target.xlogy(target) - target * input, reduction);
}

Tensor poisson_nll_loss(const Tensor& input, const Tensor& target, bool log_input, bool full,
                        double eps, std::int64_t reduction) {
  check_reduction("poisson_nll_loss", reduction);
  Tensor loss = log_input ? input.exp() - target * input : input - target * (input + eps).log();
  if (full) {
    const Tensor stirling = target * target.log() - target + (target * (2 * kPi)).log() * 0.5;
    loss = loss + stirling.masked_fill(target.le(1), 0);
  }
  return reduce_loss(loss, reduction);
}

Tensor gaussian_nll_loss(const Tensor& input, const Tensor& target, const Tensor& var, bool full,
                         double eps, std::int64_t reduction) {
  check_reduction("gaussian_nll_loss", reduction);
  Tensor v = var;
  if (!(v.sizes() == input.sizes())) {
    if (v.dim() == input.dim() - 1 &&
        v.sizes() == input.sizes().slice(0, static_cast<std::size_t>(v.dim()))) {
      v = v.unsqueeze(-1);
    } else {
      const auto leading = static_cast<std::size_t>(std::max<std::int64_t>(input.dim() - 1, 0));
      check(v.dim() == input.dim() && v.dim() > 0 && v.size(-1) == 1 &&
                v.sizes().slice(0, leading) == input.sizes().slice(0, leading),
            "gaussian_nll_loss: var has shape {}, expected the input's, {}, or that with a last "
            "size of 1",
            var.sizes(), input.sizes());
    }
  }
  {
    NoGradGuard no_grad;
    check(!v.lt(0).any().item<bool>(), "gaussian_nll_loss: var has a negative element");
  }
  v = v.clone();
  {
    NoGradGuard no_grad;  // as if there were no bound: the gradient goes through it
    v.clamp_min_(eps);
  }
  const Tensor d = input - target;
  Tensor loss = (v.log() + d * d / v) * 0.5;
  if (full) loss = loss + 0.5 * std::log(2 * kPi);
  return reduce_loss(loss, reduction);
}

}  // namespace xgrad
