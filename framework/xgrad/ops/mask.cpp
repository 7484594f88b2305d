// Masks and nonzero: see gather.h.
#include "xgrad/core/format.h"
#include "xgrad/ops/factories.h"
#include "xgrad/ops/gather.h"
#include "xgrad/ops/overwrite.h"
#include "xgrad/ops/runs.h"

namespace xgrad {

using namespace autograd;

namespace {

void check_mask(const char* op, const Tensor& mask) {
  check(mask.scalar_type() == kBool || mask.scalar_type() == kByte,
        "{}: the mask is {}, expected bool", op, dtype_name(mask.scalar_type()));
}

// x seen as `sizes`, without autograd.
Tensor broadcast_data(const Tensor& x, const Dims& sizes) {
  Dims strides(sizes.size(), 0);
  const std::size_t lead = sizes.size() - x.sizes().size();
  for (std::size_t i = lead; i < sizes.size(); ++i) {
    if (x.sizes()[i - lead] != 1) strides[i] = x.strides()[i - lead];
  }
  return make_alias(x, sizes, strides, x.storage_offset());
}

// The mask as x sees it. Errors: it does not broadcast to x.
Tensor mask_for(const char* op, const Tensor& mask, const Tensor& x) {
  check(broadcast_shape(op, {x, mask}) == Dims(x.sizes()),
        "{}: the mask of shape {} does not broadcast to the tensor's {}", op, mask.sizes(),
        x.sizes());
  return broadcast_data(mask, x.sizes());
}

bool* truths(const Tensor& mask) {
  return static_cast<bool*>(mask.data_ptr());
}  // bytes of a uint8 mask are 0 or not

// value: 0-d, of y's dtype; `mask` has y's shape.
void fill_masked(const Tensor& y, const Tensor& mask, const Tensor& value) {
  dispatch_size(y.scalar_type(), [&](auto zero) {
    using T = decltype(zero);
    T* data = static_cast<T*>(y.data_ptr());
    const auto* chosen = static_cast<const std::uint8_t*>(mask.data_ptr());
    const T fill = *static_cast<const T*>(value.data_ptr());
    Runs<2>(y.sizes(), {y.strides(), mask.strides()})
        .for_each([&](auto at, auto step, std::int64_t n) {
          T* to = data + at[0];
          const std::uint8_t* from = chosen + at[1];
          if (step[0] == 1 && step[1] == 1) {
            for (std::int64_t i = 0; i < n; ++i) to[i] = from[i] != 0 ? fill : to[i];
          } else {
            for (std::int64_t i = 0; i < n; ++i) {
              if (from[i * step[1]] != 0) to[i * step[0]] = fill;
            }
          }
        });
  });
}

// `source`: the tensor that the value came from, if any.
Tensor masked_fill_any(const char* op, bool in_place, const Tensor& x, const Tensor& mask,
                       const Scalar& value, const Tensor& source) {
  check_mask(op, mask);
  const Tensor fill = scalar_as(op, value, x.scalar_type());
  const Tensor seen = mask_for(op, mask, x);
  if (in_place) check_no_partial_overlap(op, x, mask);
  const bool shared = in_place && mask.impl()->storage == x.impl()->storage;
  return overwrite(
      op, source.defined() ? "MaskedFillBackward1" : "MaskedFillBackward0",
      in_place ? Into::expanded_self : Into::row_major_copy, x, source,
      [&](const Tensor& y) { fill_masked(y, shared ? row_major(seen, y) : seen, fill); },
      [mask = Saved(mask)](const Tensor& dy, Gradients& dx) {
        if (dx.needs(0)) dx[0] = dy.masked_fill(mask(), 0);
        if (dx.needs(1)) dx[1] = dy.masked_select(mask()).sum();
      });
}

// The shape that x and mask share, and x in it.
Tensor broadcast_with(const char* op, const Tensor& x, const Tensor& mask) {
  const Dims shape = broadcast_shape(op, {x, mask});
  return x.sizes() == IntArrayRef(shape) ? x : x.expand(shape);
}

std::int64_t count_true(const Tensor& mask) {
  const auto* chosen = static_cast<const std::uint8_t*>(mask.data_ptr());
  std::int64_t count = 0;
  for (std::int64_t i = 0; i < mask.numel(); ++i) count += chosen[i] != 0;
  return count;
}

// The chosen elements of a tensor of the mask's shape, as places.
Places chosen_places(const Tensor& x, const Tensor& mask) {
  const std::int64_t count = count_true(mask);
  const bool* chosen = truths(mask);
  Places places;
  places.place.resize(as_size(count) +
                      1);  // one more: without a branch the place after the last is written too
  const std::vector<std::int64_t> offsets =
      x.is_contiguous() ? std::vector<std::int64_t>() : element_offsets(x.sizes(), x.strides());
  std::int64_t* out = places.place.data();
  for (std::int64_t i = 0; i < mask.numel(); ++i) {
    *out = offsets.empty() ? i : offsets[as_size(i)];
    out += chosen[i];
  }
  places.place.resize(as_size(count));
  return places;
}

// A mask as row-major bools of this shape.
Tensor plain_mask(const Tensor& mask, const Dims& shape) {
  const Tensor bools = mask.scalar_type() == kBool ? mask.detach() : convert(mask, kBool);
  return row_major(broadcast_data(bools, shape));
}

}  // namespace

Tensor masked_fill(const Tensor& x, const Tensor& mask, const Scalar& value) {
  return masked_fill_any("masked_fill", false, broadcast_with("masked_fill", x, mask), mask, value,
                         {});
}
Tensor masked_fill(const Tensor& x, const Tensor& mask, const Tensor& value) {
  check(value.dim() == 0, "masked_fill: the value has shape {}, expected a 0-d tensor",
        value.sizes());
  return masked_fill_any("masked_fill", false, broadcast_with("masked_fill", x, mask), mask,
                         value.item(), value);
}
Tensor Tensor::masked_fill(const Tensor& mask, const Scalar& value) const {
  return xgrad::masked_fill(*this, mask, value);
}
Tensor Tensor::masked_fill(const Tensor& mask, const Tensor& value) const {
  return xgrad::masked_fill(*this, mask, value);
}
Tensor& Tensor::masked_fill_(const Tensor& mask, const Scalar& value) const {
  masked_fill_any("masked_fill_", true, *this, mask, value, {});
  return const_cast<Tensor&>(*this);
}
Tensor& Tensor::masked_fill_(const Tensor& mask, const Tensor& value) const {
  check(value.dim() == 0, "masked_fill_: the value has shape {}, expected a 0-d tensor",
        value.sizes());
  masked_fill_any("masked_fill_", true, *this, mask, value.item(), value);
  return const_cast<Tensor&>(*this);
}

Tensor masked_select(const Tensor& x, const Tensor& mask) {
  check_mask("masked_select", mask);
  const Dims shape = broadcast_shape("masked_select", {x, mask});
  const Tensor seen = broadcast_data(x, shape), chosen = plain_mask(mask, shape);
  const Places places = chosen_places(seen, chosen);
  Tensor y = make_tensor({static_cast<std::int64_t>(places.place.size())}, x.scalar_type());
  take_places(y, seen, places);
  if (recording(x)) {
    record("MaskedSelectBackward0", y, {x},
           [chosen = Saved(chosen), shape](const Tensor& dy, Gradients& dx) {
             dx[0] = masked_scatter(dy.new_zeros(shape), chosen(), dy);
           });
  }
  return y;
}

Tensor masked_scatter(const Tensor& x, const Tensor& mask, const Tensor& source) {
  check_mask("masked_scatter", mask);
  check(source.scalar_type() == x.scalar_type(),
        "masked_scatter: the source is {}, expected the tensor's {}",
        dtype_name(source.scalar_type()), dtype_name(x.scalar_type()));
  const Tensor wide = broadcast_with("masked_scatter", x, mask);
  const Tensor chosen = plain_mask(mask, wide.sizes());
  const std::int64_t count = count_true(chosen);
  check(source.numel() >= count,
        "masked_scatter: the mask chooses {} elements, but the source of shape {} has only {}",
        count, source.sizes(), source.numel());
  return overwrite(
      "masked_scatter", "MaskedScatterBackward0", Into::row_major_copy, wide, source,
      [&](const Tensor& y) {
        const Tensor values = row_major(source);
        put_places(y, chosen_places(y, chosen),
                   make_alias(values, {count}, {1}, values.storage_offset()));
      },
      [chosen = Saved(chosen), count, sizes = Dims(source.sizes())](const Tensor& dy,
                                                                    Gradients& dx) {
        if (dx.needs(0)) dx[0] = dy.masked_fill(chosen(), 0);
        if (dx.needs(1)) {
          const Tensor taken = dy.masked_select(chosen());
          const Tensor flat = dy.new_zeros({numel_of(sizes)});
          dx[1] = index_copy(flat, 0, arange(count), taken).reshape(sizes);
        }
      });
}

Tensor nonzero(const Tensor& x) {
  const Tensor truth = row_major(x.scalar_type() == kBool ? x : x.ne(0));
  const bool* chosen = truths(truth);
  const std::int64_t n = count_true(truth), rank = x.dim();
  // Column-major, as in PyTorch: a dim's indices are one run.
  Tensor indices = make_strided({n, rank}, {1, std::max<std::int64_t>(n, 1)}, kLong);
  std::int64_t* out = indices.data_ptr<std::int64_t>();
  if (n == 0 || rank == 0) return indices;
  const std::size_t last = as_size(rank - 1);
  Dims index(as_size(rank), 0);
  std::int64_t row = 0;
  for (std::int64_t begin = 0; begin < truth.numel(); begin += x.sizes()[last]) {
    const std::int64_t before = row;
    for (std::int64_t i = 0; i < x.sizes()[last]; ++i) {
      if (chosen[begin + i]) out[row++ + static_cast<std::int64_t>(last) * n] = i;
    }
    for (std::size_t d = 0; d < last; ++d)
      std::fill(out + static_cast<std::int64_t>(d) * n + before,
                out + static_cast<std::int64_t>(d) * n + row, index[d]);
    for (std::size_t d = last; d-- > 0;) {
      if (++index[d] < x.sizes()[d]) break;
      index[d] = 0;
    }
  }
  return indices;
}
Tensor argwhere(const Tensor& x) { return nonzero(x); }
std::vector<Tensor> nonzero_numpy(const Tensor& x) {
  const Tensor indices = nonzero(at_least_1d(x));
  std::vector<Tensor> columns;
  for (std::int64_t d = 0; d < indices.size(1); ++d) columns.push_back(indices.select(1, d));
  return columns;
}

Tensor Tensor::masked_select(const Tensor& mask) const { return xgrad::masked_select(*this, mask); }
Tensor Tensor::masked_scatter(const Tensor& mask, const Tensor& source) const {
  return xgrad::masked_scatter(*this, mask, source);
}
Tensor Tensor::nonzero() const { return xgrad::nonzero(*this); }

}  // namespace xgrad
