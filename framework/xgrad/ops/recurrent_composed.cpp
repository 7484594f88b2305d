#include "xgrad/kernels/recurrent.h"
#include "xgrad/ops/arithmetic.h"
#include "xgrad/ops/matmul.h"
#include "xgrad/ops/recurrent_layer.h"
#include "xgrad/ops/shape.h"

namespace xgrad {

using kernels::Recurrence;

namespace {

// x_gates, h_gates [m, g] with their biases. Formulas: those of kernels/recurrent.arch.cpp.
RecurrentState step(Recurrence kind, const Tensor& x_gates, const Tensor& h_gates,
                    const RecurrentState& before) {
  if (kind == Recurrence::gru) {
    const auto x = x_gates.chunk(3, 1), h = h_gates.chunk(3, 1);
    const Tensor r = (x[0] + h[0]).sigmoid(), z = (x[1] + h[1]).sigmoid();
    const Tensor fresh = (x[2] + r * h[2]).tanh();
    return {fresh + z * (before.h - fresh), {}};
  }
  const Tensor sum = x_gates + h_gates;
  if (kind == Recurrence::rnn_tanh) return {sum.tanh(), {}};
  if (kind == Recurrence::rnn_relu) return {sum.relu(), {}};
  const auto gates = sum.chunk(4, 1);
  const Tensor c = gates[1].sigmoid() * before.c + gates[0].sigmoid() * gates[2].tanh();
  return {gates[3].sigmoid() * c.tanh(), c};
}

Tensor with_bias(const Tensor& product, const Tensor& bias) {
  return bias.defined() ? product + bias : product;
}

// The states before a step of `count` sequences: those of the step walked last, without the
// sequences that ended there or with the first states of those that join here.
Tensor resized(const Tensor& states, const Tensor& first, std::int64_t count) {
  if (!states.defined()) return states;
  const std::int64_t had = states.size(0);
  if (had >= count) return states.narrow(0, 0, count);
  return cat({states, first.narrow(0, had, count - had)});
}

// states_at_ends(), differentiable.
Tensor at_ends(const RecurrentSchedule& schedule, const Tensor& states) {
  std::vector<Tensor> parts;
  for (auto run = schedule.ends.rbegin(); run != schedule.ends.rend(); ++run) {
    parts.push_back(states.narrow(0, run->at, run->count));
  }
  return parts.empty() ? states : cat(parts);
}

}  // namespace

RecurrentOutput composed_layer(Recurrence kind, const Tensor& x, const RecurrentSchedule& schedule,
                               const RecurrentState& first, const RecurrentWeights& weights) {
  const auto& sizes = schedule.batch_sizes;
  const bool has_c = kind == Recurrence::lstm;
  const std::int64_t p = weights.w_hh.size(1), n = weights.w_hh.size(0) / kernels::gates_of(kind);
  RecurrentState initial = first;
  if (!initial.h.defined()) initial.h = x.new_zeros({schedule.sequences, p});
  if (!initial.c.defined() && has_c) initial.c = x.new_zeros({schedule.sequences, n});

  const Tensor x_gates =
      with_bias(matmul(x.reshape({schedule.rows, x.size(-1)}), weights.w_ih.t()), weights.b_ih);
  std::vector<Tensor> h(sizes.size()), c(sizes.size());
  RecurrentState state{resized(initial.h, {}, 0), resized(initial.c, {}, 0)};
  std::int64_t at = schedule.reverse ? schedule.rows : 0;
  for (std::size_t walked = 0; walked < sizes.size(); ++walked) {
    const std::size_t t = schedule.reverse ? sizes.size() - 1 - walked : walked;
    const std::int64_t count = sizes[t];
    if (schedule.reverse) at -= count;
    state = {resized(state.h, initial.h, count), resized(state.c, initial.c, count)};
    const Tensor h_gates = with_bias(matmul(state.h, weights.w_hh.t()), weights.b_hh);
    state = step(kind, x_gates.narrow(0, at, count), h_gates, state);
    if (weights.w_hr.defined()) state.h = matmul(state.h, weights.w_hr.t());
    h[t] = state.h;
    c[t] = state.c;
    if (!schedule.reverse) at += count;
  }
  const Tensor y = cat(h);
  Dims shape(x.sizes());
  shape.back() = p;
  return {y.view(shape), {at_ends(schedule, y), has_c ? at_ends(schedule, cat(c)) : Tensor()}};
}

}  // namespace xgrad
