// The partial inverse of max pooling: see pooling.h.
#include <algorithm>

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

// Before anything is written: planes are written by several threads.
void check_places(const char* op, const Tensor& index, std::int64_t area, IntArrayRef output) {
  const auto* places = index.data_ptr<std::int64_t>();
  for (std::int64_t i = 0; i < index.numel(); ++i) {
    check_index(places[i] >= 0 && places[i] < area,
                "{}: index {} is out of range for a plane of size {}", op, places[i], output.vec());
  }
}

Tensor max_unpool(const char* op, const Tensor& x, const Tensor& indices, std::size_t rank,
                  IntArrayRef output_size) {
  check_floating(op, x);
  const Planes planes = planes_of(op, x, rank);
  check(indices.scalar_type() == kLong, "{}: indices are {}, expected int64", op,
        dtype_name(indices.scalar_type()));
  check(indices.sizes() == x.sizes(), "{}: indices have shape {}, expected the input's {}", op,
        indices.sizes().vec(), x.sizes().vec());
  const Dims output = spatial_values(op, "output_size", output_size, rank, 1);
  const Tensor from = row_major(x), index = row_major(indices);
  const std::int64_t area = numel_of(output);
  check_places(op, index, area, output);
  const Tensor y = make_tensor(with_spatial(x, output), x.scalar_type());
  dispatch_floating(x.scalar_type(), [&](auto zero) {
    using T = decltype(zero);
    const T* in = from.data_ptr<T>();
    const auto* places = index.data_ptr<std::int64_t>();
    parallel_for(0, planes.count, planes_grain(area), [&](std::int64_t first, std::int64_t last) {
      for (std::int64_t p = first; p < last; ++p) {
        T* out = y.data_ptr<T>() + p * area;
        std::fill(out, out + area, T(0));
        for (std::int64_t i = p * planes.area; i < (p + 1) * planes.area; ++i)
          out[places[i]] = in[i];
      }
    });
  });
  if (recording(x)) {
    record(rank == 3 ? "MaxUnpool3DBackward0" : "MaxUnpool2DBackward0", y, {x},
           [index = Saved(indices), rank](const Tensor& dy, Gradients& dx) {
             dx[0] = gather_planes(dy, index(), rank);
           });
  }
  return y;
}

}  // namespace

Tensor max_unpool2d(const Tensor& x, const Tensor& indices, IntArrayRef output_size) {
  return max_unpool("max_unpool2d", x, indices, 2, output_size);
}
Tensor max_unpool3d(const Tensor& x, const Tensor& indices, IntArrayRef output_size,
                    IntArrayRef stride, IntArrayRef padding) {
  spatial_values("max_unpool3d", "stride", stride, 3, 1);
  spatial_values("max_unpool3d", "padding", padding, 3, 0);
  return max_unpool("max_unpool3d", x, indices, 3, output_size);
}

}  // namespace xgrad
