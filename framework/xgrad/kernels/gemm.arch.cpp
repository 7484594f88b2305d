// Compiled once for each instruction set: XGRAD_ARCH is the xsimd architecture, XGRAD_ARCH_NAME the
// namespace.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wuninitialized"  // GCC 12's own AVX-512 header: __m256d __Y = __Y;
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"  // the same
#endif

#include "xgrad/kernels/gemm.h"

#include "xgrad/kernels/gemm_pack.arch.h"
#include "xgrad/kernels/gemm_runs.arch.h"
#include "xgrad/kernels/gemm_tile.arch.h"

namespace xgrad::kernels {

namespace XGRAD_ARCH_NAME {

template <class T>
constexpr GemmKernels<T> kKernels = {
    kRows,        kColumns<T>,  &pack_a<T>,      &pack_b<T>,  &pack_plain_b<T>,
    &block<T>,    &direct<T>,   &dot<T>,         &sum<T>,     &scale<T>,
    &multiply<T>, &row_dots<T>, &add_columns<T>, &combine<T>, &add_dots<T>};

constexpr GemmTable kGemmTable = {kKernels<float>, kKernels<double>};

}  // namespace XGRAD_ARCH_NAME

// gemm_table_avx2() and so on; two macros, so that XGRAD_ARCH_NAME is expanded before it is pasted.
#define XGRAD_PASTE(prefix, name) prefix##name
#define XGRAD_ACCESSOR(name) XGRAD_PASTE(gemm_table_, name)
const GemmTable& XGRAD_ACCESSOR(XGRAD_ARCH_NAME)() { return XGRAD_ARCH_NAME::kGemmTable; }

}  // namespace xgrad::kernels
