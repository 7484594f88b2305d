#include "xgrad/ops/arithmetic.h"

#include "xgrad/core/format.h"
#include "xgrad/ops/in_place.h"

namespace xgrad {

using namespace autograd;

namespace {

bool wants_grad(const Operand& operand) {
  return operand.is_tensor() && needs_grad(operand.tensor());
}

// Each op has one body for tensor and number alike: b as an Operand, and, for the tape, as a tensor
// (undefined for a number).
const Tensor& tensor_or_none(const Operand& operand) {
  static const Tensor none;
  return operand.is_tensor() ? operand.tensor() : none;
}

void check_no_bool(const char* op, const Tensor& a, const Operand& b) {
  const bool other = b.is_tensor() ? b.tensor().scalar_type() == kBool : b.scalar().isBoolean();
  check(a.scalar_type() != kBool && !other, "{}: not defined for bool; use logical_xor or ^", op);
}

// The factor of the second operand must not be of a higher kind than the result.
double checked_alpha(const char* op, const Tensor& a, const Operand& b, const Scalar& alpha) {
  const ScalarType type = result_type({a, b});
  check(!alpha.isBoolean() || type == kBool, "{}: alpha is a bool, expected a number", op);
  check(isFloatingType(type) || !alpha.isFloatingPoint(),
        "{}: alpha is {}, expected an integer for a result of dtype {}", op, alpha.toDouble(),
        dtype_name(type));
  return alpha.toDouble();
}

Tensor add_scaled(const char* op, const char* node, const Tensor& a, const Operand& b,
                  double alpha) {
  Tensor y = map<kernels::Add>(op, result_type({a, b}), {a, b}, {alpha});
  if (GradMode::is_enabled() && (needs_grad(a) || wants_grad(b))) {
    record(node, y, {a, tensor_or_none(b)}, [alpha](const Tensor& dy, Gradients& dx) {
      if (dx.needs(0)) dx[0] = dy;
      if (dx.needs(1)) dx[1] = alpha == 1 ? dy : dy * alpha;
    });
  }
  return y;
}

Tensor mul_any(const Tensor& a, const Operand& b) {
  Tensor y = map<kernels::Mul>("mul", result_type({a, b}), {a, b});
  if (!GradMode::is_enabled()) return y;
  if (!b.is_tensor()) {
    if (needs_grad(a)) {
      record("MulBackward1", y, {a},
             [b = b.scalar()](const Tensor& dy, Gradients& dx) { dx[0] = dy * b; });
    }
  } else if (needs_grad(a) || needs_grad(b.tensor())) {
    const Saved for_b = needs_grad(b.tensor()) ? Saved(a) : Saved(),
                for_a = needs_grad(a) ? Saved(b.tensor()) : Saved();
    record("MulBackward0", y, {a, b.tensor()}, [for_a, for_b](const Tensor& dy, Gradients& dx) {
      if (dx.needs(0)) dx[0] = dy * for_a();
      if (dx.needs(1)) dx[1] = dy * for_b();
    });
  }
  return y;
}

Tensor div_any(const Tensor& a, const Operand& b) {
  Tensor y = map<kernels::Div>("div", floating_result_type({a, b}), {a, b});
  if (!GradMode::is_enabled()) return y;
  if (!b.is_tensor()) {
    if (needs_grad(a)) {
      record("DivBackward1", y, {a},
             [b = b.scalar()](const Tensor& dy, Gradients& dx) { dx[0] = dy / b; });
    }
  } else if (needs_grad(a) || needs_grad(b.tensor())) {
    const Saved for_b = needs_grad(b.tensor()) ? Saved(a) : Saved();
    record("DivBackward0", y, {a, b.tensor()},
           [for_b, b = Saved(b.tensor())](const Tensor& dy, Gradients& dx) {
             if (dx.needs(0)) dx[0] = dy / b();
             if (dx.needs(1)) dx[1] = -dy * ((for_b() / b()) / b());
           });
  }
  return y;
}

// a / b
Tensor quotient_of_number(const Scalar& a, const Tensor& b) {
  Tensor y = map<kernels::Div>("div", floating_result_type({b, a}), {a, b});
  if (recording(b)) {
    record("DivBackward0", y, {b}, [a, b = Saved(b)](const Tensor& dy, Gradients& dx) {
      dx[0] = -dy * (quotient_of_number(a, b()) / b());
    });
  }
  return y;
}

void check_divisor(const char* op, ScalarType type, const Operand& b) {
  if (isFloatingType(type)) return;
  const bool zero = b.is_tensor() ? b.tensor().eq(0).any().item<bool>() : b.scalar().toLong() == 0;
  check(!zero, "{}: division of integers by zero", op);
}

// The rounded quotients are flat between their jumps: their gradient is zero.
template <class F>
Tensor rounded_quotient(const char* op, const Tensor& a, const Operand& b) {
  const ScalarType type = result_type({a, b});
  check_divisor(op, type, b);
  Tensor y = map<F>(op, type, {a, b});
  if (GradMode::is_enabled() && (needs_grad(a) || wants_grad(b))) {
    const char* node = b.is_tensor() ? "DivBackward2" : "DivBackward3";
    record(node, y, {a, tensor_or_none(b)}, [](const Tensor& dy, Gradients& dx) {
      if (dx.needs(0)) dx[0] = dy * 0;
      if (dx.needs(1)) dx[1] = dy * 0;
    });
  }
  return y;
}

Tensor div_rounded(const Tensor& a, const Operand& b, optional<std::string_view> mode) {
  if (!mode) return div_any(a, b);
  if (*mode == "trunc") return rounded_quotient<kernels::TruncDiv>("div", a, b);
  check(*mode == "floor", "div: rounding mode '{}' is unknown, expected none, trunc or floor",
        *mode);
  return rounded_quotient<kernels::FloorDiv>("div", a, b);
}

// a = q b + r with q whole: da is 1, and db is -q.
template <class F>
Tensor rest(const char* op, const char* node, const char* rounding, const Tensor& a,
            const Operand& b) {
  const ScalarType type = result_type({a, b});
  check_divisor(op, type, b);
  Tensor y = map<F>(op, type, {a, b});
  if (!GradMode::is_enabled()) return y;
  if (wants_grad(b)) {
    record(node, y, {a, b.tensor()},
           [a = Saved(a), b = Saved(b.tensor()), rounding](const Tensor& dy, Gradients& dx) {
             if (dx.needs(0)) dx[0] = dy;
             if (dx.needs(1)) dx[1] = -dy * div(a(), b(), rounding);
           });
  } else if (needs_grad(a)) {
    record(node, y, {a}, [](const Tensor& dy, Gradients& dx) { dx[0] = dy; });
  }
  return y;
}

}  // namespace

Tensor add(const Tensor& a, const Tensor& b, const Scalar& alpha) {
  return add_scaled("add", "AddBackward0", a, b, checked_alpha("add", a, b, alpha));
}
Tensor add(const Tensor& a, const Scalar& b, const Scalar& alpha) {
  return add_scaled("add", "AddBackward1", a, b, checked_alpha("add", a, b, alpha));
}
Tensor sub(const Tensor& a, const Tensor& b, const Scalar& alpha) {
  check_no_bool("sub", a, b);
  return add_scaled("sub", "SubBackward0", a, b, -checked_alpha("sub", a, b, alpha));
}
Tensor sub(const Tensor& a, const Scalar& b, const Scalar& alpha) {
  check_no_bool("sub", a, b);
  return add_scaled("sub", "SubBackward1", a, b, -checked_alpha("sub", a, b, alpha));
}
Tensor subtract(const Tensor& a, const Tensor& b, const Scalar& alpha) { return sub(a, b, alpha); }
Tensor rsub(const Tensor& a, const Tensor& b, const Scalar& alpha) { return sub(b, a, alpha); }
// b - alpha a
static Tensor difference_from_number(const char* node, const Tensor& a, const Scalar& b,
                                     const Scalar& alpha) {
  check_no_bool("rsub", a, b);
  // As an Operand b has no dims: its type counts as a number's, and y = b - alpha a.
  const ScalarType type = result_type({a, b});
  const double factor = -checked_alpha("rsub", a, b, alpha);
  Tensor y = map<kernels::Add>("rsub", type, {b, a}, {factor});
  if (recording(a)) {
    record(node, y, {a}, [factor](const Tensor& dy, Gradients& dx) { dx[0] = dy * factor; });
  }
  return y;
}
Tensor rsub(const Tensor& a, const Scalar& b, const Scalar& alpha) {
  return difference_from_number("RsubBackward1", a, b, alpha);
}

Tensor mul(const Tensor& a, const Tensor& b) { return mul_any(a, b); }
Tensor mul(const Tensor& a, const Scalar& b) { return mul_any(a, b); }
Tensor multiply(const Tensor& a, const Tensor& b) { return mul(a, b); }

Tensor div(const Tensor& a, const Tensor& b) { return div_any(a, b); }
Tensor div(const Tensor& a, const Scalar& b) { return div_any(a, b); }
Tensor div(const Tensor& a, const Tensor& b, optional<std::string_view> mode) {
  return div_rounded(a, b, mode);
}
Tensor div(const Tensor& a, const Scalar& b, optional<std::string_view> mode) {
  return div_rounded(a, b, mode);
}
Tensor true_divide(const Tensor& a, const Tensor& b) { return div(a, b); }
Tensor divide(const Tensor& a, const Tensor& b) { return div(a, b); }
Tensor divide(const Tensor& a, const Scalar& b) { return div(a, b); }
Tensor divide(const Tensor& a, const Tensor& b, optional<std::string_view> rounding_mode) {
  return div(a, b, rounding_mode);
}
Tensor divide(const Tensor& a, const Scalar& b, optional<std::string_view> rounding_mode) {
  return div(a, b, rounding_mode);
}
Tensor floor_divide(const Tensor& a, const Tensor& b) {
  return rounded_quotient<kernels::FloorDiv>("floor_divide", a, b);
}
Tensor floor_divide(const Tensor& a, const Scalar& b) {
  return rounded_quotient<kernels::FloorDiv>("floor_divide", a, b);
}
Tensor remainder(const Tensor& a, const Tensor& b) {
  return rest<kernels::Remainder>("remainder", "RemainderBackward1", "floor", a, b);
}
Tensor remainder(const Tensor& a, const Scalar& b) {
  return rest<kernels::Remainder>("remainder", "RemainderBackward0", "floor", a, b);
}
Tensor fmod(const Tensor& a, const Tensor& b) {
  return rest<kernels::Fmod>("fmod", "FmodBackward1", "trunc", a, b);
}
Tensor fmod(const Tensor& a, const Scalar& b) {
  return rest<kernels::Fmod>("fmod", "FmodBackward0", "trunc", a, b);
}

Tensor neg(const Tensor& x) {
  check(x.scalar_type() != kBool, "neg: not defined for bool; use logical_not or ~");
  Tensor y = map<kernels::Neg>("neg", x.scalar_type(), {x});
  if (recording(x))
    record("NegBackward0", y, {x}, [](const Tensor& dy, Gradients& dx) { dx[0] = -dy; });
  return y;
}
Tensor negative(const Tensor& x) { return neg(x); }

Tensor addcmul(const Tensor& a, const Tensor& b, const Tensor& c, const Scalar& value) {
  Tensor y =
      map<kernels::Addcmul>("addcmul", result_type({a, b, c}), {a, b, c}, {value.toDouble()});
  if (recording(a, b, c)) {
    record("AddcmulBackward0", y, {a, b, c},
           [b = Saved(b), c = Saved(c), value](const Tensor& dy, Gradients& dx) {
             if (dx.needs(0)) dx[0] = dy;
             if (dx.needs(1)) dx[1] = dy * c() * value;
             if (dx.needs(2)) dx[2] = dy * b() * value;
           });
  }
  return y;
}

Tensor addcdiv(const Tensor& a, const Tensor& b, const Tensor& c, const Scalar& value) {
  Tensor y =
      map<kernels::Addcdiv>("addcdiv", result_type({a, b, c}), {a, b, c}, {value.toDouble()});
  if (recording(a, b, c)) {
    record("AddcdivBackward0", y, {a, b, c},
           [b = Saved(b), c = Saved(c), value](const Tensor& dy, Gradients& dx) {
             if (dx.needs(0)) dx[0] = dy;
             if (dx.needs(1)) dx[1] = dy * value / c();
             if (dx.needs(2)) dx[2] = -dy * value * b() / (c() * c());
           });
  }
  return y;
}

namespace {

void check_lerp(const Tensor& a, const Tensor& b) {
  check(a.scalar_type() == b.scalar_type(), "lerp: the end is {}, expected {} as the start",
        dtype_name(b.scalar_type()), dtype_name(a.scalar_type()));
}

}  // namespace

Tensor lerp(const Tensor& a, const Tensor& b, const Tensor& weight) {
  check_lerp(a, b);
  check(a.scalar_type() == weight.scalar_type(), "lerp: the weight is {}, expected {} as the start",
        dtype_name(weight.scalar_type()), dtype_name(a.scalar_type()));
  Tensor y = map<kernels::Lerp>("lerp", result_type({a, b, weight}), {a, b, weight});
  if (recording(a, b, weight)) {
    record("LerpBackward1", y, {a, b, weight},
           [a = Saved(a), b = Saved(b), w = Saved(weight)](const Tensor& dy, Gradients& dx) {
             if (dx.needs(0)) dx[0] = dy * (1 - w());
             if (dx.needs(1)) dx[1] = dy * w();
             if (dx.needs(2)) dx[2] = dy * (b() - a());
           });
  }
  return y;
}

Tensor lerp(const Tensor& a, const Tensor& b, const Scalar& weight) {
  check_lerp(a, b);
  const double w = weight.toDouble();
  Tensor y = map<kernels::Lerp>("lerp", result_type({a, b, weight}), {a, b, weight});
  if (recording(a, b)) {
    record("LerpBackward0", y, {a, b}, [w](const Tensor& dy, Gradients& dx) {
      if (dx.needs(0)) dx[0] = dy * (1 - w);
      if (dx.needs(1)) dx[1] = dy * w;
    });
  }
  return y;
}

// clang-format off
Tensor operator+(const Tensor& a, const Tensor& b) { return add(a, b); }
Tensor operator+(const Tensor& a, const Scalar& b) { return add(a, b); }
Tensor operator+(const Scalar& a, const Tensor& b) { return add(b, a); }
Tensor operator-(const Tensor& a, const Tensor& b) { return sub(a, b); }
Tensor operator-(const Tensor& a, const Scalar& b) { return sub(a, b); }
Tensor operator-(const Scalar& a, const Tensor& b) { return difference_from_number("SubBackward0", b, a.isBoolean() ? Scalar(a.toLong()) : a, 1); }
Tensor operator*(const Tensor& a, const Tensor& b) { return mul(a, b); }
Tensor operator*(const Tensor& a, const Scalar& b) { return mul(a, b); }
Tensor operator*(const Scalar& a, const Tensor& b) { return mul(b, a); }
Tensor operator/(const Tensor& a, const Tensor& b) { return div(a, b); }
Tensor operator/(const Tensor& a, const Scalar& b) { return div(a, b); }
Tensor operator/(const Scalar& a, const Tensor& b) { return quotient_of_number(a, b); }
Tensor operator%(const Tensor& a, const Tensor& b) { return remainder(a, b); }
Tensor operator%(const Tensor& a, const Scalar& b) { return remainder(a, b); }

// Methods.
Tensor Tensor::add(const Tensor& other, const Scalar& alpha) const { return xgrad::add(*this, other, alpha); }
Tensor Tensor::add(const Scalar& other, const Scalar& alpha) const { return xgrad::add(*this, other, alpha); }
Tensor Tensor::sub(const Tensor& other, const Scalar& alpha) const { return xgrad::sub(*this, other, alpha); }
Tensor Tensor::sub(const Scalar& other, const Scalar& alpha) const { return xgrad::sub(*this, other, alpha); }
Tensor Tensor::mul(const Tensor& other) const { return xgrad::mul(*this, other); }
Tensor Tensor::mul(const Scalar& other) const { return xgrad::mul(*this, other); }
Tensor Tensor::div(const Tensor& other) const { return xgrad::div(*this, other); }
Tensor Tensor::div(const Scalar& other) const { return xgrad::div(*this, other); }
Tensor Tensor::div(const Tensor& other, optional<std::string_view> mode) const { return xgrad::div(*this, other, mode); }
Tensor Tensor::div(const Scalar& other, optional<std::string_view> mode) const { return xgrad::div(*this, other, mode); }
Tensor Tensor::floor_divide(const Tensor& other) const { return xgrad::floor_divide(*this, other); }
Tensor Tensor::floor_divide(const Scalar& other) const { return xgrad::floor_divide(*this, other); }
Tensor Tensor::remainder(const Tensor& other) const { return xgrad::remainder(*this, other); }
Tensor Tensor::remainder(const Scalar& other) const { return xgrad::remainder(*this, other); }
Tensor Tensor::fmod(const Tensor& other) const { return xgrad::fmod(*this, other); }
Tensor Tensor::fmod(const Scalar& other) const { return xgrad::fmod(*this, other); }
Tensor Tensor::neg() const { return xgrad::neg(*this); }
Tensor Tensor::negative() const { return xgrad::neg(*this); }
Tensor Tensor::addcmul(const Tensor& a, const Tensor& b, const Scalar& value) const { return xgrad::addcmul(*this, a, b, value); }
Tensor Tensor::addcdiv(const Tensor& a, const Tensor& b, const Scalar& value) const { return xgrad::addcdiv(*this, a, b, value); }
Tensor Tensor::lerp(const Tensor& end, const Scalar& weight) const { return xgrad::lerp(*this, end, weight); }
Tensor Tensor::lerp(const Tensor& end, const Tensor& weight) const { return xgrad::lerp(*this, end, weight); }
// clang-format on

// In place: the four that training loops live on go straight to their kernel where nothing is
// recorded.
Tensor& Tensor::add_(const Tensor& other, const Scalar& alpha) const {
  if (map_in_place<kernels::Add>("add_", *this, {*this, other},
                                 {checked_alpha("add_", *this, other, alpha)}))
    return const_cast<Tensor&>(*this);
  return apply_in_place("add_", *this, [&](const Tensor& x) { return xgrad::add(x, other, alpha); },
                        {other});
}
Tensor& Tensor::add_(const Scalar& other, const Scalar& alpha) const {
  if (map_in_place<kernels::Add>("add_", *this, {*this, other},
                                 {checked_alpha("add_", *this, other, alpha)}))
    return const_cast<Tensor&>(*this);
  return apply_in_place("add_", *this,
                        [&](const Tensor& x) { return xgrad::add(x, other, alpha); });
}
Tensor& Tensor::sub_(const Tensor& other, const Scalar& alpha) const {
  check_no_bool("sub_", *this, other);
  if (map_in_place<kernels::Add>("sub_", *this, {*this, other},
                                 {-checked_alpha("sub_", *this, other, alpha)}))
    return const_cast<Tensor&>(*this);
  return apply_in_place("sub_", *this, [&](const Tensor& x) { return xgrad::sub(x, other, alpha); },
                        {other});
}
Tensor& Tensor::sub_(const Scalar& other, const Scalar& alpha) const {
  check_no_bool("sub_", *this, other);
  if (map_in_place<kernels::Add>("sub_", *this, {*this, other},
                                 {-checked_alpha("sub_", *this, other, alpha)}))
    return const_cast<Tensor&>(*this);
  return apply_in_place("sub_", *this,
                        [&](const Tensor& x) { return xgrad::sub(x, other, alpha); });
}
Tensor& Tensor::mul_(const Tensor& other) const {
  if (map_in_place<kernels::Mul>("mul_", *this, {*this, other})) return const_cast<Tensor&>(*this);
  return apply_in_place("mul_", *this, [&](const Tensor& x) { return xgrad::mul(x, other); },
                        {other});
}
Tensor& Tensor::mul_(const Scalar& other) const {
  if (map_in_place<kernels::Mul>("mul_", *this, {*this, other})) return const_cast<Tensor&>(*this);
  return apply_in_place("mul_", *this, [&](const Tensor& x) { return xgrad::mul(x, other); });
}
Tensor& Tensor::div_(const Tensor& other) const {
  if (is_floating_point() && map_in_place<kernels::Div>("div_", *this, {*this, other}))
    return const_cast<Tensor&>(*this);
  return apply_in_place("div_", *this, [&](const Tensor& x) { return xgrad::div(x, other); },
                        {other});
}
Tensor& Tensor::div_(const Scalar& other) const {
  if (is_floating_point() && map_in_place<kernels::Div>("div_", *this, {*this, other}))
    return const_cast<Tensor&>(*this);
  return apply_in_place("div_", *this, [&](const Tensor& x) { return xgrad::div(x, other); });
}
Tensor& Tensor::floor_divide_(const Tensor& other) const {
  return apply_in_place("floor_divide_", *this,
                        [&](const Tensor& x) { return xgrad::floor_divide(x, other); }, {other});
}
Tensor& Tensor::floor_divide_(const Scalar& other) const {
  return apply_in_place("floor_divide_", *this,
                        [&](const Tensor& x) { return xgrad::floor_divide(x, other); });
}
Tensor& Tensor::remainder_(const Tensor& other) const {
  return apply_in_place("remainder_", *this,
                        [&](const Tensor& x) { return xgrad::remainder(x, other); }, {other});
}
Tensor& Tensor::remainder_(const Scalar& other) const {
  return apply_in_place("remainder_", *this,
                        [&](const Tensor& x) { return xgrad::remainder(x, other); });
}
Tensor& Tensor::fmod_(const Tensor& other) const {
  return apply_in_place("fmod_", *this, [&](const Tensor& x) { return xgrad::fmod(x, other); },
                        {other});
}
Tensor& Tensor::fmod_(const Scalar& other) const {
  return apply_in_place("fmod_", *this, [&](const Tensor& x) { return xgrad::fmod(x, other); });
}
Tensor& Tensor::neg_() const { return apply_in_place("neg_", *this, xgrad::neg); }
Tensor& Tensor::negative_() const { return neg_(); }
Tensor& Tensor::addcmul_(const Tensor& a, const Tensor& b, const Scalar& value) const {
  return apply_in_place("addcmul_", *this,
                        [&](const Tensor& x) { return xgrad::addcmul(x, a, b, value); }, {a, b});
}
Tensor& Tensor::addcdiv_(const Tensor& a, const Tensor& b, const Scalar& value) const {
  return apply_in_place("addcdiv_", *this,
                        [&](const Tensor& x) { return xgrad::addcdiv(x, a, b, value); }, {a, b});
}
Tensor& Tensor::lerp_(const Tensor& end, const Scalar& weight) const {
  return apply_in_place("lerp_", *this,
                        [&](const Tensor& x) { return xgrad::lerp(x, end, weight); }, {end});
}

}  // namespace xgrad
