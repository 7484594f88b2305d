// How an op gets its in-place form: `x.exp_()` is exp(x)
// written back into x, with x's history after it.
#pragma once

#include "xgrad/autograd/in_place.h"
#include "xgrad/ops/map.h"

namespace xgrad {

// x.op_(): runs `f` (a differentiable function of one tensor) and puts its value and history into
// self. Where a gradient is recorded, f gets a copy of self, so that what it saves survives the
// change. Errors: self may not be changed in place; the result's dtype cannot be stored in self
// ("result type Float can't be cast to Long"); one of `inputs`, the other tensors of f, overlaps
// self in part.
template <class F>
Tensor& apply_in_place(const char* op, const Tensor& self, const F& f,
                       autograd::Inputs inputs = {});

namespace detail {
// Self before the change, for recording: a copy with self's history.
Tensor before_change(const char* op, const Tensor& self);
// An alias of self with the history from before the change: an input for record().
Tensor history_before_change(const char* op, const Tensor& self);
// Writes value into self and, if it was recorded, hands its history to self.
Tensor& finish_change(const char* op, const Tensor& self, const Tensor& value);
}  // namespace detail

// Errors: a result of dtype `from` may not be stored in a tensor of dtype `to` (floating into
// integral, anything into bool).
void check_storable(const char* op, ScalarType from, ScalarType to);

template <class F>
Tensor& apply_in_place(const char* op, const Tensor& self, const F& f, autograd::Inputs inputs) {
  const Tensor before = detail::before_change(op, self);
  for (const autograd::Input& input : inputs) {
    autograd::check_no_partial_overlap(op, self, *input);
  }
  return detail::finish_change(op, self, f(before));
}

// The fast road for kernels: self = F(operands) where nothing is recorded. False if something is:
// take apply_in_place then.
template <class F>
bool map_in_place(const char* op, const Tensor& self, Operands operands,
                  const MapParams& params = {}) {
  if (GradMode::is_enabled()) {
    for (const Operand& operand : operands) {
      if (operand.is_tensor() && autograd::needs_grad(operand.tensor())) return false;
    }
    if (autograd::needs_grad(self)) return false;
  }
  const ScalarType type = result_type(operands);
  if (type != self.scalar_type()) return false;
  autograd::check_in_place(op, self);
  for (const Operand& operand : operands) {
    if (operand.is_tensor()) autograd::check_no_partial_overlap(op, self, operand.tensor());
  }
  map<F>(op, type, operands, params, self);
  autograd::bump_version(self);
  return true;
}

}  // namespace xgrad
