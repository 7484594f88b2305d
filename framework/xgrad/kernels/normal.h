// The SIMD kernel that turns uniform numbers into normal ones, as PyTorch does for float on
// processors with AVX2.
#pragma once

#include <cstdint>

namespace xgrad::kernels {

// Box and Muller on groups of 16 uniform numbers in [0, 1), in place:
// of each group the first 8 give the radii and the last 8 the angles.
using NormalKernel = void (*)(std::int64_t groups, float* data, float mean, float std);
// Of the active instruction set. Those with fused multiply-add
// give PyTorch's numbers to the last bit.
NormalKernel normal_kernel();

}  // namespace xgrad::kernels
