// Complex tensors do not exist in xgrad: an op whose result is complex fails to compile,
// and says so.
#pragma once

#include <cstdlib>
#include <tuple>

#include "torch/namespaces.h"

namespace xgrad {

template <class...>
inline constexpr bool complex_is_supported = false;

template <class... Args>
std::tuple<Tensor, Tensor> linalg_eig(Args&&...) {
  static_assert(complex_is_supported<Args...>,
                "linalg_eig is complex, and xgrad has no complex tensors: use linalg_eigh for "
                "symmetric matrices");
  std::abort();
}

template <class... Args>
Tensor stft(Args&&...) {
  static_assert(complex_is_supported<Args...>, "stft is complex, and xgrad has no complex tensors");
  std::abort();
}
template <class... Args>
Tensor istft(Args&&...) {
  static_assert(complex_is_supported<Args...>,
                "istft is complex, and xgrad has no complex tensors");
  std::abort();
}

}  // namespace xgrad

namespace c10 {
template <class T>
struct complex {
  static_assert(xgrad::complex_is_supported<T>,
                "c10::complex: xgrad has no complex tensors; numbers alone are std::complex");
};
}  // namespace c10
