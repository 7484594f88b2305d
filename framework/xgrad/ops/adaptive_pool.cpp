// Pooling to a given output size: see pooling.h.
#include "xgrad/autograd/record.h"
#include "xgrad/core/format.h"
#include "xgrad/core/parallel.h"
#include "xgrad/ops/places.h"
#include "xgrad/ops/pool_average.h"
#include "xgrad/ops/pool_index.h"
#include "xgrad/ops/pool_max.h"
#include "xgrad/ops/pooling.h"

namespace xgrad {

using namespace autograd;

namespace {

Tensor adaptive_avg_pool(const char* op, const Tensor& x, std::size_t rank,
                         IntArrayRef output_size) {
  check_floating(op, x);
  const Planes planes = planes_of(op, x, rank, true);
  const Dims output = spatial_values(op, "output_size", output_size, rank, 0);
  return average({rank == 3 ? "AdaptiveAvgPool3DBackward0" : "AdaptiveAvgPool2DBackward0", rank,
                  planes, adaptive_spans(planes, output), x.sizes(), with_spatial(x, output), 0},
                 x);
}

std::tuple<Tensor, Tensor> adaptive_max_pool(const char* op, const Tensor& x, std::size_t rank,
                                             IntArrayRef output_size) {
  check_floating(op, x);
  const Planes planes = planes_of(op, x, rank);
  const Dims output = spatial_values(op, "output_size", output_size, rank, 0),
             sizes = with_spatial(x, output);
  const Spans spans = adaptive_spans(planes, output);
  const Tensor values = make_tensor(sizes, x.scalar_type()), index = make_tensor(sizes, kLong),
               from = row_major(x);
  dispatch_floating(x.scalar_type(), [&](auto zero) {
    using T = decltype(zero);
    const std::int64_t count = span_count(spans);
    parallel_for(0, planes.count, planes_grain(planes.area),
                 [&](std::int64_t first, std::int64_t last) {
                   for (std::int64_t p = first; p < last; ++p) {
                     max_of_windows(planes, spans, from.data_ptr<T>() + p * planes.area,
                                    values.data_ptr<T>() + p * count,
                                    index.data_ptr<std::int64_t>() + p * count);
                   }
                 });
  });
  if (recording(x)) {
    record(rank == 3 ? "AdaptiveMaxPool3DBackward0" : "AdaptiveMaxPool2DBackward0", {values, index},
           {x},
           [index = Saved(index), sizes = Dims(x.sizes()), rank](TensorList dy, Gradients& dx) {
             if (dy[0].defined()) dx[0] = scatter_planes(dy[0], index(), sizes, rank);
           });
  }
  return {values, index};
}

}  // namespace

Tensor adaptive_avg_pool1d(const Tensor& x, IntArrayRef output_size) {
  return adaptive_avg_pool("adaptive_avg_pool1d", x, 1, output_size);
}
Tensor adaptive_avg_pool2d(const Tensor& x, IntArrayRef output_size) {
  return adaptive_avg_pool("adaptive_avg_pool2d", x, 2, output_size);
}
Tensor adaptive_avg_pool3d(const Tensor& x, IntArrayRef output_size) {
  return adaptive_avg_pool("adaptive_avg_pool3d", x, 3, output_size);
}
std::tuple<Tensor, Tensor> adaptive_max_pool1d(const Tensor& x, IntArrayRef output_size) {
  return adaptive_max_pool("adaptive_max_pool1d", x, 1, output_size);
}
std::tuple<Tensor, Tensor> adaptive_max_pool2d(const Tensor& x, IntArrayRef output_size) {
  return adaptive_max_pool("adaptive_max_pool2d", x, 2, output_size);
}
std::tuple<Tensor, Tensor> adaptive_max_pool3d(const Tensor& x, IntArrayRef output_size) {
  return adaptive_max_pool("adaptive_max_pool3d", x, 3, output_size);
}

}  // namespace xgrad
