#include "xgrad/ops/search.h"

#include "xgrad/core/format.h"
#include "xgrad/core/parallel.h"
#include "xgrad/ops/factories.h"
#include "xgrad/ops/map.h"
#include "xgrad/ops/places.h"

namespace xgrad {
namespace {

// The number of elements of x [n] (seen through `sorter`, if there is one) that stand before v.
// Written with negations, so that NaN is behind all.
template <class T>
std::int64_t count_before(const T* x, const std::int64_t* sorter, std::int64_t n, T v, bool right) {
  std::int64_t low = 0;
  while (low < n) {
    const std::int64_t middle = low + (n - low) / 2;
    const T at = x[sorter ? sorter[middle] : middle];
    if (right ? !(at > v) : !(at >= v)) {
      low = middle + 1;
    } else {
      n = middle;
    }
  }
  return low;
}

Tensor search(const Tensor& sequence, const Tensor& values, const Tensor& sorter, bool out_int32,
              bool right) {
  const ScalarType type = sequence.scalar_type() == values.scalar_type()
                              ? values.scalar_type()
                              : result_type({sequence, values});
  const auto plain = [&](const Tensor& t) {
    return row_major(t.scalar_type() == type ? t.detach() : convert(t, type));
  };
  const Tensor x = plain(sequence), v = plain(values),
               order = sorter.defined() ? row_major(sorter) : sorter;
  const std::int64_t n = x.size(-1),
                     m = x.dim() == 1 ? v.numel() : v.size(-1);  // values that share a sequence
  const Tensor y = make_tensor(values.sizes(), kLong);
  dispatch(type, [&](auto zero) {
    using T = decltype(zero);
    const T *from = x.data_ptr<T>(), *value = v.data_ptr<T>();
    const std::int64_t* through = order.defined() ? order.data_ptr<std::int64_t>() : nullptr;
    std::int64_t* out = y.data_ptr<std::int64_t>();
    parallel_for(0, v.numel(), 512, [&](std::int64_t first, std::int64_t last) {
      for (std::int64_t i = first; i < last; ++i) {
        const std::int64_t line = i / m * n;
        out[i] = count_before(from + line, through ? through + line : nullptr, n, value[i], right);
      }
    });
  });
  return out_int32 ? convert(y, kInt) : y;
}

}  // namespace

Tensor searchsorted(const Tensor& sequence, const Tensor& values, bool out_int32, bool right,
                    optional<std::string_view> side, const optional<Tensor>& sorter) {
  check(sequence.dim() > 0, "searchsorted: the sequence is 0-d, expected at least one dim");
  bool match = sequence.dim() == 1 || sequence.dim() == values.dim();
  for (std::int64_t d = 0; match && sequence.dim() > 1 && d + 1 < sequence.dim(); ++d)
    match = sequence.size(d) == values.size(d);
  check(match,
        "searchsorted: a sequence of shape {} does not go with values of shape {}, expected one "
        "dim or the same leading dims",
        sequence.sizes(), values.sizes());
  if (side) {
    check(*side == "left" || *side == "right",
          "searchsorted: side '{}' is unknown, expected left or right", *side);
    check(!(right && *side == "left"), "searchsorted: side is left, but right is true");
  }
  if (sorter) {
    check(sorter->scalar_type() == kLong, "searchsorted: the sorter is {}, expected int64",
          dtype_name(sorter->scalar_type()));
    check(sorter->sizes() == sequence.sizes(),
          "searchsorted: the sorter has shape {}, expected {}, the sequence's", sorter->sizes(),
          sequence.sizes());
    const Tensor beyond = sorter->lt(0).logical_or(sorter->ge(sequence.size(-1)));
    check_index(!beyond.any().item<bool>(),
                "searchsorted: the sorter has a position outside 0 to {}", sequence.size(-1) - 1);
  }
  return search(sequence, values, sorter.value_or(Tensor()), out_int32, right || side == "right");
}

Tensor searchsorted(const Tensor& sequence, const Scalar& value, bool out_int32, bool right,
                    optional<std::string_view> side, const optional<Tensor>& sorter) {
  check(sequence.dim() == 1,
        "searchsorted: the value is a number and the sequence has {} dims, expected 1",
        sequence.dim());
  return searchsorted(sequence, scalar_tensor(value, value.type()), out_int32, right, side, sorter);
}

Tensor bucketize(const Tensor& values, const Tensor& boundaries, bool out_int32, bool right) {
  check(boundaries.dim() == 1, "bucketize: the boundaries have {} dims, expected 1",
        boundaries.dim());
  return searchsorted(boundaries, values, out_int32, right);
}
Tensor bucketize(const Scalar& value, const Tensor& boundaries, bool out_int32, bool right) {
  return bucketize(scalar_tensor(value, value.type()), boundaries, out_int32, right);
}

}  // namespace xgrad
