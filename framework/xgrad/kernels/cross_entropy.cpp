#include "xgrad/kernels/cross_entropy.h"

#include "xgrad/core/instruction_set.h"

namespace xgrad::kernels {

const CrossEntropyTable& cross_entropy_table_baseline();
const CrossEntropyTable& cross_entropy_table_avx2();
const CrossEntropyTable& cross_entropy_table_avx512();

const CrossEntropyTable& cross_entropy_table() {
  switch (instruction_set()) {
#if defined(XGRAD_HAVE_AVX512)
    case InstructionSet::avx512:
      return cross_entropy_table_avx512();
#endif
#if defined(XGRAD_HAVE_AVX2)
    case InstructionSet::avx2:
      return cross_entropy_table_avx2();
#endif
    default:
      return cross_entropy_table_baseline();
  }
}

}  // namespace xgrad::kernels
