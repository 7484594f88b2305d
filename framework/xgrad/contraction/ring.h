// Private: sums and products of the element types. Integers wrap; bool is or and and.
#pragma once

#include <type_traits>

namespace xgrad::contraction {

template <class T>
inline T product(T x, T y) {
  if constexpr (std::is_same_v<T, bool>) {
    return x && y;
  } else if constexpr (std::is_integral_v<T>) {
    using U = std::make_unsigned_t<decltype(x * y)>;  // int for a byte; unsigned, because signed
                                                      // overflow is undefined
    return static_cast<T>(static_cast<U>(x) * static_cast<U>(y));
  } else {
    return x * y;
  }
}

template <class T>
inline T plus(T x, T y) {
  if constexpr (std::is_same_v<T, bool>) {
    return x || y;
  } else if constexpr (std::is_integral_v<T>) {
    using U = std::make_unsigned_t<decltype(x + y)>;
    return static_cast<T>(static_cast<U>(x) + static_cast<U>(y));
  } else {
    return x + y;
  }
}

template <class T>
inline void put(T& target, T value, bool accumulate) {
  target = accumulate ? plus(target, value) : value;
}

}  // namespace xgrad::contraction
