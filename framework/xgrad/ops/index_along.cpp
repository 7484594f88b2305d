// index_select and its inverses along one dim, and take and put, which are the same on the flat
// tensor.
#include "xgrad/core/format.h"
#include "xgrad/ops/factories.h"
#include "xgrad/ops/gather.h"
#include "xgrad/ops/overwrite.h"
#include "xgrad/ops/places.h"

namespace xgrad {

using namespace autograd;

namespace {

void check_vector(const char* op, const Tensor& index) {
  check_index(index.dim() <= 1, "{}: the index has shape {}, expected a vector", op, index.sizes());
}
void check_long(const char* op, const Tensor& index) {
  check(index.scalar_type() == kLong, "{}: the index is {}, expected int64", op,
        dtype_name(index.scalar_type()));
}
void check_integer(const char* op, const Tensor& index) {
  check(index.scalar_type() == kLong || index.scalar_type() == kInt,
        "{}: the index is {}, expected int64 or int32", op, dtype_name(index.scalar_type()));
}

// source: as x, but along `dim` as many slices as the index names; its dtype is x's.
void check_slices(const char* op, const Tensor& x, std::int64_t dim, const Tensor& index,
                  const Tensor& source) {
  check(source.scalar_type() == x.scalar_type(), "{}: the source is {}, expected the tensor's {}",
        op, dtype_name(source.scalar_type()), dtype_name(x.scalar_type()));
  Dims expected = at_least_1d(x).sizes();
  expected[as_size(dim)] = index.numel();
  check(at_least_1d(source).sizes() == IntArrayRef(expected),
        "{}: the source has shape {}, expected {} for {} indices along dim {} of a tensor of shape "
        "{}",
        op, source.sizes(), IntArrayRef(expected), index.numel(), dim, x.sizes());
}

Places slices_of(const char* op, const Tensor& x, std::int64_t dim, const Tensor& index,
                 bool wraps) {
  const Tensor x1 = at_least_1d(x);
  return places_along(x1, dim, read_index(op, index, dim, x1.sizes()[as_size(dim)], wraps));
}

// The slices that the index names, in the shape of the source.
Tensor slices_like(const Tensor& dy, std::int64_t dim, const Tensor& index,
                   const Dims& source_sizes) {
  return dy.index_select(dim, index.reshape({-1})).reshape(source_sizes);
}

// The places depend on the strides of what is written, so they are made anew for a copy. Indices
// were checked on x before.
Tensor index_add_any(const char* op, bool in_place, const Tensor& x, std::int64_t dim,
                     const Tensor& index, const Tensor& source, const Scalar& alpha) {
  const std::int64_t d = wrap_dim(op, dim, x.dim());
  check_vector(op, index);
  check_integer(op, index);
  check_slices(op, x, d, index, source);
  if (in_place) {
    check_apart(op, x, index);
    check_apart(op, x, source);
  }
  const std::vector<std::int64_t> list =
      read_index(op, index, d, at_least_1d(x).sizes()[as_size(d)], false);
  return overwrite(
      op, "IndexAddBackward0", in_place ? Into::self : Into::row_major_copy, x, source,
      [&](const Tensor& y) {
        add_places(y, places_along(at_least_1d(y), d, list), row_major(source, y), alpha);
      },
      [index = Saved(index), d, alpha, sizes = Dims(source.sizes())](const Tensor& dy,
                                                                     Gradients& dx) {
        if (dx.needs(0)) dx[0] = dy;
        if (dx.needs(1)) dx[1] = slices_like(dy, d, index(), sizes).mul(alpha);
      });
}

Tensor index_copy_any(const char* op, bool in_place, const Tensor& x, std::int64_t dim,
                      const Tensor& index, const Tensor& source) {
  const std::int64_t d = wrap_dim(op, dim, x.dim());
  check_vector(op, index);
  check_long(op, index);
  check_slices(op, x, d, index, source);
  if (in_place) {
    check_apart(op, x, index);
    check_apart(op, x, source);
  }
  const std::vector<std::int64_t> list =
      read_index(op, index, d, at_least_1d(x).sizes()[as_size(d)], false);
  return overwrite(
      op, "IndexCopyBackward0", in_place ? Into::self : Into::row_major_copy, x, source,
      [&](const Tensor& y) {
        put_places(y, places_along(at_least_1d(y), d, list), row_major(source, y));
      },
      [index = Saved(index), d, sizes = Dims(source.sizes())](const Tensor& dy, Gradients& dx) {
        if (dx.needs(0)) dx[0] = dy.index_fill(d, index(), 0);
        if (dx.needs(1)) dx[1] = slices_like(dy, d, index(), sizes);
      });
}

// value: a 0-d tensor of x's dtype; `source` the tensor that it came from, if any.
Tensor index_fill_any(const char* op, bool in_place, const Tensor& x, std::int64_t dim,
                      const Tensor& index, const Tensor& value, const Tensor& source) {
  const std::int64_t d = wrap_dim(op, dim, x.dim());
  check_vector(op, index);
  check_long(op, index);
  if (in_place) check_apart(op, x, index);
  const std::vector<std::int64_t> list =
      read_index(op, index, d, at_least_1d(x).sizes()[as_size(d)], true);
  return overwrite(
      op, source.defined() ? "IndexFillBackward1" : "IndexFillBackward0",
      in_place ? Into::expanded_self : Into::copy, x, source,
      [&](const Tensor& y) { put_places(y, places_along(at_least_1d(y), d, list), value); },
      [index = Saved(index), d](const Tensor& dy, Gradients& dx) {
        if (dx.needs(0)) dx[0] = dy.index_fill(d, index(), 0);
        if (dx.needs(1)) {  // a slice counts once, however often it is named
          dx[1] = dy.masked_select(zeros(dy.sizes(), kBool).index_fill(d, index(), true)).sum();
        }
      });
}

// The flat indices as offsets into x's storage.
Places flat_places(const char* op, const Tensor& x, const Tensor& index) {
  check_long(op, index);
  check_index(x.numel() != 0 || index.numel() == 0,
              "{}: the tensor of shape {} has no elements to index", op, x.sizes());
  const Tensor flat = row_major(index);
  const std::int64_t* values = flat.data_ptr<std::int64_t>();
  const std::int64_t n = x.numel();
  Places places;
  places.place.resize(as_size(index.numel()));
  for (std::size_t i = 0; i < places.place.size(); ++i) {
    check_index(values[i] >= -n && values[i] < n,
                "{}: index {} is out of range for a tensor of {} elements", op, values[i], n);
    std::int64_t rest = values[i] < 0 ? values[i] + n : values[i], offset = 0;
    if (x.is_contiguous()) {
      offset = rest;
    } else {
      for (std::size_t d = x.sizes().size(); d-- > 0;) {
        offset += rest % x.sizes()[d] * x.strides()[d];
        rest /= x.sizes()[d];
      }
    }
    places.place[i] = offset;
  }
  return places;
}

}  // namespace

Tensor index_select(const Tensor& x, std::int64_t dim, const Tensor& index) {
  const std::int64_t d = wrap_dim("index_select", dim, x.dim());
  check_vector("index_select", index);
  check_integer("index_select", index);
  check_index(x.dim() > 0 || index.numel() == 1,
              "index_select: a 0-d tensor has one element, got {} indices", index.numel());
  Dims sizes = x.sizes();
  if (x.dim() > 0) sizes[as_size(d)] = index.numel();
  Tensor y = make_tensor(sizes, x.scalar_type());
  take_places(y, x, slices_of("index_select", x, d, index, false));
  if (recording(x)) {
    record("IndexSelectBackward0", y, {x},
           [index = Saved(index), d, sizes = Dims(x.sizes())](const Tensor& dy, Gradients& dx) {
             dx[0] = index_add(dy.new_zeros(sizes), d, index(), dy);
           });
  }
  return y;
}

Tensor index_add(const Tensor& x, std::int64_t dim, const Tensor& index, const Tensor& source,
                 const Scalar& alpha) {
  return index_add_any("index_add", false, x, dim, index, source, alpha);
}
Tensor index_copy(const Tensor& x, std::int64_t dim, const Tensor& index, const Tensor& source) {
  return index_copy_any("index_copy", false, x, dim, index, source);
}
Tensor index_fill(const Tensor& x, std::int64_t dim, const Tensor& index, const Scalar& value) {
  return index_fill_any("index_fill", false, x, dim, index,
                        scalar_as("index_fill", value, x.scalar_type()), {});
}
Tensor index_fill(const Tensor& x, std::int64_t dim, const Tensor& index, const Tensor& value) {
  check(value.dim() == 0, "index_fill: the value has shape {}, expected a 0-d tensor",
        value.sizes());
  return index_fill_any("index_fill", false, x, dim, index,
                        scalar_as("index_fill", value.item(), x.scalar_type()), value);
}

Tensor take(const Tensor& x, const Tensor& index) {
  const Places places = flat_places("take", x, index);
  Tensor y = make_tensor(index.sizes(), x.scalar_type());
  take_places(y, x, places);
  if (recording(x)) {
    record("TakeBackward0", y, {x},
           [index = Saved(index), sizes = Dims(x.sizes())](const Tensor& dy, Gradients& dx) {
             dx[0] = put(dy.new_zeros(sizes), index(), dy, true);
           });
  }
  return y;
}

Tensor put(const Tensor& x, const Tensor& index, const Tensor& source, bool accumulate) {
  check(source.scalar_type() == x.scalar_type(), "put: the source is {}, expected the tensor's {}",
        dtype_name(source.scalar_type()), dtype_name(x.scalar_type()));
  check_index(source.numel() == index.numel(),
              "put: the source has {} elements, expected {}, one for each index", source.numel(),
              index.numel());
  return overwrite(
      "put", "PutBackward0", Into::copy, x, source,
      [&](const Tensor& y) {
        const Places places = flat_places("put", y, index);
        if (accumulate) {
          add_places(y, places, row_major(source, y));
        } else {
          put_places(y, places, row_major(source, y));
        }
      },
      [index = Saved(index), accumulate, sizes = Dims(source.sizes())](const Tensor& dy,
                                                                       Gradients& dx) {
        if (dx.needs(0)) dx[0] = accumulate ? dy : put(dy, index(), dy.new_zeros(index().sizes()));
        if (dx.needs(1)) dx[1] = dy.take(index()).reshape(sizes);
      });
}

// clang-format off
Tensor Tensor::index_select(std::int64_t dim, const Tensor& index) const { return xgrad::index_select(*this, dim, index); }
Tensor Tensor::index_add(std::int64_t dim, const Tensor& index, const Tensor& source, const Scalar& alpha) const { return xgrad::index_add(*this, dim, index, source, alpha); }
Tensor Tensor::index_copy(std::int64_t dim, const Tensor& index, const Tensor& source) const { return xgrad::index_copy(*this, dim, index, source); }
Tensor Tensor::index_fill(std::int64_t dim, const Tensor& index, const Scalar& value) const { return xgrad::index_fill(*this, dim, index, value); }
Tensor Tensor::index_fill(std::int64_t dim, const Tensor& index, const Tensor& value) const { return xgrad::index_fill(*this, dim, index, value); }
Tensor Tensor::take(const Tensor& index) const { return xgrad::take(*this, index); }
Tensor Tensor::put(const Tensor& index, const Tensor& source, bool accumulate) const { return xgrad::put(*this, index, source, accumulate); }
// clang-format on
Tensor& Tensor::index_add_(std::int64_t dim, const Tensor& index, const Tensor& source,
                           const Scalar& alpha) const {
  index_add_any("index_add_", true, *this, dim, index, source, alpha);
  return const_cast<Tensor&>(*this);
}
Tensor& Tensor::index_copy_(std::int64_t dim, const Tensor& index, const Tensor& source) const {
  index_copy_any("index_copy_", true, *this, dim, index, source);
  return const_cast<Tensor&>(*this);
}
Tensor& Tensor::index_fill_(std::int64_t dim, const Tensor& index, const Scalar& value) const {
  index_fill_any("index_fill_", true, *this, dim, index,
                 scalar_as("index_fill_", value, scalar_type()), {});
  return const_cast<Tensor&>(*this);
}
Tensor& Tensor::index_fill_(std::int64_t dim, const Tensor& index, const Tensor& value) const {
  check(value.dim() == 0, "index_fill_: the value has shape {}, expected a 0-d tensor",
        value.sizes().vec());
  index_fill_any("index_fill_", true, *this, dim, index,
                 scalar_as("index_fill_", value.item(), scalar_type()), value);
  return const_cast<Tensor&>(*this);
}

}  // namespace xgrad
