#include "xgrad/nn/utils/rnn.h"

#include <algorithm>

#include "xgrad/core/format.h"
#include "xgrad/ops/factories.h"
#include "xgrad/ops/shape.h"

namespace xgrad::nn::utils::rnn {
namespace {

std::vector<std::int64_t> values_of(const Tensor& tensor) {
  const Tensor values = tensor.to(kLong).contiguous();
  const auto* data = values.data_ptr<std::int64_t>();
  return std::vector<std::int64_t>(data, data + values.numel());
}

Tensor tensor_of(const std::vector<std::int64_t>& values) {
  const Tensor tensor = make_tensor({static_cast<std::int64_t>(values.size())}, kLong);
  std::copy(values.begin(), values.end(), tensor.data_ptr<std::int64_t>());
  return tensor;
}

// The sizes of x with those of its first dimensions replaced.
Dims with_first(const Tensor& x, std::size_t replaced, std::initializer_list<std::int64_t> first) {
  Dims sizes(first);
  for (std::size_t i = replaced; i < x.sizes().size(); ++i) sizes.push_back(x.sizes()[i]);
  return sizes;
}

// x with rows of `value` appended along `dim` until it has `size`.
Tensor padded(const Tensor& x, std::int64_t dim, std::int64_t size, double value) {
  if (x.size(dim) == size) return x;
  Dims sizes(x.sizes());
  sizes[static_cast<std::size_t>(dim)] = size - x.size(dim);
  return cat({x, full(sizes, value, x.options())}, dim);
}

// The runs of times at which equally many sequences are left: (first time, end, batch size).
struct Run {
  std::int64_t first, end, batch;
};
std::vector<Run> runs_of(const std::vector<std::int64_t>& batch_sizes) {
  std::vector<Run> runs;
  for (std::size_t t = 0; t < batch_sizes.size(); ++t) {
    const auto time = static_cast<std::int64_t>(t);
    if (runs.empty() || runs.back().batch != batch_sizes[t]) {
      runs.push_back({time, time, batch_sizes[t]});
    }
    ++runs.back().end;
  }
  return runs;
}

// batch_sizes[t] = how many lengths are above t, and the same the other way round.
std::vector<std::int64_t> count_above(const std::vector<std::int64_t>& falling) {
  std::vector<std::int64_t> counts(falling.empty() ? 0 : static_cast<std::size_t>(falling.front()));
  for (std::int64_t value : falling) {
    for (std::int64_t t = 0; t < value; ++t) ++counts[static_cast<std::size_t>(t)];
  }
  return counts;
}

}  // namespace

PackedSequence::PackedSequence(Tensor data, Tensor batch_sizes, Tensor sorted_indices,
                               Tensor unsorted_indices)
    : data_(std::move(data)),
      batch_sizes_(std::move(batch_sizes)),
      sorted_indices_(std::move(sorted_indices)),
      unsorted_indices_(unsorted_indices.defined() ? std::move(unsorted_indices)
                                                   : invert_permutation(sorted_indices_)) {}

PackedSequence PackedSequence::to(TensorOptions options) const {
  return PackedSequence(data_.to(options), batch_sizes_, sorted_indices_, unsorted_indices_);
}

Tensor invert_permutation(const Tensor& permutation) {
  if (!permutation.defined()) return Tensor();
  const std::vector<std::int64_t> order = values_of(permutation);
  std::vector<std::int64_t> inverse(order.size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    check(order[i] >= 0 && static_cast<std::size_t>(order[i]) < order.size(),
          "invert_permutation: {} is out of range, expected 0..{}", order[i], order.size() - 1);
    inverse[static_cast<std::size_t>(order[i])] = static_cast<std::int64_t>(i);
  }
  return tensor_of(inverse);
}

PackedSequence pack_padded_sequence(Tensor input, Tensor lengths, bool batch_first,
                                    bool enforce_sorted) {
  check(input.dim() >= 2, "pack_padded_sequence: the input is {}, expected [time, batch, ...]",
        shape_text(input.sizes()));
  if (batch_first) input = input.transpose(0, 1);
  check(lengths.dim() == 1 && lengths.size(0) == input.size(1) && lengths.size(0) > 0,
        "pack_padded_sequence: lengths are {}, expected one for each of {} sequences",
        shape_text(lengths.sizes()), input.size(1));
  std::vector<std::int64_t> values = values_of(lengths);
  for (std::int64_t value : values) {
    check(value > 0 && value <= input.size(0),
          "pack_padded_sequence: a length is {}, expected 1 to {}", value, input.size(0));
  }
  Tensor sorted_indices;
  if (enforce_sorted) {
    check(std::is_sorted(values.rbegin(), values.rend()),
          "pack_padded_sequence: lengths [{}] do not fall, expected them sorted or "
          "enforce_sorted = false",
          fmt::join(values, ", "));
  } else {
    std::vector<std::int64_t> order(values.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = static_cast<std::int64_t>(i);
    const auto length = [&](std::int64_t i) { return values[static_cast<std::size_t>(i)]; };
    std::stable_sort(order.begin(), order.end(),
                     [&](std::int64_t a, std::int64_t b) { return length(a) > length(b); });
    sorted_indices = tensor_of(order);
    input = input.index_select(1, sorted_indices);
    std::sort(values.rbegin(), values.rend());
  }
  const std::vector<std::int64_t> batch_sizes = count_above(values);
  std::vector<Tensor> steps;
  for (const Run& run : runs_of(batch_sizes)) {
    const Tensor part = input.narrow(0, run.first, run.end - run.first).narrow(1, 0, run.batch);
    steps.push_back(part.reshape(with_first(part, 2, {(run.end - run.first) * run.batch})));
  }
  return PackedSequence(cat(steps), tensor_of(batch_sizes), sorted_indices);
}

std::tuple<Tensor, Tensor> pad_packed_sequence(const PackedSequence& sequence, bool batch_first,
                                               double padding_value,
                                               optional<std::int64_t> total_length) {
  const Tensor& data = sequence.data();
  const std::vector<std::int64_t> batch_sizes = values_of(sequence.batch_sizes());
  check(!batch_sizes.empty() && std::is_sorted(batch_sizes.rbegin(), batch_sizes.rend()) &&
            batch_sizes.back() > 0,
        "pad_packed_sequence: batch sizes are [{}], expected positive ones that do not grow",
        fmt::join(batch_sizes, ", "));
  std::int64_t total = 0;
  for (std::int64_t size : batch_sizes) total += size;
  check(data.dim() >= 1 && data.size(0) == total,
        "pad_packed_sequence: the data is {}, expected {} rows as the batch sizes say",
        shape_text(data.sizes()), total);
  const auto longest = static_cast<std::int64_t>(batch_sizes.size());
  check(total_length.value_or(longest) >= longest,
        "pad_packed_sequence: total_length is {}, expected at least {}",
        total_length.value_or(longest), longest);

  std::vector<Tensor> steps;
  std::int64_t row = 0;
  for (const Run& run : runs_of(batch_sizes)) {
    const std::int64_t times = run.end - run.first;
    const Tensor rows = data.narrow(0, row, times * run.batch);
    steps.push_back(padded(rows.reshape(with_first(rows, 1, {times, run.batch})), 1,
                           batch_sizes.front(), padding_value));
    row += times * run.batch;
  }
  Tensor output = padded(cat(steps), 0, total_length.value_or(longest), padding_value);
  Tensor lengths = tensor_of(count_above(batch_sizes));
  if (batch_first) output = output.transpose(0, 1);
  if (sequence.unsorted_indices().defined()) {
    output = output.index_select(batch_first ? 0 : 1, sequence.unsorted_indices());
    lengths = lengths.index_select(0, sequence.unsorted_indices());
  }
  return {output, lengths};
}

Tensor pad_sequence(TensorList sequences, bool batch_first, double padding_value) {
  check(!sequences.empty(), "pad_sequence: there are no sequences, expected at least one");
  std::int64_t longest = 0;
  for (const Tensor& sequence : sequences) {
    check(
        sequence.dim() > 0 && sequence.sizes().slice(1).equals(sequences.front().sizes().slice(1)),
        "pad_sequence: a sequence is {} but the first one is {}, expected to differ in length only",
        shape_text(sequence.sizes()), shape_text(sequences.front().sizes()));
    longest = std::max(longest, sequence.size(0));
  }
  std::vector<Tensor> equal;
  for (const Tensor& sequence : sequences) {
    equal.push_back(padded(sequence, 0, longest, padding_value));
  }
  return stack(equal, batch_first ? 0 : 1);
}

PackedSequence pack_sequence(TensorList sequences, bool enforce_sorted) {
  const Tensor padded_input = pad_sequence(sequences);
  std::vector<std::int64_t> lengths;
  for (const Tensor& sequence : sequences) lengths.push_back(sequence.size(0));
  return pack_padded_sequence(padded_input, tensor_of(lengths), false, enforce_sorted);
}

}  // namespace xgrad::nn::utils::rnn
