// For *.arch.cpp only: these are compiled once for each instruction set, with XGRAD_ARCH (the xsimd
// architecture) and XGRAD_ARCH_NAME (baseline, avx2, avx512) defined and the compiler's flags to
// match. Code with such flags must not be shared with the rest of the program (the linker keeps one
// copy of an inline function, and it might be one that this processor cannot run): all of it lives
// in namespace XGRAD_ARCH_NAME or is a template on the architecture, and takes plain pointers. A
// policy test looks at the symbols.
#pragma once

#include <cstdint>
#include <xsimd/xsimd.hpp>

#define XGRAD_CONCAT_(a, b) a##b
#define XGRAD_CONCAT(a, b) XGRAD_CONCAT_(a, b)
// XGRAD_ARCH_SYMBOL(map_table_) is map_table_avx2 in the AVX2 build.
#define XGRAD_ARCH_SYMBOL(prefix) XGRAD_CONCAT(prefix, XGRAD_ARCH_NAME)
#define XGRAD_INLINE inline __attribute__((always_inline))

namespace xgrad::kernels::XGRAD_ARCH_NAME {

using Arch = XGRAD_ARCH;
template <class T>
using Batch = xsimd::batch<T, Arch>;

// xsimd's own is an approximation for floats on Arm, and loses the sign of -0 there.
template <class V>
XGRAD_INLINE V square_root(V x) {
#if defined(__aarch64__)
  if constexpr (std::is_same_v<V, Batch<float>>) return vsqrtq_f32(x);
#endif
  return xsimd::sqrt(x);
}

}  // namespace xgrad::kernels::XGRAD_ARCH_NAME
