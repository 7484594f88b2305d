#include "xgrad/ops/recurrent_walk.h"

#include <algorithm>
#include <cstring>
#include <optional>

#include "xgrad/core/allocator.h"
#include "xgrad/core/parallel.h"
#include "xgrad/kernels/recurrent.h"
#include "xgrad/ops/factories.h"
#include "xgrad/ops/packed_matrix.h"
#include "xgrad/ops/shape.h"

namespace xgrad {

using kernels::Recurrence;

namespace {

// A matrix by rows; absent rows are null.
template <class T>
class Rows {
 public:
  Rows() = default;
  explicit Rows(const Tensor& matrix) {
    if (!matrix.defined()) return;
    data_ = matrix.data_ptr<T>();
    width_ = matrix.size(1);
  }
  T* operator[](std::int64_t row) const { return data_ ? data_ + row * width_ : nullptr; }
  std::int64_t width() const { return width_; }

 private:
  T* data_ = nullptr;
  std::int64_t width_ = 0;
};

// The state before a run's first row.
template <class T>
const T* before(const RecurrentRun& run, const Rows<T>& states, const Rows<T>& first) {
  return run.before == RecurrentRun::kInitial ? first[run.sequence] : states[run.before];
}

// The part of a run that belongs to sequences first..last-1.
RecurrentRun clipped(RecurrentRun run, std::int64_t first, std::int64_t last) {
  const std::int64_t from = std::max(run.sequence, first),
                     to = std::min(run.sequence + run.count, last), skipped = from - run.sequence;
  run.at += skipped;
  if (run.before != RecurrentRun::kInitial) run.before += skipped;
  run.sequence = from;
  run.count = std::max<std::int64_t>(to - from, 0);
  return run;
}

// Sequences are independent, so a piece of work is all steps of some of them: threads meet once a
// layer, not once a step. 16 rows keep a product at the processor's peak.
std::int64_t rows_of_piece(const RecurrentSchedule& schedule, const Tensor& w_hh) {
  constexpr std::int64_t kPieceWork = std::int64_t{1} << 20;
  const std::int64_t work =
      schedule.rows * w_hh.numel() / std::max<std::int64_t>(schedule.sequences, 1);
  return std::max<std::int64_t>(16, kPieceWork / std::max<std::int64_t>(work, 1));
}

// The weights of a walk, once for all its steps.
template <class T>
PackedMatrix<T> packed(const Tensor& matrix, const RecurrentSchedule& schedule, std::int64_t rows) {
  return PackedMatrix<T>(matrix, std::min(rows, schedule.sequences),
                         static_cast<std::int64_t>(schedule.batch_sizes.size()));
}

struct Biases {
  Tensor x, h;  // [g] and, of the gru's new gate, [n]
};

// The biases of x and of the state are one sum, except where the gru's reset gate comes in between.
Biases biases_of(Recurrence kind, const RecurrentWeights& weights) {
  const std::int64_t gates = weights.w_hh.size(0), n = gates / kernels::gates_of(kind);
  if (!weights.b_ih.defined()) {
    return {zeros({gates}, weights.w_hh.options()), zeros({n}, weights.w_hh.options())};
  }
  if (kind != Recurrence::gru) return {weights.b_ih.add(weights.b_hh).contiguous(), {}};
  const std::int64_t summed = 2 * n;
  return {cat({weights.b_ih.narrow(0, 0, summed).add(weights.b_hh.narrow(0, 0, summed)),
               weights.b_ih.narrow(0, summed, n)}),
          weights.b_hh.narrow(0, summed, n).contiguous()};
}

template <class T>
void forward(Recurrence kind, const RecurrentSchedule& schedule, const RecurrentState& first,
             const RecurrentWeights& weights, RecurrentTape& tape) {
  const Rows<T> gates(tape.gates), h(tape.h), c(tape.c), h_new(tape.h_new), y(tape.y),
      first_h(first.h), first_c(first.c);
  const Biases biases = biases_of(kind, weights);
  const std::int64_t piece = rows_of_piece(schedule, weights.w_hh);
  std::optional<PackedMatrix<T>> w_hh, w_hr;
  if (first.h.defined() || schedule.batch_sizes.size() > 1) {
    w_hh = packed<T>(weights.w_hh.t(), schedule, piece);
  }
  if (weights.w_hr.defined()) w_hr = packed<T>(weights.w_hr.t(), schedule, piece);
  const T* h_bias = biases.h.defined() ? biases.h.data_ptr<T>() : nullptr;
  const bool apart = kind == Recurrence::gru;  // x's and the state's products
  const auto kernel = kernels::recurrent_kernels<T>().forward[static_cast<int>(kind)];
  parallel_for(0, schedule.sequences, piece, [&](std::int64_t from, std::int64_t to) {
    memory::Buffer<T> scratch(static_cast<std::size_t>(apart ? (to - from) * gates.width() : 0));
    for (const RecurrentRun& whole : schedule.steps) {
      const RecurrentRun run = clipped(whole, from, to);
      if (run.count == 0) continue;
      const T* h_before = before(run, y, first_h);
      T* products = apart ? scratch.data() : gates[run.at];
      if (h_before) w_hh->multiply(run.count, h_before, products, !apart);
      kernel({run.count, h.width(), gates[run.at], biases.x.data_ptr<T>(),
              h_before ? products : nullptr, h_bias, h_before, before(run, c, first_c), h[run.at],
              c[run.at], h_new[run.at]});
      if (w_hr) w_hr->multiply(run.count, h[run.at], y[run.at], false);
    }
  });
}

// sum = a + b, a may be null.
template <class T>
void add(std::int64_t n, const T* a, const T* b, T* sum) {
  for (std::int64_t i = 0; i < n; ++i) sum[i] = a ? a[i] + b[i] : b[i];
}

template <class T>
void backward(Recurrence kind, const RecurrentSchedule& schedule, const RecurrentState& first,
              const RecurrentWeights& weights, const RecurrentTape& tape, const Tensor& dy_tensor,
              bool needs_first, RecurrentTapeGradients& gradients) {
  const Rows<T> gates(tape.gates), h(tape.h), c(tape.c), h_new(tape.h_new), y(tape.y),
      first_h(first.h), first_c(first.c);
  const Rows<T> dy(dy_tensor), dgates(gradients.dgates), dh_gates(gradients.dh_gates),
      total(gradients.dy), dh(gradients.first.h), dc(gradients.first.c);
  const std::int64_t piece = rows_of_piece(schedule, weights.w_hh);
  std::optional<PackedMatrix<T>> w_hh, w_hr;
  if (needs_first || schedule.batch_sizes.size() > 1) {
    w_hh = packed<T>(weights.w_hh, schedule, piece);
  }
  if (weights.w_hr.defined()) w_hr = packed<T>(weights.w_hr, schedule, piece);
  const auto kernel = kernels::recurrent_kernels<T>().backward[static_cast<int>(kind)];
  parallel_for(0, schedule.sequences, piece, [&](std::int64_t from, std::int64_t to) {
    memory::Buffer<T> scratch(static_cast<std::size_t>(w_hr ? (to - from) * h.width() : 0));
    for (auto whole = schedule.steps.rbegin(); whole != schedule.steps.rend(); ++whole) {
      const RecurrentRun run = clipped(*whole, from, to);
      if (run.count == 0) continue;
      const T* given = dy[run.at];
      T* carried = dh[run.sequence];
      if (w_hr) {
        add(run.count * dh.width(), given, carried, total[run.at]);
        w_hr->multiply(run.count, total[run.at], scratch.data(), false);
        given = scratch.data();
      }
      kernel({run.count, h.width(), gates[run.at], before(run, y, first_h), before(run, c, first_c),
              h[run.at], c[run.at], h_new[run.at], given, w_hr ? nullptr : carried,
              dc[run.sequence], dgates[run.at], dh_gates[run.at]});
      if (run.before == RecurrentRun::kInitial && !needs_first) continue;
      w_hh->multiply(run.count, dh_gates[run.at], carried, kind == Recurrence::gru);
    }
  });
}

// A copy to write on, or zeros.
Tensor copy_or_zeros(const Tensor& tensor, const Dims& sizes, const Tensor& like) {
  return tensor.defined() ? tensor.clone(MemoryFormat::Contiguous) : zeros(sizes, like.options());
}

// Rows from..from+count-1 of `source` to those from `to` on of `target`.
void copy_rows(const Tensor& source, std::int64_t from, const Tensor& target, std::int64_t to,
               std::int64_t count) {
  const std::int64_t bytes =
      source.size(1) * static_cast<std::int64_t>(elementSize(source.scalar_type()));
  std::memcpy(static_cast<char*>(target.data_ptr()) + to * bytes,
              static_cast<const char*>(source.data_ptr()) + from * bytes,
              static_cast<std::size_t>(count * bytes));
}

}  // namespace

void walk_forward(Recurrence kind, const RecurrentSchedule& schedule, const RecurrentState& first,
                  const RecurrentWeights& weights, RecurrentTape& tape) {
  const std::int64_t n = weights.w_hh.size(0) / kernels::gates_of(kind);
  const ScalarType type = tape.gates.scalar_type();
  tape.h = make_tensor({schedule.rows, n}, type);
  if (kind == Recurrence::lstm) tape.c = make_tensor({schedule.rows, n}, type);
  if (kind == Recurrence::gru) tape.h_new = make_tensor({schedule.rows, n}, type);
  tape.y =
      weights.w_hr.defined() ? make_tensor({schedule.rows, weights.w_hr.size(0)}, type) : tape.h;
  dispatch_floating(
      type, [&](auto zero) { forward<decltype(zero)>(kind, schedule, first, weights, tape); });
}

RecurrentTapeGradients walk_backward(Recurrence kind, const RecurrentSchedule& schedule,
                                     const RecurrentState& first, const RecurrentWeights& weights,
                                     const RecurrentTape& tape, const Tensor& dy,
                                     const RecurrentState& dlast, bool needs_first) {
  const std::int64_t p = tape.y.size(1), n = tape.h.size(1);
  const ScalarType type = tape.gates.scalar_type();
  RecurrentTapeGradients gradients;
  gradients.dgates = make_tensor(tape.gates.sizes(), type);
  gradients.dh_gates =
      kind == Recurrence::gru ? make_tensor(tape.gates.sizes(), type) : gradients.dgates;
  if (weights.w_hr.defined()) gradients.dy = make_tensor(tape.y.sizes(), type);
  gradients.first.h = copy_or_zeros(dlast.h, {schedule.sequences, p}, tape.h);
  if (kind == Recurrence::lstm) {
    gradients.first.c = copy_or_zeros(dlast.c, {schedule.sequences, n}, tape.h);
  }
  dispatch_floating(type, [&](auto zero) {
    backward<decltype(zero)>(kind, schedule, first, weights, tape, dy, needs_first, gradients);
  });
  return gradients;
}

Tensor states_before(const RecurrentSchedule& schedule, const Tensor& states, const Tensor& first) {
  const Tensor result = make_tensor(states.sizes(), states.scalar_type());
  for (const RecurrentRun& run : schedule.steps) {
    if (run.before != RecurrentRun::kInitial) {
      copy_rows(states, run.before, result, run.at, run.count);
    } else if (first.defined()) {
      copy_rows(first, run.sequence, result, run.at, run.count);
    } else {
      result.narrow(0, run.at, run.count).zero_();
    }
  }
  return result;
}

Tensor states_at_ends(const RecurrentSchedule& schedule, const Tensor& states) {
  const Tensor result = make_tensor({schedule.sequences, states.size(1)}, states.scalar_type());
  for (const RecurrentRun& run : schedule.ends) {
    copy_rows(states, run.at, result, run.sequence, run.count);
  }
  return result;
}

}  // namespace xgrad
