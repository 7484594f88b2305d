// Class labels as vectors: one-hot, and rows of a table.
#include "xgrad/core/format.h"
#include "xgrad/ops/factories.h"
#include "xgrad/ops/gather.h"
#include "xgrad/ops/overwrite.h"
#include "xgrad/ops/places.h"

namespace xgrad {

using namespace autograd;

Tensor one_hot(const Tensor& x, std::int64_t num_classes) {
  check(x.scalar_type() == kLong, "one_hot: the classes are {}, expected int64",
        dtype_name(x.scalar_type()));
  check(num_classes >= -1, "one_hot: num_classes is {}, expected -1 or more", num_classes);
  check(x.numel() != 0 || num_classes > 0,
        "one_hot: the number of classes of an empty tensor is unknown, expected num_classes");
  const Tensor flat = row_major(x);
  const std::int64_t* classes = flat.data_ptr<std::int64_t>();
  std::int64_t largest = -1;
  for (std::int64_t i = 0; i < x.numel(); ++i) {
    check_index(classes[i] >= 0, "one_hot: class {} is negative", classes[i]);
    largest = std::max(largest, classes[i]);
  }
  const std::int64_t n = num_classes == -1 ? largest + 1 : num_classes;
  check_index(largest < n, "one_hot: class {} is out of range for {} classes", largest, n);
  Dims sizes = x.sizes();
  sizes.push_back(n);
  Tensor y = zeros(sizes, kLong);
  std::int64_t* out = y.data_ptr<std::int64_t>();
  for (std::int64_t i = 0; i < x.numel(); ++i) out[i * n + classes[i]] = 1;
  return y;
}

namespace {

// How often the index of each element occurs: [n], of `type`.
Tensor occurrences(const std::vector<std::int64_t>& list, std::int64_t rows, ScalarType type) {
  std::vector<std::int64_t> count(as_size(rows), 0);
  for (const std::int64_t i : list) ++count[as_size(i)];
  Tensor result = make_tensor({static_cast<std::int64_t>(list.size())}, kLong);
  std::int64_t* out = result.data_ptr<std::int64_t>();
  for (std::size_t i = 0; i < list.size(); ++i) out[i] = count[as_size(list[i])];
  return convert(result, type);
}

}  // namespace

Tensor embedding(const Tensor& weight, const Tensor& indices, std::int64_t padding_idx,
                 bool scale_grad_by_freq, bool) {
  check(weight.dim() == 2, "embedding: the weight has shape {}, expected 2 dims", weight.sizes());
  check(indices.scalar_type() == kLong || indices.scalar_type() == kInt,
        "embedding: the indices are {}, expected int64 or int32",
        dtype_name(indices.scalar_type()));
  const std::int64_t rows = weight.size(0), d = weight.size(1);
  std::vector<std::int64_t> list = read_index("embedding", indices, 0, rows, false);
  Dims sizes = indices.sizes();
  sizes.push_back(d);
  Tensor y = make_tensor(sizes, weight.scalar_type());
  take_places(y, weight, places_along(weight, 0, list));
  if (recording(weight)) {
    const Tensor count =
        scale_grad_by_freq ? occurrences(list, rows, weight.scalar_type()).unsqueeze(1) : Tensor();
    record(
        "EmbeddingBackward0", y, {weight},
        [indices = Saved(indices), count, rows, d, padding_idx](const Tensor& dy, Gradients& dx) {
          // dy: [n, d], one row for each index; dweight: [rows, d].
          const Tensor flat = indices().reshape({-1});
          Tensor dy_rows = dy.reshape({flat.numel(), d});
          if (count.defined()) dy_rows = dy_rows.div(count);
          Tensor dweight = index_add(dy.new_zeros({rows, d}), 0, flat, dy_rows);
          // The table is whole now, so the padding's row is cleared in it, not in every dy.
          if (padding_idx >= 0 && padding_idx < rows)
            dweight = index_fill(dweight, 0, full({1}, padding_idx, kLong), 0);
          dx[0] = dweight;
        });
  }
  return y;
}

}  // namespace xgrad
