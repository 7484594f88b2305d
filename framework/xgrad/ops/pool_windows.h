// Where the windows of a pooling lie, from checked arguments. Private to the poolings.
#pragma once

#include <array>
#include <vector>

#include "xgrad/core/tensor.h"
#include "xgrad/kernels/pooling.h"

namespace xgrad {

// x as planes of `rank` spatial dims.
struct Planes {
  std::int64_t count, area;
  std::array<std::int64_t, 3> sizes;  // 1 for spatial dims that it lacks
};
// Errors: neither rank + 2 nor rank + 1 dims;
// empty dims other than the batch and, if allowed, the channels.
Planes planes_of(const char* op, const Tensor& x, std::size_t rank, bool empty_channels = false);
// x's sizes with other spatial ones, of as many dims.
Dims with_spatial(const Tensor& x, IntArrayRef spatial);
// So many planes are work for one thread.
std::int64_t planes_grain(std::int64_t area);

void check_floating(const char* op, const Tensor& x);
// One value a spatial dim, none below `least`.
Dims spatial_values(const char* op, const char* name, IntArrayRef values, std::size_t rank,
                    std::int64_t least);

// Windows of one size, a stride apart.
struct PoolArguments {
  IntArrayRef kernel, stride, padding, dilation;
  bool ceil_mode;
};
struct SlidingWindows {
  Planes planes;
  kernels::PoolingShape shape;
  Dims output;  // sizes of y
};
SlidingWindows sliding_windows(const char* op, const Tensor& x, std::size_t rank,
                               const PoolArguments& arguments);

// One window along one dim: elements [first, last), and what its length counts as.
struct Span {
  std::int64_t first, last, size;
};
// Along each of the three dims a list of them: their products are the windows.
using Spans = std::array<std::vector<Span>, 3>;
Spans spans_of(const SlidingWindows& windows, bool count_include_pad);
Spans adaptive_spans(const Planes& planes, IntArrayRef output);
inline std::int64_t span_count(const Spans& spans) {
  return static_cast<std::int64_t>(spans[0].size() * spans[1].size() * spans[2].size());
}

}  // namespace xgrad
