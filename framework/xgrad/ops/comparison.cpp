#include "xgrad/ops/comparison.h"

#include "xgrad/core/format.h"
#include "xgrad/ops/arithmetic.h"
#include "xgrad/ops/factories.h"
#include "xgrad/ops/search.h"
#include "xgrad/ops/unary.h"

namespace xgrad {
namespace {

template <class F>
Tensor compare(const char* op, const Tensor& a, const Operand& b) {
  return map<F>(op, result_type({a, b}), {a, b});
}
// The logical operations are the bitwise ones of bool.
template <class F>
Tensor logical(const char* op, const Tensor& a, const Tensor& b) {
  return map<F>(op, kBool, {a, b});
}

// self = value, in self's dtype; a comparison has no gradient.
Tensor& store(const char* op, const Tensor& self, const Tensor& value,
              autograd::Inputs inputs = {}) {
  check_storable(op, value.scalar_type(), self.scalar_type());
  check(value.sizes() == self.sizes(),
        "{}: the result has shape {}, but the tensor that it is to be stored in has {}", op,
        value.sizes(), self.sizes());
  for (const autograd::Input& input : inputs) {
    autograd::check_no_partial_overlap(op, self, *input);
  }
  return refill(op, self, [&] { copy_into(self, value); });
}

}  // namespace

// clang-format off
Tensor eq(const Tensor& a, const Tensor& b) { return compare<kernels::Equal>("eq", a, b); }
Tensor eq(const Tensor& a, const Scalar& b) { return compare<kernels::Equal>("eq", a, b); }
Tensor ne(const Tensor& a, const Tensor& b) { return compare<kernels::NotEqual>("ne", a, b); }
Tensor ne(const Tensor& a, const Scalar& b) { return compare<kernels::NotEqual>("ne", a, b); }
Tensor lt(const Tensor& a, const Tensor& b) { return compare<kernels::Less>("lt", a, b); }
Tensor lt(const Tensor& a, const Scalar& b) { return compare<kernels::Less>("lt", a, b); }
Tensor le(const Tensor& a, const Tensor& b) { return compare<kernels::LessEqual>("le", a, b); }
Tensor le(const Tensor& a, const Scalar& b) { return compare<kernels::LessEqual>("le", a, b); }
Tensor gt(const Tensor& a, const Tensor& b) { return compare<kernels::Greater>("gt", a, b); }
Tensor gt(const Tensor& a, const Scalar& b) { return compare<kernels::Greater>("gt", a, b); }
Tensor ge(const Tensor& a, const Tensor& b) { return compare<kernels::GreaterEqual>("ge", a, b); }
Tensor ge(const Tensor& a, const Scalar& b) { return compare<kernels::GreaterEqual>("ge", a, b); }
Tensor less(const Tensor& a, const Tensor& b) { return lt(a, b); }
Tensor less(const Tensor& a, const Scalar& b) { return lt(a, b); }
Tensor less_equal(const Tensor& a, const Tensor& b) { return le(a, b); }
Tensor less_equal(const Tensor& a, const Scalar& b) { return le(a, b); }
Tensor greater(const Tensor& a, const Tensor& b) { return gt(a, b); }
Tensor greater(const Tensor& a, const Scalar& b) { return gt(a, b); }
Tensor greater_equal(const Tensor& a, const Tensor& b) { return ge(a, b); }
Tensor greater_equal(const Tensor& a, const Scalar& b) { return ge(a, b); }
Tensor not_equal(const Tensor& a, const Tensor& b) { return ne(a, b); }
Tensor not_equal(const Tensor& a, const Scalar& b) { return ne(a, b); }

Tensor operator==(const Tensor& a, const Tensor& b) { return eq(a, b); }
Tensor operator==(const Tensor& a, const Scalar& b) { return eq(a, b); }
Tensor operator==(const Scalar& a, const Tensor& b) { return eq(b, a); }
Tensor operator!=(const Tensor& a, const Tensor& b) { return ne(a, b); }
Tensor operator!=(const Tensor& a, const Scalar& b) { return ne(a, b); }
Tensor operator!=(const Scalar& a, const Tensor& b) { return ne(b, a); }
Tensor operator<(const Tensor& a, const Tensor& b) { return lt(a, b); }
Tensor operator<(const Tensor& a, const Scalar& b) { return lt(a, b); }
Tensor operator<(const Scalar& a, const Tensor& b) { return gt(b, a); }
Tensor operator<=(const Tensor& a, const Tensor& b) { return le(a, b); }
Tensor operator<=(const Tensor& a, const Scalar& b) { return le(a, b); }
Tensor operator<=(const Scalar& a, const Tensor& b) { return ge(b, a); }
Tensor operator>(const Tensor& a, const Tensor& b) { return gt(a, b); }
Tensor operator>(const Tensor& a, const Scalar& b) { return gt(a, b); }
Tensor operator>(const Scalar& a, const Tensor& b) { return lt(b, a); }
Tensor operator>=(const Tensor& a, const Tensor& b) { return ge(a, b); }
Tensor operator>=(const Tensor& a, const Scalar& b) { return ge(a, b); }
Tensor operator>=(const Scalar& a, const Tensor& b) { return le(b, a); }

Tensor logical_and(const Tensor& a, const Tensor& b) { return logical<kernels::BitAnd>("logical_and", a, b); }
Tensor logical_or(const Tensor& a, const Tensor& b) { return logical<kernels::BitOr>("logical_or", a, b); }
Tensor logical_xor(const Tensor& a, const Tensor& b) { return logical<kernels::BitXor>("logical_xor", a, b); }
Tensor logical_not(const Tensor& x) { return map<kernels::LogicalNot>("logical_not", x.scalar_type(), {x}); }

Tensor bitwise_and(const Tensor& a, const Tensor& b) { return compare<kernels::BitAnd>("bitwise_and", a, b); }
Tensor bitwise_and(const Tensor& a, const Scalar& b) { return compare<kernels::BitAnd>("bitwise_and", a, b); }
Tensor bitwise_or(const Tensor& a, const Tensor& b) { return compare<kernels::BitOr>("bitwise_or", a, b); }
Tensor bitwise_or(const Tensor& a, const Scalar& b) { return compare<kernels::BitOr>("bitwise_or", a, b); }
Tensor bitwise_xor(const Tensor& a, const Tensor& b) { return compare<kernels::BitXor>("bitwise_xor", a, b); }
Tensor bitwise_xor(const Tensor& a, const Scalar& b) { return compare<kernels::BitXor>("bitwise_xor", a, b); }
Tensor bitwise_not(const Tensor& x) { return map<kernels::BitNot>("bitwise_not", x.scalar_type(), {x}); }
Tensor operator&(const Tensor& a, const Tensor& b) { return bitwise_and(a, b); }
Tensor operator&(const Tensor& a, const Scalar& b) { return bitwise_and(a, b); }
Tensor operator&(const Scalar& a, const Tensor& b) { return bitwise_and(b, a); }
Tensor operator|(const Tensor& a, const Tensor& b) { return bitwise_or(a, b); }
Tensor operator|(const Tensor& a, const Scalar& b) { return bitwise_or(a, b); }
Tensor operator|(const Scalar& a, const Tensor& b) { return bitwise_or(b, a); }
Tensor operator^(const Tensor& a, const Tensor& b) { return bitwise_xor(a, b); }
Tensor operator^(const Tensor& a, const Scalar& b) { return bitwise_xor(a, b); }
Tensor operator^(const Scalar& a, const Tensor& b) { return bitwise_xor(b, a); }

Tensor isnan(const Tensor& x) { return map<kernels::IsNan>("isnan", x.scalar_type(), {x}); }
Tensor isinf(const Tensor& x) { return map<kernels::IsInf>("isinf", x.scalar_type(), {x}); }
Tensor isfinite(const Tensor& x) { return map<kernels::IsFinite>("isfinite", x.scalar_type(), {x}); }
// clang-format on
Tensor isposinf(const Tensor& x) { return x == std::numeric_limits<double>::infinity(); }
Tensor isneginf(const Tensor& x) { return x == -std::numeric_limits<double>::infinity(); }

Tensor isreal(const Tensor& x) { return ones_like(x, kBool); }

Tensor isin(const Tensor& elements, const Tensor& test_elements, bool, bool invert) {
  const NoGradGuard no_grad;
  const Tensor tests = std::get<0>(test_elements.flatten().sort());
  if (tests.numel() == 0) return full(elements.sizes(), invert, kBool);
  const ScalarType type = promoteTypes(elements.scalar_type(), tests.scalar_type());
  const Tensor x = elements.to(type), sorted = tests.to(type);
  // The place where each element would be; past the end, the last one stands in.
  const Tensor place = searchsorted(sorted, x).clamp_max(sorted.numel() - 1);
  const Tensor found = sorted.take(place) == x;
  return invert ? logical_not(found) : found;
}
Tensor isin(const Tensor& elements, const Scalar& test_element, bool, bool invert) {
  return invert ? ne(elements, test_element) : eq(elements, test_element);
}

Tensor isclose(const Tensor& a, const Tensor& b, double rtol, double atol, bool equal_nan) {
  check(a.scalar_type() == b.scalar_type(), "isclose: dtypes {} and {} differ",
        dtype_name(a.scalar_type()), dtype_name(b.scalar_type()));
  check(rtol >= 0, "isclose: rtol {} is negative, expected at least 0", rtol);
  check(atol >= 0, "isclose: atol {} is negative, expected at least 0", atol);
  const NoGradGuard no_grad;
  Tensor close = eq(a, b);
  if (equal_nan && a.is_floating_point()) close = close | (isnan(a) & isnan(b));
  if ((rtol == 0 && atol == 0) || a.scalar_type() == kBool) return close;
  const Tensor exact = a.is_floating_point() ? b : convert(b, get_default_dtype_as_scalartype());
  const Tensor distance = (a - exact).abs();
  return close | (isfinite(distance) & le(distance, (exact * rtol).abs() + atol));
}

bool allclose(const Tensor& a, const Tensor& b, double rtol, double atol, bool equal_nan) {
  return isclose(a, b, rtol, atol, equal_nan).all().item<bool>();
}

bool equal(const Tensor& a, const Tensor& b) {
  return a.sizes() == b.sizes() && eq(a, b).all().item<bool>();
}

// Methods.
// clang-format off
Tensor Tensor::eq(const Tensor& other) const { return xgrad::eq(*this, other); }
Tensor& Tensor::eq_(const Tensor& other) const { return store("eq_", *this, eq(other), {other}); }
Tensor Tensor::eq(const Scalar& other) const { return xgrad::eq(*this, other); }
Tensor& Tensor::eq_(const Scalar& other) const { return store("eq_", *this, eq(other)); }
Tensor Tensor::ne(const Tensor& other) const { return xgrad::ne(*this, other); }
Tensor& Tensor::ne_(const Tensor& other) const { return store("ne_", *this, ne(other), {other}); }
Tensor Tensor::ne(const Scalar& other) const { return xgrad::ne(*this, other); }
Tensor& Tensor::ne_(const Scalar& other) const { return store("ne_", *this, ne(other)); }
Tensor Tensor::lt(const Tensor& other) const { return xgrad::lt(*this, other); }
Tensor& Tensor::lt_(const Tensor& other) const { return store("lt_", *this, lt(other), {other}); }
Tensor Tensor::lt(const Scalar& other) const { return xgrad::lt(*this, other); }
Tensor& Tensor::lt_(const Scalar& other) const { return store("lt_", *this, lt(other)); }
Tensor Tensor::le(const Tensor& other) const { return xgrad::le(*this, other); }
Tensor& Tensor::le_(const Tensor& other) const { return store("le_", *this, le(other), {other}); }
Tensor Tensor::le(const Scalar& other) const { return xgrad::le(*this, other); }
Tensor& Tensor::le_(const Scalar& other) const { return store("le_", *this, le(other)); }
Tensor Tensor::gt(const Tensor& other) const { return xgrad::gt(*this, other); }
Tensor& Tensor::gt_(const Tensor& other) const { return store("gt_", *this, gt(other), {other}); }
Tensor Tensor::gt(const Scalar& other) const { return xgrad::gt(*this, other); }
Tensor& Tensor::gt_(const Scalar& other) const { return store("gt_", *this, gt(other)); }
Tensor Tensor::ge(const Tensor& other) const { return xgrad::ge(*this, other); }
Tensor& Tensor::ge_(const Tensor& other) const { return store("ge_", *this, ge(other), {other}); }
Tensor Tensor::ge(const Scalar& other) const { return xgrad::ge(*this, other); }
Tensor& Tensor::ge_(const Scalar& other) const { return store("ge_", *this, ge(other)); }
Tensor Tensor::logical_and(const Tensor& other) const { return xgrad::logical_and(*this, other); }
Tensor Tensor::logical_or(const Tensor& other) const { return xgrad::logical_or(*this, other); }
Tensor Tensor::logical_xor(const Tensor& other) const { return xgrad::logical_xor(*this, other); }
Tensor Tensor::bitwise_and(const Tensor& other) const { return xgrad::bitwise_and(*this, other); }
Tensor Tensor::bitwise_and(const Scalar& other) const { return xgrad::bitwise_and(*this, other); }
Tensor Tensor::bitwise_or(const Tensor& other) const { return xgrad::bitwise_or(*this, other); }
Tensor Tensor::bitwise_or(const Scalar& other) const { return xgrad::bitwise_or(*this, other); }
Tensor Tensor::bitwise_xor(const Tensor& other) const { return xgrad::bitwise_xor(*this, other); }
Tensor Tensor::bitwise_xor(const Scalar& other) const { return xgrad::bitwise_xor(*this, other); }
Tensor& Tensor::operator&=(const Tensor& other) const { return store("bitwise_and_", *this, bitwise_and(other), {other}); }
Tensor& Tensor::operator|=(const Tensor& other) const { return store("bitwise_or_", *this, bitwise_or(other), {other}); }
Tensor Tensor::logical_not() const { return xgrad::logical_not(*this); }
Tensor Tensor::bitwise_not() const { return xgrad::bitwise_not(*this); }
Tensor Tensor::isnan() const { return xgrad::isnan(*this); }
Tensor Tensor::isinf() const { return xgrad::isinf(*this); }
Tensor Tensor::isfinite() const { return xgrad::isfinite(*this); }
Tensor Tensor::isposinf() const { return xgrad::isposinf(*this); }
Tensor Tensor::isneginf() const { return xgrad::isneginf(*this); }
Tensor Tensor::isreal() const { return xgrad::isreal(*this); }
Tensor& Tensor::logical_and_(const Tensor& other) const { return store("logical_and_", *this, logical_and(other), {other}); }
Tensor& Tensor::logical_or_(const Tensor& other) const { return store("logical_or_", *this, logical_or(other), {other}); }
Tensor& Tensor::logical_xor_(const Tensor& other) const { return store("logical_xor_", *this, logical_xor(other), {other}); }
Tensor& Tensor::logical_not_() const { return store("logical_not_", *this, logical_not()); }
Tensor& Tensor::bitwise_and_(const Tensor& other) const { return store("bitwise_and_", *this, bitwise_and(other), {other}); }
Tensor& Tensor::bitwise_or_(const Tensor& other) const { return store("bitwise_or_", *this, bitwise_or(other), {other}); }
Tensor& Tensor::bitwise_xor_(const Tensor& other) const { return store("bitwise_xor_", *this, bitwise_xor(other), {other}); }
Tensor& Tensor::bitwise_not_() const { return store("bitwise_not_", *this, bitwise_not()); }
bool Tensor::equal(const Tensor& other) const { return xgrad::equal(*this, other); }
// clang-format on
Tensor Tensor::isclose(const Tensor& other, double rtol, double atol, bool equal_nan) const {
  return xgrad::isclose(*this, other, rtol, atol, equal_nan);
}
bool Tensor::allclose(const Tensor& other, double rtol, double atol, bool equal_nan) const {
  return xgrad::allclose(*this, other, rtol, atol, equal_nan);
}

}  // namespace xgrad
