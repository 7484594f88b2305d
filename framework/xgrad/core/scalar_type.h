// ScalarType: the element types of tensors, with PyTorch's names, promotion and printing.
//
//   xgrad::zeros({2}, xgrad::kFloat64).scalar_type() == xgrad::kDouble
//
// Source: https://pytorch.org/docs/stable/tensor_attributes.html (torch.dtype, type promotion).
#pragma once

#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <type_traits>

namespace xgrad {

enum class ScalarType : std::int8_t {
  Byte,
  Int,
  Long,
  Float,
  Double,
  Bool,
  Char,
  Short,
  Half,
  BFloat16,
  ComplexFloat,
  ComplexDouble,
  Undefined
};

constexpr int kScalarTypeCount = 6;  // the first six hold data; the others are names only

constexpr ScalarType kByte = ScalarType::Byte, kUInt8 = kByte, kU8 = kByte;
constexpr ScalarType kInt = ScalarType::Int, kInt32 = kInt, kI32 = kInt;
constexpr ScalarType kLong = ScalarType::Long, kInt64 = kLong, kI64 = kLong;
constexpr ScalarType kFloat = ScalarType::Float, kFloat32 = kFloat, kF32 = kFloat;
constexpr ScalarType kDouble = ScalarType::Double, kFloat64 = kDouble, kF64 = kDouble;
constexpr ScalarType kBool = ScalarType::Bool;
constexpr ScalarType kChar = ScalarType::Char, kInt8 = kChar, kI8 = kChar;
constexpr ScalarType kShort = ScalarType::Short, kInt16 = kShort, kI16 = kShort;
constexpr ScalarType kHalf = ScalarType::Half, kFloat16 = kHalf, kF16 = kHalf;
constexpr ScalarType kBFloat16 = ScalarType::BFloat16;
constexpr ScalarType kComplexFloat = ScalarType::ComplexFloat;
constexpr ScalarType kComplexDouble = ScalarType::ComplexDouble;

constexpr bool isFloatingType(ScalarType type) { return type == kFloat || type == kDouble; }
constexpr bool isIntegralType(ScalarType type, bool include_bool) {
  return type == kByte || type == kInt || type == kLong || (include_bool && type == kBool);
}
constexpr bool isIntegralType(ScalarType type) { return isIntegralType(type, false); }
constexpr bool isComplexType(ScalarType type) {
  return type == ScalarType::ComplexFloat || type == ScalarType::ComplexDouble;
}
constexpr bool isSignedType(ScalarType type) { return type != kByte && type != kBool; }
// Whether a result of dtype `from` may be stored as `to`: not floating as integral, nor anything
// else as bool.
constexpr bool canCast(ScalarType from, ScalarType to) {
  return isFloatingType(to) || from == to || (isIntegralType(from, true) && to != kBool);
}
constexpr std::size_t elementSize(ScalarType type) {
  return type == kByte || type == kBool ? 1 : type == kInt || type == kFloat ? 4 : 8;
}
// "Float", "Long"...: libtorch's name.
const char* toString(ScalarType type);
// "float32", "int64"...: Python's and our files' name.
const char* dtype_name(ScalarType type);
std::ostream& operator<<(std::ostream& out, ScalarType type);

// The type of a result of two tensors with dimensions: PyTorch's lattice.
ScalarType promoteTypes(ScalarType a, ScalarType b);
inline ScalarType promote_types(ScalarType a, ScalarType b) { return promoteTypes(a, b); }

template <class T>
constexpr ScalarType scalar_type_of() {
  using U = std::remove_cv_t<T>;
  if constexpr (std::is_same_v<U, bool>) {
    return kBool;
  } else if constexpr (std::is_same_v<U, float>) {
    return kFloat;
  } else if constexpr (std::is_same_v<U, double>) {
    return kDouble;
  } else if constexpr (std::is_same_v<U, std::uint8_t>) {
    return kByte;
  } else if constexpr (std::is_integral_v<U> && sizeof(U) == 4) {
    return kInt;
  } else if constexpr (std::is_integral_v<U> && sizeof(U) == 8) {
    return kLong;
  } else {
    return ScalarType::Undefined;
  }
}

// What Tensor::dtype() returns: compares as a ScalarType,
// prints as C++'s name ("float"), as in libtorch.
class TypeMeta {
 public:
  constexpr TypeMeta() = default;
  constexpr TypeMeta(ScalarType type) : type_(type) {}
  template <class T>
  static constexpr TypeMeta Make() {
    return scalar_type_of<T>();
  }
  static constexpr TypeMeta fromScalarType(ScalarType type) { return type; }
  template <class T>
  constexpr bool Match() const {
    return type_ == scalar_type_of<T>();
  }
  constexpr operator ScalarType() const { return type_; }
  constexpr ScalarType toScalarType() const { return type_; }
  constexpr std::size_t itemsize() const { return elementSize(type_); }
  const char* name() const;
  friend constexpr bool operator==(TypeMeta a, TypeMeta b) { return a.type_ == b.type_; }
  friend constexpr bool operator==(TypeMeta a, ScalarType b) { return a.type_ == b; }

 private:
  ScalarType type_ = ScalarType::Undefined;
};
std::ostream& operator<<(std::ostream& out, TypeMeta type);

using Dtype = ScalarType;

// Calls f(T{}) with the C++ type of `type`; the one switch over element types.
template <class F>
decltype(auto) dispatch(ScalarType type, F&& f) {
  switch (type) {
    case kByte:
      return f(std::uint8_t{});
    case kInt:
      return f(std::int32_t{});
    case kLong:
      return f(std::int64_t{});
    case kDouble:
      return f(double{});
    case kBool:
      return f(bool{});
    default:
      return f(float{});
  }
}
template <class F>
decltype(auto) dispatch_floating(ScalarType type, F&& f) {
  return type == kDouble ? f(double{}) : f(float{});
}

}  // namespace xgrad
