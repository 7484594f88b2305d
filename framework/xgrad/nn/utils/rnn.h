// Sequences of different lengths as one tensor, padded or packed. Source:
// https://pytorch.org/docs/stable/nn.html#torch.nn.utils.rnn.pack_padded_sequence.
//
//   auto packed = rnn::pack_padded_sequence(x, xgrad::tensor({4, 2}));     // x [4, 2, features]
//   auto [y, lengths] = rnn::pad_packed_sequence(packed);
#pragma once

#include <tuple>

#include "xgrad/core/tensor.h"

namespace xgrad::nn::utils::rnn {

// The elements of all sequences, time after time: `data` [sum of lengths, ...]; batch_sizes[t]
// int64 tells how many sequences are longer than t. Where they were sorted first, sorted_indices is
// the order.
class PackedSequence {
 public:
  // Empty: undefined tensors.
  PackedSequence() = default;
  explicit PackedSequence(Tensor data, Tensor batch_sizes, Tensor sorted_indices = {},
                          Tensor unsorted_indices = {});

  const Tensor& data() const { return data_; }
  const Tensor& batch_sizes() const { return batch_sizes_; }
  const Tensor& sorted_indices() const { return sorted_indices_; }
  const Tensor& unsorted_indices() const { return unsorted_indices_; }
  PackedSequence to(TensorOptions options) const;
  PackedSequence cpu() const { return *this; }
  bool is_cuda() const { return false; }

 private:
  Tensor data_, batch_sizes_, sorted_indices_, unsorted_indices_;
};

// Where each position of a permutation went; undefined for undefined.
Tensor invert_permutation(const Tensor& permutation);

// input [time, batch, ...] (or [batch, time, ...] if batch_first), lengths [batch] integers.
// Errors: a length below 1 or above `time`; lengths that do not fall, if `enforce_sorted`.
PackedSequence pack_padded_sequence(Tensor input, Tensor lengths, bool batch_first = false,
                                    bool enforce_sorted = true);
// The inverse: [time, batch, ...] and the lengths [batch].
// Errors: a total length below the longest.
std::tuple<Tensor, Tensor> pad_packed_sequence(const PackedSequence& sequence,
                                               bool batch_first = false, double padding_value = 0,
                                               optional<std::int64_t> total_length = nullopt);
// Sequences [length_i, ...] as [longest, batch, ...]. Errors: none, or other sizes that differ.
Tensor pad_sequence(TensorList sequences, bool batch_first = false, double padding_value = 0);
PackedSequence pack_sequence(TensorList sequences, bool enforce_sorted = true);

}  // namespace xgrad::nn::utils::rnn
