#include "xgrad/kernels/gemm.h"

#include "xgrad/core/instruction_set.h"

namespace xgrad::kernels {

const GemmTable& gemm_table() {
  switch (instruction_set()) {
#if defined(XGRAD_HAVE_AVX512)
    case InstructionSet::avx512:
      return gemm_table_avx512();
#endif
#if defined(XGRAD_HAVE_AVX2)
    case InstructionSet::avx2:
      return gemm_table_avx2();
#endif
    default:
      return gemm_table_baseline();
  }
}

}  // namespace xgrad::kernels
