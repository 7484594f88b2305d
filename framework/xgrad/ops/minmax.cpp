#include "xgrad/ops/minmax.h"

#include <cmath>
#include <limits>

#include "xgrad/core/format.h"
#include "xgrad/ops/arithmetic.h"
#include "xgrad/ops/comparison.h"
#include "xgrad/ops/factories.h"
#include "xgrad/ops/slope.h"
#include "xgrad/ops/where.h"

namespace xgrad {

using namespace autograd;

namespace {

// The gradient of an extremum: to where `loses` is false, and half of it where both are equal.
Tensor share(const Tensor& dy, const Tensor& a, const Tensor& b, const Tensor& loses) {
  return where(loses, 0, where(a == b, dy / 2, dy));
}

}  // namespace

Tensor maximum(const Tensor& a, const Tensor& b) {
  Tensor result = map<kernels::Maximum>("maximum", result_type({a, b}), {a, b});
  if (recording(a, b)) {
    record("MaximumBackward0", result, {a, b},
           [a = Saved(a), b = Saved(b)](const Tensor& dy, Gradients& dx) {
             const Tensor u = a(), v = b();
             if (dx.needs(0)) dx[0] = share(dy, u, v, u < v);
             if (dx.needs(1)) dx[1] = share(dy, u, v, u > v);
           });
  }
  return result;
}
Tensor minimum(const Tensor& a, const Tensor& b) {
  Tensor result = map<kernels::Minimum>("minimum", result_type({a, b}), {a, b});
  if (recording(a, b)) {
    record("MinimumBackward0", result, {a, b},
           [a = Saved(a), b = Saved(b)](const Tensor& dy, Gradients& dx) {
             const Tensor u = a(), v = b();
             if (dx.needs(0)) dx[0] = share(dy, u, v, u > v);
             if (dx.needs(1)) dx[1] = share(dy, u, v, u < v);
           });
  }
  return result;
}
Tensor fmax(const Tensor& a, const Tensor& b) {
  if (result_type({a, b}) == kBool) return maximum(a, b);
  Tensor result = map<kernels::Fmax>("fmax", result_type({a, b}), {a, b});
  if (recording(a, b)) {
    record("FmaxBackward0", result, {a, b},
           [a = Saved(a), b = Saved(b)](const Tensor& dy, Gradients& dx) {
             const Tensor from_a = (a() >= b()) | isnan(b());
             if (dx.needs(0)) dx[0] = where(from_a, dy, 0);
             if (dx.needs(1)) dx[1] = where(from_a, 0, dy);
           });
  }
  return result;
}
Tensor fmin(const Tensor& a, const Tensor& b) {
  if (result_type({a, b}) == kBool) return minimum(a, b);
  Tensor result = map<kernels::Fmin>("fmin", result_type({a, b}), {a, b});
  if (recording(a, b)) {
    record("FminBackward0", result, {a, b},
           [a = Saved(a), b = Saved(b)](const Tensor& dy, Gradients& dx) {
             const Tensor from_a = (a() <= b()) | isnan(b());
             if (dx.needs(0)) dx[0] = where(from_a, dy, 0);
             if (dx.needs(1)) dx[1] = where(from_a, 0, dy);
           });
  }
  return result;
}
Tensor max(const Tensor& a, const Tensor& b) { return maximum(a, b); }
Tensor min(const Tensor& a, const Tensor& b) { return minimum(a, b); }

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

bool is_nan(const optional<Scalar>& bound) { return bound && std::isnan(bound->toDouble()); }

// The bounds as the elements' type has them: of uint8 a negative one wraps, as in PyTorch. One that
// is not given bounds nothing.
MapParams bounds_in(ScalarType type, const optional<Scalar>& min, const optional<Scalar>& max) {
  return dispatch(type, [&](auto zero) {
    using T = decltype(zero);
    return MapParams{min ? static_cast<double>(min->to<T>()) : -kInfinity,
                     max ? static_cast<double>(max->to<T>()) : kInfinity};
  });
}

Tensor clamp_named(const char* op, const char* node, const Tensor& x, const optional<Scalar>& min,
                   const optional<Scalar>& max) {
  check(min || max, "{}: neither min nor max is given, expected at least one", op);
  const ScalarType type = result_type({x, min ? *min : *max, max ? *max : *min});
  const MapParams params = bounds_in(type, min, max);
  // NaN as a bound makes everything NaN.
  Tensor result = is_nan(min) || is_nan(max)
                      ? map<kernels::Maximum>(op, type, {x, Scalar(is_nan(min) ? *min : *max)})
                      : map<kernels::Clamp>(op, type, {x}, params);
  if (recording(x)) {
    // Of x only the side of the bounds counts: its own second derivative is not zero, but none.
    record(node, result, {x}, [x = Saved(x.detach()), params](const Tensor& dy, Gradients& dx) {
      dx[0] = slope<kernels::ClampBackward>("ClampBackwardBackward0", dy, x(), params, straight);
    });
  }
  return result;
}

// min(max(x, low), high): x has the gradient within the bounds, the bound that was taken elsewhere.
Tensor clamp_between(const Tensor& x, const Tensor& low, const Tensor& high) {
  const ScalarType type = result_type({x, low, high});
  check(type != kBool, "clamp: not defined for dtype bool");
  const Tensor raised = map<kernels::Maximum>("clamp", type, {x, low});
  Tensor result = map<kernels::Minimum>("clamp", type, {raised, high});
  if (recording(x, low, high)) {
    record("ClampBackward0", result, {x, low, high},
           [x = Saved(x), low = Saved(low), high = Saved(high)](const Tensor& dy, Gradients& d) {
             const Tensor u = x(), a = low(), b = high();
             if (d.needs(0)) d[0] = where((u >= a) & (u <= b), dy, 0);
             if (d.needs(1)) d[1] = where((u < a) & (a < b), dy, 0);
             if (d.needs(2)) d[2] = where((u > b) | (b < a), dy, 0);
           });
  }
  return result;
}

}  // namespace

Tensor clamp(const Tensor& x, const optional<Scalar>& min, const optional<Scalar>& max) {
  return clamp_named("clamp", "ClampBackward1", x, min, max);
}
Tensor clamp(const Tensor& x, const optional<Tensor>& min, const optional<Tensor>& max) {
  const bool has_min = min && min->defined(), has_max = max && max->defined();
  check(has_min || has_max, "clamp: neither min nor max is given, expected at least one");
  if (has_min && has_max) return clamp_between(x, *min, *max);
  return has_min ? clamp_min(x, *min) : clamp_max(x, *max);
}
Tensor clip(const Tensor& x, const optional<Scalar>& min, const optional<Scalar>& max) {
  return clamp(x, min, max);
}
Tensor clip(const Tensor& x, const optional<Tensor>& min, const optional<Tensor>& max) {
  return clamp(x, min, max);
}
Tensor clamp_min(const Tensor& x, const Scalar& min) {
  return clamp_named("clamp_min", "ClampMinBackward0", x, min, nullopt);
}
Tensor clamp_max(const Tensor& x, const Scalar& max) {
  return clamp_named("clamp_max", "ClampMaxBackward0", x, nullopt, max);
}
Tensor clamp_min(const Tensor& x, const Tensor& min) {
  Tensor result = map<kernels::Maximum>("clamp_min", result_type({x, min}), {x, min});
  if (recording(x, min)) {
    record("ClampMinBackward1", result, {x, min},
           [x = Saved(x), min = Saved(min)](const Tensor& dy, Gradients& dx) {
             if (dx.needs(0)) dx[0] = where(x() >= min(), dy, 0);
             if (dx.needs(1)) dx[1] = where(x() < min(), dy, 0);
           });
  }
  return result;
}
Tensor clamp_max(const Tensor& x, const Tensor& max) {
  Tensor result = map<kernels::Minimum>("clamp_max", result_type({x, max}), {x, max});
  if (recording(x, max)) {
    record("ClampMaxBackward1", result, {x, max},
           [x = Saved(x), max = Saved(max)](const Tensor& dy, Gradients& dx) {
             if (dx.needs(0)) dx[0] = where(x() <= max(), dy, 0);
             if (dx.needs(1)) dx[1] = where(x() > max(), dy, 0);
           });
  }
  return result;
}

Tensor& clamp_(const Tensor& x, const optional<Scalar>& min, const optional<Scalar>& max) {
  const auto apply = [&](const Tensor& before) { return clamp(before, min, max); };
  if (!min && !max) return apply_in_place("clamp_", x, apply);  // to its error
  if (is_nan(min) || is_nan(max)) return apply_in_place("clamp_", x, apply);
  return in_place<kernels::Clamp>("clamp_", x, apply, bounds_in(x.scalar_type(), min, max));
}
Tensor& clip_(const Tensor& x, const optional<Scalar>& min, const optional<Scalar>& max) {
  return clamp_(x, min, max);
}
Tensor& clamp_min_(const Tensor& x, const Scalar& min) { return clamp_(x, min, nullopt); }
Tensor& clamp_max_(const Tensor& x, const Scalar& max) { return clamp_(x, nullopt, max); }

// Methods.
// clang-format off
Tensor Tensor::maximum(const Tensor& other) const { return xgrad::maximum(*this, other); }
Tensor Tensor::minimum(const Tensor& other) const { return xgrad::minimum(*this, other); }
Tensor Tensor::fmax(const Tensor& other) const { return xgrad::fmax(*this, other); }
Tensor Tensor::fmin(const Tensor& other) const { return xgrad::fmin(*this, other); }
Tensor Tensor::clamp(const OptScalar& min, const OptScalar& max) const { return xgrad::clamp(*this, min, max); }
Tensor Tensor::clamp(const optional<Tensor>& min, const optional<Tensor>& max) const { return xgrad::clamp(*this, min, max); }
Tensor Tensor::clamp_min(const Scalar& min) const { return xgrad::clamp_min(*this, min); }
Tensor Tensor::clamp_min(const Tensor& min) const { return xgrad::clamp_min(*this, min); }
Tensor Tensor::clamp_max(const Scalar& max) const { return xgrad::clamp_max(*this, max); }
Tensor Tensor::clamp_max(const Tensor& max) const { return xgrad::clamp_max(*this, max); }
Tensor& Tensor::clamp_(const OptScalar& min, const OptScalar& max) const { return xgrad::clamp_(*this, min, max); }
Tensor& Tensor::clamp_min_(const Scalar& min) const { return xgrad::clamp_(*this, min, nullopt); }
Tensor& Tensor::clamp_max_(const Scalar& max) const { return xgrad::clamp_(*this, nullopt, max); }
// clang-format on

}  // namespace xgrad
