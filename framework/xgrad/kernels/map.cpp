#include "xgrad/kernels/map.h"

#include "xgrad/core/instruction_set.h"

namespace xgrad::kernels {

const MapTable& map_table_baseline();
const MapTable& map_table_avx2();
const MapTable& map_table_avx512();

const MapTable& map_table() {
  switch (instruction_set()) {
#if defined(XGRAD_HAVE_AVX512)
    case InstructionSet::avx512:
      return map_table_avx512();
#endif
#if defined(XGRAD_HAVE_AVX2)
    case InstructionSet::avx2:
      return map_table_avx2();
#endif
    default:
      return map_table_baseline();
  }
}

}  // namespace xgrad::kernels
