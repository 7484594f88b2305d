#include "xgrad/ops/cumulative.h"

#include <cmath>
#include <limits>

#include "xgrad/autograd/record.h"
#include "xgrad/core/format.h"
#include "xgrad/ops/arithmetic.h"
#include "xgrad/ops/map.h"
#include "xgrad/ops/scan.h"
#include "xgrad/ops/shape.h"

namespace xgrad {

using namespace autograd;

namespace {

// Integers wrap, so they are unsigned here.
template <class T>
using Accumulator = std::conditional_t<std::is_floating_point_v<T>, double, std::uint64_t>;

Tensor as_accumulated(const Tensor& x, optional<ScalarType> type) {
  const ScalarType wanted =
      type.value_or(isFloatingType(x.scalar_type()) ? x.scalar_type() : kLong);
  return wanted == x.scalar_type() ? x : x.to(wanted);
}

template <class Join>
Tensor running(const Lines& lines, bool reversed, int first, const Join& join) {
  const Tensor y = make_tensor(lines.x.sizes(), lines.x.scalar_type());
  dispatch(y.scalar_type(), [&](auto zero) {
    using T = decltype(zero);
    using A = Accumulator<T>;
    const T* x = lines.x.data_ptr<T>();
    T* out = y.data_ptr<T>();
    scan<A>(
        lines, reversed, static_cast<A>(first),
        [&](A s, std::int64_t k) { return join(s, static_cast<A>(x[k])); },
        [&](std::int64_t k, A s) { out[k] = static_cast<T>(s); });
  });
  return y;
}

Tensor cumsum_any(const Tensor& x, std::int64_t dim, bool reversed) {
  Tensor y = running(Lines("cumsum", x, dim), reversed, 0, [](auto s, auto v) { return s + v; });
  if (recording(x)) {
    record("CumsumBackward0", y, {x}, [dim, reversed](const Tensor& dy, Gradients& dx) {
      dx[0] = cumsum_any(dy, dim, !reversed);
    });
  }
  return y;
}

// dx[k] = sum over i >= k of dy[i] times the product of all x[j], j <= i, j != k: what stands
// before k, times a scan from behind.
Tensor cumprod_any(const Tensor& x, std::int64_t dim) {
  Tensor y = running(Lines("cumprod", x, dim), false, 1, [](auto s, auto v) { return s * v; });
  if (recording(x)) {
    record("CumprodBackward0", y, {x},
           [x = Saved(x), y = saved_output(y), dim](const Tensor& dy, Gradients& dx) {
             dx[0] = neighbour(y(), dim, false, 1) *
                     affine_scan(neighbour(x(), dim, true, 0), dy, dim, true);
           });
  }
  return y;
}

// The position of the extremum so far; the data tells its value.
template <bool kMax>
std::tuple<Tensor, Tensor> cumulative_extremum(const char* op, const char* node, const Tensor& x,
                                               std::int64_t dim) {
  const Lines lines(op, x, dim);
  Tensor values = make_tensor(x.sizes(), x.scalar_type()),
         positions = make_tensor(x.sizes(), kLong);
  dispatch(x.scalar_type(), [&](auto zero) {
    using T = decltype(zero);
    const T* in = lines.x.data_ptr<T>();
    T* value = values.data_ptr<T>();
    std::int64_t* position = positions.data_ptr<std::int64_t>();
    scan<std::int64_t>(
        lines, false, -1,
        [&](std::int64_t best, std::int64_t k) {
          if (best < 0 || in[k] != in[k]) return k;
          return (kMax ? in[k] >= in[best] : in[k] <= in[best]) ? k : best;
        },
        [&](std::int64_t k, std::int64_t best) {
          value[k] = in[best];
          position[k] = best / lines.inner % lines.n;
        });
  });
  if (recording(x)) {
    record(
        node, {values, positions}, {x},
        [positions = Saved(positions), sizes = Dims(x.sizes()), dim](TensorList dy, Gradients& dx) {
          if (dy[0].defined()) dx[0] = dy[0].new_zeros(sizes).scatter_add(dim, positions(), dy[0]);
        });
  }
  return {values, positions};
}

}  // namespace

Tensor cumsum(const Tensor& x, std::int64_t dim, optional<ScalarType> type) {
  return cumsum_any(as_accumulated(x, type), dim, false);
}
Tensor cumprod(const Tensor& x, std::int64_t dim, optional<ScalarType> type) {
  return cumprod_any(as_accumulated(x, type), dim);
}
Tensor detail::products_before(const Tensor& x, std::int64_t dim) {
  return neighbour(cumprod_any(x, dim), dim, false, 1);
}

std::tuple<Tensor, Tensor> cummax(const Tensor& x, std::int64_t dim) {
  return cumulative_extremum<true>("cummax", "CummaxBackward0", x, dim);
}
std::tuple<Tensor, Tensor> cummin(const Tensor& x, std::int64_t dim) {
  return cumulative_extremum<false>("cummin", "CumminBackward0", x, dim);
}

// dx[k] = sum over i >= k of dy[i] exp(x[k] - y[i]) = exp(x[k] - y[k]) t[k], with t[k] = dy[k] +
// exp(y[k] - y[k + 1]) t[k + 1]. No exponent is above 0. Where y is still -inf nothing has been
// summed: no gradient.
Tensor logcumsumexp(const Tensor& x, std::int64_t dim) {
  check(isFloatingType(x.scalar_type()), "logcumsumexp: not defined for dtype {}",
        dtype_name(x.scalar_type()));
  const Lines lines("logcumsumexp", x, dim);
  Tensor y = make_tensor(x.sizes(), x.scalar_type());
  dispatch_floating(x.scalar_type(), [&](auto zero) {
    using T = decltype(zero);
    const T* in = lines.x.data_ptr<T>();
    T* out = y.data_ptr<T>();
    scan<double>(
        lines, false, -std::numeric_limits<double>::infinity(),
        [&](double s, std::int64_t k) {
          const double v = static_cast<double>(in[k]);
          if (s != s || v != v) return s + v;
          const double high = std::max(s, v), low = std::min(s, v);
          return std::isinf(high) ? high : high + std::log1p(std::exp(low - high));
        },
        [&](std::int64_t k, double s) { out[k] = static_cast<T>(s); });
  });
  if (recording(x)) {
    record("LogcumsumexpBackward0", y, {x},
           [x = Saved(x), y = saved_output(y), dim](const Tensor& dy, Gradients& dx) {
             const Tensor out = y(), in = x();
             constexpr double infinity = std::numeric_limits<double>::infinity();
             const Tensor nothing = out.eq(-infinity);
             const Tensor finite = out.masked_fill(nothing, 0);
             const Tensor decay =
                 (finite - neighbour(finite, dim, true, infinity)).exp().masked_fill(nothing, 0);
             dx[0] = (in - finite).exp() * affine_scan(decay, dy, dim, true);
           });
  }
  return y;
}

Tensor diff(const Tensor& x, std::int64_t n, std::int64_t dim, const optional<Tensor>& prepend,
            const optional<Tensor>& append) {
  check(x.dim() > 0, "diff: the input is 0-d, expected at least one dim");
  const std::int64_t d = wrap_dim("diff", dim, x.dim());
  Tensor y = x;
  if (prepend || append) {
    std::vector<Tensor> parts;
    if (prepend) parts.push_back(*prepend);
    parts.push_back(x);
    if (append) parts.push_back(*append);
    y = cat(parts, d);
  }
  for (std::int64_t i = 0; i < n && y.size(d) > 0; ++i) {
    const std::int64_t last = y.size(d) - 1;
    const Tensor later = y.narrow(d, 1, last), earlier = y.narrow(d, 0, last);
    y = y.scalar_type() == kBool ? later.ne(earlier) : later - earlier;
  }
  return y;
}

// clang-format off
// Methods.
Tensor Tensor::cumsum(std::int64_t dim, OptType type) const { return xgrad::cumsum(*this, dim, type); }
Tensor Tensor::cumprod(std::int64_t dim, OptType type) const { return xgrad::cumprod(*this, dim, type); }
Tensor::Pair Tensor::cummax(std::int64_t dim) const { return xgrad::cummax(*this, dim); }
Tensor::Pair Tensor::cummin(std::int64_t dim) const { return xgrad::cummin(*this, dim); }
Tensor Tensor::logcumsumexp(std::int64_t dim) const { return xgrad::logcumsumexp(*this, dim); }
Tensor Tensor::diff(std::int64_t n, std::int64_t dim) const { return xgrad::diff(*this, n, dim); }
// clang-format on

}  // namespace xgrad
