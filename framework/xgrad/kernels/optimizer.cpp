#include "xgrad/kernels/optimizer.h"

#include "xgrad/core/instruction_set.h"

namespace xgrad::kernels {

const OptimizerTable& optimizer_table_baseline();
const OptimizerTable& optimizer_table_avx2();
const OptimizerTable& optimizer_table_avx512();

const OptimizerTable& optimizer_table() {
  switch (instruction_set()) {
#if defined(XGRAD_HAVE_AVX512)
    case InstructionSet::avx512:
      return optimizer_table_avx512();
#endif
#if defined(XGRAD_HAVE_AVX2)
    case InstructionSet::avx2:
      return optimizer_table_avx2();
#endif
    default:
      return optimizer_table_baseline();
  }
}

}  // namespace xgrad::kernels
