// Copies: in another dtype, another memory order, into another tensor.
#include "xgrad/core/format.h"
#include "xgrad/ops/map.h"

namespace xgrad {

Dims dense_strides(const Tensor& x) {
  if (x.is_non_overlapping_and_dense()) return x.strides();
  const Dims strides = x.strides();
  return result_strides(x.sizes(), &strides, 1);
}

Tensor ordered_as(const Tensor& x, const Tensor& y) {
  if (x.is_contiguous()) return y;
  const Tensor result = make_strided(y.sizes(), dense_strides(x), y.scalar_type());
  copy_into(result, y);
  return result;
}

bool is_like_channels_last(const Tensor& x) {
  if (x.dim() != 4 || x.strides()[1] == 0) return false;
  std::int64_t least = 0;
  for (const std::size_t d : {1U, 3U, 2U, 0U}) {
    const std::int64_t size = x.sizes()[d], stride = x.strides()[d];
    // Where the sizes leave both readings open it is row-major.
    if (size == 0 || stride < least || (d == 0 && least == x.strides()[1])) return false;
    least = stride * size;
  }
  return true;
}

Tensor convert(const Tensor& x, ScalarType type) {
  check(
      static_cast<int>(type) < kScalarTypeCount,
      "to: dtype {} is not supported, expected one of uint8, int32, int64, float32, float64, bool",
      dtype_name(type));
  return map_kernel("to", kernels::cast_kernel(x.scalar_type(), type), x.scalar_type(), type, {x},
                    {});
}

void copy_into(const Tensor& out, const Tensor& source) {
  check(source.dim() <= out.dim(), "copy_: shape {} does not broadcast to {}, which has fewer dims",
        source.sizes(), out.sizes());
  for (std::size_t i = 0; i < source.sizes().size(); ++i) {
    const std::int64_t from = source.sizes()[source.sizes().size() - 1 - i],
                       to = out.sizes()[out.sizes().size() - 1 - i];
    check(from == to || from == 1, "copy_: shape {} does not broadcast to {}", source.sizes(),
          out.sizes());
  }
  if (source.sizes() == out.sizes()) {
    map_kernel("copy_", kernels::cast_kernel(source.scalar_type(), out.scalar_type()),
               source.scalar_type(), out.scalar_type(), {source}, {}, out);
    return;
  }
  Dims strides(out.sizes().size(), 0);
  for (std::size_t i = 0; i < source.sizes().size(); ++i) {
    const std::size_t from = source.sizes().size() - 1 - i;
    if (source.sizes()[from] != 1) strides[strides.size() - 1 - i] = source.strides()[from];
  }
  copy_into(out, make_alias(source, out.sizes(), strides, source.storage_offset()));
}

}  // namespace xgrad
