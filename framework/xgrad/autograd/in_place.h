// In-place ops and the tape: who may be changed in place, and how a tensor's history follows.
//
//   check_in_place("mul_", self, y.requires_grad());   // before anything is written
//   write(self, y);
//   bump_version(self);
//   if (recording(self, y)) rebase_history(self, gradient_edge(y));
#pragma once

#include "xgrad/autograd/record.h"

namespace xgrad::autograd {

// Before a change of `self` by `op`; `with_history`:
// what is written was recorded. Errors: those of the two below.
void check_in_place(const char* op, const Tensor& self, bool with_history = false);
// Errors: an inference tensor outside inference mode; while recording, a leaf that requires grad, a
// view of one, or a view that is not a plain one (state.h).
void check_history_change(const char* op, const Tensor& self, bool with_history = false);
// Errors: elements that share memory (expand).
void check_no_overlap(const char* op, const Tensor& self);
// Errors: `input` of the op shares some of the memory of `self`, in which the result goes, or all
// of it in another order. As in PyTorch, this is noticed of tensors that have no holes.
void check_no_partial_overlap(const char* op, const Tensor& self, const Tensor& input);
// The same for an op that may read any element of `input` after any of `self` was written: `input`
// may not be self either.
void check_apart(const char* op, const Tensor& self, const Tensor& input);

// After the change: autograd and saved tensors see a new version.
void bump_version(const Tensor& self);
// After a recorded change: self's history is now `value`'s, the edge of what was written into it;
// of a view, its base's too, in that region. `value` may well lead back to what self was before; an
// invalid one stands for constants.
void rebase_history(const Tensor& self, Edge value);
// The same where `value` does not lead back to what self was: that gets zeros, as in PyTorch.
void overwrite_history(const Tensor& self, Edge value);

}  // namespace xgrad::autograd
