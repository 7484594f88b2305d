#include "xgrad/kernels/cross_entropy.h"

#include <cmath>
#include <limits>

#include "xgrad/kernels/rows.arch.h"

namespace xgrad::kernels {
namespace XGRAD_ARCH_NAME {

template <class T>
T row_max(std::int64_t n, const T* x) {
  using V = Batch<T>;
  constexpr auto width = static_cast<std::int64_t>(V::size);
  constexpr T lowest = -std::numeric_limits<T>::infinity();
  V best(lowest);
  std::int64_t i = 0;
  for (; i + width <= n; i += width) best = xsimd::max(best, V::load_unaligned(x + i));
  if (i < n) best = xsimd::max(best, load_part(x + i, n - i, lowest));
  return max_lanes<T>(best);
}

// y = exp(x - shift) where y is not null; returns the sum.
template <class T>
T row_exp(std::int64_t n, const T* x, T shift, T* y) {
  using V = Batch<T>;
  constexpr auto width = static_cast<std::int64_t>(V::size);
  V sum(T{0});
  const V subtrahend(shift);
  std::int64_t i = 0;
  for (; i + width <= n; i += width) {
    const V e = xsimd::exp(V::load_unaligned(x + i) - subtrahend);
    sum = sum + e;
    if (y) e.store_unaligned(y + i);
  }
  if (i < n) {
    const V e =
        xsimd::exp(load_part(x + i, n - i, -std::numeric_limits<T>::infinity()) - subtrahend);
    sum = sum + e;
    if (y) store_part(y + i, n - i, e);
  }
  return sum_lanes<T>(sum);
}

template <class T>
void row_scale(std::int64_t n, const T* x, T factor, T* y) {
  using V = Batch<T>;
  constexpr auto width = static_cast<std::int64_t>(V::size);
  const V f(factor);
  std::int64_t i = 0;
  for (; i + width <= n; i += width) (V::load_unaligned(x + i) * f).store_unaligned(y + i);
  for (; i < n; ++i) y[i] = x[i] * factor;
}

template <class T>
void forward(std::int64_t rows, std::int64_t classes, const void* x, const std::int64_t* target,
             void* loss, void* probabilities) {
  for (std::int64_t i = 0; i < rows; ++i) {
    const T* row = static_cast<const T*>(x) + i * classes;
    T* p = probabilities ? static_cast<T*>(probabilities) + i * classes : nullptr;
    const T shift = row_max(classes, row);
    const T sum = row_exp(classes, row, shift, p);
    if (p) row_scale(classes, p, T{1} / sum, p);
    static_cast<T*>(loss)[i] = target[i] < 0 ? T{0} : std::log(sum) - (row[target[i]] - shift);
  }
}

template <class T>
void backward(std::int64_t rows, std::int64_t classes, const void* probabilities,
              const std::int64_t* target, const void* scale, void* dx) {
  for (std::int64_t i = 0; i < rows; ++i) {
    const T* p = static_cast<const T*>(probabilities) + i * classes;
    T* row = static_cast<T*>(dx) + i * classes;
    if (target[i] < 0) {
      for (std::int64_t j = 0; j < classes; ++j) row[j] = T{0};
      continue;
    }
    const T s = static_cast<const T*>(scale)[i];
    row_scale(classes, p, s, row);
    row[target[i]] = (p[target[i]] - T{1}) * s;
  }
}

constexpr CrossEntropyTable cross_entropy_kernels = {{&forward<float>, &forward<double>},
                                                     {&backward<float>, &backward<double>}};

}  // namespace XGRAD_ARCH_NAME

const CrossEntropyTable& XGRAD_ARCH_SYMBOL(cross_entropy_table_)();
const CrossEntropyTable& XGRAD_ARCH_SYMBOL(cross_entropy_table_)() {
  return XGRAD_ARCH_NAME::cross_entropy_kernels;
}

}  // namespace xgrad::kernels
