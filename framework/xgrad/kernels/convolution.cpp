#include "xgrad/kernels/convolution.h"

#include "xgrad/core/instruction_set.h"

namespace xgrad::kernels {

const ConvolutionTable& convolution_table_baseline();
const ConvolutionTable& convolution_table_avx2();
const ConvolutionTable& convolution_table_avx512();

const ConvolutionTable& convolution_table() {
  switch (instruction_set()) {
#if defined(XGRAD_HAVE_AVX512)
    case InstructionSet::avx512:
      return convolution_table_avx512();
#endif
#if defined(XGRAD_HAVE_AVX2)
    case InstructionSet::avx2:
      return convolution_table_avx2();
#endif
    default:
      return convolution_table_baseline();
  }
}

}  // namespace xgrad::kernels
