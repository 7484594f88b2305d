// Private to the *.arch.cpp of products and transpositions: registers, partial loads and stores.
// Everything is in the namespace of one instruction set: nothing here may be shared between object
// files.
#pragma once

#include <cstdint>
#include <utility>
#include <xsimd/xsimd.hpp>

#if defined(__AVX2__)
#include <immintrin.h>
#endif

namespace xgrad::kernels::XGRAD_ARCH_NAME {

// Before a loop of constant length that must leave no loop behind, so that an array of registers
// stays in registers: GCC 12 alone gives up beyond 16 rounds and keeps the array on the stack.
#if defined(__clang__)
#define XGRAD_UNROLL _Pragma("unroll")
#else
#define XGRAD_UNROLL _Pragma("GCC unroll 32")
#endif

template <class T>
using Vector = xsimd::batch<T, XGRAD_ARCH>;

template <class T>
constexpr int kLanes = static_cast<int>(Vector<T>::size);

// x * y + z in one instruction. xsimd 8.1 has no AVX-512 case of its own and would multiply, then
// add: half the speed.
template <class T>
inline Vector<T> multiply_add(Vector<T> x, Vector<T> y, Vector<T> z) {
#if defined(__AVX512F__)
  if constexpr (sizeof(T) == 4) {
    return _mm512_fmadd_ps(x, y, z);
  } else {
    return _mm512_fmadd_pd(x, y, z);
  }
#else
  return xsimd::fma(x, y, z);
#endif
}

// Not std::min: an inline function of another header, compiled here with this instruction set,
// could be the copy that the linker keeps for the whole program.
inline std::int64_t lesser(std::int64_t a, std::int64_t b) { return a < b ? a : b; }

// Which lanes: `count` from `first` on; for AVX2 by their sign bits.
#if defined(__AVX512F__)
inline std::uint32_t lane_mask(int first, int count) { return ((1U << count) - 1U) << first; }
#elif defined(__AVX2__)
template <class T>
inline __m256i lane_mask(int first, int count) {
  if constexpr (sizeof(T) == 4) {
    const __m256i lane = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
    return _mm256_andnot_si256(_mm256_cmpgt_epi32(_mm256_set1_epi32(first), lane),
                               _mm256_cmpgt_epi32(_mm256_set1_epi32(first + count), lane));
  } else {
    const __m256i lane = _mm256_setr_epi64x(0, 1, 2, 3);
    return _mm256_andnot_si256(_mm256_cmpgt_epi64(_mm256_set1_epi64x(first), lane),
                               _mm256_cmpgt_epi64(_mm256_set1_epi64x(first + count), lane));
  }
}
#endif

// Lanes first..first+count-1 from source[0..count-1], the others zero; never touches other memory.
template <class T>
inline Vector<T> load_lanes(const T* source, int first, int count) {
#if defined(__AVX512F__)
  if constexpr (sizeof(T) == 4) {
    return _mm512_maskz_loadu_ps(static_cast<__mmask16>(lane_mask(first, count)), source - first);
  } else {
    return _mm512_maskz_loadu_pd(static_cast<__mmask8>(lane_mask(first, count)), source - first);
  }
#elif defined(__AVX2__)
  if constexpr (sizeof(T) == 4) {
    return _mm256_maskload_ps(source - first, lane_mask<T>(first, count));
  } else {
    return _mm256_maskload_pd(source - first, lane_mask<T>(first, count));
  }
#else
  alignas(64) T lanes[kLanes<T>] = {};
  for (int i = 0; i < count; ++i) lanes[first + i] = source[i];
  return Vector<T>::load_aligned(lanes);
#endif
}

// The same lanes to target[0..count-1].
template <class T>
inline void store_lanes(T* target, Vector<T> value, int first, int count) {
#if defined(__AVX512F__)
  if constexpr (sizeof(T) == 4) {
    _mm512_mask_storeu_ps(target - first, static_cast<__mmask16>(lane_mask(first, count)), value);
  } else {
    _mm512_mask_storeu_pd(target - first, static_cast<__mmask8>(lane_mask(first, count)), value);
  }
#elif defined(__AVX2__)
  if constexpr (sizeof(T) == 4) {
    _mm256_maskstore_ps(target - first, lane_mask<T>(first, count), value);
  } else {
    _mm256_maskstore_pd(target - first, lane_mask<T>(first, count), value);
  }
#else
  alignas(64) T lanes[kLanes<T>];
  value.store_aligned(lanes);
  for (int i = 0; i < count; ++i) target[i] = lanes[first + i];
#endif
}

template <class T>
inline Vector<T> load_first(const T* source, int count) {
  return load_lanes(source, 0, count);
}
template <class T>
inline void store_first(T* target, Vector<T> value, int count) {
  store_lanes(target, value, 0, count);
}

// A register as the compiler's own vector type: its shuffle is the one portable full-width
// interleave (xsimd's zip works within 128-bit lanes on some instruction sets and over the whole
// register on others).
template <class T>
struct Raw;
template <>
struct Raw<float> {
  typedef float type __attribute__((vector_size(kLanes<float> * 4)));
};
template <>
struct Raw<double> {
  typedef double type __attribute__((vector_size(kLanes<double> * 8)));
};

template <class T>
inline typename Raw<T>::type raw(Vector<T> value) {
  typename Raw<T>::type result;
  __builtin_memcpy(&result, &value, sizeof(result));
  return result;
}
template <class T>
inline Vector<T> from_raw(typename Raw<T>::type value) {
  Vector<T> result;
  __builtin_memcpy(&result, &value, sizeof(result));
  return result;
}

}  // namespace xgrad::kernels::XGRAD_ARCH_NAME
