#include "xgrad/kernels/normalization.h"

#include "xgrad/kernels/rows.arch.h"

namespace xgrad::kernels {
namespace XGRAD_ARCH_NAME {

// The sum over i < n of term(load), where load(p, fill) gives p's elements at i and, past the end,
// `fill`: the term must be 0 there. Vectors are summed in T over blocks, and the blocks in double:
// 64 vectors in two accumulators lose no more than 5 bits.
template <class T, class Term>
XGRAD_INLINE double sum_terms(std::int64_t n, const Term& term) {
  using V = Batch<T>;
  constexpr auto width = static_cast<std::int64_t>(V::size);
  constexpr std::int64_t block = 64 * width;
  double total = 0;
  std::int64_t i = 0;
  while (i < n) {
    V even(T{0}), odd(T{0});
    const std::int64_t end = i + block < n ? i + block : n;
    for (; i + 2 * width <= end; i += 2 * width) {
      even = even + term([&](const T* p, T) { return V::load_unaligned(p + i); });
      odd = odd + term([&](const T* p, T) { return V::load_unaligned(p + i + width); });
    }
    for (; i < end; i += width) {
      even = even + term([&](const T* p, T fill) {
               return i + width <= end ? V::load_unaligned(p + i) : load_part(p + i, end - i, fill);
             });
    }
    total += static_cast<double>(sum_lanes<T>(even + odd));
  }
  return total;
}

// y[i] = value(load) for i < n.
template <class T, class Value>
XGRAD_INLINE void fill_values(std::int64_t n, T* y, const Value& value) {
  using V = Batch<T>;
  constexpr auto width = static_cast<std::int64_t>(V::size);
  std::int64_t i = 0;
  for (; i + width <= n; i += width)
    value([&](const T* p) { return V::load_unaligned(p + i); }).store_unaligned(y + i);
  if (i < n)
    store_part(y + i, n - i, V(value([&](const T* p) { return load_part(p + i, n - i, T{0}); })));
}

// Equal elements have themselves as their mean and no deviation at all, where rounding would leave
// a little of both.
template <class T>
XGRAD_INLINE bool all_equal(std::int64_t n, const T* x, std::int64_t stride) {
  for (std::int64_t i = 1; i < n; ++i) {
    if (x[i * stride] != x[0]) return false;
  }
  return n > 0;
}
// Whether they may be equal: no more deviation than rounding makes.
template <class T>
XGRAD_INLINE bool nearly_flat(std::int64_t n, double mean, double squares) {
  return squares <= static_cast<double>(n) * mean * mean * (sizeof(T) == 4 ? 1e-9 : 1e-27);
}

template <class T>
void moments(std::int64_t n, const void* x, double* result) {
  using V = Batch<T>;
  const auto* p = static_cast<const T*>(x);
  const auto count = static_cast<double>(n);
  // Around a first estimate the rounding of the sum is that of the distances, which are small.
  const auto near =
      static_cast<T>(sum_terms<T>(n, [&](auto load) { return load(p, T{0}); }) / count);
  double mean = static_cast<double>(near);
  if (near - near == T{0})  // is finite
    mean += sum_terms<T>(n, [&](auto load) { return load(p, near) - V(near); }) / count;
  const auto center = static_cast<T>(mean);
  const double squares = sum_terms<T>(n, [&](auto load) {
    const V d = load(p, center) - V(center);
    return d * d;
  });
  // The center was rounded to T: take that part of the squares away.
  const double off = mean - static_cast<double>(center);
  result[0] = mean;
  result[1] = squares - count * off * off;
  if (nearly_flat<T>(n, mean, squares) && all_equal(n, p, 1)) {
    result[0] = static_cast<double>(p[0]);
    result[1] = 0;
  }
}

template <class T>
void affine(std::int64_t n, const void* x, double center, double scale, double shift, void* y) {
  using V = Batch<T>;
  const V c(static_cast<T>(center)), s(static_cast<T>(scale)), t(static_cast<T>(shift));
  const auto* p = static_cast<const T*>(x);
  fill_values(n, static_cast<T*>(y), [&](auto load) { return (load(p) - c) * s + t; });
}

template <class T>
void products(std::int64_t n, const void* dy, const void* x, double center, double* result) {
  using V = Batch<T>;
  const T *g = static_cast<const T*>(dy), *p = static_cast<const T*>(x);
  const auto c = static_cast<T>(center);
  result[0] = sum_terms<T>(n, [&](auto load) { return load(g, T{0}); });
  result[1] = sum_terms<T>(n, [&](auto load) { return load(g, T{0}) * (load(p, c) - V(c)); }) +
              result[0] * (static_cast<double>(c) - center);
}

template <class T>
void combine(std::int64_t n, const void* dy, const void* x, double center, double a, double b,
             double c, void* dx) {
  using V = Batch<T>;
  const V vm(static_cast<T>(center)), va(static_cast<T>(a)), vb(static_cast<T>(b)),
      vc(static_cast<T>(c));
  const T *g = static_cast<const T*>(dy), *p = static_cast<const T*>(x);
  fill_values(n, static_cast<T*>(dx),
              [&](auto load) { return va * load(g) + (vb * (load(p) - vm) + vc); });
}

// Loops over a row's columns vectorise by themselves.
template <class T>
void column_moments(std::int64_t rows, std::int64_t columns, const void* x, double* mean,
                    double* squares) {
  const auto* p = static_cast<const T*>(x);
  for (std::int64_t j = 0; j < columns; ++j) mean[j] = squares[j] = 0;
  for (std::int64_t i = 0; i < rows; ++i) {
    for (std::int64_t j = 0; j < columns; ++j) mean[j] += static_cast<double>(p[i * columns + j]);
  }
  for (std::int64_t j = 0; j < columns; ++j) mean[j] /= static_cast<double>(rows);
  for (std::int64_t i = 0; i < rows; ++i) {
    for (std::int64_t j = 0; j < columns; ++j) {
      const double d = static_cast<double>(p[i * columns + j]) - mean[j];
      squares[j] += d * d;
    }
  }
  for (std::int64_t j = 0; j < columns; ++j) {
    if (!nearly_flat<double>(rows, mean[j], squares[j]) || !all_equal(rows, p + j, columns))
      continue;
    mean[j] = static_cast<double>(p[j]);
    squares[j] = 0;
  }
}

template <class T>
void column_affine(std::int64_t rows, std::int64_t columns, const void* x, const void* center,
                   const void* scale, const void* shift, void* y) {
  const T *p = static_cast<const T*>(x), *c = static_cast<const T*>(center),
          *s = static_cast<const T*>(scale), *t = static_cast<const T*>(shift);
  for (std::int64_t i = 0; i < rows; ++i) {
    T* row = static_cast<T*>(y) + i * columns;
    for (std::int64_t j = 0; j < columns; ++j) row[j] = (p[i * columns + j] - c[j]) * s[j] + t[j];
  }
}

template <class T>
void column_products(std::int64_t rows, std::int64_t columns, const void* dy, const void* x,
                     const double* center, double* sum, double* dot) {
  const T *g = static_cast<const T*>(dy), *p = static_cast<const T*>(x);
  for (std::int64_t j = 0; j < columns; ++j) sum[j] = dot[j] = 0;
  for (std::int64_t i = 0; i < rows; ++i) {
    for (std::int64_t j = 0; j < columns; ++j) {
      const auto dyij = static_cast<double>(g[i * columns + j]);
      sum[j] += dyij;
      dot[j] += dyij * (static_cast<double>(p[i * columns + j]) - center[j]);
    }
  }
}

template <class T>
void column_combine(std::int64_t rows, std::int64_t columns, const void* dy, const void* x,
                    const void* center, const void* a, const void* b, const void* c, void* dx) {
  const T *g = static_cast<const T*>(dy), *p = static_cast<const T*>(x),
          *m = static_cast<const T*>(center);
  const T *va = static_cast<const T*>(a), *vb = static_cast<const T*>(b),
          *vc = static_cast<const T*>(c);
  for (std::int64_t i = 0; i < rows; ++i) {
    T* row = static_cast<T*>(dx) + i * columns;
    for (std::int64_t j = 0; j < columns; ++j)
      row[j] = va[j] * g[i * columns + j] + (vb[j] * (p[i * columns + j] - m[j]) + vc[j]);
  }
}

template <class T>
void layer(std::int64_t n, const void* x, double mean, double rstd, const void* weight,
           const void* bias, void* y) {
  using V = Batch<T>;
  const T *p = static_cast<const T*>(x), *w = static_cast<const T*>(weight),
          *b = static_cast<const T*>(bias);
  const V center(static_cast<T>(mean)), scale(static_cast<T>(rstd));
  auto* to = static_cast<T*>(y);
  if (w && b) {
    fill_values(n, to, [&](auto load) { return (load(p) - center) * scale * load(w) + load(b); });
  } else if (w) {
    fill_values(n, to, [&](auto load) { return (load(p) - center) * scale * load(w); });
  } else if (b) {
    fill_values(n, to, [&](auto load) { return (load(p) - center) * scale + load(b); });
  } else {
    fill_values(n, to, [&](auto load) { return (load(p) - center) * scale; });
  }
}

template <class T>
void layer_backward(std::int64_t n, const void* dy, const void* x, double mean, double rstd,
                    const void* weight, void* dx, double* dweight, double* dbias) {
  using V = Batch<T>;
  const T *g = static_cast<const T*>(dy), *p = static_cast<const T*>(x),
          *w = static_cast<const T*>(weight);
  const V center(static_cast<T>(mean)), scale(static_cast<T>(rstd));
  if (dx) {
    const auto weighted = [&](auto load) {
      return w ? load(g, T{0}) * load(w, T{0}) : load(g, T{0});
    };
    const double count = static_cast<double>(n);
    const double sum = sum_terms<T>(n, weighted) / count;
    const double dot =
        sum_terms<T>(n,
                     [&](auto load) { return weighted(load) * (load(p, T{0}) - center) * scale; }) /
        count;
    const V mean_g(static_cast<T>(sum)), mean_gh(static_cast<T>(dot));
    fill_values(n, static_cast<T*>(dx), [&](auto load) {
      const V gw = w ? load(g) * load(w) : load(g);
      return scale * (gw - mean_g - (load(p) - center) * scale * mean_gh);
    });
  }
  const auto m = static_cast<T>(mean), r = static_cast<T>(rstd);
  if (dweight) {
    for (std::int64_t i = 0; i < n; ++i) dweight[i] += static_cast<double>(g[i] * ((p[i] - m) * r));
  }
  if (dbias) {
    for (std::int64_t i = 0; i < n; ++i) dbias[i] += static_cast<double>(g[i]);
  }
}

template <class T>
constexpr NormalizationKernels normalization = {
    &moments<T>,       &affine<T>,          &products<T>,       &combine<T>, &column_moments<T>,
    &column_affine<T>, &column_products<T>, &column_combine<T>, &layer<T>,   &layer_backward<T>};

}  // namespace XGRAD_ARCH_NAME

const NormalizationKernels& XGRAD_ARCH_SYMBOL(normalization_kernels_)(bool is_double);
const NormalizationKernels& XGRAD_ARCH_SYMBOL(normalization_kernels_)(bool is_double) {
  return is_double ? XGRAD_ARCH_NAME::normalization<double> : XGRAD_ARCH_NAME::normalization<float>;
}

}  // namespace xgrad::kernels
