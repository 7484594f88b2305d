#include "xgrad/core/ivalue.h"

#include "xgrad/core/format.h"

namespace xgrad {

IValue::IValue(const Scalar& value) {
  if (value.isFloatingPoint()) {
    value_ = value.toDouble();
  } else if (value.isBoolean()) {
    value_ = value.toBool();
  } else {
    value_ = value.toLong();
  }
}

Scalar IValue::toScalar() const {
  if (isDouble()) return toDouble();
  if (isBool()) return toBool();
  return toInt();
}

void IValue::fail_kind(const char* wanted) const {
  constexpr const char* kKinds[] = {
      "nothing",        "a tensor",          "a double",          "a bool", "an int", "a string",
      "a list of ints", "a list of doubles", "a list of tensors", "a tuple"};
  fail("IValue: it holds {}, expected {}", kKinds[value_.index()], wanted);
}

}  // namespace xgrad
