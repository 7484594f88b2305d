#include "xgrad/kernels/transpose.h"

#include "xgrad/core/instruction_set.h"

namespace xgrad::kernels {

const TransposeTable& transpose_table_baseline();
const TransposeTable& transpose_table_avx2();
const TransposeTable& transpose_table_avx512();

const TransposeTable& transpose_table() {
  switch (instruction_set()) {
#if defined(XGRAD_HAVE_AVX512)
    case InstructionSet::avx512:
      return transpose_table_avx512();
#endif
#if defined(XGRAD_HAVE_AVX2)
    case InstructionSet::avx2:
      return transpose_table_avx2();
#endif
    default:
      return transpose_table_baseline();
  }
}

}  // namespace xgrad::kernels
