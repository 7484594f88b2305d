// Private to gemm.arch.cpp: vector operations on contiguous runs (dots, scaled copies,
// matrix-vector).
#pragma once

#include "xgrad/kernels/gemm_vector.arch.h"

namespace xgrad::kernels::XGRAD_ARCH_NAME {

// The dots of `R` rows with one x. Four registers of sums in flight at least, to hide the latency
// of an FMA (4 cycles, two a cycle: one row takes 8).
template <class T, int R>
inline void dots(std::int64_t n, const T* a, std::int64_t a_m, const T* x, T* results) {
  constexpr int kUnroll = R == 1 ? 8 : R == 2 ? 4 : 2;
  constexpr int kStep = kUnroll * kLanes<T>;
  Vector<T> sums[R][kUnroll];
  XGRAD_UNROLL
  for (int r = 0; r < R; ++r) {
    XGRAD_UNROLL
    for (int u = 0; u < kUnroll; ++u) sums[r][u] = Vector<T>(T(0));
  }
  std::int64_t i = 0;
  for (; i + kStep <= n; i += kStep) {
    XGRAD_UNROLL
    for (int u = 0; u < kUnroll; ++u) {
      const auto values = Vector<T>::load_unaligned(x + i + u * kLanes<T>);
      XGRAD_UNROLL
      for (int r = 0; r < R; ++r) {
        sums[r][u] = multiply_add(Vector<T>::load_unaligned(a + r * a_m + i + u * kLanes<T>),
                                  values, sums[r][u]);
      }
    }
  }
  for (; i < n; i += kLanes<T>) {
    const int count = static_cast<int>(lesser(n - i, kLanes<T>));
    const auto values = load_first(x + i, count);
    XGRAD_UNROLL
    for (int r = 0; r < R; ++r)
      sums[r][0] = multiply_add(load_first(a + r * a_m + i, count), values, sums[r][0]);
  }
  XGRAD_UNROLL
  for (int r = 0; r < R; ++r) {
    for (int step = 1; step < kUnroll; step *= 2) {
      for (int u = 0; u + step < kUnroll; u += 2 * step)
        sums[r][u] = sums[r][u] + sums[r][u + step];
    }
    results[r] = xsimd::hadd(sums[r][0]);
  }
}

template <class T>
T dot(std::int64_t n, const T* a, const T* b) {
  T result;
  dots<T, 1>(n, a, 0, b, &result);
  return result;
}

template <class T>
T sum(std::int64_t n, const T* a) {
  constexpr int kUnroll = 4;
  Vector<T> sums[kUnroll];
  for (auto& s : sums) s = Vector<T>(T(0));
  std::int64_t i = 0;
  for (; i + kUnroll * kLanes<T> <= n; i += kUnroll * kLanes<T>) {
    XGRAD_UNROLL
    for (int u = 0; u < kUnroll; ++u)
      sums[u] = sums[u] + Vector<T>::load_unaligned(a + i + u * kLanes<T>);
  }
  for (; i < n; i += kLanes<T>) {
    sums[0] = sums[0] + load_first(a + i, static_cast<int>(lesser(n - i, kLanes<T>)));
  }
  return xsimd::hadd((sums[0] + sums[1]) + (sums[2] + sums[3]));
}

// c put value(i, count): value gives the lanes from i on.
template <class T, bool kAccumulate, class Value>
inline void put(std::int64_t n, T* c, const Value& value) {
  std::int64_t i = 0;
  for (; i + kLanes<T> <= n; i += kLanes<T>) {
    Vector<T> result = value(i, kLanes<T>);
    if constexpr (kAccumulate) result = result + Vector<T>::load_unaligned(c + i);
    result.store_unaligned(c + i);
  }
  if (i < n) {
    const int count = static_cast<int>(n - i);
    Vector<T> result = value(i, count);
    if constexpr (kAccumulate) result = result + load_first(c + i, count);
    store_first(c + i, result, count);
  }
}

template <class T>
inline Vector<T> load_count(const T* source, int count) {
  return count == kLanes<T> ? Vector<T>::load_unaligned(source) : load_first(source, count);
}

template <class T>
inline void scale_run(std::int64_t n, T alpha, const T* a, T* c, bool accumulate) {
  const Vector<T> factor(alpha);
  const auto value = [&](std::int64_t i, int count) { return load_count(a + i, count) * factor; };
  accumulate ? put<T, true>(n, c, value) : put<T, false>(n, c, value);
}

template <class T>
void scale(std::int64_t m, std::int64_t n, T alpha, const T* x, std::int64_t x_m, const T* a,
           std::int64_t a_m, T* c, std::int64_t c_m, bool accumulate) {
  for (std::int64_t i = 0; i < m; ++i)
    scale_run(n, alpha * x[i * x_m], a + i * a_m, c + i * c_m, accumulate);
}

template <class T>
void multiply(std::int64_t m, std::int64_t n, T alpha, const T* a, std::int64_t a_m, const T* b,
              std::int64_t b_m, T* c, std::int64_t c_m, bool accumulate) {
  const Vector<T> factor(alpha);
  for (; m > 0; --m, a += a_m, b += b_m, c += c_m) {
    const auto value = [&](std::int64_t i, int count) {
      return load_count(a + i, count) * load_count(b + i, count) * factor;
    };
    accumulate ? put<T, true>(n, c, value) : put<T, false>(n, c, value);
  }
}

template <class T>
void row_dots(std::int64_t m, std::int64_t k, T alpha, const T* a, std::int64_t a_m, const T* x,
              std::int64_t x_m, T* y, std::int64_t y_m, bool accumulate) {
  const auto finish = [&](std::int64_t i, T value) {
    T& target = y[i * y_m];
    target = accumulate ? target + alpha * value : alpha * value;
  };
  std::int64_t i = 0;
  T results[4];
  for (; x_m == 0 && i + 4 <= m; i += 4) {
    dots<T, 4>(k, a + i * a_m, a_m, x, results);
    for (int r = 0; r < 4; ++r) finish(i + r, results[r]);
  }
  for (; i < m; ++i) {
    dots<T, 1>(k, a + i * a_m, a_m, x + i * x_m, results);
    finish(i, results[0]);
  }
}

// Eight columns a pass over y: y is then read and written once for eight reads of a.
template <class T>
void add_columns(std::int64_t m, std::int64_t k, T alpha, const T* a, std::int64_t a_k, const T* x,
                 std::int64_t x_k, T* y) {
  constexpr int kPass = 8;
  for (std::int64_t p = 0; p < k; p += kPass) {
    const int columns = static_cast<int>(lesser(k - p, kPass));
    const T* first = a + p * a_k;
    if (columns == kPass) {
      Vector<T> factors[kPass];
      XGRAD_UNROLL
      for (int q = 0; q < kPass; ++q) factors[q] = Vector<T>(alpha * x[(p + q) * x_k]);
      put<T, true>(m, y, [&](std::int64_t i, int count) {
        Vector<T> even(T(0)), odd(T(0));
        XGRAD_UNROLL
        for (int q = 0; q < kPass; q += 2) {
          even = multiply_add(load_count(first + q * a_k + i, count), factors[q], even);
          odd = multiply_add(load_count(first + (q + 1) * a_k + i, count), factors[q + 1], odd);
        }
        return even + odd;
      });
    } else {
      for (int q = 0; q < columns; ++q)
        scale_run(m, alpha * x[(p + q) * x_k], first + q * a_k, y, true);
    }
  }
}

// Registers j.. of a row of combine(), `last` lanes of the last one.
template <class T, int R>
inline void combine_run(std::int64_t count, const T* weights, const std::int64_t* offsets,
                        const T* a, T start, T* c, int last) {
  Vector<T> sums[R];
  XGRAD_UNROLL
  for (int r = 0; r < R; ++r) sums[r] = Vector<T>(start);
  for (std::int64_t t = 0; t < count; ++t) {
    const T* from = a + offsets[t];
    const Vector<T> weight(weights[t]);
    XGRAD_UNROLL
    for (int r = 0; r < R - 1; ++r)
      sums[r] = multiply_add(Vector<T>::load_unaligned(from + r * kLanes<T>), weight, sums[r]);
    sums[R - 1] = multiply_add(load_count(from + (R - 1) * kLanes<T>, last), weight, sums[R - 1]);
  }
  XGRAD_UNROLL
  for (int r = 0; r < R - 1; ++r) sums[r].store_unaligned(c + r * kLanes<T>);
  store_first(c + (R - 1) * kLanes<T>, sums[R - 1], last);
}

template <class T>
void combine(std::int64_t m, std::int64_t n, std::int64_t count, const T* weights,
             const std::int64_t* offsets, const T* a, std::int64_t a_m, T start, T* c,
             std::int64_t c_m) {
  constexpr int kMost = 4;
  for (; m > 0; --m, a += a_m, c += c_m) {
    for (std::int64_t j = 0; j < n; j += kMost * kLanes<T>) {
      const std::int64_t left = lesser(n - j, kMost * kLanes<T>);
      const int registers = static_cast<int>((left + kLanes<T> - 1) / kLanes<T>);
      const int last = static_cast<int>(left - (registers - 1) * kLanes<T>);
      switch (registers) {
        case 1:
          combine_run<T, 1>(count, weights, offsets, a + j, start, c + j, last);
          break;
        case 2:
          combine_run<T, 2>(count, weights, offsets, a + j, start, c + j, last);
          break;
        case 3:
          combine_run<T, 3>(count, weights, offsets, a + j, start, c + j, last);
          break;
        default:
          combine_run<T, kMost>(count, weights, offsets, a + j, start, c + j, last);
      }
    }
  }
}

template <class T>
void add_dots(std::int64_t m, std::int64_t n, std::int64_t count, const std::int64_t* offsets,
              const T* a, std::int64_t a_m, const T* b, std::int64_t b_m, T* sums) {
  for (std::int64_t t = 0; t < count; ++t) {
    Vector<T> even(T(0)), odd(T(0));  // two, to hide the latency of an FMA
    const T *from = a + offsets[t], *row = b;
    for (std::int64_t i = 0; i < m; ++i, from += a_m, row += b_m) {
      std::int64_t j = 0;
      for (; j + 2 * kLanes<T> <= n; j += 2 * kLanes<T>) {
        even = multiply_add(Vector<T>::load_unaligned(from + j), Vector<T>::load_unaligned(row + j),
                            even);
        odd = multiply_add(Vector<T>::load_unaligned(from + j + kLanes<T>),
                           Vector<T>::load_unaligned(row + j + kLanes<T>), odd);
      }
      for (; j < n; j += kLanes<T>) {
        const int lanes = static_cast<int>(lesser(n - j, kLanes<T>));
        even = multiply_add(load_count(from + j, lanes), load_count(row + j, lanes), even);
      }
    }
    sums[t] += xsimd::hadd(even + odd);
  }
}

}  // namespace xgrad::kernels::XGRAD_ARCH_NAME
