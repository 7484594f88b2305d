#include "xgrad/ops/index.h"

#include <algorithm>

#include "xgrad/core/format.h"
#include "xgrad/ops/factories.h"
#include "xgrad/ops/gather.h"
#include "xgrad/ops/overwrite.h"
#include "xgrad/ops/places.h"
#include "xgrad/ops/view.h"

namespace xgrad {

using namespace autograd;
using indexing::TensorIndex;

namespace {

// An index tensor and the dim that it indexes.
struct IndexOfDim {
  std::size_t dim;
  Tensor index;
};
// What is left of an index after the numbers, slices, None and the ellipsis: a view, and index
// tensors of some of its dims.
struct Indexed {
  Tensor view;
  std::vector<IndexOfDim> tensors;
};

bool is_mask(const Tensor& index) {
  return index.scalar_type() == kBool || index.scalar_type() == kByte;
}

// True keeps the new dim of size 1, false empties it.
Tensor index_of_truth(bool value) { return zeros({value ? 1 : 0}, kLong); }

// A mask over several dims is an index tensor for each of them.
void add_mask(const char* op, Indexed& indexed, std::size_t dim, const Tensor& mask) {
  const IntArrayRef sizes = indexed.view.sizes().slice(dim, mask.sizes().size());
  check_index(mask.sizes() == sizes,
              "{}: the mask has shape {}, expected {} from dim {} of a tensor of shape {}", op,
              mask.sizes(), sizes, dim, indexed.view.sizes());
  const Tensor places = nonzero(mask);
  for (std::size_t i = 0; i < mask.sizes().size(); ++i) {
    indexed.tensors.push_back({dim + i, places.select(1, static_cast<std::int64_t>(i))});
  }
}

std::size_t dims_indexed(const TensorIndex& index) {
  if (index.is_tensor()) return is_mask(index.tensor()) ? index.tensor().sizes().size() : 1;
  return index.is_integer() || index.is_slice() ? 1 : 0;
}

Tensor with_slice(const Tensor& x, std::size_t dim, const indexing::Slice& slice) {
  check(slice.step() > 0, "index: the slice's step is {}, expected at least 1", slice.step());
  const auto d = static_cast<std::int64_t>(dim);
  if (slice.start() == 0 && slice.stop() >= x.size(d) && slice.step() == 1) return x;
  return x.slice(d, slice.start(), slice.stop(), slice.step());
}

// `dim` is x's, for the message: integers before it have already gone.
Tensor with_number(const char* op, const Tensor& x, std::size_t dim, std::int64_t index,
                   std::size_t x_dim) {
  const std::int64_t size = x.sizes()[dim];
  check_index(index >= -size && index < size, "{}: index {} is out of range for dim {} of size {}",
              op, index, x_dim, size);
  return x.select(static_cast<std::int64_t>(dim), index);
}

Indexed resolve(const char* op, const Tensor& x, ArrayRef<TensorIndex> indices) {
  std::size_t count = 0;
  for (const TensorIndex& index : indices) {
    check(!index.is_tensor() || index.tensor().defined(), "{}: an index tensor is undefined", op);
    count += dims_indexed(index);
  }
  check_index(count <= x.sizes().size(),
              "{}: {} dims are indexed, but the tensor of shape {} has {}", op, count, x.sizes(),
              x.dim());
  Indexed indexed{x, {}};
  std::size_t dim = 0, x_dim = 0;  // where the next index goes: in the view, in x
  bool ellipsis = false;
  for (const TensorIndex& index : indices) {
    Tensor& view = indexed.view;
    if (index.is_none()) {
      view = view.unsqueeze(static_cast<std::int64_t>(dim++));
    } else if (index.is_ellipsis()) {
      const std::size_t skipped = ellipsis ? 0 : x.sizes().size() - count;
      ellipsis = true;
      dim += skipped;
      x_dim += skipped;
    } else if (index.is_slice()) {
      view = with_slice(view, dim++, index.slice());
      ++x_dim;
    } else if (index.is_integer()) {
      view = with_number(op, view, dim, index.integer(), x_dim++);
    } else if (index.is_boolean() || (index.tensor().dim() == 0 && is_mask(index.tensor()))) {
      view = view.unsqueeze(static_cast<std::int64_t>(dim));
      const bool truth = index.is_boolean() ? index.boolean() : index.tensor().item().toBool();
      indexed.tensors.push_back({dim++, index_of_truth(truth)});
    } else if (is_mask(index.tensor())) {
      add_mask(op, indexed, dim, index.tensor());
      dim += index.tensor().sizes().size();
      x_dim += index.tensor().sizes().size();
    } else if (index.tensor().dim() == 0 && isIntegralType(index.tensor().scalar_type(), false)) {
      view = with_number(op, view, dim, index.tensor().item().toLong(), x_dim++);
    } else {
      check_index(index.tensor().scalar_type() == kLong,
                  "{}: an index tensor is {}, expected int64, bool or uint8", op,
                  dtype_name(index.tensor().scalar_type()));
      indexed.tensors.push_back({dim++, index.tensor()});
      ++x_dim;
    }
  }
  return indexed;
}

// The shape that all index tensors broadcast to.
Dims index_shape(const char* op, const std::vector<IndexOfDim>& tensors) {
  Dims shape = tensors[0].index.sizes();
  for (const IndexOfDim& each : tensors) {
    const IntArrayRef sizes = each.index.sizes();
    while (shape.size() < sizes.size()) shape.insert(0, 1);
    for (std::size_t i = 0; i < sizes.size(); ++i) {
      std::int64_t& wide = shape[shape.size() - 1 - i];
      const std::int64_t size = sizes[sizes.size() - 1 - i];
      check_index(wide == size || wide == 1 || size == 1,
                  "{}: index tensors of shapes {} and {} do not broadcast", op,
                  tensors[0].index.sizes(), sizes);
      if (wide == 1) wide = size;
    }
  }
  return shape;
}

// What index tensors choose of x: the places, the shape of the result, and its strides, which
// follow the memory order of what is left of x and then of the index tensors.
struct Choice {
  Places places;
  Dims shape, strides;
};

// `before` dims of x stand before those of the index tensors in the result; `rest` are x's strides
// without the indexed dims.
Dims order_of_choice(const Dims& shape, const std::vector<IndexOfDim>& tensors,
                     std::size_t index_rank, std::size_t before, const Dims& rest) {
  std::vector<Dims> strides(1, Dims(shape.size(), 0));
  for (std::size_t d = 0; d < rest.size(); ++d)
    strides[0][d < before ? d : d + index_rank] = rest[d];
  const IntArrayRef index_shape = IntArrayRef(shape).slice(before, index_rank);
  Dims padded(shape.size(), 1);  // an index tensor as the result sees it
  std::copy(index_shape.begin(), index_shape.end(), padded.begin() + before);
  for (const auto& [dim, index] : tensors) {
    const Tensor full = index.sizes() == index_shape ? index : index.detach().expand(index_shape);
    Dims steps = view_strides(full, padded).value_or(contiguous_strides(padded));
    for (std::size_t d = 0; d < shape.size(); ++d) {
      if (padded[d] != shape[d]) steps[d] = 0;
    }
    strides.push_back(steps);
  }
  return result_strides(shape, strides.data(), static_cast<int>(strides.size()));
}

Choice choose(const char* op, const Tensor& x, const std::vector<IndexOfDim>& tensors) {
  const Dims shape = index_shape(op, tensors);
  const std::size_t first = tensors.front().dim, last = tensors.back().dim;
  const bool neighbours = last - first + 1 == tensors.size();
  Choice choice;
  Places& places = choice.places;
  places.place.assign(as_size(numel_of(shape)), 0);
  std::int64_t slice_size = 1;  // elements behind one place
  for (std::size_t d = 0; d < x.sizes().size(); ++d) {
    const bool indexed = std::any_of(tensors.begin(), tensors.end(),
                                     [&](const IndexOfDim& each) { return each.dim == d; });
    if (!indexed) slice_size *= x.sizes()[d];
  }
  for (const auto& [dim, index] : tensors) {
    // Where nothing is read an index may be anything, as in PyTorch, unless the dim has no elements
    // at all.
    if (slice_size == 0 && x.sizes()[dim] != 0) continue;
    const Tensor full = index.sizes() == IntArrayRef(shape) ? index : index.detach().expand(shape);
    const std::vector<std::int64_t> list =
        read_index(op, full, static_cast<std::int64_t>(dim), x.sizes()[dim], true);
    const std::int64_t stride = x.strides()[dim];
    for (std::size_t i = 0; i < list.size(); ++i) places.place[i] += list[i] * stride;
  }
  if (neighbours) {
    places.set_outer(x.sizes().slice(0, first), x.strides().slice(0, first));
    places.set_inner(x.sizes().slice(last + 1), x.strides().slice(last + 1));
    choice.shape = x.sizes().slice(0, first);
    for (const std::int64_t size : shape) choice.shape.push_back(size);
    for (const std::int64_t size : x.sizes().slice(last + 1)) choice.shape.push_back(size);
  }
  Dims rest = x.sizes(), rest_strides = x.strides();
  for (std::size_t i = tensors.size(); i-- > 0;) {
    rest.erase(tensors[i].dim);
    rest_strides.erase(tensors[i].dim);
  }
  if (neighbours) {
    choice.strides = order_of_choice(choice.shape, tensors, shape.size(), first, rest_strides);
    return choice;
  }
  places.set_inner(rest, rest_strides);
  choice.shape = shape;
  for (const std::int64_t size : rest) choice.shape.push_back(size);
  choice.strides = order_of_choice(choice.shape, tensors, shape.size(), 0, rest_strides);
  return choice;
}

// Index tensors kept for backward.
class SavedIndices {
 public:
  explicit SavedIndices(const std::vector<IndexOfDim>& tensors) {
    for (const auto& [dim, index] : tensors) saved_.emplace_back(dim, index);
  }
  std::vector<IndexOfDim> operator()() const {
    std::vector<IndexOfDim> tensors;
    for (const auto& [dim, index] : saved_) tensors.push_back({dim, index.unpack()});
    return tensors;
  }

 private:
  std::vector<std::pair<std::size_t, Saved>> saved_;
};

Tensor put_chosen(const char* op, bool in_place, const Tensor& x,
                  const std::vector<IndexOfDim>& tensors, const Tensor& given, bool accumulate);

Tensor take_chosen(const Tensor& x, const std::vector<IndexOfDim>& tensors) {
  const Choice choice = choose("index", x, tensors);
  Tensor y = make_tensor(choice.shape, x.scalar_type());
  take_places(y, x, choice.places);
  if (y.strides() != IntArrayRef(choice.strides)) {
    const Tensor ordered = make_strided(choice.shape, choice.strides, x.scalar_type());
    copy_into(ordered, y);
    y = ordered;
  }
  if (recording(x)) {
    record("IndexBackward0", y, {x},
           [tensors = SavedIndices(tensors), sizes = Dims(x.sizes())](const Tensor& dy,
                                                                      Gradients& dx) {
             dx[0] = put_chosen("index_put", false, dy.new_zeros(sizes), tensors(), dy, true);
           });
  }
  return y;
}

// Without the leading dims of size 1 that it has too many.
Tensor without_leading_ones(const Tensor& values, std::size_t rank) {
  Dims sizes = values.sizes();
  while (sizes.size() > rank && sizes[0] == 1) sizes.erase(0);
  return sizes.size() == values.sizes().size() ? values : values.reshape(sizes);
}

Tensor put_chosen(const char* op, bool in_place, const Tensor& x,
                  const std::vector<IndexOfDim>& tensors, const Tensor& given, bool accumulate) {
  check(given.scalar_type() == x.scalar_type(), "{}: the values are {}, expected the tensor's {}",
        op, dtype_name(given.scalar_type()), dtype_name(x.scalar_type()));
  if (in_place) {
    for (const auto& [dim, index] : tensors) check_apart(op, x, index);
    // One value may be an element of x: it is read before anything is written.
    if (given.numel() != 1) check_apart(op, x, given);
  }
  const Choice choice = choose(op, x, tensors);
  const Tensor values = without_leading_ones(given, choice.shape.size());
  bool fits = values.sizes().size() <= choice.shape.size();
  for (std::size_t i = 0; fits && i < values.sizes().size(); ++i) {
    const std::int64_t size = values.sizes()[values.sizes().size() - 1 - i];
    fits = size == 1 || size == choice.shape[choice.shape.size() - 1 - i];
  }
  check(fits, "{}: values of shape {} do not broadcast to the {} that is indexed", op,
        given.sizes(), IntArrayRef(choice.shape));
  return overwrite(
      op, "IndexPutBackward0", in_place ? Into::expanded_self : Into::copy, x, values,
      [&](const Tensor& y) {
        const bool same_strides = y.strides() == x.strides();
        const Places places = same_strides ? choice.places : choose(op, y, tensors).places;
        const Tensor plain =
            row_major(values.numel() == 1 ? values : values.detach().expand(choice.shape), y);
        if (accumulate) {
          add_places(y, places, plain);
        } else {
          put_places(y, places, plain);
        }
      },
      [tensors = SavedIndices(tensors), accumulate](const Tensor& dy, Gradients& dx) {
        if (dx.needs(0)) {
          dx[0] = accumulate
                      ? dy
                      : put_chosen("index_put", false, dy, tensors(), dy.new_zeros({}), false);
        }
        if (dx.needs(1))
          dx[1] = take_chosen(dy, tensors());  // summed to the values' shape by the engine
      });
}

Tensor& put_any(const Tensor& x, ArrayRef<TensorIndex> indices, const Tensor& values,
                bool accumulate) {
  const Indexed indexed = resolve("index_put_", x, indices);
  if (!indexed.tensors.empty()) {
    put_chosen("index_put_", true, indexed.view, indexed.tensors, values, accumulate);
  } else if (accumulate) {
    indexed.view.add_(values);
  } else if (values.dim() == 0) {
    indexed.view.fill_(values);
  } else {
    indexed.view.copy_(without_leading_ones(values, indexed.view.sizes().size()));
  }
  return const_cast<Tensor&>(x);
}

std::vector<TensorIndex> as_indices(TensorList tensors) {
  std::vector<TensorIndex> indices;
  for (const Tensor& tensor : tensors) {
    indices.push_back(tensor.defined() ? TensorIndex(tensor) : TensorIndex(indexing::Slice()));
  }
  return indices;
}

}  // namespace

Tensor index(const Tensor& x, ArrayRef<TensorIndex> indices) {
  const Indexed indexed = resolve("index", x, indices);
  if (!indexed.tensors.empty()) return take_chosen(indexed.view, indexed.tensors);
  return indexed.view.is_same(x) ? x.alias() : indexed.view;
}
Tensor index(const Tensor& x, std::initializer_list<TensorIndex> indices) {
  return index(x, ArrayRef<TensorIndex>(indices));
}
Tensor index(const Tensor& x, TensorList indices) {
  return index(x, ArrayRef<TensorIndex>(as_indices(indices)));
}

Tensor index_put(const Tensor& x, ArrayRef<TensorIndex> indices, const Tensor& values,
                 bool accumulate) {
  const Tensor y = x.clone();
  put_any(y, indices, values, accumulate);
  return y;
}
Tensor index_put(const Tensor& x, std::initializer_list<TensorIndex> indices, const Tensor& values,
                 bool accumulate) {
  return index_put(x, ArrayRef<TensorIndex>(indices), values, accumulate);
}
Tensor index_put(const Tensor& x, TensorList indices, const Tensor& values, bool accumulate) {
  return index_put(x, ArrayRef<TensorIndex>(as_indices(indices)), values, accumulate);
}
Tensor& index_put_(const Tensor& x, ArrayRef<TensorIndex> indices, const Tensor& values,
                   bool accumulate) {
  return put_any(x, indices, values, accumulate);
}
Tensor& index_put_(const Tensor& x, std::initializer_list<TensorIndex> indices,
                   const Tensor& values, bool accumulate) {
  return put_any(x, ArrayRef<TensorIndex>(indices), values, accumulate);
}
Tensor& index_put_(const Tensor& x, TensorList indices, const Tensor& values, bool accumulate) {
  return put_any(x, ArrayRef<TensorIndex>(as_indices(indices)), values, accumulate);
}

// A program's own: an empty list is a mistake there.
static ArrayRef<Tensor::Index> given(const char* op, ArrayRef<Tensor::Index> indices) {
  check(!indices.empty(), "{}: the list of indices is empty, expected at least one", op);
  return indices;
}

// clang-format off
Tensor Tensor::index(ArrayRef<Index> indices) const { return xgrad::index(*this, given("index", indices)); }
Tensor Tensor::index(IndexList indices) const { return xgrad::index(*this, given("index", indices)); }
Tensor Tensor::operator[](const Tensor& index) const { return xgrad::index(*this, ArrayRef<Index>(Index(index))); }
Tensor Tensor::index_put(ArrayRef<Index> indices, const Tensor& value, bool accumulate) const { return xgrad::index_put(*this, indices, value, accumulate); }
Tensor Tensor::index_put(IndexList indices, const Tensor& value, bool accumulate) const { return xgrad::index_put(*this, indices, value, accumulate); }
Tensor& Tensor::index_put_(ArrayRef<Index> indices, const Tensor& value, bool accumulate) const { return put_any(*this, given("index_put_", indices), value, accumulate); }
Tensor& Tensor::index_put_(IndexList indices, const Tensor& value, bool accumulate) const { return put_any(*this, given("index_put_", indices), value, accumulate); }
Tensor& Tensor::index_put_(ArrayRef<Index> indices, const Scalar& value) const { return put_any(*this, given("index_put_", indices), scalar_as("index_put_", value, scalar_type()), false); }
Tensor& Tensor::index_put_(IndexList indices, const Scalar& value) const { return put_any(*this, given("index_put_", indices), scalar_as("index_put_", value, scalar_type()), false); }
// clang-format on

}  // namespace xgrad
