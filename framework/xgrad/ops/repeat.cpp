// Repeating and reordering elements along dims: see shape.h.
#include <cstring>

#include "xgrad/autograd/record.h"
#include "xgrad/core/format.h"
#include "xgrad/ops/gather.h"
#include "xgrad/ops/map.h"
#include "xgrad/ops/places.h"
#include "xgrad/ops/shape.h"

namespace xgrad {

using namespace autograd;

namespace {

std::int64_t product(const char* op, std::int64_t repeats, std::int64_t size) {
  std::int64_t result = 0;
  check(!__builtin_mul_overflow(repeats, size, &result), "{}: {} repeats of {} elements overflow",
        op, repeats, size);
  return result;
}

// Of y the first `once` elements along each dim up to `dim` are filled, and all along those after
// it: fills `dim`.
void double_along(const Tensor& y, std::size_t dim, const Dims& once) {
  const std::size_t inner = as_size(y.strides()[dim]) * y.element_size();
  const std::size_t total = as_size(y.sizes()[dim]) * inner;
  for (const std::int64_t offset :
       element_offsets(IntArrayRef(once).slice(0, dim), y.strides().slice(0, dim))) {
    char* block = static_cast<char*>(y.data_ptr()) + as_size(offset) * y.element_size();
    for (std::size_t filled = as_size(once[dim]) * inner, n = 0; filled < total; filled += n) {
      n = std::min(filled, total - filled);
      std::memcpy(block + filled, block, n);
    }
  }
}

}  // namespace

// y [r0 * a, r1 * b] from x [a, b]: x is written into its first corner, then what is filled is
// doubled, the last dim first, until all is. The gradient is the sum over the copies, of y seen as
// [r0, a, r1, b].
Tensor Tensor::repeat(IntArrayRef repeats) const {
  const Tensor& x = *this;
  const std::size_t rank = repeats.size(), lead = rank - std::min(rank, x.sizes().size());
  check(rank >= x.sizes().size(),
        "repeat: got {} repeats for a tensor of shape {}, expected at least as many as dims", rank,
        x.sizes());
  Dims once, sizes, split, summed;
  for (std::size_t i = 0; i < rank; ++i) {
    const std::int64_t size = i < lead ? 1 : x.sizes()[i - lead];
    check(repeats[i] >= 0, "repeat: repeat {} at dim {} is negative", repeats[i], i);
    once.push_back(size);
    sizes.push_back(product("repeat", repeats[i], size));
    split.push_back(repeats[i]);
    split.push_back(size);
    summed.push_back(static_cast<std::int64_t>(2 * i));
  }
  Tensor y = make_tensor(sizes, x.scalar_type());
  if (y.numel() != 0) {
    copy_into(make_alias(y, once, y.strides(), 0), x);
    for (std::size_t d = rank; d-- > 0;) {
      if (repeats[d] > 1) double_along(y, d, once);
    }
  }
  if (recording(x)) {
    record("RepeatBackward0", y, {x},
           [split, summed, x_sizes = Dims(x.sizes())](const Tensor& dy, Gradients& dx) {
             dx[0] =
                 summed.empty() ? dy : dy.reshape(split).sum(IntArrayRef(summed)).reshape(x_sizes);
           });
  }
  return y;
}

Tensor tile(const Tensor& x, IntArrayRef repeats) {
  Dims all = repeats;
  while (all.size() < x.sizes().size()) all.insert(0, 1);
  return x.repeat(all);
}

Tensor repeat_interleave(const Tensor& repeats, optional<std::int64_t> output_size) {
  check(repeats.dim() == 1, "repeat_interleave: the repeats have shape {}, expected a vector",
        repeats.sizes());
  check(repeats.scalar_type() == kLong || repeats.scalar_type() == kInt,
        "repeat_interleave: the repeats are {}, expected int64 or int32",
        dtype_name(repeats.scalar_type()));
  const Tensor wide = row_major(repeats.scalar_type() == kLong ? repeats : convert(repeats, kLong));
  const std::int64_t* counts = wide.data_ptr<std::int64_t>();
  std::int64_t total = 0;
  for (std::int64_t i = 0; i < wide.numel(); ++i) {
    check(counts[i] >= 0, "repeat_interleave: repeat {} at {} is negative", counts[i], i);
    check(!__builtin_add_overflow(total, counts[i], &total),
          "repeat_interleave: the repeats overflow");
  }
  check(!output_size || *output_size == total,
        "repeat_interleave: the repeats have sum {}, but output_size is {}", total,
        output_size.value_or(0));
  Tensor index = make_tensor({total}, kLong);
  std::int64_t* out = index.data_ptr<std::int64_t>();
  for (std::int64_t i = 0; i < wide.numel(); ++i) out = std::fill_n(out, counts[i], i);
  return index;
}

Tensor repeat_interleave(const Tensor& x, const Tensor& repeats, optional<std::int64_t> dim,
                         optional<std::int64_t> output_size) {
  const Tensor from = dim ? x : x.reshape({-1});
  check_index(from.dim() > 0, "repeat_interleave: a 0-d tensor has no dim {}", dim.value_or(0));
  const std::int64_t d = wrap_dim("repeat_interleave", dim.value_or(0), from.dim()),
                     size = from.size(d);
  check(repeats.dim() <= 1 && (repeats.numel() == 1 || repeats.numel() == size),
        "repeat_interleave: the repeats have shape {}, expected one or one for each of the {} "
        "along dim {}",
        repeats.sizes(), size, d);
  const Tensor counts =
      repeats.numel() == size ? repeats.reshape({size}) : repeats.reshape({1}).expand({size});
  return index_select(from, d, repeat_interleave(counts, output_size));
}

Tensor repeat_interleave(const Tensor& x, std::int64_t repeats, optional<std::int64_t> dim,
                         optional<std::int64_t> output_size) {
  check(repeats >= 0, "repeat_interleave: the number of repeats is {}, expected at least 0",
        repeats);
  const Tensor from = dim ? x : x.reshape({-1});
  check_index(from.dim() > 0, "repeat_interleave: a 0-d tensor has no dim {}", dim.value_or(0));
  const std::int64_t d = wrap_dim("repeat_interleave", dim.value_or(0), from.dim());
  const std::int64_t total = product("repeat_interleave", repeats, from.size(d));
  check(!output_size || *output_size == total,
        "repeat_interleave: the repeats have sum {}, but output_size is {}", total,
        output_size.value_or(0));
  Dims sizes = from.sizes();
  sizes[as_size(d)] = total;
  Dims spread = from.sizes();
  spread.insert(as_size(d) + 1, repeats);
  // Copied in any case: a single repeat must not be a view of x.
  return from.unsqueeze(d + 1).expand(spread).clone(MemoryFormat::Contiguous).view(sizes);
}

// A view with negative strides, copied; it never leaves this function.
Tensor flip(const Tensor& x, IntArrayRef dims) {
  Dims strides = x.strides();
  std::int64_t offset = x.storage_offset();
  std::vector<bool> flipped(std::max<std::size_t>(x.sizes().size(), 1), false);
  for (const std::int64_t dim : dims) {
    const std::size_t d = as_size(wrap_dim("flip", dim, x.dim()));
    check(!flipped[d], "flip: dim {} occurs twice in {}", d, dims);
    flipped[d] = true;
    if (x.dim() == 0) continue;
    offset += std::max<std::int64_t>(x.sizes()[d] - 1, 0) * strides[d];
    strides[d] = -strides[d];
  }
  Tensor y = make_strided(x.sizes(), dense_strides(x), x.scalar_type());
  if (y.numel() != 0) copy_into(y, make_alias(x, x.sizes(), strides, offset));
  if (recording(x)) {
    record("FlipBackward0", y, {x},
           [dims = Dims(dims)](const Tensor& dy, Gradients& dx) { dx[0] = dy.flip(dims); });
  }
  return y;
}
Tensor fliplr(const Tensor& x) {
  check(x.dim() >= 2, "fliplr: the tensor has shape {}, expected at least 2 dims", x.sizes());
  return x.flip({1});
}
Tensor flipud(const Tensor& x) {
  check(x.dim() >= 1, "flipud: the tensor is 0-d, expected at least 1 dim");
  return x.flip({0});
}

namespace {

Tensor roll_one(const Tensor& x, std::int64_t shift, std::int64_t dim) {
  check_index(x.dim() > 0, "roll: a 0-d tensor has no dim {}", dim);
  const std::int64_t d = wrap_dim("roll", dim, x.dim()), size = x.size(d);
  if (size == 0) return x.clone();
  const std::int64_t start =
      ((size - shift % size) % size + size) % size;  // the first element of the result
  return cat({x.narrow(d, start, size - start), x.narrow(d, 0, start)}, d);
}

}  // namespace

Tensor roll(const Tensor& x, IntArrayRef shifts, IntArrayRef dims) {
  if (dims.empty() && shifts.size() == 1) return x.reshape({-1}).roll(shifts, 0).reshape(x.sizes());
  check(!shifts.empty() && shifts.size() == dims.size(),
        "roll: got {} shifts and {} dims, expected as many", shifts.size(), dims.size());
  Tensor y = x;
  for (std::size_t i = 0; i < dims.size(); ++i) y = roll_one(y, shifts[i], dims[i]);
  return y;
}

Tensor rot90(const Tensor& x, std::int64_t k, IntArrayRef dims) {
  check(dims.size() == 2, "rot90: got dims {}, expected two", dims);
  check(x.dim() >= 2, "rot90: the tensor has shape {}, expected at least 2 dims", x.sizes());
  const std::int64_t from = wrap_dim("rot90", dims[0], x.dim()),
                     to = wrap_dim("rot90", dims[1], x.dim());
  check(from != to, "rot90: the two dims are the same, {} and {}", dims[0], dims[1]);
  switch ((k % 4 + 4) % 4) {
    case 1:
      return x.flip(to).transpose(from, to);
    case 2:
      return x.flip(dims);
    case 3:
      return x.flip(from).transpose(from, to);
    default:
      return x.clone(MemoryFormat::Contiguous);
  }
}

// clang-format off
Tensor Tensor::repeat_interleave(std::int64_t repeats, OptDim dim, OptDim output_size) const { return xgrad::repeat_interleave(*this, repeats, dim, output_size); }
Tensor Tensor::repeat_interleave(const Tensor& repeats, OptDim dim, OptDim output_size) const { return xgrad::repeat_interleave(*this, repeats, dim, output_size); }
Tensor Tensor::tile(IntArrayRef repeats) const { return xgrad::tile(*this, repeats); }
Tensor Tensor::flip(IntArrayRef dims) const { return xgrad::flip(*this, dims); }
Tensor Tensor::roll(IntArrayRef shifts, IntArrayRef dims) const { return xgrad::roll(*this, shifts, dims); }
Tensor Tensor::rot90(std::int64_t k, IntArrayRef dims) const { return xgrad::rot90(*this, k, dims); }
// clang-format on

}  // namespace xgrad
