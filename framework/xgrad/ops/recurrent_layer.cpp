#include "xgrad/ops/recurrent_layer.h"

#include <array>

#include "xgrad/autograd/engine.h"
#include "xgrad/autograd/record.h"
#include "xgrad/kernels/recurrent.h"
#include "xgrad/ops/einsum.h"
#include "xgrad/ops/recurrent_walk.h"

namespace xgrad {

using namespace autograd;
using kernels::Recurrence;

namespace {

// The tensors that a layer is a function of, in the order in which they are recorded.
enum Position : std::size_t { kX, kH, kC, kWih, kWhh, kBih, kBhh, kWhr, kInputs };

// What backward needs of a forward.
struct Kept {
  Recurrence kind;
  RecurrentSchedule schedule;
  std::array<Saved, kInputs> inputs;
  RecurrentTape tape;
};

Tensor dense(const Tensor& tensor) { return tensor.defined() ? tensor.contiguous() : tensor; }
RecurrentState dense(const RecurrentState& state) { return {dense(state.h), dense(state.c)}; }

void fused_backward(const Kept& kept, TensorList dy, Gradients& dx) {
  const auto& in = kept.inputs;
  const RecurrentSchedule& schedule = kept.schedule;
  const RecurrentState first = dense(RecurrentState{in[kH](), in[kC]()});
  const Tensor dy_rows = dy[0].defined() ? dy[0].contiguous().view(kept.tape.y.sizes()) : Tensor();
  const RecurrentTapeGradients d = walk_backward(
      kept.kind, schedule, first, {{}, in[kWhh](), {}, {}, in[kWhr]()}, kept.tape, dy_rows,
      dense(RecurrentState{dy[1], kept.kind == Recurrence::lstm ? dy[2] : Tensor()}), dx.needs(kH));
  if (dx.needs(kH)) dx[kH] = d.first.h;
  if (dx.needs(kC)) dx[kC] = d.first.c;
  if (dx.needs(kX) || dx.needs(kWih)) {
    const Tensor x = in[kX]();
    Dims sizes(x.sizes());
    sizes.back() = d.dgates.size(1);
    const Tensor dgates = d.dgates.view(sizes);
    if (dx.needs(kX)) dx[kX] = einsum("...g,gi->...i", {dgates, in[kWih]()});
    if (dx.needs(kWih)) dx[kWih] = einsum("...g,...i->gi", {dgates, x});
  }
  if (dx.needs(kWhh)) {
    const Tensor before = states_before(schedule, kept.tape.y, first.h);
    dx[kWhh] = einsum("rg,rp->gp", {d.dh_gates, before});
  }
  if (dx.needs(kBih)) dx[kBih] = d.dgates.sum(0);
  if (dx.needs(kBhh)) {
    const bool same = kept.kind != Recurrence::gru && dx.needs(kBih);
    dx[kBhh] = same ? dx[kBih].clone() : d.dh_gates.sum(0);
  }
  if (dx.needs(kWhr)) dx[kWhr] = einsum("rp,rn->pn", {d.dy, kept.tape.h});
}

// Runs the layer again as a composition and walks back through that. The composition begins at
// aliases of the inputs, so that the walk ends there even where one input was made from another.
void composed_backward(const Kept& kept, TensorList dy, Gradients& dx) {
  std::array<Tensor, kInputs> in;
  variable_list wanted;
  for (std::size_t i = 0; i < kInputs; ++i) {
    in[i] = kept.inputs[i]();
    if (!in[i].defined()) continue;
    in[i] = in[i].alias();
    if (dx.needs(i)) wanted.push_back(in[i]);
  }
  const RecurrentOutput out = composed_layer(kept.kind, in[kX], kept.schedule, {in[kH], in[kC]},
                                             {in[kWih], in[kWhh], in[kBih], in[kBhh], in[kWhr]});
  variable_list outputs, gradients;
  const std::array<Tensor, 3> made{out.y, out.last.h, out.last.c};
  for (std::size_t i = 0; i < dy.size(); ++i) {
    if (!dy[i].defined()) continue;
    outputs.push_back(made[i]);
    gradients.push_back(dy[i]);
  }
  const variable_list found = autograd::grad(outputs, wanted, gradients, true, true, true);
  for (std::size_t i = 0, next = 0; i < kInputs; ++i) {
    if (in[i].defined() && dx.needs(i)) dx[i] = found[next++];
  }
}

}  // namespace

RecurrentOutput recurrent_layer(Recurrence kind, const Tensor& x, const RecurrentSchedule& schedule,
                                const RecurrentState& first, const RecurrentWeights& weights) {
  const Tensor *h = &first.h, *c = &first.c;
  const auto& [w_ih, w_hh, b_ih, b_hh, w_hr] = weights;
  const bool recorded = recording(x, *h, *c, w_ih, w_hh, b_ih, b_hh, w_hr);
  RecurrentTape tape;
  RecurrentOutput out;
  {
    const NoGradGuard no_grad;
    Dims sizes(x.sizes());
    sizes.back() = w_hh.size(0);
    tape.gates = einsum("...i,gi->...g", {x, w_ih}).view({schedule.rows, w_hh.size(0)});
    walk_forward(kind, schedule, dense(first), weights, tape);
    sizes.back() = tape.y.size(1);
    // A copy where backward needs the states: the caller may change what it gets in place.
    out.y = make_alias(recorded ? tape.y.clone() : tape.y, sizes, contiguous_strides(sizes), 0);
    out.last.h = states_at_ends(schedule, tape.y);
    if (kind == Recurrence::lstm) out.last.c = states_at_ends(schedule, tape.c);
  }
  if (recorded) {
    Kept kept{kind,
              schedule,
              {Saved(x), Saved(*h), Saved(*c), Saved(w_ih), Saved(w_hh), Saved(b_ih), Saved(b_hh),
               Saved(w_hr)},
              std::move(tape)};
    record("RecurrentLayerBackward0", {out.y, out.last.h, out.last.c},
           {x, *h, *c, w_ih, w_hh, b_ih, b_hh, w_hr},
           [kept = std::move(kept)](TensorList dy, Gradients& dx) {
             if (GradMode::is_enabled() && kept.schedule.rows > 0) {
               composed_backward(kept, dy, dx);
             } else {
               fused_backward(kept, dy, dx);
             }
           });
  }
  return out;
}

}  // namespace xgrad
