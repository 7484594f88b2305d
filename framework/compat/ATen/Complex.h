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

}  // namespace xgrad
