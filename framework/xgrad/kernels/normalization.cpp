#include "xgrad/kernels/normalization.h"

#include "xgrad/core/instruction_set.h"

namespace xgrad::kernels {

const NormalizationKernels& normalization_kernels_baseline(bool is_double);
const NormalizationKernels& normalization_kernels_avx2(bool is_double);
const NormalizationKernels& normalization_kernels_avx512(bool is_double);

const NormalizationKernels& normalization_kernels(ScalarType type) {
  switch (instruction_set()) {
#if defined(XGRAD_HAVE_AVX512)
    case InstructionSet::avx512:
      return normalization_kernels_avx512(type == kDouble);
#endif
#if defined(XGRAD_HAVE_AVX2)
    case InstructionSet::avx2:
      return normalization_kernels_avx2(type == kDouble);
#endif
    default:
      return normalization_kernels_baseline(type == kDouble);
  }
}

}  // namespace xgrad::kernels
