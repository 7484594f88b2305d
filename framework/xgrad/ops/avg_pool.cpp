// Average pooling: see pooling.h.
#include "xgrad/core/format.h"
#include "xgrad/ops/pool_average.h"
#include "xgrad/ops/pooling.h"

namespace xgrad {

namespace {

Tensor avg_pool(const char* op, const Tensor& x, std::size_t rank, const PoolArguments& arguments,
                bool count_include_pad, optional<std::int64_t> divisor) {
  check(x.is_floating_point() || x.scalar_type() == kLong,
        "{}: input is {}, expected a floating dtype or int64", op, dtype_name(x.scalar_type()));
  check(divisor != 0, "{}: divisor_override is 0, expected another number", op);
  const SlidingWindows windows = sliding_windows(op, x, rank, arguments);
  return average(
      {rank == 3 ? "AvgPool3DBackward0" : "AvgPool2DBackward0", rank, windows.planes,
       spans_of(windows, count_include_pad), x.sizes(), windows.output, divisor.value_or(0)},
      x);
}

}  // namespace

Tensor avg_pool1d(const Tensor& x, IntArrayRef kernel_size, IntArrayRef stride, IntArrayRef padding,
                  bool ceil_mode, bool count_include_pad) {
  return avg_pool("avg_pool1d", x, 1, {kernel_size, stride, padding, 1, ceil_mode},
                  count_include_pad, nullopt);
}
Tensor avg_pool2d(const Tensor& x, IntArrayRef kernel_size, IntArrayRef stride, IntArrayRef padding,
                  bool ceil_mode, bool count_include_pad, optional<std::int64_t> divisor_override) {
  return avg_pool("avg_pool2d", x, 2, {kernel_size, stride, padding, 1, ceil_mode},
                  count_include_pad, divisor_override);
}
Tensor avg_pool3d(const Tensor& x, IntArrayRef kernel_size, IntArrayRef stride, IntArrayRef padding,
                  bool ceil_mode, bool count_include_pad, optional<std::int64_t> divisor_override) {
  return avg_pool("avg_pool3d", x, 3, {kernel_size, stride, padding, 1, ceil_mode},
                  count_include_pad, divisor_override);
}

}  // namespace xgrad
