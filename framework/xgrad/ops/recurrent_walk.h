// The steps of a recurrent layer on plain data, forward and backward in time. Private to
// ops/recurrent_layer.cpp; names and sizes as in ops/recurrent_layer.h.
#pragma once

#include "xgrad/ops/recurrent_layer.h"

namespace xgrad {

// What a layer computes for its rows, and keeps for backward.
struct RecurrentTape {
  Tensor gates;  // [rows, g]; before the walk: the products of w_ih with x
  Tensor h;      // [rows, n]
  Tensor c;      // lstm [rows, n]
  Tensor h_new;  // gru [rows, n], the state's part of the new gate
  Tensor y;      // [rows, p], h or its projection
};
void walk_forward(kernels::Recurrence kind, const RecurrentSchedule& schedule,
                  const RecurrentState& first, const RecurrentWeights& weights,
                  RecurrentTape& tape);

struct RecurrentTapeGradients {
  Tensor dgates;    // [rows, g], of the gates' products with x
  Tensor dh_gates;  // the same of those with the states: dgates but for the gru
  Tensor dy;        // [rows, p], where the lstm projects
  RecurrentState first;
};
// dy [rows, p] and the gradients of the last states may be undefined. The gradient of the first h
// is right only if `needs_first`.
RecurrentTapeGradients walk_backward(kernels::Recurrence kind, const RecurrentSchedule& schedule,
                                     const RecurrentState& first, const RecurrentWeights& weights,
                                     const RecurrentTape& tape, const Tensor& dy,
                                     const RecurrentState& dlast, bool needs_first);

// [rows, ...]: for each row the state before it; the first state where it is the sequence's first.
Tensor states_before(const RecurrentSchedule& schedule, const Tensor& states, const Tensor& first);
// [sequences, ...]: of each sequence the last row.
Tensor states_at_ends(const RecurrentSchedule& schedule, const Tensor& states);

}  // namespace xgrad
