// One layer of a recurrent network in one direction, over all steps of all sequences. Private to
// ops/recurrent*.cpp.
//
//   const auto schedule = make_schedule({3, 3, 1}, false);    // lengths 3, 2, 2
//   const RecurrentOutput out = recurrent_layer(Recurrence::gru, x, schedule, {h}, weights);
//
// Sequences are rows, step after step; each step has those that are so long, the longest first (as
// in a PackedSequence). n is the hidden size, p the size of a state h (n, or less where the lstm
// projects), g the gates' size.
#pragma once

#include <vector>

#include "xgrad/core/tensor.h"

namespace xgrad {

namespace kernels {
enum class Recurrence;
}

// Rows at..at+count-1 in one step: those of sequences sequence.. on. Their states before are those
// of the rows before.. on, or (kInitial) the layer's initial ones.
struct RecurrentRun {
  static constexpr std::int64_t kInitial = -1;
  std::int64_t at, sequence, count, before;
};

struct RecurrentSchedule {
  std::int64_t rows = 0, sequences = 0;
  std::vector<std::int64_t> batch_sizes;
  bool reverse = false;
  std::vector<RecurrentRun> steps;  // in the order in which the layer walks
  std::vector<RecurrentRun> ends;   // the last rows that it visits of each sequence
};
RecurrentSchedule make_schedule(IntArrayRef batch_sizes, bool reverse);

// w_ih [g, features], w_hh [g, p], biases [g] or both undefined, w_hr [p, n] or undefined.
struct RecurrentWeights {
  Tensor w_ih, w_hh, b_ih, b_hh, w_hr;
};
// h [sequences, p], c [sequences, n] (lstm); undefined for zeros.
struct RecurrentState {
  Tensor h, c;
};
struct RecurrentOutput {
  Tensor y;  // [..., p], the states h of all rows
  RecurrentState last;
};

// x [..., features], whose leading dims make up the rows; all shapes fit and all dtypes are one.
// Recorded as one node, whose backward walks back in time on plain data.
RecurrentOutput recurrent_layer(kernels::Recurrence kind, const Tensor& x,
                                const RecurrentSchedule& schedule, const RecurrentState& first,
                                const RecurrentWeights& weights);

// The same as a composition of differentiable ops: what derivatives of higher order come from.
RecurrentOutput composed_layer(kernels::Recurrence kind, const Tensor& x,
                               const RecurrentSchedule& schedule, const RecurrentState& first,
                               const RecurrentWeights& weights);

}  // namespace xgrad
