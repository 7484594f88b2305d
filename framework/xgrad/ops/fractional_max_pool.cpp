// Max pooling by random windows: see pooling.h.
#include "xgrad/autograd/record.h"
#include "xgrad/core/format.h"
#include "xgrad/core/parallel.h"
#include "xgrad/ops/places.h"
#include "xgrad/ops/pool_index.h"
#include "xgrad/ops/pool_max.h"
#include "xgrad/ops/pooling.h"

namespace xgrad {

using namespace autograd;

namespace {

// Windows of `kernel` elements, about (in - kernel) / (out - 1) apart, the last one at the end.
// Computed in T, which decides where they fall, as in PyTorch.
template <class T>
std::vector<Span> random_spans(T sample, std::int64_t in, std::int64_t out, std::int64_t kernel) {
  std::vector<Span> spans;
  const T apart = out > 1 ? static_cast<T>(in - kernel) / static_cast<T>(out - 1) : T(0);
  for (std::int64_t o = 0; o < out; ++o) {
    const std::int64_t first =
        o == out - 1 ? in - kernel
                     : static_cast<std::int64_t>((static_cast<T>(o) + sample) * apart) -
                           static_cast<std::int64_t>(sample * apart);
    spans.push_back({first, first + kernel, kernel});
  }
  return spans;
}

std::tuple<Tensor, Tensor> fractional_max_pool(const char* op, const Tensor& x, std::size_t rank,
                                               IntArrayRef kernel_size, IntArrayRef output_size,
                                               const Tensor& random_samples) {
  check_floating(op, x);
  const Planes planes = planes_of(op, x, rank);
  const Dims kernel = spatial_values(op, "kernel_size", kernel_size, rank, 1),
             output = spatial_values(op, "output_size", output_size, rank, 1);
  const std::size_t before = 3 - rank;
  for (std::size_t i = 0; i < rank; ++i) {
    const std::int64_t size = planes.sizes[before + i];
    check(output[i] + kernel[i] - 1 <= size,
          "{}: {} windows of {} elements do not fit into the {} in dim {} of an input of shape {}",
          op, output[i], kernel[i], size, x.dim() - static_cast<std::int64_t>(rank - i),
          x.sizes().vec());
  }
  const bool batched = x.dim() == static_cast<std::int64_t>(rank) + 2;
  const Dims expected{batched ? x.size(0) : 1, x.size(batched ? 1 : 0),
                      static_cast<std::int64_t>(rank)};
  check(random_samples.sizes() == IntArrayRef(expected),
        "{}: random_samples has shape {}, expected {}", op, random_samples.sizes().vec(), expected);
  check(random_samples.scalar_type() == x.scalar_type(),
        "{}: input is {}, but random_samples is {}", op, dtype_name(x.scalar_type()),
        dtype_name(random_samples.scalar_type()));
  const Dims sizes = with_spatial(x, output);
  const Tensor values = make_tensor(sizes, x.scalar_type()), index = make_tensor(sizes, kLong),
               from = row_major(x), samples = row_major(random_samples);
  dispatch_floating(x.scalar_type(), [&](auto zero) {
    using T = decltype(zero);
    const std::int64_t count = numel_of(output);
    parallel_for(
        0, planes.count, planes_grain(planes.area), [&](std::int64_t first, std::int64_t last) {
          for (std::int64_t p = first; p < last; ++p) {
            const T* sample = samples.data_ptr<T>() + p * static_cast<std::int64_t>(rank);
            Spans spans;
            spans[0].push_back({0, 1, 1});
            for (std::size_t i = 0; i < rank; ++i) {
              // In 2-d the first sample is the width's.
              spans[before + i] = random_spans<T>(sample[rank == 2 ? 1 - i : i],
                                                  planes.sizes[before + i], output[i], kernel[i]);
            }
            max_of_windows(planes, spans, from.data_ptr<T>() + p * planes.area,
                           values.data_ptr<T>() + p * count,
                           index.data_ptr<std::int64_t>() + p * count);
          }
        });
  });
  if (recording(x)) {
    record(rank == 3 ? "FractionalMaxPool3DBackward0" : "FractionalMaxPool2DBackward0",
           {values, index}, {x},
           [index = Saved(index), sizes = Dims(x.sizes()), rank](TensorList dy, Gradients& dx) {
             if (dy[0].defined()) dx[0] = scatter_planes(dy[0], index(), sizes, rank);
           });
  }
  return {values, index};
}

}  // namespace

std::tuple<Tensor, Tensor> fractional_max_pool2d(const Tensor& x, IntArrayRef kernel_size,
                                                 IntArrayRef output_size,
                                                 const Tensor& random_samples) {
  return fractional_max_pool("fractional_max_pool2d", x, 2, kernel_size, output_size,
                             random_samples);
}
std::tuple<Tensor, Tensor> fractional_max_pool3d(const Tensor& x, IntArrayRef kernel_size,
                                                 IntArrayRef output_size,
                                                 const Tensor& random_samples) {
  return fractional_max_pool("fractional_max_pool3d", x, 3, kernel_size, output_size,
                             random_samples);
}

}  // namespace xgrad
