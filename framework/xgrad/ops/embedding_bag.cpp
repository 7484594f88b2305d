#include "xgrad/ops/embedding_bag.h"

#include <set>
#include <vector>

#include "xgrad/autograd/grad_mode.h"
#include "xgrad/core/format.h"
#include "xgrad/ops/arithmetic.h"
#include "xgrad/ops/gather.h"
#include "xgrad/ops/optional_tensor.h"

namespace xgrad {

namespace {

Tensor as_indices(const char* op, const char* what, const Tensor& t) {
  check(t.scalar_type() == kLong || t.scalar_type() == kInt,
        "{}: {} are {}, expected int64 or int32", op, what, dtype_name(t.scalar_type()));
  return t.to(kLong).contiguous();
}

Tensor from_vector(const std::vector<std::int64_t>& values) {
  const Tensor t = make_tensor({static_cast<std::int64_t>(values.size())}, kLong);
  std::copy(values.begin(), values.end(), t.data_ptr<std::int64_t>());
  return t;
}

// Which bag each index is in. Errors: offsets that are no partition of 0..k.
Tensor bags_of(const char* op, const Tensor& offsets, std::int64_t bags, std::int64_t k) {
  const Tensor result = make_tensor({k}, kLong);
  const auto* first = offsets.data_ptr<std::int64_t>();
  auto* bag = result.data_ptr<std::int64_t>();
  check(offsets.numel() == 0 || first[0] == 0, "{}: offsets[0] is {}, expected 0", op,
        offsets.numel() == 0 ? 0 : first[0]);
  for (std::int64_t b = 0; b < bags; ++b) {
    const std::int64_t end = b + 1 < offsets.numel() ? first[b + 1] : k;
    check(first[b] <= end && end <= k,
          "{}: bag {} goes from offset {} to {}, expected rising offsets up to {}", op, b, first[b],
          end, k);
    for (std::int64_t i = first[b]; i < end; ++i) bag[i] = b;
  }
  check(bags > 0 || k == 0, "{}: {} indices, but no bags", op, k);
  const std::int64_t covered = offsets.numel() > bags && bags >= 0 ? first[bags] : k;
  for (std::int64_t i = covered; i < k; ++i) bag[i] = bags - 1;
  return result;
}

// The row of weight that holds the largest value of each bag and column, the first one of equals; 0
// where the bag is empty.
Tensor largest_rows(const Tensor& weight, const Tensor& rows, const Tensor& bag,
                    std::int64_t bags) {
  const std::int64_t d = weight.size(1);
  const Tensor table = weight.detach().contiguous(), result = make_tensor({bags, d}, kLong);
  auto* best = result.data_ptr<std::int64_t>();
  std::fill(best, best + bags * d, std::int64_t{-1});
  dispatch_floating(table.scalar_type(), [&](auto zero) {
    using T = decltype(zero);
    const T* w = table.data_ptr<T>();
    for (std::int64_t i = 0; i < rows.numel(); ++i) {
      const std::int64_t row = rows.data_ptr<std::int64_t>()[i],
                         b = bag.data_ptr<std::int64_t>()[i];
      for (std::int64_t j = 0; j < d; ++j) {
        std::int64_t& at = best[b * d + j];
        if (at < 0 || w[row * d + j] > w[at * d + j]) at = row;
      }
    }
  });
  for (std::int64_t i = 0; i < bags * d; ++i) best[i] = std::max<std::int64_t>(best[i], 0);
  return result;
}

}  // namespace

std::tuple<Tensor, Tensor, Tensor, Tensor> embedding_bag(
    const Tensor& weight, const Tensor& indices, const Tensor& offsets, bool scale_grad_by_freq,
    std::int64_t mode, bool, const optional<Tensor>& per_sample_weights, bool include_last_offset,
    optional<std::int64_t> padding_idx) {
  const char* op = "embedding_bag";
  check(weight.dim() == 2 && weight.is_floating_point(),
        "{}: weight is {} of shape {}, expected a floating matrix", op,
        dtype_name(weight.scalar_type()), weight.sizes());
  check(indices.dim() == 1 && offsets.dim() == 1,
        "{}: indices have shape {} and offsets {}, expected one dim each", op, indices.sizes(),
        offsets.sizes());
  check(mode >= 0 && mode <= 2, "{}: mode {} is unknown, expected 0 (sum), 1 (mean) or 2 (max)", op,
        mode);
  const Tensor& scale = tensor_or_none(per_sample_weights);
  check(!scale.defined() || mode == 0, "{}: per_sample_weights are for sums only", op);
  check(!scale.defined() || scale.sizes() == indices.sizes(),
        "{}: per_sample_weights have shape {}, expected the indices', {}", op,
        scale.defined() ? scale.sizes() : indices.sizes(), indices.sizes());
  check(!include_last_offset || offsets.numel() > 0,
        "{}: offsets are empty, expected at least the last one", op);
  const Tensor index = as_indices(op, "indices", indices),
               first = as_indices(op, "offsets", offsets);
  const std::int64_t bags = first.numel() - (include_last_offset ? 1 : 0), n = weight.size(0),
                     d = weight.size(1);
  if (padding_idx) {
    check(*padding_idx >= -n && *padding_idx < n,
          "{}: padding_idx {} is out of range, expected {}..{}", op, *padding_idx, -n, n - 1);
    if (*padding_idx < 0) *padding_idx += n;
  }
  const Tensor bag_of_index = bags_of(op, first, bags, index.numel());

  // What counts: all but padding.
  std::vector<std::int64_t> rows, bag, positions;
  const Tensor counts = make_tensor({bags}, kLong);
  counts.zero_();
  for (std::int64_t i = 0; i < index.numel(); ++i) {
    const std::int64_t row = index.data_ptr<std::int64_t>()[i];
    check_index(row >= 0 && row < n, "{}: index {} is out of range, expected 0..{} ({} rows)", op,
                row, n - 1, n);
    if (padding_idx && row == *padding_idx) continue;
    rows.push_back(row);
    bag.push_back(bag_of_index.data_ptr<std::int64_t>()[i]);
    positions.push_back(i);
    ++counts.data_ptr<std::int64_t>()[bag.back()];
  }
  const Tensor row_index = from_vector(rows), bag_index = from_vector(bag);
  if (mode == 2) {
    const Tensor largest = largest_rows(weight, row_index, bag_index, bags);
    const Tensor filled = counts.gt(0).to(weight.scalar_type()).unsqueeze(1);
    const Tensor values = n == 0 ? weight.new_zeros({bags, d}) : weight.gather(0, largest) * filled;
    return {values, bag_of_index, counts, largest};
  }
  Tensor values = embedding(weight, row_index, -1, scale_grad_by_freq);
  if (scale.defined()) values = values * scale.index_select(0, from_vector(positions)).unsqueeze(1);
  Tensor y = weight.new_zeros({bags, d}).index_add(0, bag_index, values);
  if (mode == 1) y = y / counts.clamp_min(1).to(weight.scalar_type()).unsqueeze(1);
  return {y, bag_of_index, counts, Tensor()};
}

Tensor& embedding_renorm_(Tensor& self, const Tensor& indices, double max_norm, double norm_type) {
  const char* op = "embedding_renorm_";
  check(self.dim() == 2, "{}: weight has shape {}, expected [n, d]", op, self.sizes());
  const Tensor index = as_indices(op, "indices", indices);
  const auto* first = index.data_ptr<std::int64_t>();
  for (const std::int64_t row : std::set<std::int64_t>(first, first + index.numel())) {
    check_index(row >= 0 && row < self.size(0), "{}: index {} is out of range, expected 0..{}", op,
                row, self.size(0) - 1);
    const Tensor vector = self.select(0, row);
    const double norm = vector.detach().norm(Scalar(norm_type)).item<double>();
    if (norm > max_norm) vector.mul_(max_norm / (norm + 1e-7));
  }
  return self;
}

}  // namespace xgrad
