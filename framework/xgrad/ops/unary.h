// The common forms of a differentiable function of one tensor. Private to the ops.
//
//   Tensor log(const Tensor& self) {
//     return of_input<kernels::Log>("log", "LogBackward0", self,
//                                   [](const Tensor& dy, const Tensor& x) { return dy / x; });
//   }
#pragma once

#include "xgrad/autograd/state.h"
#include "xgrad/ops/in_place.h"

namespace xgrad {

// y = F(x), with the gradient as a function of (dy, x). Integers become the default dtype where F
// is defined for floating numbers only.
template <class F, class Gradient>
Tensor of_input(const char* op, const char* node, const Tensor& self, const Gradient& gradient) {
  constexpr bool floating = F::types == kernels::Types::floating;
  const ScalarType type = floating ? floating_result_type({self}) : self.scalar_type();
  Tensor result = map<F>(op, type, {self});
  if (autograd::recording(self)) {
    autograd::record(node, result, {self},
                     [x = autograd::Saved(self), gradient](
                         const Tensor& dy, autograd::Gradients& dx) { dx[0] = gradient(dy, x()); });
  }
  return result;
}

// The same with the gradient as a function of (dy, y), which keeps the result instead of the input.
template <class F, class Gradient>
Tensor of_output(const char* op, const char* node, const Tensor& self, const Gradient& gradient) {
  Tensor result = map<F>(op, floating_result_type({self}), {self});
  if (autograd::recording(self)) {
    autograd::record(node, result, {self},
                     [y = autograd::saved_output(result), gradient](
                         const Tensor& dy, autograd::Gradients& dx) { dx[0] = gradient(dy, y()); });
  }
  return result;
}

// self = F(self): straight to the kernel where nothing is recorded, `function` otherwise.
template <class F, class Function>
Tensor& in_place(const char* op, const Tensor& self, const Function& function,
                 const MapParams& params = {}) {
  if (self.is_floating_point() && map_in_place<F>(op, self, {self}, params)) {
    return const_cast<Tensor&>(self);
  }
  return apply_in_place(op, self, function);
}

// self = F(self) with the gradient as a function of (dy, y): the result that is kept is self, so
// that nothing is copied, and a later change of it is noticed.
template <class F, class Gradient>
Tensor& of_output_in_place(const char* op, const char* node, const Tensor& self,
                           const Gradient& gradient, const MapParams& params = {}) {
  if (!autograd::recording(self)) {
    constexpr bool floating = F::types == kernels::Types::floating;
    return in_place<F>(
        op, self,
        [&](const Tensor& x) {
          return map<F>(op, floating ? floating_result_type({x}) : x.scalar_type(), {x}, params);
        },
        params);
  }
  const Tensor before = detail::history_before_change(op, self);
  map<F>(op, self.scalar_type(), {self}, params, self);
  autograd::bump_version(self);
  const Tensor y = self.detach();
  autograd::record(node, y, {before},
                   [y = autograd::saved_output(y), gradient](
                       const Tensor& dy, autograd::Gradients& dx) { dx[0] = gradient(dy, y()); });
  autograd::rebase_history(self, autograd::gradient_edge(y));
  return const_cast<Tensor&>(self);
}

// self = what `write` puts into it, whatever it held: its gradient ends here.
template <class Write>
Tensor& refill(const char* op, const Tensor& self, const Write& write) {
  autograd::check_in_place(op, self);
  write();
  autograd::bump_version(self);
  if (autograd::recording(self)) autograd::rebase_history(self, {});
  return const_cast<Tensor&>(self);
}

}  // namespace xgrad
