// Max pooling: see pooling.h.
#include <memory>

#include "xgrad/autograd/record.h"
#include "xgrad/core/format.h"
#include "xgrad/core/parallel.h"
#include "xgrad/ops/places.h"
#include "xgrad/ops/pool_index.h"
#include "xgrad/ops/pool_windows.h"
#include "xgrad/ops/pooling.h"

namespace xgrad {

using namespace autograd;

namespace {

// Writes values and, if it is defined, index.
template <class T>
void find(const kernels::PoolingKernels<T>& kernel, const SlidingWindows& windows, const Tensor& x,
          const Tensor& values, const Tensor& index) {
  const std::int64_t planes = windows.planes.count, area = windows.planes.area,
                     results = planes == 0 ? 0 : values.numel() / planes;
  const T* in = x.data_ptr<T>();
  T* out = values.data_ptr<T>();
  auto* places = index.defined() ? index.data_ptr<std::int64_t>() : nullptr;
  const auto scratch_size = static_cast<std::size_t>(kernel.scratch(windows.shape));
  parallel_for(0, planes, planes_grain(area), [&](std::int64_t first, std::int64_t last) {
    const auto scratch = std::make_unique_for_overwrite<T[]>(scratch_size);
    kernel.max({windows.shape, last - first, in + first * area, (planes - first) * area,
                out + first * results, places ? places + first * results : nullptr, scratch.get()});
  });
}

struct Largest {
  Tensor values, index;
};

Largest max_pool(const char* op, const Tensor& x, std::size_t rank, const PoolArguments& arguments,
                 bool wants_index) {
  check_floating(op, x);
  const SlidingWindows windows = sliding_windows(op, x, rank, arguments);
  check(x.scalar_type() == kDouble || windows.planes.area < (std::int64_t{1} << 31),
        "{}: a plane of an input of shape {} has {} elements, expected less than 2^31 in float32",
        op, x.sizes().vec(), windows.planes.area);
  const Tensor plain = row_major(x), values = make_tensor(windows.output, x.scalar_type());
  Tensor index;
  if (wants_index) index = make_tensor(windows.output, kLong);
  const kernels::PoolingTable& table = kernels::pooling_table();
  if (x.scalar_type() == kDouble) {
    find(table.f64, windows, plain, values, index);
  } else {
    find(table.f32, windows, plain, values, index);
  }
  return {values, index};
}

const char* node_name(std::size_t rank) {
  return rank == 3 ? "MaxPool3DWithIndicesBackward0" : "MaxPool2DWithIndicesBackward0";
}

Tensor max_values(const char* op, const Tensor& x, std::size_t rank,
                  const PoolArguments& arguments) {
  const bool records = recording(x);
  const auto [values, index] = max_pool(op, x, rank, arguments, records);
  if (records) {
    record(node_name(rank), values, {x},
           [index = Saved(index), sizes = Dims(x.sizes()), rank](const Tensor& dy, Gradients& dx) {
             dx[0] = scatter_planes(dy, index(), sizes, rank);
           });
  }
  return values;
}

std::tuple<Tensor, Tensor> max_pair(const char* op, const Tensor& x, std::size_t rank,
                                    const PoolArguments& arguments) {
  const auto [values, index] = max_pool(op, x, rank, arguments, true);
  if (recording(x)) {
    record(node_name(rank), {values, index}, {x},
           [index = Saved(index), sizes = Dims(x.sizes()), rank](TensorList dy, Gradients& dx) {
             if (dy[0].defined()) dx[0] = scatter_planes(dy[0], index(), sizes, rank);
           });
  }
  return {values, index};
}

}  // namespace

Tensor max_pool1d(const Tensor& x, IntArrayRef kernel_size, IntArrayRef stride, IntArrayRef padding,
                  IntArrayRef dilation, bool ceil_mode) {
  return max_values("max_pool1d", x, 1, {kernel_size, stride, padding, dilation, ceil_mode});
}
Tensor max_pool2d(const Tensor& x, IntArrayRef kernel_size, IntArrayRef stride, IntArrayRef padding,
                  IntArrayRef dilation, bool ceil_mode) {
  return max_values("max_pool2d", x, 2, {kernel_size, stride, padding, dilation, ceil_mode});
}
Tensor max_pool3d(const Tensor& x, IntArrayRef kernel_size, IntArrayRef stride, IntArrayRef padding,
                  IntArrayRef dilation, bool ceil_mode) {
  return max_values("max_pool3d", x, 3, {kernel_size, stride, padding, dilation, ceil_mode});
}
std::tuple<Tensor, Tensor> max_pool1d_with_indices(const Tensor& x, IntArrayRef kernel_size,
                                                   IntArrayRef stride, IntArrayRef padding,
                                                   IntArrayRef dilation, bool ceil_mode) {
  return max_pair("max_pool1d_with_indices", x, 1,
                  {kernel_size, stride, padding, dilation, ceil_mode});
}
std::tuple<Tensor, Tensor> max_pool2d_with_indices(const Tensor& x, IntArrayRef kernel_size,
                                                   IntArrayRef stride, IntArrayRef padding,
                                                   IntArrayRef dilation, bool ceil_mode) {
  return max_pair("max_pool2d_with_indices", x, 2,
                  {kernel_size, stride, padding, dilation, ceil_mode});
}
std::tuple<Tensor, Tensor> max_pool3d_with_indices(const Tensor& x, IntArrayRef kernel_size,
                                                   IntArrayRef stride, IntArrayRef padding,
                                                   IntArrayRef dilation, bool ceil_mode) {
  return max_pair("max_pool3d_with_indices", x, 3,
                  {kernel_size, stride, padding, dilation, ceil_mode});
}

}  // namespace xgrad
