// The SIMD kernels of elementwise functions on contiguous runs.
// Strides, broadcasting and threads are ops/map.h's.
#pragma once

#include <cstdint>

#include "xgrad/kernels/functions.h"

namespace xgrad::kernels {

// out[i] = f(in[0][i], in[1][i], ...; params), i < n. `out` may be one of `in`.
using MapKernel = void (*)(std::int64_t n, void* out, const void* const* in, const double* params);

struct MapTable {
  MapKernel map[Functions::size][kScalarTypeCount];
  MapKernel cast[kScalarTypeCount][kScalarTypeCount];  // from, to
};
// Of the active instruction set.
const MapTable& map_table();

// The kernel of F for tensors of `type`; null where F does not exist for it.
template <class F>
MapKernel map_kernel(ScalarType type) {
  static_assert(Functions::index_of<F>() >= 0, "name the function in kernels/functions.h");
  return map_table().map[Functions::index_of<F>()][static_cast<int>(type)];
}
inline MapKernel cast_kernel(ScalarType from, ScalarType to) {
  return map_table().cast[static_cast<int>(from)][static_cast<int>(to)];
}

}  // namespace xgrad::kernels
