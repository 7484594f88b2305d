#include <cmath>

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

// What backward needs of a forward on rows [rows, n].
struct Kept {
  Saved x, weight;
  Tensor mean, rstd;  // [rows], float64
  Dims normalized;
  double eps;
};

// Rows that one piece of parallel work takes: about 32K elements, and at least 8, so that the
// partial sums of backward stay small.
std::int64_t grain_of(std::int64_t n) {
  return std::max<std::int64_t>(8, 32768 / std::max<std::int64_t>(n, 1));
}

void fused_backward(const Kept& kept, const Tensor& gradient, Gradients& dx) {
  const Tensor x = kept.x().contiguous(), dy = gradient.contiguous();
  Tensor weight = kept.weight();
  if (weight.defined()) weight = weight.contiguous();
  const std::int64_t rows = kept.mean.numel(), n = numel_of(kept.normalized), grain = grain_of(n);
  const auto pieces = static_cast<std::size_t>((rows + grain - 1) / grain),
             width = static_cast<std::size_t>(n);
  const bool sums = dx.needs(1) || dx.needs(2);
  // Each piece sums into its own [2, n], so that the result does not depend on the number of
  // threads.
  memory::Buffer<double> partial(sums ? pieces * 2 * width : 1);
  if (sums) std::fill(partial.data(), partial.data() + pieces * 2 * width, 0.0);
  if (dx.needs(0)) dx[0] = make_tensor(x.sizes(), x.scalar_type());
  const auto *from = static_cast<const char*>(x.data_ptr()),
             *g = static_cast<const char*>(dy.data_ptr());
  auto* to = dx.needs(0) ? static_cast<char*>(dx[0].data_ptr()) : nullptr;
  const void* w = weight.defined() ? weight.data_ptr() : nullptr;
  const std::int64_t bytes = static_cast<std::int64_t>(x.element_size()) * n;
  const double *mean = kept.mean.data_ptr<double>(), *rstd = kept.rstd.data_ptr<double>();
  const auto kernel = kernels::normalization_kernels(x.scalar_type()).layer_backward;
  const bool needs_weight = dx.needs(1), needs_bias = dx.needs(2);
  parallel_for(0, rows, grain, [&](std::int64_t first, std::int64_t last) {
    double* own =
        sums ? partial.data() + static_cast<std::size_t>(first / grain) * 2 * width : nullptr;
    for (std::int64_t i = first; i < last; ++i) {
      kernel(n, g + i * bytes, from + i * bytes, mean[i], rstd[i], w, to ? to + i * bytes : nullptr,
             needs_weight ? own : nullptr, needs_bias ? own + width : nullptr);
    }
  });
  for (std::size_t which = 1; which <= 2; ++which) {
    if (!dx.needs(which)) continue;
    const Tensor total = make_tensor(kept.normalized, kDouble);
    auto* sum = total.data_ptr<double>();
    std::fill(sum, sum + width, 0.0);
    for (std::size_t piece = 0; piece < pieces; ++piece) {
      const double* own = partial.data() + (2 * piece + which - 1) * width;
      for (std::size_t i = 0; i < width; ++i) sum[i] += own[i];
    }
    dx[which] = total.to(x.scalar_type());
  }
}

void composed_backward(const Kept& kept, const Tensor& dy, Gradients& dx) {
  const Tensor x = kept.x(), weight = kept.weight();
  std::vector<std::int64_t> last, leading;
  const std::int64_t split = x.dim() - static_cast<std::int64_t>(kept.normalized.size());
  for (std::int64_t d = 0; d < x.dim(); ++d) (d < split ? leading : last).push_back(d);
  const Standardized s(x, last, kept.eps);
  if (dx.needs(0)) dx[0] = standardized_gradient(s, weight.defined() ? dy * weight : dy, last);
  const auto total = [&](const Tensor& t) {
    return leading.empty() ? t : t.sum(IntArrayRef(leading));
  };
  if (dx.needs(1)) dx[1] = total(dy * s.h);
  if (dx.needs(2)) dx[2] = total(dy);
}

}  // namespace

Tensor layer_norm(const Tensor& input, IntArrayRef normalized_shape, const optional<Tensor>& weight,
                  const optional<Tensor>& bias, double eps, bool) {
  const Tensor &w = tensor_or_none(weight), &b = tensor_or_none(bias);
  check_norm_input("layer_norm", input);
  check(!normalized_shape.empty(),
        "layer_norm: normalized_shape is empty, expected at least one size");
  const std::size_t rank = input.sizes().size();
  check(normalized_shape.size() <= rank &&
            input.sizes().slice(rank - normalized_shape.size()) == normalized_shape,
        "layer_norm: input has shape {}, expected last sizes {}", input.sizes(), normalized_shape);
  check_norm_parameter("layer_norm", "weight", w, normalized_shape, input);
  check_norm_parameter("layer_norm", "bias", b, normalized_shape, input);
  const std::int64_t n = numel_of(normalized_shape),
                     rows = numel_of(input.sizes().slice(0, rank - normalized_shape.size()));

  const Tensor mean = make_tensor({rows}, kDouble), rstd = make_tensor({rows}, kDouble);
  const Tensor y = make_tensor(input.sizes(), input.scalar_type());
  {
    NoGradGuard no_grad;
    const Tensor x = input.contiguous(), weights = w.defined() ? w.contiguous() : w,
                 biases = b.defined() ? b.contiguous() : b;
    const auto& kernel = kernels::normalization_kernels(x.scalar_type());
    const auto* from = static_cast<const char*>(x.data_ptr());
    auto* to = static_cast<char*>(y.data_ptr());
    const void *ws = w.defined() ? weights.data_ptr() : nullptr,
               *bs = b.defined() ? biases.data_ptr() : nullptr;
    double *m = mean.data_ptr<double>(), *r = rstd.data_ptr<double>();
    const std::int64_t bytes = static_cast<std::int64_t>(x.element_size()) * n;
    parallel_for(0, n == 0 ? 0 : rows, grain_of(n), [&](std::int64_t first, std::int64_t last) {
      for (std::int64_t i = first; i < last; ++i) {
        double run[2];
        kernel.moments(n, from + i * bytes, run);
        m[i] = run[0];
        r[i] = 1 / std::sqrt(run[1] / static_cast<double>(n) + eps);
        kernel.layer(n, from + i * bytes, m[i], r[i], ws, bs, to + i * bytes);
      }
    });
  }
  if (recording(input, w, b)) {
    Kept kept{Saved(input), w.defined() ? Saved(w) : Saved(), mean, rstd, normalized_shape, eps};
    record("NativeLayerNormBackward0", y, {input, w, b},
           [kept = std::move(kept)](const Tensor& dy, Gradients& dx) {
             if (GradMode::is_enabled() || dy.numel() == 0) {
               composed_backward(kept, dy, dx);
             } else {
               fused_backward(kept, dy, dx);
             }
           });
  }
  return y;
}

}  // namespace xgrad
