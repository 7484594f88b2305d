#include "xgrad/ops/softmax.h"

#include "xgrad/autograd/record.h"
#include "xgrad/core/format.h"
#include "xgrad/core/parallel.h"
#include "xgrad/kernels/softmax.h"
#include "xgrad/ops/arithmetic.h"
#include "xgrad/ops/map.h"
#include "xgrad/ops/reduce_plan.h"

namespace xgrad {

using namespace autograd;
using kernels::ReduceOp;

namespace {

constexpr std::int64_t kGrain = 8 * 1024;  // elements a thread takes: 10 us, an exponential each
constexpr std::int64_t kColumns = 256;     // columns that are walked together: a kB of each row

const kernels::SoftmaxKernel& kernel_for(bool log, ScalarType type) {
  return kernels::softmax_table().kernel[log ? 1 : 0][type == kDouble ? 1 : 0];
}

// run_rows(offset, count) for whole lines, run_columns(offset, count) for lines that lie beside
// each other.
template <class Rows, class Columns>
void for_lines(const Lines& lines, const Rows& run_rows, const Columns& run_columns) {
  if (lines.x.numel() == 0) return;
  if (lines.inner == 1) {
    parallel_for(
        0, lines.outer, std::max<std::int64_t>(1, kGrain / lines.n),
        [&](std::int64_t first, std::int64_t last) { run_rows(first * lines.n, last - first); });
    return;
  }
  const std::int64_t chunks = (lines.inner + kColumns - 1) / kColumns,
                     work = lines.n * std::min(lines.inner, kColumns);
  parallel_for(0, lines.outer * chunks, std::max<std::int64_t>(1, kGrain / work),
               [&](std::int64_t first, std::int64_t last) {
                 for (std::int64_t task = first; task < last; ++task) {
                   const std::int64_t from = task % chunks * kColumns;
                   run_columns(task / chunks * lines.n * lines.inner + from,
                               std::min(kColumns, lines.inner - from));
                 }
               });
}

// A function of dy and the forward's y, as an op of its own, so that it has a gradient: with s =
// sum(dy y) along dim, dx = y (dy - s), or for log_softmax, with s = sum(dy), dx = dy - exp(y) s.
Tensor softmax_backward(bool log, const Tensor& dy, const Tensor& y, std::int64_t dim) {
  const Lines gradient("softmax", dy, dim), result("softmax", y, dim);
  Tensor dx = make_tensor(y.sizes(), y.scalar_type());
  const kernels::SoftmaxKernel& kernel = kernel_for(log, y.scalar_type());
  const auto bytes = static_cast<std::int64_t>(y.element_size());
  const auto *g = static_cast<const char*>(gradient.x.data_ptr()),
             *r = static_cast<const char*>(result.x.data_ptr());
  auto* out = static_cast<char*>(dx.data_ptr());
  for_lines(
      result,
      [&](std::int64_t at, std::int64_t count) {
        kernel.rows_backward(count, result.n, g + at * bytes, r + at * bytes, out + at * bytes);
      },
      [&](std::int64_t at, std::int64_t count) {
        kernel.columns_backward(count, result.n, result.inner, g + at * bytes, r + at * bytes,
                                out + at * bytes);
      });
  if (recording(dy, y)) {
    record(log ? "LogSoftmaxBackwardDataBackward0" : "SoftmaxBackwardDataBackward0", dx, {dy, y},
           [log, dy = Saved(dy), y = Saved(y), dim](const Tensor& g2, Gradients& d) {
             const Tensor v = dy(), w = y();
             if (log) {
               const Tensor p = w.exp();
               if (d.needs(0)) d[0] = g2 - (g2 * p).sum(dim, true);
               if (d.needs(1)) d[1] = -g2 * p * v.sum(dim, true);
             } else {
               if (d.needs(0)) d[0] = softmax_backward(false, g2, w, dim);
               if (d.needs(1))
                 d[1] = g2 * (v - (v * w).sum(dim, true)) - v * (g2 * w).sum(dim, true);
             }
           });
  }
  return dx;
}

Tensor softmax_any(bool log, const Tensor& input, std::int64_t dim, optional<ScalarType> type) {
  const char* op = log ? "log_softmax" : "softmax";
  const Tensor x = type && *type != input.scalar_type() ? input.to(*type) : input;
  check(x.is_floating_point(), "{}: not defined for dtype {}, expected a floating one", op,
        dtype_name(x.scalar_type()));
  const Lines lines(op, x, dim);
  Tensor y = make_tensor(x.sizes(), x.scalar_type());
  const kernels::SoftmaxKernel& kernel = kernel_for(log, x.scalar_type());
  const auto bytes = static_cast<std::int64_t>(x.element_size());
  const auto* in = static_cast<const char*>(lines.x.data_ptr());
  auto* out = static_cast<char*>(y.data_ptr());
  for_lines(
      lines,
      [&](std::int64_t at, std::int64_t count) {
        kernel.rows(count, lines.n, in + at * bytes, out + at * bytes);
      },
      [&](std::int64_t at, std::int64_t count) {
        kernel.columns(count, lines.n, lines.inner, in + at * bytes, out + at * bytes);
      });
  if (recording(x)) {
    record(log ? "LogSoftmaxBackward0" : "SoftmaxBackward0", y, {x},
           [log, y = saved_output(y), dim](const Tensor& dy, Gradients& dx) {
             dx[0] = softmax_backward(log, dy, y(), dim);
           });
  }
  return y;
}

}  // namespace

Tensor softmax(const Tensor& x, std::int64_t dim, optional<ScalarType> type) {
  return softmax_any(false, x, dim, type);
}
Tensor log_softmax(const Tensor& x, std::int64_t dim, optional<ScalarType> type) {
  return softmax_any(true, x, dim, type);
}
Tensor softmin(const Tensor& x, std::int64_t dim, optional<ScalarType> type) {
  return softmax(x.neg(), dim, type);
}

Tensor logsumexp(const Tensor& input, IntArrayRef dim, bool keepdim) {
  const Tensor x = input.is_floating_point() ? input : input.to(get_default_dtype_as_scalartype());
  const DimMask reduced = reduced_dims("logsumexp", dim, x.dim());
  Tensor y;
  {
    const NoGradGuard plain;
    Tensor high = reduce("logsumexp", ReduceOp::max, x, reduced, true);
    high = high.masked_fill(high.isinf(), 0);
    const Tensor sum = reduce("logsumexp", ReduceOp::sum, x.sub(high).exp_(), reduced, keepdim);
    y = sum.log_().add_(keepdim ? high : high.reshape(sum.sizes()));
  }
  if (recording(x)) {
    record("LogsumexpBackward0", y, {x},
           [x = Saved(x), y = saved_output(y), reduced, keepdim](const Tensor& dy, Gradients& dx) {
             const Tensor in = x();
             const auto restored = [&](const Tensor& t) {
               return restore_dims(t, in.sizes(), reduced, keepdim);
             };
             dx[0] = restored(dy) * (in - restored(y())).exp();  // NaN where all are -inf
           });
  }
  return y;
}

// Methods.
Tensor Tensor::softmax(std::int64_t dim, OptType type) const {
  return xgrad::softmax(*this, dim, type);
}
Tensor Tensor::log_softmax(std::int64_t dim, OptType type) const {
  return xgrad::log_softmax(*this, dim, type);
}
Tensor Tensor::logsumexp(IntArrayRef dim, bool keepdim) const {
  return xgrad::logsumexp(*this, dim, keepdim);
}

}  // namespace xgrad
