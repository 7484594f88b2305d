#include "xgrad/ops/pool_average.h"

#include <algorithm>
#include <memory>

#include "xgrad/autograd/record.h"
#include "xgrad/core/parallel.h"
#include "xgrad/ops/places.h"
#include "xgrad/ops/reduce.h"

namespace xgrad {

using namespace autograd;

namespace {

using Shared = std::shared_ptr<const AverageWindows>;

// f(p, o, d, h): row o of plane p's outputs, whose windows take the rows of d and h.
template <class F>
void for_each_row(const AverageWindows& w, std::int64_t p, const F& f) {
  const auto width = static_cast<std::int64_t>(w.spans[2].size());
  std::int64_t o = p * span_count(w.spans);
  for (const Span& d : w.spans[0]) {
    for (const Span& h : w.spans[1]) {
      f(o, d, h);
      o += width;
    }
  }
}
template <class F>
void for_each_input_row(const AverageWindows& w, const Span& d, const Span& h, const F& f) {
  for (std::int64_t i = d.first; i < d.last; ++i) {
    for (std::int64_t j = h.first; j < h.last; ++j)
      f((i * w.planes.sizes[1] + j) * w.planes.sizes[2]);
  }
}

template <class T>
T divisor_of(const AverageWindows& w, const Span& d, const Span& h, const Span& column) {
  return static_cast<T>(w.divisor != 0 ? w.divisor : d.size * h.size * column.size);
}

template <class T>
void add_row(const T* x, std::int64_t n, T* y) {
  for (std::int64_t i = 0; i < n; ++i) y[i] += x[i];
}
template <class T>
T sum(const T* x, std::int64_t n) {
  T total = 0;
  for (std::int64_t i = 0; i < n; ++i) total += x[i];
  return total;
}
template <class T>
void add_to_all(T value, T* x, std::int64_t n) {
  for (std::int64_t i = 0; i < n; ++i) x[i] += value;
}

// Rows first: they are added as vectors. `sums` is a row.
template <class T>
void average_plane(const AverageWindows& w, std::int64_t p, const T* x, T* y, T* sums) {
  const std::int64_t width = w.planes.sizes[2];
  for_each_row(w, p, [&](std::int64_t o, const Span& d, const Span& h) {
    std::fill(sums, sums + width, T(0));
    for_each_input_row(w, d, h,
                       [&](std::int64_t at) { add_row(x + p * w.planes.area + at, width, sums); });
    for (const Span& column : w.spans[2]) {
      y[o++] =
          sum(sums + column.first, column.last - column.first) / divisor_of<T>(w, d, h, column);
    }
  });
}

template <class T>
void spread_plane(const AverageWindows& w, std::int64_t p, const T* dy, T* dx, T* sums) {
  const std::int64_t width = w.planes.sizes[2];
  std::fill(dx + p * w.planes.area, dx + (p + 1) * w.planes.area, T(0));
  for_each_row(w, p, [&](std::int64_t o, const Span& d, const Span& h) {
    std::fill(sums, sums + width, T(0));
    for (const Span& column : w.spans[2]) {
      add_to_all(dy[o++] / divisor_of<T>(w, d, h, column), sums + column.first,
                 column.last - column.first);
    }
    for_each_input_row(w, d, h,
                       [&](std::int64_t at) { add_row(sums, width, dx + p * w.planes.area + at); });
  });
}

// Whether there is one window a plane, the plane itself.
bool is_whole(const AverageWindows& w) {
  bool whole = w.divisor == 0;
  for (std::size_t d = 0; d < 3; ++d) {
    whole = whole && w.spans[d].size() == 1 && w.spans[d][0].size == w.planes.sizes[d] &&
            w.spans[d][0].last - w.spans[d][0].first == w.planes.sizes[d];
  }
  return whole;
}

Tensor spread(const Shared& windows, const Tensor& dy);

Tensor average(const Shared& windows, const Tensor& x) {
  const AverageWindows& w = *windows;
  const Tensor y = make_tensor(w.output, x.scalar_type()), from = row_major(x);
  const auto run = [&](auto zero) {
    using T = decltype(zero);
    const T* in = from.data_ptr<T>();
    T* out = y.data_ptr<T>();
    parallel_for(0, w.planes.count, planes_grain(w.planes.area),
                 [&](std::int64_t first, std::int64_t last) {
                   std::vector<T> sums(static_cast<std::size_t>(w.planes.sizes[2]));
                   for (std::int64_t p = first; p < last; ++p)
                     average_plane(w, p, in, out, sums.data());
                 });
  };
  if (x.scalar_type() == kLong) {
    run(std::int64_t{});
  } else {
    dispatch_floating(x.scalar_type(), run);
  }
  if (recording(x)) {
    record(w.node, y, {x},
           [windows](const Tensor& dy, Gradients& dx) { dx[0] = spread(windows, dy); });
  }
  return y;
}

Tensor spread(const Shared& windows, const Tensor& dy) {
  const AverageWindows& w = *windows;
  const Tensor dx = make_tensor(w.input, dy.scalar_type()), from = row_major(dy);
  dispatch_floating(dy.scalar_type(), [&](auto zero) {
    using T = decltype(zero);
    const T* in = from.data_ptr<T>();
    T* out = dx.data_ptr<T>();
    parallel_for(0, w.planes.count, planes_grain(w.planes.area),
                 [&](std::int64_t first, std::int64_t last) {
                   std::vector<T> sums(static_cast<std::size_t>(w.planes.sizes[2]));
                   for (std::int64_t p = first; p < last; ++p)
                     spread_plane(w, p, in, out, sums.data());
                 });
  });
  if (recording(dy)) {
    record("AvgPoolSpreadBackward0", dx, {dy},
           [windows](const Tensor& g, Gradients& ddy) { ddy[0] = average(windows, g); });
  }
  return dx;
}

}  // namespace

Tensor average(const AverageWindows& windows, const Tensor& x) {
  if (x.is_floating_point() && is_whole(windows)) {  // the usual head of a network
    Dims spatial;
    for (std::size_t i = 1; i <= windows.rank; ++i)
      spatial.push_back(-static_cast<std::int64_t>(i));
    return mean(x, IntArrayRef(spatial), true);
  }
  return average(std::make_shared<const AverageWindows>(windows), x);
}

}  // namespace xgrad
