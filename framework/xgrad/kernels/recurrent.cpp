#include "xgrad/kernels/recurrent.h"

#include "xgrad/core/instruction_set.h"

namespace xgrad::kernels {

const RecurrentTable& recurrent_table_baseline();
const RecurrentTable& recurrent_table_avx2();
const RecurrentTable& recurrent_table_avx512();

const RecurrentTable& recurrent_table() {
  switch (instruction_set()) {
#if defined(XGRAD_HAVE_AVX512)
    case InstructionSet::avx512:
      return recurrent_table_avx512();
#endif
#if defined(XGRAD_HAVE_AVX2)
    case InstructionSet::avx2:
      return recurrent_table_avx2();
#endif
    default:
      return recurrent_table_baseline();
  }
}

}  // namespace xgrad::kernels
