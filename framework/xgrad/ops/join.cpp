// cat and what is made of it: see shape.h.
#include <cstring>

#include "xgrad/autograd/record.h"
#include "xgrad/core/format.h"
#include "xgrad/core/parallel.h"
#include "xgrad/ops/factories.h"
#include "xgrad/ops/map.h"
#include "xgrad/ops/places.h"
#include "xgrad/ops/shape.h"

namespace xgrad {

using namespace autograd;

namespace {

constexpr std::int64_t kBytesPerThread = 256 * 1024;  // below, one thread copies as fast as two

ScalarType common_type(TensorList tensors) {
  ScalarType type = tensors[0].scalar_type();
  for (const Tensor& tensor : tensors) type = promoteTypes(type, tensor.scalar_type());
  return type;
}

// x's elements as slices [start, start + size) of y along dim; they have the same other sizes.
void copy_slices(const Tensor& y, std::size_t dim, std::int64_t start, const Tensor& x) {
  if (x.numel() == 0) return;
  Dims sizes = y.sizes();
  sizes[dim] = x.sizes()[dim];
  if (!x.is_contiguous() || !y.is_contiguous() || x.scalar_type() != y.scalar_type()) {
    copy_into(make_alias(y, sizes, y.strides(), y.storage_offset() + start * y.strides()[dim]), x);
    return;
  }
  const auto bytes = static_cast<std::int64_t>(y.element_size());
  const std::int64_t rows = numel_of(x.sizes().slice(0, dim)), run = x.numel() / rows * bytes;
  const std::int64_t pitch = y.numel() / rows * bytes;
  char* to = static_cast<char*>(y.data_ptr()) + start * y.strides()[dim] * bytes;
  const char* from = static_cast<const char*>(x.data_ptr());
  if (rows == 1) {
    parallel_for(0, run, kBytesPerThread, [&](std::int64_t first, std::int64_t last) {
      std::memcpy(to + first, from + first, as_size(last - first));
    });
    return;
  }
  parallel_for(0, rows, std::max<std::int64_t>(1, kBytesPerThread / run),
               [&](std::int64_t first, std::int64_t last) {
                 for (std::int64_t row = first; row < last; ++row)
                   std::memcpy(to + row * pitch, from + row * run, as_size(run));
               });
}

bool is_skipped(const Tensor& x) { return x.dim() == 1 && x.numel() == 0; }

Dims channels_last_strides(const Dims& sizes) {
  return {sizes[1] * sizes[2] * sizes[3], 1, sizes[1] * sizes[3], sizes[1]};
}

}  // namespace

Tensor cat(TensorList tensors, std::int64_t dim) {
  check(!tensors.empty(), "cat: got no tensors, expected at least one");
  const Tensor* first = nullptr;
  bool channels_last = true;
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    check(tensors[i].dim() > 0, "cat: tensor {} is 0-d, expected at least 1 dim; use stack", i);
    channels_last = channels_last && is_like_channels_last(tensors[i]);
    if (first == nullptr && !is_skipped(tensors[i])) first = &tensors[i];
  }
  const ScalarType type = common_type(tensors);
  const Tensor& like = first == nullptr ? tensors[0] : *first;
  const std::size_t d = first == nullptr ? 0 : as_size(wrap_dim("cat", dim, like.dim()));
  Dims sizes = like.sizes();
  sizes[d] = 0;
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    if (is_skipped(tensors[i])) continue;
    Dims others = tensors[i].sizes();
    check(others.size() == sizes.size(),
          "cat: tensor {} has shape {}, expected as many dims as the first one's {}", i,
          tensors[i].sizes(), like.sizes());
    const std::int64_t size = others[d];
    others[d] = sizes[d];
    check(others == sizes,
          "cat: tensor {} has shape {}, expected the first one's {} but along dim {}", i,
          tensors[i].sizes(), like.sizes(), d);
    sizes[d] += size;
  }
  Tensor y = first != nullptr && channels_last
                 ? make_strided(sizes, channels_last_strides(sizes), type)
                 : make_tensor(sizes, type);
  Dims starts;
  std::int64_t start = 0;
  for (const Tensor& tensor : tensors) {
    starts.push_back(start);
    if (is_skipped(tensor)) continue;
    copy_slices(y, d, start, tensor);
    start += tensor.sizes()[d];
  }
  if (GradMode::is_enabled() && needs_grad(tensors)) {
    starts.push_back(start);
    record("CatBackward0", y, tensors, [starts, d](const Tensor& dy, Gradients& dx) {
      for (std::size_t i = 0; i < dx.size(); ++i) {
        if (!dx.needs(i)) continue;
        const std::int64_t size = starts[i + 1] - starts[i];
        // An empty part may have been a skipped one, [0], whatever dy's shape.
        dx[i] = size == 0 ? Tensor() : dy.narrow(static_cast<std::int64_t>(d), starts[i], size);
      }
    });
  }
  return y;
}
Tensor concat(TensorList tensors, std::int64_t dim) { return cat(tensors, dim); }
Tensor concatenate(TensorList tensors, std::int64_t dim) { return cat(tensors, dim); }

Tensor stack(TensorList tensors, std::int64_t dim) {
  check(!tensors.empty(), "stack: got no tensors, expected at least one");
  const Tensor& like = tensors[0];
  const std::int64_t d = wrap_dim("stack", dim, like.dim() + 1);
  bool channels_last = is_like_channels_last(like) && d < like.dim();
  for (std::size_t i = 1; i < tensors.size(); ++i) {
    channels_last = channels_last && is_like_channels_last(tensors[i]);
    check(tensors[i].sizes() == like.sizes(),
          "stack: tensor {} has shape {}, expected the first one's {}", i, tensors[i].sizes(),
          like.sizes());
  }
  Dims sizes = like.sizes();
  sizes.insert(as_size(d), static_cast<std::int64_t>(tensors.size()));
  Dims strides = contiguous_strides(sizes);
  if (channels_last) {  // as cat along d would lie, with that dim cut in two
    Dims joined = like.sizes();
    joined[as_size(d)] *= static_cast<std::int64_t>(tensors.size());
    strides = channels_last_strides(joined);
    strides.insert(as_size(d), strides[as_size(d)] * like.sizes()[as_size(d)]);
  }
  Tensor y = make_strided(sizes, strides, common_type(tensors));
  std::int64_t start = 0;
  for (const Tensor& tensor : tensors) {
    Dims with_dim = tensor.sizes(), from = tensor.strides();
    with_dim.insert(as_size(d), 1);
    from.insert(as_size(d), 0);
    copy_slices(y, as_size(d), start++,
                make_alias(tensor, with_dim, from, tensor.storage_offset()));
  }
  if (GradMode::is_enabled() && needs_grad(tensors)) {
    record("StackBackward0", y, tensors, [d](const Tensor& dy, Gradients& dx) {
      for (std::size_t i = 0; i < dx.size(); ++i) {
        if (dx.needs(i)) dx[i] = dy.select(d, static_cast<std::int64_t>(i));
      }
    });
  }
  return y;
}

Tensor hstack(TensorList tensors) {
  check(!tensors.empty(), "hstack: got no tensors, expected at least one");
  const std::vector<Tensor> parts = atleast_1d(tensors);
  return cat(parts, parts[0].dim() == 1 ? 0 : 1);
}
Tensor vstack(TensorList tensors) {
  check(!tensors.empty(), "vstack: got no tensors, expected at least one");
  return cat(atleast_2d(tensors), 0);
}
Tensor row_stack(TensorList tensors) { return vstack(tensors); }
Tensor dstack(TensorList tensors) {
  check(!tensors.empty(), "dstack: got no tensors, expected at least one");
  return cat(atleast_3d(tensors), 2);
}
Tensor column_stack(TensorList tensors) {
  check(!tensors.empty(), "column_stack: got no tensors, expected at least one");
  std::vector<Tensor> columns;
  for (const Tensor& tensor : tensors)
    columns.push_back(tensor.dim() <= 1 ? tensor.reshape({tensor.numel(), 1}) : tensor);
  return cat(columns, 1);
}

Tensor block_diag(TensorList tensors) {
  if (tensors.empty()) return zeros({1, 0});
  Dims rows, columns;  // where each block begins, and where the last one ends
  std::int64_t row = 0, column = 0;
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    check(tensors[i].dim() <= 2, "block_diag: tensor {} has shape {}, expected at most 2 dims", i,
          tensors[i].sizes());
    rows.push_back(row);
    columns.push_back(column);
    const IntArrayRef sizes = tensors[i].sizes();
    row += sizes.size() == 2 ? sizes[0] : 1;
    column += sizes.empty() ? 1 : sizes.back();
  }
  rows.push_back(row);
  columns.push_back(column);
  Tensor y = zeros({row, column}, common_type(tensors));
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    const Dims sizes{rows[i + 1] - rows[i], columns[i + 1] - columns[i]};
    copy_into(make_alias(y, sizes, y.strides(), rows[i] * column + columns[i]), tensors[i]);
  }
  if (GradMode::is_enabled() && needs_grad(tensors)) {
    std::vector<Dims> shapes;
    for (const Tensor& tensor : tensors) shapes.emplace_back(tensor.sizes());
    record("BlockDiagBackward0", y, tensors,
           [rows, columns, shapes](const Tensor& dy, Gradients& dx) {
             for (std::size_t i = 0; i < dx.size(); ++i) {
               if (!dx.needs(i)) continue;
               const Tensor block = dy.narrow(0, rows[i], rows[i + 1] - rows[i])
                                        .narrow(1, columns[i], columns[i + 1] - columns[i]);
               dx[i] = block.reshape(shapes[i]);
             }
           });
  }
  return y;
}

Tensor atleast_1d(const Tensor& x) { return x.dim() == 0 ? x.reshape({1}) : x; }
Tensor atleast_2d(const Tensor& x) {
  return x.dim() == 0 ? x.reshape({1, 1}) : x.dim() == 1 ? x.unsqueeze(0) : x;
}
Tensor atleast_3d(const Tensor& x) {
  if (x.dim() == 0) return x.reshape({1, 1, 1});
  if (x.dim() == 1) return x.unsqueeze(0).unsqueeze(-1);
  return x.dim() == 2 ? x.unsqueeze(-1) : x;
}

namespace {

std::vector<Tensor> each(TensorList tensors, Tensor (*f)(const Tensor&)) {
  std::vector<Tensor> results;
  results.reserve(tensors.size());
  for (const Tensor& tensor : tensors) results.push_back(f(tensor));
  return results;
}

}  // namespace

std::vector<Tensor> atleast_1d(TensorList tensors) { return each(tensors, atleast_1d); }
std::vector<Tensor> atleast_2d(TensorList tensors) { return each(tensors, atleast_2d); }
std::vector<Tensor> atleast_3d(TensorList tensors) { return each(tensors, atleast_3d); }

}  // namespace xgrad
