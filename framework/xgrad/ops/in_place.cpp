#include "xgrad/ops/in_place.h"

#include "xgrad/autograd/state.h"
#include "xgrad/core/format.h"

namespace xgrad {

void check_storable(const char* op, ScalarType from, ScalarType to) {
  check(canCast(from, to), "{}: the result is {}, which cannot be stored in a tensor of {}", op,
        dtype_name(from), dtype_name(to));
}

namespace detail {

Tensor before_change(const char* op, const Tensor& self) {
  autograd::check_in_place(op, self);
  if (!autograd::recording(self)) return self.detach();
  const autograd::Edge history = autograd::gradient_edge(self);
  const Tensor copy = convert(self, self.scalar_type());
  autograd::set_history(copy, history.function, history.input_nr);
  return copy;
}

Tensor history_before_change(const char* op, const Tensor& self) {
  autograd::check_in_place(op, self);
  const autograd::Edge history = autograd::gradient_edge(self);
  const Tensor alias = self.detach();
  autograd::set_history(alias, history.function, history.input_nr);
  return alias;
}

Tensor& finish_change(const char* op, const Tensor& self, const Tensor& value) {
  check_storable(op, value.scalar_type(), self.scalar_type());
  check(value.sizes() == self.sizes(),
        "{}: the result has shape {}, but the tensor that it is to be stored in has {}", op,
        value.sizes(), self.sizes());
  autograd::check_history_change(op, self, value.requires_grad());
  copy_into(self, value);
  autograd::bump_version(self);
  if (GradMode::is_enabled() && value.requires_grad()) {
    const Tensor stored =
        value.scalar_type() == self.scalar_type() ? value : value.to(self.scalar_type());
    autograd::rebase_history(self, autograd::gradient_edge(stored));
  }
  return const_cast<Tensor&>(self);
}

}  // namespace detail
}  // namespace xgrad
