// overwrite(): an op that changes some elements of a tensor and leaves the others, in its two
// forms, `y = scatter(x, ...)` and `x.scatter_(...)`, from one body.
#pragma once

#include "xgrad/autograd/in_place.h"
#include "xgrad/autograd/state.h"
#include "xgrad/ops/map.h"
#include "xgrad/ops/places.h"

namespace xgrad {

// Where the changes go. PyTorch's functions differ in the memory order of their copies, and in
// whether self may be expanded: of some changes it does not matter how often they are made.
enum class Into { self, expanded_self, copy, row_major_copy };

// write(y) changes y, plain data: a copy of self, or self's own elements. `source` (may be
// undefined) is the other input; backward fills dx[0] for self and dx[1] for source. All arguments
// must have been checked before: writing may not fail halfway.
template <class Write, class Backward>
Tensor overwrite(const char* op, const char* node, Into into, const Tensor& self,
                 const Tensor& source, const Write& write, Backward&& backward) {
  const bool in_place = into == Into::self || into == Into::expanded_self;
  if (in_place) autograd::check_history_change(op, self, autograd::needs_grad(source));
  // With a history it does matter: the gradient of a place is asked for once for each repeat.
  if (into == Into::self || (in_place && autograd::recording(self, source)))
    autograd::check_no_overlap(op, self);
  const Tensor y = in_place                       ? self.detach()
                   : into == Into::row_major_copy ? row_major(self.detach(), self)
                                                  : convert(self, self.scalar_type());
  write(y);
  const bool recorded = autograd::recording(self, source);
  // Self's edge is taken before its version counts on: that still is what self was before.
  if (recorded) autograd::record(node, y, {self, source}, std::forward<Backward>(backward));
  if (!in_place) return y;
  autograd::bump_version(self);
  if (recorded) autograd::rebase_history(self, autograd::gradient_edge(y));
  return self;
}

}  // namespace xgrad
