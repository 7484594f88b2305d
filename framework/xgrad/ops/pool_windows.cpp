#include "xgrad/ops/pool_windows.h"

#include <algorithm>

#include "xgrad/core/format.h"

namespace xgrad {

namespace {

constexpr const char* kShapes[] = {"[N, C, L] or [C, L]", "[N, C, H, W] or [C, H, W]",
                                   "[N, C, D, H, W] or [C, D, H, W]"};

std::int64_t floor_divide(std::int64_t a, std::int64_t b) { return a / b - (a % b < 0 ? 1 : 0); }

}  // namespace

Planes planes_of(const char* op, const Tensor& x, std::size_t rank, bool empty_channels) {
  const IntArrayRef sizes = x.sizes();
  check(sizes.size() == rank + 1 || sizes.size() == rank + 2, "{}: input has shape {}, expected {}",
        op, sizes.vec(), kShapes[rank - 1]);
  const std::size_t channels = sizes.size() - rank - 1;
  for (std::size_t d = channels + (empty_channels ? 1 : 0); d < sizes.size(); ++d) {
    check(sizes[d] > 0, "{}: input has shape {}, expected no empty dim but the batch", op,
          sizes.vec());
  }
  Planes planes{1, 1, {1, 1, 1}};
  for (std::size_t d = 0; d <= channels; ++d) planes.count *= sizes[d];
  for (std::size_t i = 0; i < rank; ++i) planes.sizes[3 - rank + i] = sizes[channels + 1 + i];
  for (const std::int64_t size : planes.sizes) planes.area *= size;
  return planes;
}

Dims with_spatial(const Tensor& x, IntArrayRef spatial) {
  Dims sizes = x.sizes();
  std::copy(spatial.begin(), spatial.end(), sizes.end() - spatial.size());
  return sizes;
}

std::int64_t planes_grain(std::int64_t area) {
  constexpr std::int64_t elements = 16 * 1024;
  return std::max<std::int64_t>(1, elements / std::max<std::int64_t>(area, 1));
}

void check_floating(const char* op, const Tensor& x) {
  check(x.is_floating_point(), "{}: input is {}, expected a floating dtype", op,
        dtype_name(x.scalar_type()));
}

Dims spatial_values(const char* op, const char* name, IntArrayRef values, std::size_t rank,
                    std::int64_t least) {
  check(values.size() == 1 || values.size() == rank, "{}: {} has {} values, expected {}", op, name,
        values.size(), rank == 1 ? "1" : fmt::format("1 or {}", rank));
  for (const std::int64_t value : values)
    check(value >= least, "{}: {} is {}, expected at least {}", op, name, values.vec(), least);
  return values.size() == rank ? Dims(values) : Dims(rank, values[0]);
}

SlidingWindows sliding_windows(const char* op, const Tensor& x, std::size_t rank,
                               const PoolArguments& a) {
  SlidingWindows windows{planes_of(op, x, rank),
                         {{1, 1, 1}, {1, 1, 1}, {1, 1, 1}, {1, 1, 1}, {0, 0, 0}, {1, 1, 1}},
                         {}};
  const Dims kernel = spatial_values(op, "kernel_size", a.kernel, rank, 1),
             stride = a.stride.empty() ? kernel : spatial_values(op, "stride", a.stride, rank, 1),
             padding = spatial_values(op, "padding", a.padding, rank, 0),
             dilation = spatial_values(op, "dilation", a.dilation, rank, 1);
  Dims spatial;
  for (std::size_t i = 0; i < rank; ++i) {
    const std::size_t at = 3 - rank + i;
    const std::int64_t size = windows.planes.sizes[at], step = stride[i], before = padding[i],
                       reach = dilation[i] * (kernel[i] - 1) + 1, room = size + 2 * before - reach;
    check(before <= kernel[i] / 2,
          "{}: padding is {}, expected at most half of the kernel, which is {}", op, padding,
          kernel);
    std::int64_t count = floor_divide(room + (a.ceil_mode ? step - 1 : 0), step) + 1;
    // The last window begins within the input or its left padding.
    if (a.ceil_mode && (count - 1) * step >= size + before) --count;
    check(count >= 1,
          "{}: a window of {} elements (with dilation) does not fit into {} (with padding) in dim "
          "{} of an input of shape {}",
          op, reach, size + 2 * before, x.dim() - static_cast<std::int64_t>(rank - i),
          x.sizes().vec());
    for (std::int64_t begin = -before, o = 0; begin < 0 && o < count; ++o, begin += step) {
      check(begin + (-begin + dilation[i] - 1) / dilation[i] * dilation[i] < size,
            "{}: a window of {} elements, {} apart, has none of the {} in dim {} of an input of "
            "shape {} (padding {})",
            op, kernel[i], dilation[i], size, x.dim() - static_cast<std::int64_t>(rank - i),
            x.sizes().vec(), padding);
    }
    kernels::PoolingShape& s = windows.shape;
    s.input[at] = size;
    s.output[at] = count;
    s.kernel[at] = kernel[i];
    s.stride[at] = step;
    s.padding[at] = before;
    s.dilation[at] = dilation[i];
    spatial.push_back(count);
  }
  windows.output = with_spatial(x, spatial);
  return windows;
}

Spans spans_of(const SlidingWindows& windows, bool count_include_pad) {
  Spans spans;
  const kernels::PoolingShape& s = windows.shape;
  for (std::size_t d = 0; d < 3; ++d) {
    spans[d].reserve(static_cast<std::size_t>(s.output[d]));
    for (std::int64_t o = 0; o < s.output[d]; ++o) {
      // With ceil_mode the last window may go beyond the padding: that part never counts.
      const std::int64_t begin = o * s.stride[d] - s.padding[d],
                         end = std::min(begin + s.kernel[d], s.input[d] + s.padding[d]),
                         first = std::max<std::int64_t>(begin, 0), last = std::min(end, s.input[d]);
      spans[d].push_back({first, last, count_include_pad ? end - begin : last - first});
    }
  }
  return spans;
}

Spans adaptive_spans(const Planes& planes, IntArrayRef output) {
  Spans spans;
  for (std::size_t d = 0; d < 3; ++d) {
    const std::size_t before = 3 - output.size();
    const std::int64_t in = planes.sizes[d], out = d < before ? 1 : output[d - before];
    spans[d].reserve(static_cast<std::size_t>(out));
    for (std::int64_t o = 0; o < out; ++o) {
      const std::int64_t first = o * in / out, last = ((o + 1) * in + out - 1) / out;
      spans[d].push_back({first, last, last - first});
    }
  }
  return spans;
}

}  // namespace xgrad
