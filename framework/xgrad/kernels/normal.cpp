#include "xgrad/kernels/normal.h"

#include "xgrad/core/instruction_set.h"

namespace xgrad::kernels {

void normal_fill_baseline(std::int64_t groups, float* data, float mean, float std);
void normal_fill_avx2(std::int64_t groups, float* data, float mean, float std);
void normal_fill_avx512(std::int64_t groups, float* data, float mean, float std);

NormalKernel normal_kernel() {
  switch (instruction_set()) {
#if defined(XGRAD_HAVE_AVX512)
    case InstructionSet::avx512:
      return &normal_fill_avx512;
#endif
#if defined(XGRAD_HAVE_AVX2)
    case InstructionSet::avx2:
      return &normal_fill_avx2;
#endif
    default:
      return &normal_fill_baseline;
  }
}

}  // namespace xgrad::kernels
