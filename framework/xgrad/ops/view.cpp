#include "xgrad/ops/view.h"

#include "xgrad/autograd/in_place.h"
#include "xgrad/autograd/state.h"
#include "xgrad/core/format.h"
#include "xgrad/ops/arithmetic.h"

namespace xgrad {

using namespace autograd;

namespace {

std::size_t at(std::int64_t i) { return static_cast<std::size_t>(i); }

// A view that autograd knows: its base is x's, and its gradient `backward` of the view's.
template <class Backward>
Tensor view_of(const char* node, const Tensor& x, const Dims& sizes, const Dims& strides,
               std::int64_t offset, Backward&& backward) {
  Tensor view = make_alias(x, sizes, strides, offset);
  set_base(view, x);
  if (recording(x)) record(node, view, {x}, std::forward<Backward>(backward));
  return view;
}

// Zeros shaped as x with one place filled: the gradient of taking that place.
template <class View>
Tensor place(const Dims& sizes, const Tensor& dy, const View& view) {
  const Tensor dx = dy.new_zeros(sizes);
  view(dx).copy_(dy);
  return dx;
}

// The storage places of a geometry's elements, counted from `offset`: [sizes], int64.
Tensor arange_places(IntArrayRef sizes, IntArrayRef strides, std::int64_t offset) {
  Tensor places = make_tensor(sizes, kLong);
  auto* out = places.data_ptr<std::int64_t>();
  Dims index(sizes.size(), 0);
  for (std::int64_t i = 0; i < places.numel(); ++i) {
    out[i] = offset;
    for (std::size_t d = sizes.size(); d-- > 0;) {
      offset += strides[d];
      if (++index[d] < sizes[d]) break;
      offset -= strides[d] * sizes[d];
      index[d] = 0;
    }
  }
  return places;
}

void check_extent(const Tensor& x, IntArrayRef sizes, IntArrayRef strides, std::int64_t offset) {
  check(sizes.size() == strides.size(), "as_strided: got {} sizes and {} strides, expected as many",
        sizes.size(), strides.size());
  std::int64_t last = offset;
  bool empty = false;
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    check(sizes[i] >= 0 && strides[i] >= 0,
          "as_strided: sizes and strides must not be negative, got {} and {}", sizes, strides);
    empty = empty || sizes[i] == 0;
    std::int64_t step = 0;
    const bool overflow =
        __builtin_mul_overflow(std::max<std::int64_t>(sizes[i] - 1, 0), strides[i], &step) ||
        __builtin_add_overflow(last, step, &last);
    check(!overflow, "as_strided: sizes {} with strides {} overflow", sizes, strides);
  }
  const auto held = static_cast<std::int64_t>(x.storage().nbytes() / x.element_size());
  check(offset >= 0 && (empty || last < held),
        "as_strided: sizes {}, strides {} and offset {} reach element {}, but the storage holds {}",
        sizes, strides, offset, last, held);
}

}  // namespace

// The gradient of as_strided: dy is added into a zero storage of x's extent (elements may share
// memory), then x's own geometry is read out of that; where x itself shares memory each alias gets
// its share.
Tensor as_strided(const Tensor& x, IntArrayRef sizes, IntArrayRef strides,
                  optional<std::int64_t> storage_offset) {
  const std::int64_t offset = storage_offset.value_or(x.storage_offset());
  check_extent(x, sizes, strides, offset);
  return view_of(
      "AsStridedBackward0", x, sizes, strides, offset,
      [x_sizes = Dims(x.sizes()), x_strides = Dims(x.strides()), from = x.storage_offset(),
       sizes = Dims(sizes), strides = Dims(strides), offset](const Tensor& dy, Gradients& dx) {
        const std::int64_t base = std::min(from, offset);
        const auto extent = [](const Dims& dims, const Dims& steps) {
          std::int64_t last = 0;
          for (std::size_t i = 0; i < dims.size(); ++i)
            last += std::max<std::int64_t>(dims[i] - 1, 0) * steps[i];
          return last + 1;
        };
        const std::int64_t held = std::max(from - base + extent(x_sizes, x_strides),
                                           offset - base + extent(sizes, strides));
        const Tensor index = arange_places(sizes, strides, offset - base);
        Tensor storage = dy.new_zeros({held}).index_add(0, index.reshape({-1}), dy.reshape({-1}));
        if (extent(x_sizes, x_strides) !=
            numel_of(x_sizes)) {  // x may overlap itself: share between aliases
          const Tensor places = arange_places(x_sizes, x_strides, from - base).reshape({-1});
          const Tensor count =
              dy.new_zeros({held}).index_add(0, places, dy.new_ones({places.numel()})).clamp_min(1);
          storage = storage / count;
        }
        dx[0] =
            storage.index_select(0, arange_places(x_sizes, x_strides, from - base).reshape({-1}))
                .reshape(x_sizes);
      });
}

Tensor alias(const Tensor& x) {
  return view_of("AliasBackward0", x, x.sizes(), x.strides(), x.storage_offset(),
                 [](const Tensor& dy, Gradients& dx) { dx[0] = dy; });
}

Dims infer_sizes(const char* op, IntArrayRef sizes, std::int64_t numel) {
  Dims result(sizes);
  std::int64_t known = 1;
  optional<std::size_t> unknown;
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    if (sizes[i] == -1) {
      check(!unknown, "{}: only one size may be -1, got {}", op, sizes);
      unknown = i;
      continue;
    }
    check(sizes[i] >= 0, "{}: size {} at dim {} is negative in {}", op, sizes[i], i, sizes);
    known *= sizes[i];
  }
  if (unknown) {
    check(known != 0, "{}: the size -1 in {} is ambiguous for a tensor of {} elements", op, sizes,
          numel);
    check(numel % known == 0, "{}: shape {} does not fit {} elements", op, sizes, numel);
    result[*unknown] = numel / known;
  }
  check(unknown || known == numel, "{}: shape {} does not fit {} elements", op, sizes, numel);
  return result;
}

optional<Dims> view_strides(const Tensor& x, IntArrayRef sizes) {
  if (x.is_contiguous() || x.numel() == 0) return contiguous_strides(sizes);
  // Runs of dims of x that lie as one are cut anew, from the right.
  Dims strides(sizes.size(), 0);
  std::int64_t view_dim = static_cast<std::int64_t>(sizes.size()) - 1;
  std::int64_t run = 1, cut = 1, step = x.dim() > 0 ? x.strides().back() : 1;
  for (std::int64_t dim = x.dim() - 1; dim >= 0; --dim) {
    run *= x.sizes()[at(dim)];
    const bool ends =
        dim == 0 || (x.sizes()[at(dim - 1)] != 1 && x.strides()[at(dim - 1)] != run * step);
    if (!ends) continue;
    while (view_dim >= 0 && (cut < run || sizes[at(view_dim)] == 1)) {
      strides[at(view_dim)] = cut * step;
      cut *= sizes[at(view_dim)];
      --view_dim;
    }
    if (cut != run) return nullopt;
    if (dim > 0) {
      step = x.strides()[at(dim - 1)];
      run = cut = 1;
    }
  }
  if (view_dim != -1) return nullopt;
  return strides;
}

Tensor Tensor::view(IntArrayRef wanted) const {
  const Dims sizes = infer_sizes("view", wanted, numel());
  const optional<Dims> strides = view_strides(*this, sizes);
  check(strides.has_value(),
        "view: shape {} cannot be seen in a tensor of shape {} with strides {} without a copy; use "
        "reshape",
        IntArrayRef(sizes), this->sizes(), this->strides());
  return view_of("ViewBackward0", *this, sizes, *strides, storage_offset(),
                 [x_sizes = Dims(this->sizes())](const Tensor& dy, Gradients& dx) {
                   dx[0] = dy.reshape(x_sizes);
                 });
}

Tensor reshape(const Tensor& x, IntArrayRef wanted) {
  const Dims sizes = infer_sizes("reshape", wanted, x.numel());
  return view_strides(x, sizes) ? x.view(sizes) : x.clone(MemoryFormat::Contiguous).view(sizes);
}

Tensor flatten(const Tensor& x, std::int64_t start_dim, std::int64_t end_dim) {
  const std::int64_t start = wrap_dim("flatten", start_dim, x.dim()),
                     end = wrap_dim("flatten", end_dim, x.dim());
  check(start <= end, "flatten: start_dim {} comes after end_dim {}", start_dim, end_dim);
  if (x.dim() == 0) return x.reshape({1});
  if (start == end) return x;
  Dims sizes(x.sizes().slice(0, at(start)));
  sizes.push_back(numel_of(x.sizes().slice(at(start), at(end - start + 1))));
  for (std::int64_t i = end + 1; i < x.dim(); ++i) sizes.push_back(x.sizes()[at(i)]);
  return x.reshape(sizes);
}

Tensor unflatten(const Tensor& x, std::int64_t dim, IntArrayRef wanted) {
  const std::int64_t d = wrap_dim("unflatten", dim, x.dim());
  const Dims parts = infer_sizes("unflatten", wanted, x.size(d));
  Dims sizes(x.sizes().slice(0, at(d)));
  for (const std::int64_t part : parts) sizes.push_back(part);
  for (std::int64_t i = d + 1; i < x.dim(); ++i) sizes.push_back(x.sizes()[at(i)]);
  return x.view(sizes);
}

Tensor ravel(const Tensor& x) { return x.contiguous().view({-1}); }

namespace {

Tensor swapped(const char* node, const Tensor& x, std::int64_t a, std::int64_t b) {
  const std::int64_t i = wrap_dim("transpose", a, x.dim()), j = wrap_dim("transpose", b, x.dim());
  Dims sizes = x.sizes(), strides = x.strides();
  if (x.dim() > 0) {
    std::swap(sizes[at(i)], sizes[at(j)]);
    std::swap(strides[at(i)], strides[at(j)]);
  }
  return view_of(node, x, sizes, strides, x.storage_offset(),
                 [i, j](const Tensor& dy, Gradients& dx) { dx[0] = dy.transpose(i, j); });
}

}  // namespace

Tensor transpose(const Tensor& x, std::int64_t a, std::int64_t b) {
  return swapped("TransposeBackward0", x, a, b);
}
Tensor swapaxes(const Tensor& x, std::int64_t a, std::int64_t b) { return transpose(x, a, b); }
Tensor swapdims(const Tensor& x, std::int64_t a, std::int64_t b) { return transpose(x, a, b); }

Tensor t(const Tensor& x) {
  check(x.dim() <= 2, "t: expected a tensor of at most 2 dims, got {}", x.sizes());
  return x.dim() < 2 ? alias(x) : swapped("TBackward0", x, 0, 1);
}

Tensor permute(const Tensor& x, IntArrayRef dims) {
  check(dims.size() == x.sizes().size(),
        "permute: got {} dims for a tensor of shape {}, expected each once", dims, x.sizes());
  Dims sizes, strides, inverse(dims.size(), -1);
  for (std::size_t i = 0; i < dims.size(); ++i) {
    const std::int64_t d = wrap_dim("permute", dims[i], x.dim());
    check(inverse[at(d)] == -1, "permute: dim {} occurs twice in {}", d, dims);
    inverse[at(d)] = static_cast<std::int64_t>(i);
    sizes.push_back(x.sizes()[at(d)]);
    strides.push_back(x.strides()[at(d)]);
  }
  return view_of("PermuteBackward0", x, sizes, strides, x.storage_offset(),
                 [inverse](const Tensor& dy, Gradients& dx) { dx[0] = dy.permute(inverse); });
}

Tensor moveaxis(const Tensor& x, std::int64_t source, std::int64_t destination) {
  return movedim(x, source, destination);
}
Tensor moveaxis(const Tensor& x, IntArrayRef source, IntArrayRef destination) {
  return movedim(x, source, destination);
}
Tensor movedim(const Tensor& x, std::int64_t source, std::int64_t destination) {
  return movedim(x, IntArrayRef(source), IntArrayRef(destination));
}
Tensor movedim(const Tensor& x, IntArrayRef source, IntArrayRef destination) {
  check(source.size() == destination.size(),
        "movedim: got {} source and {} destination dims, expected as many", source.size(),
        destination.size());
  if (x.dim() == 0) return alias(x);
  Dims order(at(x.dim()), -1), taken(at(x.dim()), 0);
  for (std::size_t i = 0; i < source.size(); ++i) {
    const std::int64_t from = wrap_dim("movedim", source[i], x.dim()),
                       to = wrap_dim("movedim", destination[i], x.dim());
    check(order[at(to)] == -1 && taken[at(from)] == 0, "movedim: a dim occurs twice in {} or {}",
          source, destination);
    order[at(to)] = from;
    taken[at(from)] = 1;
  }
  std::int64_t next = 0;
  for (std::int64_t& place : order) {
    if (place != -1) continue;
    while (taken[at(next)] != 0) ++next;
    place = next++;
  }
  return permute(x, order);
}

Tensor squeeze(const Tensor& x) {
  Dims sizes, strides;
  for (std::size_t i = 0; i < x.sizes().size(); ++i) {
    if (x.sizes()[i] == 1) continue;
    sizes.push_back(x.sizes()[i]);
    strides.push_back(x.strides()[i]);
  }
  return view_of(
      "SqueezeBackward0", x, sizes, strides, x.storage_offset(),
      [sizes = Dims(x.sizes())](const Tensor& dy, Gradients& dx) { dx[0] = dy.reshape(sizes); });
}
Tensor squeeze(const Tensor& x, std::int64_t dim) {
  const std::int64_t d = wrap_dim("squeeze", dim, x.dim());
  Dims sizes = x.sizes(), strides = x.strides();
  const bool drops = x.dim() > 0 && sizes[at(d)] == 1;
  if (drops) {
    sizes.erase(at(d));
    strides.erase(at(d));
  }
  return view_of(
      "SqueezeBackward1", x, sizes, strides, x.storage_offset(),
      [d, drops](const Tensor& dy, Gradients& dx) { dx[0] = drops ? dy.unsqueeze(d) : dy; });
}

Tensor unsqueeze(const Tensor& x, std::int64_t dim) {
  const std::int64_t d = wrap_dim("unsqueeze", dim, x.dim() + 1);
  Dims sizes = x.sizes(), strides = x.strides();
  const std::int64_t stride = d < x.dim() ? sizes[at(d)] * strides[at(d)] : 1;
  sizes.insert(at(d), 1);
  strides.insert(at(d), stride);
  return view_of("UnsqueezeBackward0", x, sizes, strides, x.storage_offset(),
                 [d](const Tensor& dy, Gradients& dx) { dx[0] = dy.squeeze(d); });
}

Tensor expand(const Tensor& x, IntArrayRef wanted) {
  check(wanted.size() >= x.sizes().size(), "expand: shape {} has fewer dims than the tensor's {}",
        wanted, x.sizes());
  const std::size_t lead = wanted.size() - x.sizes().size();
  Dims sizes = wanted, strides(wanted.size(), 0);
  for (std::size_t i = wanted.size(); i-- > 0;) {
    if (i < lead) {
      check(wanted[i] >= 0,
            "expand: size {} at the new dim {} of {} cannot be kept from the tensor's {}",
            wanted[i], i, wanted, x.sizes());
      // A new dim of size 1 gets the stride of a dense one, but none of a 0-d tensor, as in
      // PyTorch.
      if (wanted[i] == 1 && x.dim() > 0)
        strides[i] = i + 1 < wanted.size() ? sizes[i + 1] * strides[i + 1] : 1;
      continue;
    }
    const std::int64_t have = x.sizes()[i - lead];
    check(wanted[i] >= -1, "expand: size {} at dim {} of {} is negative, expected at least -1",
          wanted[i], i, wanted.vec());
    if (wanted[i] == -1) sizes[i] = have;
    check(sizes[i] == have || have == 1,
          "expand: size {} at dim {} of {} does not fit the tensor's {} in {}", wanted[i], i,
          wanted, have, x.sizes());
    strides[i] = have == 1 && sizes[i] != 1 ? 0 : x.strides()[i - lead];
  }
  // The engine sums the gradient back to x's shape.
  return view_of("ExpandBackward0", x, sizes, strides, x.storage_offset(),
                 [](const Tensor& dy, Gradients& dx) { dx[0] = dy; });
}
Tensor broadcast_to(const Tensor& x, IntArrayRef sizes) { return expand(x, sizes); }

Tensor select(const Tensor& x, std::int64_t dim, std::int64_t index) {
  check_index(x.dim() > 0, "select: a 0-d tensor has no dim to select from");
  const std::int64_t d = wrap_dim("select", dim, x.dim()), size = x.sizes()[at(d)];
  check_index(index >= -size && index < size,
              "select: index {} is out of range for dim {} of size {}", index, d, size);
  const std::int64_t i = index < 0 ? index + size : index;
  Dims sizes = x.sizes(), strides = x.strides();
  const std::int64_t offset = x.storage_offset() + i * strides[at(d)];
  sizes.erase(at(d));
  strides.erase(at(d));
  return view_of("SelectBackward0", x, sizes, strides, offset,
                 [x_sizes = Dims(x.sizes()), d, i](const Tensor& dy, Gradients& dx) {
                   dx[0] =
                       place(x_sizes, dy, [&](const Tensor& whole) { return whole.select(d, i); });
                 });
}

Tensor slice(const Tensor& x, std::int64_t dim, optional<std::int64_t> start,
             optional<std::int64_t> end, std::int64_t step) {
  check_index(x.dim() > 0, "slice: a 0-d tensor has no dim to slice");
  check(step > 0, "slice: expected a step of at least 1, got {}", step);
  const std::int64_t d = wrap_dim("slice", dim, x.dim()), size = x.sizes()[at(d)];
  const auto clip = [&](std::int64_t i) {
    return std::clamp<std::int64_t>(i < 0 ? i + size : i, 0, size);
  };
  const std::int64_t first = clip(start.value_or(0)),
                     last = std::max(first, clip(end.value_or(size)));
  Dims sizes = x.sizes(), strides = x.strides();
  const std::int64_t offset = x.storage_offset() + first * strides[at(d)];
  sizes[at(d)] = (last - first + step - 1) / step;
  strides[at(d)] *= step;
  return view_of(
      "SliceBackward0", x, sizes, strides, offset,
      [x_sizes = Dims(x.sizes()), d, first, last, step](const Tensor& dy, Gradients& dx) {
        dx[0] = place(x_sizes, dy,
                      [&](const Tensor& whole) { return whole.slice(d, first, last, step); });
      });
}

Tensor narrow(const Tensor& x, std::int64_t dim, std::int64_t start, std::int64_t length) {
  check_index(x.dim() > 0, "narrow: a 0-d tensor has no dim to narrow");
  const std::int64_t d = wrap_dim("narrow", dim, x.dim()), size = x.sizes()[at(d)];
  const std::int64_t first = start < 0 ? start + size : start;
  check(length >= 0, "narrow: length {} is negative", length);
  check_index(start >= -size && first <= size - length,
              "narrow: {} elements from {} are beyond dim {} of size {}", length, start, d, size);
  return slice(x, d, first, first + length, 1);
}

Tensor diagonal(const Tensor& x, std::int64_t offset, std::int64_t dim1, std::int64_t dim2) {
  const std::int64_t i = wrap_dim("diagonal", dim1, x.dim()),
                     j = wrap_dim("diagonal", dim2, x.dim());
  check(i != j, "diagonal: the two dims are the same, {} and {}", dim1, dim2);
  Dims sizes = x.sizes(), strides = x.strides();
  const std::int64_t rows = sizes[at(i)], columns = sizes[at(j)];
  const std::int64_t length = std::max<std::int64_t>(
      offset >= 0 ? std::min(rows, columns - offset) : std::min(rows + offset, columns), 0);
  std::int64_t start = x.storage_offset();
  if (length > 0) start += offset >= 0 ? offset * strides[at(j)] : -offset * strides[at(i)];
  const std::int64_t stride = strides[at(i)] + strides[at(j)];
  for (const std::int64_t d : {std::max(i, j), std::min(i, j)}) {
    sizes.erase(at(d));
    strides.erase(at(d));
  }
  sizes.push_back(length);
  strides.push_back(stride);
  return view_of("DiagonalBackward0", x, sizes, strides, start,
                 [x_sizes = Dims(x.sizes()), offset, i, j](const Tensor& dy, Gradients& dx) {
                   dx[0] = place(x_sizes, dy,
                                 [&](const Tensor& whole) { return whole.diagonal(offset, i, j); });
                 });
}

Tensor unfold(const Tensor& x, std::int64_t dim, std::int64_t size, std::int64_t step) {
  const std::int64_t d = wrap_dim("unfold", dim, x.dim());
  const std::int64_t have = x.dim() == 0 ? 1 : x.sizes()[at(d)];
  check(size >= 0 && size <= have, "unfold: windows of {} do not fit dim {} of size {}", size, d,
        have);
  check(step > 0, "unfold: expected a step of at least 1, got {}", step);
  Dims sizes = x.sizes(), strides = x.strides();
  const std::int64_t stride = x.dim() == 0 ? 1 : strides[at(d)];
  if (x.dim() > 0) {
    sizes[at(d)] = (have - size) / step + 1;
    strides[at(d)] *= step;
  }
  sizes.push_back(size);
  strides.push_back(stride);
  return view_of(
      "UnfoldBackward0", x, sizes, strides, x.storage_offset(),
      [x_sizes = Dims(x.sizes()), d, size, step](const Tensor& dy, Gradients& dx) {
        // Windows may overlap: each element adds the gradients of the windows that it is in.
        if (x_sizes.empty()) {
          dx[0] = dy.reshape({});
          return;
        }
        const Tensor index =
            arange_places({(x_sizes[at(d)] - size) / step + 1, size}, {step, 1}, 0).reshape({-1});
        const Tensor spread = dy.movedim(-1, d + 1).flatten(d, d + 1);
        dx[0] = dy.new_zeros(x_sizes).index_add(d, index, spread);
      });
}

Tensor Tensor::numpy_T() const {
  Dims dims;
  for (std::int64_t i = dim(); i-- > 0;) dims.push_back(i);
  return permute(dims);
}

Tensor detach(const Tensor& x) { return x.detach(); }
Tensor adjoint(const Tensor& x) { return x.adjoint(); }

// In place a view op only changes the handle's geometry, and counts as a change.
template <class F>
Tensor& reshape_in_place(const char* op, const Tensor& self, const F& view) {
  check_history_change(op, self);
  const Tensor other = view(self);
  TensorImpl& impl = *self.impl();
  impl.offset = other.storage_offset();
  impl.set_geometry(other.sizes(), other.strides());
  const Edge history = gradient_edge(other);
  bump_version(self);
  if (history.is_valid()) set_history(self, history.function, history.input_nr);
  return const_cast<Tensor&>(self);
}

// clang-format off
Tensor& Tensor::squeeze_() const { return reshape_in_place("squeeze_", *this, [](const Tensor& x) { return x.squeeze(); }); }
Tensor& Tensor::squeeze_(std::int64_t dim) const { return reshape_in_place("squeeze_", *this, [&](const Tensor& x) { return x.squeeze(dim); }); }
Tensor& Tensor::unsqueeze_(std::int64_t dim) const { return reshape_in_place("unsqueeze_", *this, [&](const Tensor& x) { return x.unsqueeze(dim); }); }
Tensor& Tensor::transpose_(std::int64_t a, std::int64_t b) const { return reshape_in_place("transpose_", *this, [&](const Tensor& x) { return x.transpose(a, b); }); }
Tensor& Tensor::t_() const { return reshape_in_place("t_", *this, [](const Tensor& x) { return x.t(); }); }
Tensor& Tensor::as_strided_(IntArrayRef sizes, IntArrayRef strides, OptDim offset) const { return reshape_in_place("as_strided_", *this, [&](const Tensor& x) { return x.as_strided(sizes, strides, offset); }); }
Tensor Tensor::as_strided(IntArrayRef sizes, IntArrayRef strides, OptDim offset) const { return xgrad::as_strided(*this, sizes, strides, offset); }
Tensor Tensor::alias() const { return xgrad::alias(*this); }
Tensor Tensor::reshape(IntArrayRef sizes) const { return xgrad::reshape(*this, sizes); }
Tensor Tensor::flatten(std::int64_t start, std::int64_t end) const { return xgrad::flatten(*this, start, end); }
Tensor Tensor::unflatten(std::int64_t dim, IntArrayRef sizes) const { return xgrad::unflatten(*this, dim, sizes); }
Tensor Tensor::ravel() const { return xgrad::ravel(*this); }
Tensor Tensor::transpose(std::int64_t a, std::int64_t b) const { return xgrad::transpose(*this, a, b); }
Tensor Tensor::t() const { return xgrad::t(*this); }
Tensor Tensor::permute(IntArrayRef dims) const { return xgrad::permute(*this, dims); }
Tensor Tensor::movedim(std::int64_t source, std::int64_t destination) const { return xgrad::movedim(*this, source, destination); }
Tensor Tensor::movedim(IntArrayRef source, IntArrayRef destination) const { return xgrad::movedim(*this, source, destination); }
Tensor Tensor::squeeze() const { return xgrad::squeeze(*this); }
Tensor Tensor::squeeze(std::int64_t dim) const { return xgrad::squeeze(*this, dim); }
Tensor Tensor::unsqueeze(std::int64_t dim) const { return xgrad::unsqueeze(*this, dim); }
Tensor Tensor::expand(IntArrayRef sizes, bool) const { return xgrad::expand(*this, sizes); }
Tensor Tensor::select(std::int64_t dim, std::int64_t index) const { return xgrad::select(*this, dim, index); }
Tensor Tensor::operator[](std::int64_t index) const { return xgrad::select(*this, 0, index); }
Tensor Tensor::narrow(std::int64_t dim, std::int64_t start, std::int64_t length) const { return xgrad::narrow(*this, dim, start, length); }
Tensor Tensor::slice(std::int64_t dim, OptDim start, OptDim end, std::int64_t step) const { return xgrad::slice(*this, dim, start, end, step); }
Tensor Tensor::diagonal(std::int64_t offset, std::int64_t dim1, std::int64_t dim2) const { return xgrad::diagonal(*this, offset, dim1, dim2); }
Tensor Tensor::unfold(std::int64_t dim, std::int64_t size, std::int64_t step) const { return xgrad::unfold(*this, dim, size, step); }
// clang-format on

}  // namespace xgrad
