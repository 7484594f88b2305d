#include "xgrad/kernels/softmax.h"

#include "xgrad/core/instruction_set.h"

namespace xgrad::kernels {

const SoftmaxTable& softmax_table_baseline();
const SoftmaxTable& softmax_table_avx2();
const SoftmaxTable& softmax_table_avx512();

const SoftmaxTable& softmax_table() {
  switch (instruction_set()) {
#if defined(XGRAD_HAVE_AVX512)
    case InstructionSet::avx512:
      return softmax_table_avx512();
#endif
#if defined(XGRAD_HAVE_AVX2)
    case InstructionSet::avx2:
      return softmax_table_avx2();
#endif
    default:
      return softmax_table_baseline();
  }
}

}  // namespace xgrad::kernels
