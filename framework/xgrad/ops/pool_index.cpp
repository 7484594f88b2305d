#include "xgrad/ops/pool_index.h"

#include <algorithm>

#include "xgrad/autograd/record.h"
#include "xgrad/core/parallel.h"
#include "xgrad/ops/places.h"
#include "xgrad/ops/pool_windows.h"

namespace xgrad {

using namespace autograd;

namespace {

// f(T{}, first, last): for ranges of planes, whose elements are of type T.
template <class F>
void for_each_plane(ScalarType type, std::int64_t planes, std::int64_t area, const F& f) {
  dispatch_floating(type, [&](auto zero) {
    parallel_for(0, planes, planes_grain(area),
                 [&](std::int64_t first, std::int64_t last) { f(zero, first, last); });
  });
}

// Elements of the last `rank` dims.
std::int64_t plane_area(IntArrayRef sizes, std::size_t rank) {
  return numel_of(sizes.slice(sizes.size() - rank));
}

}  // namespace

Tensor gather_planes(const Tensor& x, const Tensor& index, std::size_t rank) {
  const Tensor y = make_tensor(index.sizes(), x.scalar_type());
  const Tensor from = row_major(x), places = row_major(index);
  const std::int64_t area = plane_area(x.sizes(), rank), count = plane_area(index.sizes(), rank),
                     planes = count == 0 ? 0 : index.numel() / count;
  const auto* at = places.data_ptr<std::int64_t>();
  for_each_plane(x.scalar_type(), planes, count,
                 [&](auto zero, std::int64_t first, std::int64_t last) {
                   using T = decltype(zero);
                   for (std::int64_t p = first; p < last; ++p) {
                     const T* in = from.data_ptr<T>() + p * area;
                     for (std::int64_t i = p * count; i < (p + 1) * count; ++i)
                       y.data_ptr<T>()[i] = in[at[i]];
                   }
                 });
  if (recording(x)) {
    record("MaxPoolGatherBackward0", y, {x},
           [index = Saved(index), sizes = Dims(x.sizes()), rank](const Tensor& dy, Gradients& dx) {
             dx[0] = scatter_planes(dy, index(), sizes, rank);
           });
  }
  return y;
}

Tensor scatter_planes(const Tensor& x, const Tensor& index, const Dims& sizes, std::size_t rank) {
  const Tensor y = make_tensor(sizes, x.scalar_type());
  const Tensor from = row_major(x), places = row_major(index);
  const std::int64_t area = plane_area(sizes, rank), count = plane_area(index.sizes(), rank),
                     planes = area == 0 ? 0 : y.numel() / area;
  const auto* at = places.data_ptr<std::int64_t>();
  for_each_plane(x.scalar_type(), planes, area,
                 [&](auto zero, std::int64_t first, std::int64_t last) {
                   using T = decltype(zero);
                   const T* in = from.data_ptr<T>();
                   for (std::int64_t p = first; p < last; ++p) {
                     T* out = y.data_ptr<T>() + p * area;
                     std::fill(out, out + area, T(0));
                     for (std::int64_t i = p * count; i < (p + 1) * count; ++i) out[at[i]] += in[i];
                   }
                 });
  if (recording(x)) {
    record("MaxPoolScatterBackward0", y, {x},
           [index = Saved(index), rank](const Tensor& dy, Gradients& dx) {
             dx[0] = gather_planes(dy, index(), rank);
           });
  }
  return y;
}

}  // namespace xgrad
