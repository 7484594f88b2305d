#include "xgrad/kernels/softmax.h"

#include <limits>

#include "xgrad/kernels/lanes.arch.h"

namespace xgrad::kernels {
namespace XGRAD_ARCH_NAME {
namespace {

using Index = std::int64_t;

template <class T>
constexpr T kLowest = -std::numeric_limits<T>::infinity();

XGRAD_INLINE float natural_log(float x) { return __builtin_logf(x); }
XGRAD_INLINE double natural_log(double x) { return __builtin_log(x); }

template <class T>
XGRAD_INLINE T sum_lanes(Batch<T> v) {
  return fold(v, [](T a, T b) { return a + b; });
}
template <class T>
XGRAD_INLINE T max_lanes(Batch<T> v) {
  return fold(v, [](T a, T b) { return larger(a, b); });
}

// A row is walked in whole vectors; what is left is the vector that ends with the row and overlaps
// the one before it, of which `rest` lanes are new. Rows shorter than a vector are padded into one.
template <class T, bool kLog>
XGRAD_INLINE void short_row(Index n, const T* x, T* y) {
  using V = Batch<T>;
  const V v = load_part<T>(x, n, kLowest<T>);
  const V shifted = v - V(max_lanes<T>(v));
  // The padding's exponential is 0; it is NaN only where the sum is so anyway.
  const V e = xsimd::exp(shifted);
  const T sum = sum_lanes<T>(e);
  store_part(kLog ? shifted - V(natural_log(sum)) : e / V(sum), y, n);
}

template <class T, bool kLog>
void rows(Index count, Index n, const void* input, void* output) {
  using V = Batch<T>;
  constexpr Index width = V::size;
  const T* x = static_cast<const T*>(input);
  T* y = static_cast<T*>(output);
  for (Index row = 0; row < count; ++row, x += n, y += n) {
    if (n < width) {
      short_row<T, kLog>(n, x, y);
      continue;
    }
    const Index whole = n / width * width, rest = n - whole, end = n - width;
    V high = V::load_unaligned(x + end);
    for (Index i = 0; i < whole; i += width) high = larger(high, V::load_unaligned(x + i));
    const V m(max_lanes<T>(high));
    V sum(T{0});
    for (Index i = 0; i < whole; i += width) {
      const V e = xsimd::exp(V::load_unaligned(x + i) - m);
      sum += e;
      if constexpr (!kLog) e.store_unaligned(y + i);
    }
    const V tail = xsimd::exp(V::load_unaligned(x + end) - m);
    if (rest != 0) sum += keep_last(tail, rest, T{0});
    if constexpr (kLog) {
      const V log_sum(natural_log(sum_lanes<T>(sum)));
      for (Index i = 0; i < whole; i += width)
        (V::load_unaligned(x + i) - m - log_sum).store_unaligned(y + i);
      if (rest != 0) (V::load_unaligned(x + end) - m - log_sum).store_unaligned(y + end);
    } else {
      const V total(sum_lanes<T>(sum));
      for (Index i = 0; i < whole; i += width)
        (V::load_unaligned(y + i) / total).store_unaligned(y + i);
      if (rest != 0) (tail / total).store_unaligned(y + end);
    }
  }
}

// softmax: dx = y (dy - sum(dy y)); log_softmax: dx = dy - exp(y) sum(dy).
template <class T, bool kLog>
XGRAD_INLINE Batch<T> summand(Batch<T> dy, Batch<T> y) {
  return kLog ? dy : dy * y;
}
template <class T, bool kLog>
XGRAD_INLINE Batch<T> slope(Batch<T> dy, Batch<T> y, Batch<T> sum) {
  return kLog ? dy - xsimd::exp(y) * sum : y * (dy - sum);
}

template <class T, bool kLog>
void rows_backward(Index count, Index n, const void* gradient, const void* result, void* output) {
  using V = Batch<T>;
  constexpr Index width = V::size;
  const T *dy = static_cast<const T*>(gradient), *y = static_cast<const T*>(result);
  T* dx = static_cast<T*>(output);
  for (Index row = 0; row < count; ++row, dy += n, y += n, dx += n) {
    if (n < width) {
      const V v = load_part<T>(dy, n, T{0}), w = load_part<T>(y, n, T{0});
      store_part(slope<T, kLog>(v, w, V(sum_lanes<T>(summand<T, kLog>(v, w)))), dx, n);
      continue;
    }
    const Index whole = n / width * width, rest = n - whole, end = n - width;
    V sum(T{0});
    for (Index i = 0; i < whole; i += width)
      sum += summand<T, kLog>(V::load_unaligned(dy + i), V::load_unaligned(y + i));
    const V last_dy = V::load_unaligned(dy + end), last_y = V::load_unaligned(y + end);
    if (rest != 0) sum += keep_last(summand<T, kLog>(last_dy, last_y), rest, T{0});
    const V total(sum_lanes<T>(sum));
    for (Index i = 0; i < whole; i += width) {
      slope<T, kLog>(V::load_unaligned(dy + i), V::load_unaligned(y + i), total)
          .store_unaligned(dx + i);
    }
    if (rest != 0) slope<T, kLog>(last_dy, last_y, total).store_unaligned(dx + end);
  }
}

// Calls f(first column, lanes) for vectors of columns; the last one overlaps where it can and is
// partial where it must.
template <class T, class F>
XGRAD_INLINE void for_vectors(Index count, const F& f) {
  constexpr Index width = Batch<T>::size;
  for (Index j = 0; j < count; j += width) {
    if (count < width) {
      f(Index{0}, count);
    } else {
      f(j + width <= count ? j : count - width, width);
    }
  }
}
template <class T>
XGRAD_INLINE Batch<T> load_lanes(const T* x, Index lanes) {
  return lanes == Index{Batch<T>::size} ? Batch<T>::load_unaligned(x)
                                        : load_part<T>(x, lanes, T{0});
}
template <class T>
XGRAD_INLINE void store_lanes(Batch<T> v, T* y, Index lanes) {
  if (lanes == Index{Batch<T>::size}) {
    v.store_unaligned(y);
  } else {
    store_part(v, y, lanes);
  }
}

template <class T, bool kLog>
void columns(Index count, Index n, Index step, const void* input, void* output) {
  using V = Batch<T>;
  for_vectors<T>(count, [&](Index first, Index lanes) {
    const T* x = static_cast<const T*>(input) + first;
    T* y = static_cast<T*>(output) + first;
    V m(kLowest<T>);
    for (Index i = 0; i < n; ++i) m = larger(m, load_lanes(x + i * step, lanes));
    V sum(T{0});
    for (Index i = 0; i < n; ++i) {
      const V e = xsimd::exp(load_lanes(x + i * step, lanes) - m);
      sum += e;
      if constexpr (!kLog) store_lanes(e, y + i * step, lanes);
    }
    if constexpr (kLog) {
      const V log_sum = xsimd::log(sum);
      for (Index i = 0; i < n; ++i)
        store_lanes(load_lanes(x + i * step, lanes) - m - log_sum, y + i * step, lanes);
    } else {
      for (Index i = 0; i < n; ++i)
        store_lanes(load_lanes(y + i * step, lanes) / sum, y + i * step, lanes);
    }
  });
}

template <class T, bool kLog>
void columns_backward(Index count, Index n, Index step, const void* gradient, const void* result,
                      void* output) {
  using V = Batch<T>;
  for_vectors<T>(count, [&](Index first, Index lanes) {
    const T *dy = static_cast<const T*>(gradient) + first,
            *y = static_cast<const T*>(result) + first;
    T* dx = static_cast<T*>(output) + first;
    V sum(T{0});
    for (Index i = 0; i < n; ++i) {
      sum += summand<T, kLog>(load_lanes(dy + i * step, lanes), load_lanes(y + i * step, lanes));
    }
    for (Index i = 0; i < n; ++i) {
      const V v =
          slope<T, kLog>(load_lanes(dy + i * step, lanes), load_lanes(y + i * step, lanes), sum);
      store_lanes(v, dx + i * step, lanes);
    }
  });
}

template <class T, bool kLog>
constexpr SoftmaxKernel kernel() {
  return {&rows<T, kLog>, &columns<T, kLog>, &rows_backward<T, kLog>, &columns_backward<T, kLog>};
}

constexpr SoftmaxTable table = {{{kernel<float, false>(), kernel<double, false>()},
                                 {kernel<float, true>(), kernel<double, true>()}}};

}  // namespace
}  // namespace XGRAD_ARCH_NAME

const SoftmaxTable& XGRAD_ARCH_SYMBOL(softmax_table_)();
const SoftmaxTable& XGRAD_ARCH_SYMBOL(softmax_table_)() { return XGRAD_ARCH_NAME::table; }

}  // namespace xgrad::kernels
