#include "xgrad/ops/properties.h"

#include "xgrad/core/format.h"
#include "xgrad/ops/map.h"

namespace xgrad {

std::int64_t numel(const Tensor& x) { return x.numel(); }
bool is_floating_point(const Tensor& x) { return x.is_floating_point(); }
bool is_complex(const Tensor& x) { return x.is_complex(); }
bool is_signed(const Tensor& x) { return x.is_signed(); }

bool is_same_size(const Tensor& a, const Tensor& b) { return a.is_same_size(b); }
bool is_nonzero(const Tensor& x) { return x.is_nonzero(); }

ScalarType result_type(const Tensor& a, const Tensor& b) {
  return result_type({Operand(a), Operand(b)});
}
ScalarType result_type(const Tensor& a, const Scalar& b) {
  return result_type({Operand(a), Operand(b)});
}
ScalarType result_type(const Scalar& a, const Tensor& b) {
  return result_type({Operand(a), Operand(b)});
}
ScalarType result_type(const Scalar& a, const Scalar& b) {
  return result_type({Operand(a), Operand(b)});
}

bool can_cast(ScalarType from, ScalarType to) {
  if (isFloatingType(from) && isIntegralType(to, false)) return false;
  return to != kBool || from == kBool;
}

}  // namespace xgrad
