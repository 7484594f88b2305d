#include <cmath>

#include "xgrad/autograd/in_place.h"
#include "xgrad/autograd/record.h"
#include "xgrad/core/format.h"
#include "xgrad/core/parallel.h"
#include "xgrad/kernels/normalization.h"
#include "xgrad/ops/arithmetic.h"
#include "xgrad/ops/normalization.h"
#include "xgrad/ops/optional_tensor.h"
#include "xgrad/ops/standardize.h"

namespace xgrad {

using namespace autograd;

namespace {

// x as [samples, channels, inner], row-major.
struct Channels {
  explicit Channels(IntArrayRef sizes)
      : samples(sizes[0]),
        channels(sizes[1]),
        inner(numel_of(sizes.slice(2))),
        count(samples * inner) {}
  std::int64_t samples, channels, inner;
  std::int64_t count;  // elements of a channel
  // Channels that one piece of parallel work takes: about 32K elements.
  std::int64_t grain() const {
    return std::max<std::int64_t>(1, 32768 / std::max<std::int64_t>(count, 1));
  }
};

template <class T>
const T* pointer(const Tensor& tensor) {
  return tensor.defined() ? tensor.data_ptr<T>() : nullptr;
}

// Mean and mean of squares about it, [C] in float64. Runs are merged by Chan's formula, so that x
// is read from memory once.
void channel_moments(const Channels& at, const Tensor& x, double* mean, double* var) {
  const auto& kernel = kernels::normalization_kernels(x.scalar_type());
  const auto count = static_cast<double>(at.count);
  if (at.inner == 1) {
    kernel.column_moments(at.samples, at.channels, x.data_ptr(), mean, var);
    for (std::int64_t c = 0; c < at.channels; ++c) var[c] /= count;
    return;
  }
  const auto* from = static_cast<const char*>(x.data_ptr());
  const std::int64_t bytes = static_cast<std::int64_t>(x.element_size()) * at.inner;
  parallel_for(0, at.channels, at.grain(), [&](std::int64_t first, std::int64_t last) {
    for (std::int64_t c = first; c < last; ++c) {
      double m = 0, squares = 0, seen = 0;
      for (std::int64_t n = 0; n < at.samples; ++n) {
        double run[2];
        kernel.moments(at.inner, from + (n * at.channels + c) * bytes, run);
        const auto inner = static_cast<double>(at.inner);
        const double off = run[0] - m;
        seen += inner;
        m += off * inner / seen;
        squares += run[1] + off * off * inner * (seen - inner) / seen;
      }
      mean[c] = m;
      var[c] = squares / count;
    }
  });
}

// scale[c] * (x - center[c]) + shift[c]; coefficients [3, C]. The center is a number of x's dtype,
// so that x far from 0 loses no digits in the difference.
Tensor affine(const Channels& at, const Tensor& x, const double* coefficients) {
  const double *center = coefficients, *scale = center + at.channels, *shift = scale + at.channels;
  const Tensor y = make_tensor(x.sizes(), x.scalar_type());
  const auto& kernel = kernels::normalization_kernels(x.scalar_type());
  if (at.inner == 1) {
    dispatch_floating(x.scalar_type(), [&](auto zero) {
      using T = decltype(zero);
      memory::Buffer<T> rows(static_cast<std::size_t>(3 * at.channels));
      for (std::int64_t i = 0; i < 3 * at.channels; ++i)
        rows.data()[i] = static_cast<T>(coefficients[i]);
      kernel.column_affine(at.samples, at.channels, x.data_ptr(), rows.data(),
                           rows.data() + at.channels, rows.data() + 2 * at.channels, y.data_ptr());
    });
    return y;
  }
  const auto* from = static_cast<const char*>(x.data_ptr());
  auto* to = static_cast<char*>(y.data_ptr());
  const std::int64_t bytes = static_cast<std::int64_t>(x.element_size()) * at.inner;
  const std::int64_t grain = std::max<std::int64_t>(1, 32768 / at.inner);
  parallel_for(0, at.samples * at.channels, grain, [&](std::int64_t first, std::int64_t last) {
    for (std::int64_t i = first; i < last; ++i) {
      const std::int64_t c = i % at.channels;
      kernel.affine(at.inner, from + i * bytes, center[c], scale[c], shift[c], to + i * bytes);
    }
  });
  return y;
}

// Of each channel: the sum of dy and of dy * (x - mean).
void channel_products(const Channels& at, const Tensor& dy, const Tensor& x, const double* mean,
                      double* sum, double* dot) {
  const auto& kernel = kernels::normalization_kernels(x.scalar_type());
  if (at.inner == 1) {
    kernel.column_products(at.samples, at.channels, dy.data_ptr(), x.data_ptr(), mean, sum, dot);
    return;
  }
  const auto *g = static_cast<const char*>(dy.data_ptr()),
             *from = static_cast<const char*>(x.data_ptr());
  const std::int64_t bytes = static_cast<std::int64_t>(x.element_size()) * at.inner;
  parallel_for(0, at.channels, at.grain(), [&](std::int64_t first, std::int64_t last) {
    for (std::int64_t c = first; c < last; ++c) {
      sum[c] = dot[c] = 0;
      for (std::int64_t n = 0; n < at.samples; ++n) {
        const std::int64_t offset = (n * at.channels + c) * bytes;
        double run[2];
        kernel.products(at.inner, g + offset, from + offset, mean[c], run);
        sum[c] += run[0];
        dot[c] += run[1];
      }
    }
  });
}

// a[c] * dy + b[c] * (x - center[c]) + c[c]; coefficients center, a, b, c [4, C].
Tensor combine(const Channels& at, const Tensor& dy, const Tensor& x, const double* coefficients) {
  const Tensor dx = make_tensor(x.sizes(), x.scalar_type());
  const auto& kernel = kernels::normalization_kernels(x.scalar_type());
  if (at.inner == 1) {
    dispatch_floating(x.scalar_type(), [&](auto zero) {
      using T = decltype(zero);
      memory::Buffer<T> rows(static_cast<std::size_t>(4 * at.channels));
      for (std::int64_t i = 0; i < 4 * at.channels; ++i)
        rows.data()[i] = static_cast<T>(coefficients[i]);
      kernel.column_combine(at.samples, at.channels, dy.data_ptr(), x.data_ptr(), rows.data(),
                            rows.data() + at.channels, rows.data() + 2 * at.channels,
                            rows.data() + 3 * at.channels, dx.data_ptr());
    });
    return dx;
  }
  const auto *g = static_cast<const char*>(dy.data_ptr()),
             *from = static_cast<const char*>(x.data_ptr());
  auto* to = static_cast<char*>(dx.data_ptr());
  const std::int64_t bytes = static_cast<std::int64_t>(x.element_size()) * at.inner;
  const std::int64_t grain = std::max<std::int64_t>(1, 32768 / at.inner);
  parallel_for(0, at.samples * at.channels, grain, [&](std::int64_t first, std::int64_t last) {
    for (std::int64_t i = first; i < last; ++i) {
      const double* k = coefficients + i % at.channels;
      kernel.combine(at.inner, g + i * bytes, from + i * bytes, k[0], k[at.channels],
                     k[2 * at.channels], k[3 * at.channels], to + i * bytes);
    }
  });
  return dx;
}

// running = (1 - momentum) * running + momentum * values, in place.
void update_running(const Tensor& running, const double* values, double momentum) {
  check_in_place("batch_norm", running);
  dispatch_floating(running.scalar_type(), [&](auto zero) {
    using T = decltype(zero);
    T* to = running.data_ptr<T>();
    const std::int64_t step = running.stride(0);
    for (std::int64_t c = 0; c < running.size(0); ++c) {
      to[c * step] =
          static_cast<T>((1 - momentum) * static_cast<double>(to[c * step]) + momentum * values[c]);
    }
  });
  bump_version(running);
}

// What backward needs of a forward.
struct Kept {
  Saved x, weight;
  Tensor mean, rstd;  // [C], float64
  bool training;
  double eps;
};

// With h = (x - mean) * rstd over m elements and g = dy * weight, dx = rstd * (g - mean(g) - h *
// mean(g * h)); in evaluation rstd * g. Each is of the form a * dy + b * (x - center) + c with one
// center, a, b and c for each channel.
void fused_backward(const Kept& kept, const Tensor& gradient, Gradients& dx) {
  const Tensor x = kept.x().contiguous(), dy = gradient.contiguous(), weight = kept.weight();
  const Channels at(x.sizes());
  const auto channels = static_cast<std::size_t>(at.channels);
  memory::Buffer<double> work(6 * channels);
  double *sum = work.data(), *dot = sum + channels, *coefficients = dot + channels;
  const double *mean = kept.mean.data_ptr<double>(), *rstd = kept.rstd.data_ptr<double>();
  const bool needs_sums = kept.training || dx.needs(1) || dx.needs(2);
  if (needs_sums) channel_products(at, dy, x, mean, sum, dot);
  dispatch_floating(x.scalar_type(), [&](auto zero) {
    using T = decltype(zero);
    if (dx.needs(0)) {
      const T* w = pointer<T>(weight);
      const std::int64_t step = weight.defined() ? weight.stride(0) : 0;
      const auto count = static_cast<double>(at.count);
      for (std::size_t c = 0; c < channels; ++c) {
        const double a =
            rstd[c] * (w ? static_cast<double>(w[static_cast<std::int64_t>(c) * step]) : 1.0);
        const double b = kept.training ? -a * rstd[c] * rstd[c] * dot[c] / count : 0;
        const double center = nearest(mean[c], x.scalar_type());
        coefficients[c] = center;
        coefficients[channels + c] = a;
        coefficients[2 * channels + c] = b;
        coefficients[3 * channels + c] =
            kept.training ? -a * sum[c] / count - b * (mean[c] - center) : 0;
      }
      dx[0] = combine(at, dy, x, coefficients);
    }
    if (dx.needs(1)) {
      dx[1] = make_tensor({at.channels}, x.scalar_type());
      for (std::size_t c = 0; c < channels; ++c)
        dx[1].data_ptr<T>()[c] = static_cast<T>(dot[c] * rstd[c]);
    }
    if (dx.needs(2)) {
      dx[2] = make_tensor({at.channels}, x.scalar_type());
      for (std::size_t c = 0; c < channels; ++c) dx[2].data_ptr<T>()[c] = static_cast<T>(sum[c]);
    }
  });
}

// The same of differentiable ops.
void composed_backward(const Kept& kept, const Tensor& dy, Gradients& dx) {
  const Tensor x = kept.x(), weight = kept.weight();
  std::vector<std::int64_t> dims;
  for (std::int64_t d = 0; d < x.dim(); ++d) {
    if (d != 1) dims.push_back(d);
  }
  const Tensor g = weight.defined() ? dy * along_channels(weight, x.dim()) : dy;
  Tensor h;
  if (kept.training) {
    const Standardized s(x, dims, kept.eps, true);
    h = s.h;
    if (dx.needs(0)) dx[0] = standardized_gradient(s, g, dims);
  } else {
    const Tensor rstd = along_channels(kept.rstd, x.dim()).to(x.scalar_type());
    h = (x - along_channels(kept.mean, x.dim()).to(x.scalar_type())) * rstd;
    if (dx.needs(0)) dx[0] = g * rstd;
  }
  if (dx.needs(1)) dx[1] = (dy * h).sum(IntArrayRef(dims));
  if (dx.needs(2)) dx[2] = dy.sum(IntArrayRef(dims));
}

}  // namespace

Tensor batch_norm(const Tensor& input, const optional<Tensor>& weight, const optional<Tensor>& bias,
                  const optional<Tensor>& running_mean, const optional<Tensor>& running_var,
                  bool training, double momentum, double eps, bool) {
  const Tensor &w = tensor_or_none(weight), &b = tensor_or_none(bias);
  const Tensor &old_mean = tensor_or_none(running_mean), &old_var = tensor_or_none(running_var);
  check_norm_input("batch_norm", input);
  check(input.dim() >= 2, "batch_norm: input has shape {}, expected [N, C, ...]", input.sizes());
  const Channels at(input.sizes());
  const Dims one_each{at.channels};
  check_norm_parameter("batch_norm", "weight", w, one_each, input);
  check_norm_parameter("batch_norm", "bias", b, one_each, input);
  for (const Tensor* running : {&old_mean, &old_var}) {
    const char* what = running == &old_mean ? "running_mean" : "running_var";
    check(training || running->defined() || input.numel() == 0,
          "batch_norm: {} is undefined, but evaluation needs it", what);
    if (!running->defined()) continue;
    check(running->sizes() == IntArrayRef(one_each),
          "batch_norm: {} has shape {}, expected {} for an input of shape {}", what,
          running->sizes(), IntArrayRef(one_each), input.sizes());
    check(running->is_floating_point(), "batch_norm: {} is {}, expected a floating dtype", what,
          dtype_name(running->scalar_type()));
  }
  if (input.numel() == 0)
    return w.defined() ? input * along_channels(w, input.dim()) : input.clone();

  const Tensor mean = make_tensor(one_each, kDouble), rstd = make_tensor(one_each, kDouble);
  Tensor y;
  {
    NoGradGuard no_grad;
    const Tensor x = input.contiguous();
    const auto channels = static_cast<std::size_t>(at.channels);
    memory::Buffer<double> work(3 * channels);
    double *m = mean.data_ptr<double>(), *r = rstd.data_ptr<double>(), *center = work.data(),
           *scale = center + channels, *shift = scale + channels;
    if (training) {
      channel_moments(at, x, m, r);
      if (old_mean.defined()) update_running(old_mean, m, momentum);
      if (old_var.defined()) {
        const auto count = static_cast<double>(at.count);
        for (std::size_t c = 0; c < channels; ++c) scale[c] = r[c] * count / (count - 1);
        update_running(old_var, scale, momentum);
      }
    } else {
      mean.copy_(old_mean);
      rstd.copy_(old_var);
    }
    const Tensor weights = w.defined() ? w.to(kDouble).contiguous() : w,
                 biases = b.defined() ? b.to(kDouble).contiguous() : b;
    for (std::size_t c = 0; c < channels; ++c) {
      r[c] = training && r[c] + eps == 0 ? 0 : 1 / std::sqrt(r[c] + eps);
      scale[c] = weights.defined() ? weights.data_ptr<double>()[c] * r[c] : r[c];
      center[c] = nearest(m[c], x.scalar_type());
      shift[c] =
          (biases.defined() ? biases.data_ptr<double>()[c] : 0) - (m[c] - center[c]) * scale[c];
    }
    y = affine(at, x, work.data());
  }
  if (recording(input, w, b)) {
    Kept kept{Saved(input), w.defined() ? Saved(w) : Saved(), mean, rstd, training, eps};
    record("NativeBatchNormBackward0", y, {input, w, b},
           [kept = std::move(kept)](const Tensor& dy, Gradients& dx) {
             if (GradMode::is_enabled()) {
               composed_backward(kept, dy, dx);
             } else {
               fused_backward(kept, dy, dx);
             }
           });
  }
  return y;
}

}  // namespace xgrad
