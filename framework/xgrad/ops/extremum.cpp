#include "xgrad/ops/extremum.h"

#include "xgrad/autograd/record.h"
#include "xgrad/core/format.h"
#include "xgrad/core/parallel.h"
#include "xgrad/ops/arithmetic.h"
#include "xgrad/ops/reduce_plan.h"

namespace xgrad {

using namespace autograd;
using kernels::ReduceOp;

namespace {

constexpr std::int64_t kGrain = 32 * 1024;  // elements a thread takes

void check_nonempty(const char* op, const Tensor& x) {
  check(x.numel() != 0,
        "{}: the input has no elements, expected at least one, or a dim that is not empty", op);
}
void check_nonempty(const char* op, const Lines& lines) {
  check_index(lines.n != 0, "{}: dim {} has size 0, expected at least one element", op, lines.dim);
}
Dims without(const Lines& lines, bool keepdim) {
  Dims sizes = lines.with(1);
  if (!keepdim && !sizes.empty()) sizes.erase(static_cast<std::size_t>(lines.dim));
  return sizes;
}

struct Found {
  Tensor values, positions;
};

// Rows: the value first, by the fast reduction, then its place. Columns: both at once.
Found find_extremum(const char* op, ReduceOp kind, const Tensor& x, std::int64_t dim,
                    bool keepdim) {
  const Lines lines(op, x, dim);
  check_nonempty(op, lines);
  const Dims sizes = without(lines, keepdim);
  const kernels::PositionKernel& kernel = kernels::position_kernel(x.scalar_type());
  Tensor values, positions = make_tensor(sizes, kLong);
  auto* position = positions.data_ptr<std::int64_t>();
  const auto bytes = static_cast<std::int64_t>(x.element_size());
  const auto* in = static_cast<const char*>(lines.x.data_ptr());
  if (lines.inner == 1) {
    values = reduce(op, kind, lines.x, DimMask().set(static_cast<std::size_t>(lines.dim)), keepdim);
    const auto* value = static_cast<const char*>(values.data_ptr());
    parallel_for(0, lines.outer, std::max<std::int64_t>(1, kGrain / lines.n),
                 [&](std::int64_t first, std::int64_t last) {
                   kernel.find(last - first, lines.n, in + first * lines.n * bytes,
                               value + first * bytes, position + first);
                 });
  } else {
    values = make_tensor(sizes, x.scalar_type());
    auto* value = static_cast<char*>(values.data_ptr());
    constexpr std::int64_t width = 1024;  // columns: values and positions stay in L1
    const std::int64_t chunks = (lines.inner + width - 1) / width,
                       work = lines.n * std::min(lines.inner, width);
    parallel_for(
        0, lines.outer * chunks,
        std::max<std::int64_t>(1, kGrain / std::max<std::int64_t>(work, 1)),
        [&](std::int64_t first, std::int64_t last) {
          for (std::int64_t task = first; task < last; ++task) {
            const std::int64_t row = task / chunks, from = task % chunks * width;
            const std::int64_t to = row * lines.inner + from,
                               count = std::min(width, lines.inner - from);
            const auto run = kind == ReduceOp::max ? kernel.max_columns : kernel.min_columns;
            run(lines.n, lines.inner, count, in + (row * lines.n * lines.inner + from) * bytes,
                value + to * bytes, position + to);
          }
        });
  }
  return {values, positions};
}

Tensor whole(const char* op, const char* node, ReduceOp kind, const Tensor& x) {
  check_nonempty(op, x);
  Tensor y = reduce(op, kind, x, DimMask().set(), false);
  if (recording(x)) {
    record(node, y, {x}, [x = Saved(x), y = saved_output(y)](const Tensor& dy, Gradients& dx) {
      dx[0] = detail::share_evenly(dy, x(), y());
    });
  }
  return y;
}

std::tuple<Tensor, Tensor> along(const char* op, const char* node, ReduceOp kind, const Tensor& x,
                                 std::int64_t dim, bool keepdim) {
  const auto [values, positions] = find_extremum(op, kind, x, dim, keepdim);
  if (recording(x)) {
    record(node, {values, positions}, {x},
           [positions = Saved(positions), sizes = Dims(x.sizes()), dim, keepdim](TensorList dy,
                                                                                 Gradients& dx) {
             if (dy[0].defined())
               dx[0] = detail::scatter_back(dy[0], sizes, dim, positions(), keepdim);
           });
  }
  return {values, positions};
}

Tensor over_dims(const char* op, const char* node, ReduceOp kind, const Tensor& x, IntArrayRef dim,
                 bool keepdim) {
  const DimMask reduced = reduced_dims(op, dim, x.dim());
  for (std::size_t d = 0; d < x.sizes().size() && !dim.empty(); ++d) {
    check_index(!reduced[d] || x.sizes()[d] != 0,
                "{}: dim {} has size 0, expected at least one element", op, d);
  }
  if (dim.empty()) check_nonempty(op, x);
  Tensor y = reduce(op, kind, x, reduced, keepdim);
  if (recording(x)) {
    record(node, y, {x},
           [x = Saved(x), y = saved_output(y), reduced, keepdim](const Tensor& dy, Gradients& dx) {
             const Tensor in = x();
             const Tensor chosen = in.eq(restore_dims(y().detach(), in.sizes(), reduced, keepdim));
             const Tensor count = reduce("sum", ReduceOp::sum, chosen, reduced, true);
             dx[0] = restore_dims(dy, in.sizes(), reduced, keepdim) * chosen / count;
           });
  }
  return y;
}

Tensor position_of(const char* op, ReduceOp kind, const Tensor& x, optional<std::int64_t> dim,
                   bool keepdim) {
  check(x.scalar_type() != kBool, "{}: not defined for dtype bool", op);
  if (dim) return find_extremum(op, kind, x, *dim, keepdim).positions;
  check_index(x.numel() != 0,
              "{}: the input has no elements, expected at least one, or a dim that is not empty",
              op);
  const Lines lines(op, x, 0);
  const Tensor flat = make_alias(lines.x, {x.numel()}, {1}, lines.x.storage_offset());
  const Tensor position = find_extremum(op, kind, flat, 0, false).positions;
  return keepdim ? make_alias(position, Dims(x.sizes().size(), 1), Dims(x.sizes().size(), 1), 0)
                 : position;
}

}  // namespace

Tensor detail::scatter_back(const Tensor& dy, IntArrayRef sizes, std::int64_t dim,
                            const Tensor& positions, bool keepdim) {
  if (sizes.empty()) return dy;
  const Tensor zeros = dy.new_zeros(sizes);
  if (keepdim) return zeros.scatter(dim, positions, dy);
  return zeros.scatter(dim, positions.unsqueeze(dim), dy.unsqueeze(dim));
}

Tensor detail::share_evenly(const Tensor& dy, const Tensor& x, const Tensor& value) {
  const Tensor in = x.detach();
  const Tensor chosen = value.detach().isnan().item<bool>() ? in.isnan() : in.eq(value.detach());
  return (dy / chosen.sum()).expand(x.sizes()) * chosen;
}

Tensor max(const Tensor& x) { return whole("max", "MaxBackward1", ReduceOp::max, x); }
Tensor min(const Tensor& x) { return whole("min", "MinBackward1", ReduceOp::min, x); }
std::tuple<Tensor, Tensor> max(const Tensor& x, std::int64_t dim, bool keepdim) {
  return along("max", "MaxBackward0", ReduceOp::max, x, dim, keepdim);
}
std::tuple<Tensor, Tensor> min(const Tensor& x, std::int64_t dim, bool keepdim) {
  return along("min", "MinBackward0", ReduceOp::min, x, dim, keepdim);
}
Tensor amax(const Tensor& x, IntArrayRef dim, bool keepdim) {
  return over_dims("amax", "AmaxBackward0", ReduceOp::max, x, dim, keepdim);
}
Tensor amin(const Tensor& x, IntArrayRef dim, bool keepdim) {
  return over_dims("amin", "AminBackward0", ReduceOp::min, x, dim, keepdim);
}
std::tuple<Tensor, Tensor> aminmax(const Tensor& x, optional<std::int64_t> dim, bool keepdim) {
  check(dim || x.numel() != 0, "aminmax: the input has no elements, expected at least one");
  const IntArrayRef dims = dim ? IntArrayRef(*dim) : IntArrayRef();
  // A 0-d tensor whose dim is named and kept becomes [1], as in PyTorch.
  if (x.dim() == 0 && dim && keepdim) return aminmax(x.reshape({1}), dim, true);
  return {amin(x, dims, keepdim), amax(x, dims, keepdim)};
}
Tensor argmax(const Tensor& x, optional<std::int64_t> dim, bool keepdim) {
  return position_of("argmax", ReduceOp::max, x, dim, keepdim);
}
Tensor argmin(const Tensor& x, optional<std::int64_t> dim, bool keepdim) {
  return position_of("argmin", ReduceOp::min, x, dim, keepdim);
}

// clang-format off
// Methods.
Tensor Tensor::max() const { return xgrad::max(*this); }
Tensor::Pair Tensor::max(std::int64_t dim, bool keepdim) const { return xgrad::max(*this, dim, keepdim); }
Tensor Tensor::min() const { return xgrad::min(*this); }
Tensor::Pair Tensor::min(std::int64_t dim, bool keepdim) const { return xgrad::min(*this, dim, keepdim); }
Tensor Tensor::amax(IntArrayRef dim, bool keepdim) const { return xgrad::amax(*this, dim, keepdim); }
Tensor Tensor::amin(IntArrayRef dim, bool keepdim) const { return xgrad::amin(*this, dim, keepdim); }
Tensor::Pair Tensor::aminmax(OptDim dim, bool keepdim) const { return xgrad::aminmax(*this, dim, keepdim); }
Tensor Tensor::argmax(OptDim dim, bool keepdim) const { return xgrad::argmax(*this, dim, keepdim); }
Tensor Tensor::argmin(OptDim dim, bool keepdim) const { return xgrad::argmin(*this, dim, keepdim); }
// clang-format on

}  // namespace xgrad
