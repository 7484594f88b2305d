// Cutting a tensor into views: see shape.h.
#include "xgrad/autograd/record.h"
#include "xgrad/autograd/state.h"
#include "xgrad/core/format.h"
#include "xgrad/ops/places.h"
#include "xgrad/ops/shape.h"

namespace xgrad {

using namespace autograd;

namespace {

Tensor zeros_if_undefined(const Tensor& dy, const Tensor& like, const Dims& sizes) {
  return dy.defined() ? dy : like.new_zeros(sizes);
}

const Tensor& any_defined(TensorList gradients) {
  for (const Tensor& gradient : gradients) {
    if (gradient.defined()) return gradient;
  }
  return gradients[0];
}

// Views of x between these places along `dim`. All are outputs of one node, so that their gradients
// are joined once, not padded one by one.
std::vector<Tensor> cut(const char* node, const Tensor& x, std::int64_t dim, const Dims& starts,
                        const Dims& lengths, ViewKind kind = ViewKind::several) {
  const std::size_t d = as_size(dim);
  std::vector<Tensor> views;
  views.reserve(starts.size());
  Dims sizes = x.sizes();
  for (std::size_t i = 0; i < starts.size(); ++i) {
    sizes[d] = lengths[i];
    views.push_back(
        make_alias(x, sizes, x.strides(), x.storage_offset() + starts[i] * x.strides()[d]));
    set_base(views.back(), x, kind);
  }
  if (recording(x) && !views.empty()) {
    record_outputs(node, views, Inputs{x},
                   [dim, lengths, sizes = Dims(x.sizes())](TensorList dy, Gradients& dx) {
                     const Tensor& like = any_defined(dy);
                     std::vector<Tensor> parts;
                     for (std::size_t i = 0; i < dy.size(); ++i) {
                       Dims part = sizes;
                       part[as_size(dim)] = lengths[i];
                       parts.push_back(zeros_if_undefined(dy[i], like, part));
                     }
                     dx[0] = cat(parts, dim);
                   });
  }
  return views;
}

std::int64_t checked_dim(const char* op, const Tensor& x, std::int64_t dim) {
  check_index(x.dim() > 0, "{}: the tensor is 0-d, expected at least 1 dim", op);
  return wrap_dim(op, dim, x.dim());
}

std::vector<Tensor> split_every(const char* op, const Tensor& x, std::int64_t size,
                                std::int64_t dim) {
  const std::int64_t d = checked_dim(op, x, dim), whole = x.size(d);
  check(size >= 0, "{}: the size is {}, expected at least 0", op, size);
  check(size > 0 || whole == 0, "{}: the size is 0, but dim {} has {} elements", op, d, whole);
  const std::int64_t count = size == 0 ? 1 : std::max<std::int64_t>((whole + size - 1) / size, 1);
  Dims starts, lengths;
  for (std::int64_t i = 0; i < count; ++i) {
    starts.push_back(i * size);
    lengths.push_back(std::min(size, whole - i * size));
  }
  return cut("SplitBackward0", x, d, starts, lengths);
}

}  // namespace

std::vector<Tensor> split(const Tensor& x, std::int64_t size, std::int64_t dim) {
  return split_every("split", x, size, dim);
}
std::vector<Tensor> split(const Tensor& x, IntArrayRef sizes, std::int64_t dim) {
  return split_with_sizes(x, sizes, dim);
}

std::vector<Tensor> split_with_sizes(const Tensor& x, IntArrayRef sizes, std::int64_t dim) {
  const std::int64_t d = checked_dim("split_with_sizes", x, dim), whole = x.size(d);
  Dims starts;
  std::int64_t sum = 0;
  for (const std::int64_t size : sizes) {
    check(size >= 0, "split_with_sizes: size {} in {} is negative", size, sizes);
    starts.push_back(sum);
    check(!__builtin_add_overflow(sum, size, &sum), "split_with_sizes: the sizes {} overflow",
          sizes);
  }
  check(sum == whole, "split_with_sizes: the sizes {} have sum {}, expected {}, the size of dim {}",
        sizes, sum, whole, d);
  return cut("SplitWithSizesBackward0", x, d, starts, sizes);
}

std::vector<Tensor> chunk(const Tensor& x, std::int64_t chunks, std::int64_t dim) {
  const std::int64_t d = checked_dim("chunk", x, dim), whole = x.size(d);
  check(chunks > 0, "chunk: the number of chunks is {}, expected at least 1", chunks);
  if (whole == 0) {  // as many empty ones
    return cut("SplitWithSizesBackward0", x, d, Dims(as_size(chunks), 0), Dims(as_size(chunks), 0));
  }
  return split_every("chunk", x, (whole + chunks - 1) / chunks, d);
}

std::vector<Tensor> tensor_split(const Tensor& x, std::int64_t sections, std::int64_t dim) {
  const std::int64_t d = checked_dim("tensor_split", x, dim), whole = x.size(d);
  check(sections > 0, "tensor_split: the number of sections is {}, expected at least 1", sections);
  Dims starts, lengths;
  std::int64_t start = 0;
  for (std::int64_t i = 0; i < sections; ++i) {
    const std::int64_t size = whole / sections + (i < whole % sections ? 1 : 0);
    starts.push_back(start);
    lengths.push_back(size);
    start += size;
  }
  // As slices, which may be changed in place.
  return cut("SplitWithSizesBackward0", x, d, starts, lengths, ViewKind::plain);
}

std::vector<Tensor> tensor_split(const Tensor& x, IntArrayRef indices, std::int64_t dim) {
  // Slices between the indices, clipped as slices are; they may overlap or be empty.
  const std::int64_t d = checked_dim("tensor_split", x, dim);
  std::vector<Tensor> parts;
  std::int64_t start = 0;
  for (const std::int64_t end : indices) {
    parts.push_back(x.slice(d, start, end));
    start = end;
  }
  parts.push_back(x.slice(d, start));
  return parts;
}

std::vector<Tensor> unbind(const Tensor& x, std::int64_t dim) {
  const std::int64_t d = checked_dim("unbind", x, dim);
  Dims sizes = x.sizes(), strides = x.strides();
  const std::int64_t stride = strides[as_size(d)];
  sizes.erase(as_size(d));
  strides.erase(as_size(d));
  std::vector<Tensor> views;
  views.reserve(as_size(x.size(d)));
  for (std::int64_t i = 0; i < x.size(d); ++i) {
    views.push_back(make_alias(x, sizes, strides, x.storage_offset() + i * stride));
    set_base(views.back(), x, ViewKind::several);
  }
  if (recording(x) && !views.empty()) {
    record_outputs("UnbindBackward0", views, Inputs{x}, [d, sizes](TensorList dy, Gradients& dx) {
      const Tensor& like = any_defined(dy);
      std::vector<Tensor> parts;
      for (const Tensor& part : dy) parts.push_back(zeros_if_undefined(part, like, sizes));
      dx[0] = stack(parts, d);
    });
  }
  return views;
}

namespace {

// The parts of the dim that the op is for; it has a rank of its own.
template <class Cut>
std::vector<Tensor> split_dim(const char* op, const Tensor& x, std::int64_t dim, const Cut& cut) {
  check(x.dim() > dim, "{}: the tensor has shape {}, expected at least {} dims", op,
        x.sizes().vec(), dim + 1);
  if constexpr (std::is_same_v<Cut, std::int64_t>) {
    check(cut > 0 && x.size(dim) % cut == 0, "{}: size {} cannot be divided into {} sections", op,
          x.size(dim), cut);
  }
  return tensor_split(x, cut, dim);
}
// hsplit cuts columns, and a vector's elements.
std::int64_t column_dim(const Tensor& x) { return x.dim() == 1 ? 0 : 1; }

}  // namespace

std::vector<Tensor> hsplit(const Tensor& x, std::int64_t sections) {
  return split_dim("hsplit", x, column_dim(x), sections);
}
std::vector<Tensor> hsplit(const Tensor& x, IntArrayRef indices) {
  return split_dim("hsplit", x, column_dim(x), indices);
}
std::vector<Tensor> vsplit(const Tensor& x, std::int64_t sections) {
  check(x.dim() > 1, "vsplit: the tensor has shape {}, expected at least 2 dims", x.sizes().vec());
  return split_dim("vsplit", x, 0, sections);
}
std::vector<Tensor> vsplit(const Tensor& x, IntArrayRef indices) {
  check(x.dim() > 1, "vsplit: the tensor has shape {}, expected at least 2 dims", x.sizes().vec());
  return split_dim("vsplit", x, 0, indices);
}
std::vector<Tensor> dsplit(const Tensor& x, std::int64_t sections) {
  return split_dim("dsplit", x, 2, sections);
}
std::vector<Tensor> dsplit(const Tensor& x, IntArrayRef indices) {
  return split_dim("dsplit", x, 2, indices);
}
std::vector<Tensor> unsafe_chunk(const Tensor& x, std::int64_t chunks, std::int64_t dim) {
  return chunk(x, chunks, dim);
}
std::vector<Tensor> unsafe_split(const Tensor& x, std::int64_t size, std::int64_t dim) {
  return split(x, size, dim);
}

// clang-format off
std::vector<Tensor> Tensor::hsplit(std::int64_t sections) const { return xgrad::hsplit(*this, sections); }
std::vector<Tensor> Tensor::hsplit(IntArrayRef indices) const { return xgrad::hsplit(*this, indices); }
std::vector<Tensor> Tensor::vsplit(std::int64_t sections) const { return xgrad::vsplit(*this, sections); }
std::vector<Tensor> Tensor::vsplit(IntArrayRef indices) const { return xgrad::vsplit(*this, indices); }
std::vector<Tensor> Tensor::dsplit(std::int64_t sections) const { return xgrad::dsplit(*this, sections); }
std::vector<Tensor> Tensor::dsplit(IntArrayRef indices) const { return xgrad::dsplit(*this, indices); }
std::vector<Tensor> Tensor::chunk(std::int64_t chunks, std::int64_t dim) const { return xgrad::chunk(*this, chunks, dim); }
std::vector<Tensor> Tensor::split(std::int64_t size, std::int64_t dim) const { return xgrad::split(*this, size, dim); }
std::vector<Tensor> Tensor::split(IntArrayRef sizes, std::int64_t dim) const { return xgrad::split(*this, sizes, dim); }
std::vector<Tensor> Tensor::split_with_sizes(IntArrayRef sizes, std::int64_t dim) const { return xgrad::split_with_sizes(*this, sizes, dim); }
std::vector<Tensor> Tensor::tensor_split(std::int64_t sections, std::int64_t dim) const { return xgrad::tensor_split(*this, sections, dim); }
std::vector<Tensor> Tensor::unbind(std::int64_t dim) const { return xgrad::unbind(*this, dim); }
// clang-format on

}  // namespace xgrad
