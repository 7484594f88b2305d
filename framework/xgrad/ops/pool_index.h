// The elements of planes at given places, and the sum of elements into planes: each other's
// gradients, and those of all max poolings. Private to the poolings.
#pragma once

#include "xgrad/core/tensor.h"

namespace xgrad {

// x [..., spatial of `rank` dims], index [..., *] int64, valid numbers within a flattened plane
// -> the elements there, of index's shape.
Tensor gather_planes(const Tensor& x, const Tensor& index, std::size_t rank);
// y of `sizes`: zeros, to which the elements of x (of index's shape) are added at their places.
Tensor scatter_planes(const Tensor& x, const Tensor& index, const Dims& sizes, std::size_t rank);

}  // namespace xgrad
