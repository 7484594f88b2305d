// map_small(): an elementwise operation on a few elements, without the loops of map.cpp. Private to
// map.cpp.
#pragma once

#include "xgrad/ops/map.h"

namespace xgrad {

// The whole of map_kernel() for at most 32 elements that lie row-major, with numbers and tensors of
// `type` that broadcast to the largest of them; an undefined tensor where it is another case.
Tensor map_small(kernels::MapKernel kernel, ScalarType type, ScalarType out_type, Operands operands,
                 const MapParams& params, const Tensor& out);

}  // namespace xgrad
