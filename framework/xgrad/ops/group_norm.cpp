// Group normalization, and instance normalization as that of one channel a group.
#include <cmath>

#include "xgrad/autograd/in_place.h"
#include "xgrad/autograd/record.h"
#include "xgrad/core/format.h"
#include "xgrad/core/parallel.h"
#include "xgrad/kernels/normalization.h"
#include "xgrad/ops/arithmetic.h"
#include "xgrad/ops/comparison.h"
#include "xgrad/ops/normalization.h"
#include "xgrad/ops/optional_tensor.h"
#include "xgrad/ops/standardize.h"

namespace xgrad {

using namespace autograd;

namespace {

// x [N, C, ...] as [samples, groups, channels of a group, inner], row-major.
struct Groups {
  Groups(IntArrayRef sizes, std::int64_t number)
      : samples(sizes[0]),
        channels(sizes[1]),
        inner(numel_of(sizes.slice(2))),
        groups(number),
        width(channels / number),
        count(width * inner) {}
  std::int64_t samples, channels, inner, groups;
  std::int64_t width;  // channels of a group
  std::int64_t count;  // elements of a group
  std::int64_t grain() const {
    return std::max<std::int64_t>(1, 32768 / std::max<std::int64_t>(count, 1));
  }
};

// What backward needs of a forward.
struct Kept {
  Saved x, weight;
  Tensor mean, rstd;  // [samples * groups], float64
  std::int64_t groups;
  double eps;
  bool flat_is_zero;
};

Tensor as_double(const Tensor& parameter) {
  return parameter.defined() ? parameter.to(kDouble).contiguous() : Tensor();
}

// Of group i with m elements and g = dy * weight: dx = rstd * (g - mean(g) - h * mean(g * h)), h =
// (x - mean) * rstd.
void fused_backward(const Kept& kept, const Tensor& gradient, Gradients& dx) {
  const Tensor x = kept.x().contiguous(), dy = gradient.contiguous(),
               weights = as_double(kept.weight());
  const Groups at(x.sizes(), kept.groups);
  const auto& kernel = kernels::normalization_kernels(x.scalar_type());
  const auto *from = static_cast<const char*>(x.data_ptr()),
             *g = static_cast<const char*>(dy.data_ptr());
  const bool needs_x = dx.needs(0);
  if (needs_x) dx[0] = make_tensor(x.sizes(), x.scalar_type());
  auto* to = needs_x ? static_cast<char*>(dx[0].data_ptr()) : nullptr;
  const std::int64_t bytes = static_cast<std::int64_t>(x.element_size()) * at.inner;
  const double *mean = kept.mean.data_ptr<double>(), *rstd = kept.rstd.data_ptr<double>();
  const double* w = weights.defined() ? weights.data_ptr<double>() : nullptr;
  memory::Buffer<double> runs(
      static_cast<std::size_t>(2 * at.samples * at.channels));  // sum of dy, of dy * (x - mean)
  parallel_for(0, at.samples * at.groups, at.grain(), [&](std::int64_t first, std::int64_t last) {
    for (std::int64_t i = first; i < last; ++i) {
      double sum = 0, dot = 0;
      for (std::int64_t j = 0; j < at.width; ++j) {
        const std::int64_t at_run = i * at.width + j;
        double* run = runs.data() + 2 * at_run;
        kernel.products(at.inner, g + at_run * bytes, from + at_run * bytes, mean[i], run);
        const double weight = w ? w[at_run % at.channels] : 1;
        sum += weight * run[0];
        dot += weight * run[1];
      }
      if (!needs_x) continue;
      const auto count = static_cast<double>(at.count);
      const double b = -rstd[i] * rstd[i] * rstd[i] * dot / count,
                   center = nearest(mean[i], x.scalar_type()),
                   c = -rstd[i] * sum / count - b * (mean[i] - center);
      for (std::int64_t j = 0; j < at.width; ++j) {
        const std::int64_t at_run = i * at.width + j;
        const double weight = w ? w[at_run % at.channels] : 1;
        kernel.combine(at.inner, g + at_run * bytes, from + at_run * bytes, center,
                       rstd[i] * weight, b, c, to + at_run * bytes);
      }
    }
  });
  for (std::size_t which = 1; which <= 2; ++which) {
    if (!dx.needs(which)) continue;
    const Tensor total = make_tensor({at.channels}, kDouble);
    double* to_channel = total.data_ptr<double>();
    std::fill(to_channel, to_channel + at.channels, 0.0);
    for (std::int64_t run = 0; run < at.samples * at.channels; ++run) {
      const double* sums = runs.data() + 2 * run;
      to_channel[run % at.channels] += which == 1 ? sums[1] * rstd[run / at.width] : sums[0];
    }
    dx[which] = total.to(x.scalar_type());
  }
}

void composed_backward(const Kept& kept, const Tensor& dy, Gradients& dx) {
  const Tensor x = kept.x(), weight = kept.weight();
  const std::int64_t samples = x.size(0), channels = x.size(1);
  const Tensor g = weight.defined() ? dy * along_channels(weight, x.dim()) : dy;
  const Standardized s(x.reshape({samples, kept.groups, x.numel() / (samples * kept.groups)}), {2},
                       kept.eps, kept.flat_is_zero);
  if (dx.needs(0)) dx[0] = standardized_gradient(s, g.reshape(s.h.sizes()), {2}).reshape(x.sizes());
  const auto by_channel = [&](const Tensor& t) {
    return t.reshape({samples, channels, -1}).sum(IntArrayRef({0, 2}));
  };
  if (dx.needs(1)) dx[1] = by_channel(dy * s.h.reshape(x.sizes()));
  if (dx.needs(2)) dx[2] = by_channel(dy);
}

// Mean and 1 / sqrt(var + eps) of each group into `mean` and `rstd`; then y. `flat_is_zero`: where
// var + eps is 0, so is rstd.
Tensor normalize_groups(const Groups& at, const Tensor& x, const Tensor& weight, const Tensor& bias,
                        double eps, bool flat_is_zero, double* mean, double* rstd) {
  const Tensor y = make_tensor(x.sizes(), x.scalar_type()), weights = as_double(weight),
               biases = as_double(bias);
  const auto& kernel = kernels::normalization_kernels(x.scalar_type());
  const auto* from = static_cast<const char*>(x.data_ptr());
  auto* to = static_cast<char*>(y.data_ptr());
  const double *w = weights.defined() ? weights.data_ptr<double>() : nullptr,
               *b = biases.defined() ? biases.data_ptr<double>() : nullptr;
  const std::int64_t bytes = static_cast<std::int64_t>(x.element_size()) * at.inner;
  parallel_for(0, at.samples * at.groups, at.grain(), [&](std::int64_t first, std::int64_t last) {
    for (std::int64_t i = first; i < last; ++i) {
      double run[2];
      kernel.moments(at.count, from + i * at.width * bytes, run);
      mean[i] = run[0];
      const double var = run[1] / static_cast<double>(at.count) + eps,
                   center = nearest(mean[i], x.scalar_type());
      rstd[i] = flat_is_zero && var == 0 ? 0 : 1 / std::sqrt(var);
      for (std::int64_t j = 0; j < at.width; ++j) {
        const std::int64_t at_run = i * at.width + j, c = at_run % at.channels;
        const double scale = w ? w[c] * rstd[i] : rstd[i];
        kernel.affine(at.inner, from + at_run * bytes, center, scale,
                      (b ? b[c] : 0) - (mean[i] - center) * scale, to + at_run * bytes);
      }
    }
  });
  return y;
}

// Both ops; `mean` and `rstd` [N, groups] in float64 are written.
Tensor normalize(const char* node, const Tensor& input, std::int64_t groups, const Tensor& w,
                 const Tensor& b, double eps, bool flat_is_zero, const Tensor& mean,
                 const Tensor& rstd) {
  Tensor y;
  {
    NoGradGuard no_grad;
    y = normalize_groups(Groups(input.sizes(), groups), input.contiguous(), w, b, eps, flat_is_zero,
                         mean.data_ptr<double>(), rstd.data_ptr<double>());
  }
  if (recording(input, w, b)) {
    Kept kept{Saved(input), w.defined() ? Saved(w) : Saved(), mean, rstd, groups, eps,
              flat_is_zero};
    record(node, y, {input, w, b}, [kept = std::move(kept)](const Tensor& dy, Gradients& dx) {
      if (GradMode::is_enabled()) {
        composed_backward(kept, dy, dx);
      } else {
        fused_backward(kept, dy, dx);
      }
    });
  }
  return y;
}

// running = (1 - momentum) * running + momentum * the mean over samples of `values` [N, C].
void update_running(const Tensor& running, const Tensor& values, double momentum) {
  check_in_place("instance_norm", running);
  const Tensor update = (values.mean(IntArrayRef({0})) * momentum).to(running.scalar_type());
  running.mul_(1 - momentum).add_(update);
}

}  // namespace

Tensor group_norm(const Tensor& input, std::int64_t num_groups, const optional<Tensor>& weight,
                  const optional<Tensor>& bias, double eps, bool) {
  const Tensor &w = tensor_or_none(weight), &b = tensor_or_none(bias);
  check_norm_input("group_norm", input);
  check(input.dim() >= 2, "group_norm: input has shape {}, expected [N, C, ...]", input.sizes());
  const std::int64_t channels = input.size(1);
  check(num_groups > 0 && channels % num_groups == 0,
        "group_norm: {} channels cannot be divided into {} groups", channels, num_groups);
  check_norm_parameter("group_norm", "weight", w, {channels}, input);
  check_norm_parameter("group_norm", "bias", b, {channels}, input);
  if (input.numel() == 0)
    return w.defined() ? input * along_channels(w, input.dim()) : input.clone();
  const Dims statistics{input.size(0), num_groups};
  return normalize("NativeGroupNormBackward0", input, num_groups, w, b, eps, false,
                   make_tensor(statistics, kDouble), make_tensor(statistics, kDouble));
}

Tensor instance_norm(const Tensor& input, const optional<Tensor>& weight,
                     const optional<Tensor>& bias, const optional<Tensor>& running_mean,
                     const optional<Tensor>& running_var, bool use_input_stats, double momentum,
                     double eps, bool) {
  const Tensor &w = tensor_or_none(weight), &b = tensor_or_none(bias);
  const Tensor &old_mean = tensor_or_none(running_mean), &old_var = tensor_or_none(running_var);
  check_norm_input("instance_norm", input);
  check(input.dim() >= 2, "instance_norm: input has shape {}, expected [N, C, ...]", input.sizes());
  check(use_input_stats || (old_mean.defined() && old_var.defined()),
        "instance_norm: without use_input_stats it needs running_mean and running_var, but one is "
        "undefined");
  if (!use_input_stats)
    return batch_norm(input, weight, bias, running_mean, running_var, false, momentum, eps);
  const std::int64_t channels = input.size(1);
  check_norm_parameter("instance_norm", "weight", w, {channels}, input);
  check_norm_parameter("instance_norm", "bias", b, {channels}, input);
  check_norm_parameter("instance_norm", "running_mean", old_mean, {channels}, input);
  check_norm_parameter("instance_norm", "running_var", old_var, {channels}, input);
  if (input.numel() == 0)
    return w.defined() ? input * along_channels(w, input.dim()) : input.clone();
  const Dims statistics{input.size(0), channels};
  const Tensor mean = make_tensor(statistics, kDouble), rstd = make_tensor(statistics, kDouble);
  const Tensor y =
      normalize("NativeInstanceNormBackward0", input, channels, w, b, eps, true, mean, rstd);
  NoGradGuard no_grad;
  if (old_mean.defined()) update_running(old_mean, mean, momentum);
  if (old_var.defined()) {
    const auto count = static_cast<double>(input.numel() / (input.size(0) * channels));
    const Tensor var = ((rstd * rstd).reciprocal() - eps).masked_fill(rstd == 0, 0);
    update_running(old_var, var * (count / (count - 1)), momentum);
  }
  return y;
}

}  // namespace xgrad
