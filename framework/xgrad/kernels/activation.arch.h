// What the activations and their gradients compute;
// for map.arch.cpp only. Forms are those of functions.arch.h.
#pragma once

#include "xgrad/kernels/functions.arch.h"

namespace xgrad::kernels::XGRAD_ARCH_NAME {

template <class V>
XGRAD_INLINE V zero() {
  return constant<V>(0);
}

// x tanh(softplus(x)): with e = exp(x), tanh(log(1 + e)) = (e^2 + 2e) / (e^2 + 2e + 2), and 1 where
// e^2 would overflow.
template <class V>
XGRAD_INLINE V tanh_of_softplus(V x) {
  const V e = exp_to_both_ends(V(choose(x > constant<V>(20), constant<V>(20), x)));
  const V n = e * (e + constant<V>(2));
  return n / (n + constant<V>(2));
}
template <class V>
XGRAD_INLINE V apply(Mish, Params, V x) {
  return x * tanh_of_softplus(x);
}
// t + x (1 - t^2) sigmoid(x)
template <class V>
XGRAD_INLINE V apply(MishBackward, Params p, V dy, V x) {
  const V t = tanh_of_softplus(x);
  return dy * (t + x * (constant<V>(1) - t * t) * apply(Sigmoid{}, p, x));
}

template <class V>
XGRAD_INLINE V apply(Prelu, Params, V x, V weight) {
  return choose(x > zero<V>(), x, x * weight);
}

// sigmoid(-x), which keeps its digits at both ends.
template <class V>
XGRAD_INLINE V apply(LogSigmoidBackward, Params p, V dy, V x) {
  return dy * apply(Sigmoid{}, p, -x);
}

// With u = c (x + a x^3): 0.5 (1 + tanh u) + 0.5 x (1 - tanh^2 u) c (1 + 3 a x^2)
template <class V>
XGRAD_INLINE V apply(GeluTanhBackward, Params, V dy, V x) {
  const V c = constant<V>(0.79788456080286535588), a = constant<V>(0.044715);
  const V half = constant<V>(0.5), one = constant<V>(1);
  const V t = xsimd::tanh(c * (x + a * x * x * x));
  return dy * half * (one + t + x * (one - t * t) * c * (one + constant<V>(3) * a * x * x));
}

template <class V>
XGRAD_INLINE V relu6(V x) {
  const V low = choose(x < zero<V>(), zero<V>(), x);
  return choose(low > constant<V>(6), constant<V>(6), low);
}
template <class V>
XGRAD_INLINE V apply(Hardsigmoid, Params, V x) {
  return relu6(x + constant<V>(3)) / constant<V>(6);
}
template <class V>
XGRAD_INLINE V apply(Hardswish, Params, V x) {
  return x * relu6(x + constant<V>(3)) / constant<V>(6);
}
template <class V>
XGRAD_INLINE V apply(HardswishBackward, Params, V dy, V x) {
  const V inside = dy * (x / constant<V>(3) + constant<V>(0.5));
  return choose(x < constant<V>(-3), zero<V>(), choose(x <= constant<V>(3), inside, dy));
}

// params: lambda. As in PyTorch NaN becomes 0 in Softshrink and stays in Hardshrink.
template <class V>
XGRAD_INLINE V apply(Softshrink, Params p, V x) {
  const V l = constant<V>(p[0]);
  return choose(x > l, x - l, choose(x < -l, x + l, zero<V>()));
}
template <class V>
XGRAD_INLINE V apply(Hardshrink, Params p, V x) {
  const V l = constant<V>(p[0]);
  return choose(x >= -l, choose(x <= l, zero<V>(), x), x);
}
template <class V>
XGRAD_INLINE V apply(ShrinkBackward, Params p, V dy, V x) {
  const V l = constant<V>(p[0]);
  return choose(x >= -l, choose(x <= l, zero<V>(), dy), dy);
}

// params: threshold, value.
template <class V>
XGRAD_INLINE V apply(Threshold, Params p, V x) {
  return choose(x <= constant<V>(p[0]), constant<V>(p[1]), x);
}
template <class V>
XGRAD_INLINE V apply(ThresholdBackward, Params p, V dy, V x) {
  return choose(x <= constant<V>(p[0]), zero<V>(), dy);
}

// params: min, max. Nothing passes at the bounds themselves, unlike ClampBackward.
template <class V>
XGRAD_INLINE V apply(HardtanhBackward, Params p, V dy, V x) {
  return choose(x <= constant<V>(p[0]), zero<V>(), choose(x >= constant<V>(p[1]), zero<V>(), dy));
}

}  // namespace xgrad::kernels::XGRAD_ARCH_NAME
