// Fused gradients that can be differentiated again. Private to the activations.
#pragma once

#include "xgrad/core/format.h"
#include "xgrad/ops/arithmetic.h"
#include "xgrad/ops/factories.h"
#include "xgrad/ops/unary.h"

namespace xgrad {

// dy s(v) by the kernel F, where v is an activation's input or output and s its slope there. The
// derivative by dy is the same kernel again; that by v is bend(c, v) = c s'(v), written with
// differentiable ops.
template <class F, class Bend>
Tensor slope(const char* op, const Tensor& dy, const Tensor& v, const MapParams& params,
             const Bend& bend) {
  Tensor result = map<F>(op, result_type({dy, v}), {dy, v}, params);
  if (autograd::recording(dy, v)) {
    autograd::record(op, result, {dy, v},
                     [op, dy = autograd::Saved(dy), v = autograd::Saved(v), params, bend](
                         const Tensor& c, autograd::Gradients& d) {
                       if (d.needs(0)) d[0] = slope<F>(op, c, v(), params, bend);
                       if (d.needs(1)) d[1] = bend(c * dy(), v());
                     });
  }
  return result;
}

// The bend of what is linear between its kinks.
inline constexpr auto straight = [](const Tensor& c, const Tensor&) { return zeros_like(c); };

// y = F(x) of numbers that F exists for, with gradient(dy, x).
template <class F, class Gradient>
Tensor activation(const char* op, const char* node, const Tensor& self, const MapParams& params,
                  const Gradient& gradient) {
  Tensor result = map<F>(op, self.scalar_type(), {self}, params);
  if (autograd::recording(self)) {
    autograd::record(node, result, {self},
                     [x = autograd::Saved(self), gradient](
                         const Tensor& dy, autograd::Gradients& dx) { dx[0] = gradient(dy, x()); });
  }
  return result;
}

}  // namespace xgrad
