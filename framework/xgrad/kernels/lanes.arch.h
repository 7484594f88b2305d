// Vectors as rows and columns of lanes: loading with a wider type, folding the lanes into one
// number, partial vectors.
#pragma once

#include "xgrad/kernels/functions.arch.h"

namespace xgrad::kernels::XGRAD_ARCH_NAME {

// As many T as a vector of doubles has lanes, as a compiler's vector.
template <class T>
struct Narrow {
  typedef T type __attribute__((vector_size(Batch<double>::size * sizeof(T))));
};

// Batch<A>::size elements from memory as a vector of A.
template <class A, class T>
XGRAD_INLINE Batch<A> load(const T* x) {
  if constexpr (std::is_same_v<A, T>) {
    return Batch<A>::load_unaligned(x);
  } else {
    static_assert(std::is_same_v<A, double> && std::is_same_v<T, float>);
    typename Narrow<T>::type narrow;
    __builtin_memcpy(&narrow, x, sizeof(narrow));
    return Batch<A>(__builtin_convertvector(narrow, typename Batch<A>::register_type));
  }
}

// The first n elements; the other lanes hold `rest`.
template <class A, class T>
XGRAD_INLINE Batch<A> load_part(const T* x, std::int64_t n, A rest) {
  constexpr std::int64_t width = Batch<A>::size;
#if defined(__AVX512F__)
  // Masked: through memory it is five times as slow, and rows of ten classes are short ones.
  const unsigned kept = (1U << n) - 1;
  if constexpr (std::is_same_v<T, float> && std::is_same_v<A, float>) {
    return _mm512_mask_loadu_ps(Batch<A>(rest), static_cast<__mmask16>(kept), x);
  } else if constexpr (std::is_same_v<T, double>) {
    return _mm512_mask_loadu_pd(Batch<A>(rest), static_cast<__mmask8>(kept), x);
  }
#endif
  alignas(64) A lanes[width];
  for (std::int64_t i = 0; i < width; ++i) lanes[i] = i < n ? static_cast<A>(x[i]) : rest;
  return Batch<A>::load_aligned(lanes);
}
template <class A>
XGRAD_INLINE void store_part(Batch<A> v, A* y, std::int64_t n) {
#if defined(__AVX512F__)
  const unsigned kept = (1U << n) - 1;
  if constexpr (std::is_same_v<A, float>) {
    return _mm512_mask_storeu_ps(y, static_cast<__mmask16>(kept), v);
  } else if constexpr (std::is_same_v<A, double>) {
    return _mm512_mask_storeu_pd(y, static_cast<__mmask8>(kept), v);
  }
#endif
  alignas(64) A lanes[Batch<A>::size];
  v.store_aligned(lanes);
  for (std::int64_t i = 0; i < n; ++i) y[i] = lanes[i];
}

// v in the last n lanes and `rest` in those before:
// for the vector that ends a row and overlaps the one before it.
template <class A>
XGRAD_INLINE Batch<A> keep_last(Batch<A> v, std::int64_t n, A rest) {
  alignas(64) static constexpr A kNumbers[16] = {0, 1, 2,  3,  4,  5,  6,  7,
                                                 8, 9, 10, 11, 12, 13, 14, 15};
  static_assert(Batch<A>::size <= 16);
  const auto kept = Batch<A>::load_aligned(kNumbers) >=
                    Batch<A>(static_cast<A>(std::int64_t{Batch<A>::size} - n));
  return xsimd::select(kept, v, Batch<A>(rest));
}

// All lanes joined, halves first.
template <class Join, class A>
XGRAD_INLINE A fold(Batch<A> v, Join join) {
  alignas(64) A lanes[Batch<A>::size];
  v.store_aligned(lanes);
  for (std::size_t half = Batch<A>::size / 2; half != 0; half /= 2) {
    for (std::size_t i = 0; i < half; ++i) lanes[i] = join(lanes[i], lanes[i + half]);
  }
  return lanes[0];
}

// The larger (the smaller); NaN wins. (xsimd 8.1's != is false for NaN on AVX,
// so NaN is asked for by ==.)
template <class V>
XGRAD_INLINE V larger(V a, V b) {
  if constexpr (std::is_integral_v<V>) {
    return a > b ? a : b;
  } else {
    return choose(a == a, choose(a > b, a, b), a);
  }
}
template <class V>
XGRAD_INLINE V smaller(V a, V b) {
  if constexpr (std::is_integral_v<V>) {
    return a < b ? a : b;
  } else {
    return choose(a == a, choose(a < b, a, b), a);
  }
}

}  // namespace xgrad::kernels::XGRAD_ARCH_NAME
