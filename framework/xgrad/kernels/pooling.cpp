#include "xgrad/kernels/pooling.h"

#include "xgrad/core/instruction_set.h"

namespace xgrad::kernels {

const PoolingTable& pooling_table_baseline();
const PoolingTable& pooling_table_avx2();
const PoolingTable& pooling_table_avx512();

const PoolingTable& pooling_table() {
  switch (instruction_set()) {
#if defined(XGRAD_HAVE_AVX512)
    case InstructionSet::avx512:
      return pooling_table_avx512();
#endif
#if defined(XGRAD_HAVE_AVX2)
    case InstructionSet::avx2:
      return pooling_table_avx2();
#endif
    default:
      return pooling_table_baseline();
  }
}

}  // namespace xgrad::kernels
