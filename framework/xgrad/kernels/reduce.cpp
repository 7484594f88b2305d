#include "xgrad/kernels/reduce.h"

#include "xgrad/core/instruction_set.h"

namespace xgrad::kernels {

const ReduceTable& reduce_table_baseline();
const ReduceTable& reduce_table_avx2();
const ReduceTable& reduce_table_avx512();

const ReduceTable& reduce_table() {
  switch (instruction_set()) {
#if defined(XGRAD_HAVE_AVX512)
    case InstructionSet::avx512:
      return reduce_table_avx512();
#endif
#if defined(XGRAD_HAVE_AVX2)
    case InstructionSet::avx2:
      return reduce_table_avx2();
#endif
    default:
      return reduce_table_baseline();
  }
}

}  // namespace xgrad::kernels
