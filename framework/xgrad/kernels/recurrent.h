// The elementwise part of a step of a recurrent layer, forward and backward, each in one pass over
// the gates. The products with the weights are the caller's. All matrices are row-major and dense.
//
//   const auto& kernels = kernels::recurrent_kernels<float>();
//   kernels.forward[static_cast<int>(Recurrence::lstm)](step);
#pragma once

#include <cstdint>

namespace xgrad::kernels {

enum class Recurrence { rnn_tanh, rnn_relu, lstm, gru };
constexpr int kRecurrences = 4;

// How many gates there are, in the order of the weights' rows: one; one; input, forget, cell,
// output; reset, update, new.
constexpr std::int64_t gates_of(Recurrence kind) {
  return kind == Recurrence::lstm ? 4 : kind == Recurrence::gru ? 3 : 1;
}

// One step of `rows` sequences; n = hidden, g = gates * n. Of the gru, what the new gate has of x
// and of h_before is added after the reset gate was applied, so h_before's products come apart.
template <class T>
struct RecurrentStep {
  std::int64_t rows, hidden;
  // [rows, g]. In: the products of the weights with x and (but for the gru) with h_before. Out: the
  // gates' values, but for rnn_tanh and rnn_relu, whose only one is h.
  T* gates;
  const T* bias;      // [g], the sum of both; of the gru's new gate x's alone
  const T* h_gates;   // gru [rows, g]: the products with h_before; null for zeros
  const T* h_bias;    // gru [n]: the new gate's bias that goes with h_before
  const T* h_before;  // gru [rows, n]; null for zeros
  const T* c_before;  // lstm [rows, n]; null for zeros
  T* h;               // out [rows, n]
  T* c;               // lstm, out [rows, n]
  T* h_new;           // gru, out [rows, n]: what the new gate has of h_before
};

// The same back: from the gradients of h and c to those of the products. What forward gave is read.
template <class T>
struct RecurrentStepBackward {
  std::int64_t rows, hidden;
  const T *gates, *h_before, *c_before, *h, *c, *h_new;
  const T* dh;  // [rows, n], may be null
  // [rows, n], the rest of h's gradient, may be null;
  // gru, out: h_before's, but for what comes through h_gates.
  T* dh_carried;
  T* dc;        // lstm [rows, n], out: c_before's
  T* dgates;    // out [rows, g]
  T* dh_gates;  // gru, out [rows, g]
};

template <class T>
struct RecurrentKernels {
  void (*forward[kRecurrences])(const RecurrentStep<T>& step);
  void (*backward[kRecurrences])(const RecurrentStepBackward<T>& step);
};

struct RecurrentTable {
  RecurrentKernels<float> f32;
  RecurrentKernels<double> f64;
};
// Of the active instruction set.
const RecurrentTable& recurrent_table();

template <class T>
const RecurrentKernels<T>& recurrent_kernels();
template <>
inline const RecurrentKernels<float>& recurrent_kernels() {
  return recurrent_table().f32;
}
template <>
inline const RecurrentKernels<double>& recurrent_kernels() {
  return recurrent_table().f64;
}

}  // namespace xgrad::kernels
