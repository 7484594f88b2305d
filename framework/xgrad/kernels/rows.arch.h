// Runs of numbers in SIMD batches, for kernels that reduce rows:
// whole vectors, then the rest in a padded one.
#pragma once

#include "xgrad/kernels/arch.h"

namespace xgrad::kernels::XGRAD_ARCH_NAME {

// The first `count` lanes from x, the others `fill`.
template <class T>
XGRAD_INLINE Batch<T> load_part(const T* x, std::int64_t count, T fill) {
  alignas(64) T lanes[Batch<T>::size];
  for (std::int64_t i = 0; i < static_cast<std::int64_t>(Batch<T>::size); ++i)
    lanes[i] = i < count ? x[i] : fill;
  return Batch<T>::load_aligned(lanes);
}
template <class T>
XGRAD_INLINE void store_part(T* y, std::int64_t count, Batch<T> value) {
  alignas(64) T lanes[Batch<T>::size];
  value.store_aligned(lanes);
  for (std::int64_t i = 0; i < count; ++i) y[i] = lanes[i];
}
template <class T>
XGRAD_INLINE T sum_lanes(Batch<T> value) {
  alignas(64) T lanes[Batch<T>::size];
  value.store_aligned(lanes);
  for (std::int64_t step = Batch<T>::size / 2; step > 0; step /= 2) {
    for (std::int64_t i = 0; i < step; ++i) lanes[i] += lanes[i + step];
  }
  return lanes[0];
}
template <class T>
XGRAD_INLINE T max_lanes(Batch<T> value) {
  alignas(64) T lanes[Batch<T>::size];
  value.store_aligned(lanes);
  T result = lanes[0];
  for (std::int64_t i = 1; i < static_cast<std::int64_t>(Batch<T>::size); ++i)
    result = lanes[i] > result ? lanes[i] : result;
  return result;
}

}  // namespace xgrad::kernels::XGRAD_ARCH_NAME
