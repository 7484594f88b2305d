// What c10 says of C++ types and devices: demangled names, and the types of elements.
#pragma once

#include <memory>
#include <string>
#include <type_traits>
#include <typeinfo>

#include "torch/namespaces.h"

namespace xgrad {

template <class T>
struct CppTypeToScalarType : std::integral_constant<ScalarType, scalar_type_of<T>()> {};

// Older names of conversions.
inline Tensor _cast_Byte(const Tensor& x, bool non_blocking = false) {
  return x.to(kByte, non_blocking);
}
inline Tensor _cast_Int(const Tensor& x, bool non_blocking = false) {
  return x.to(kInt, non_blocking);
}
inline Tensor _cast_Long(const Tensor& x, bool non_blocking = false) {
  return x.to(kLong, non_blocking);
}
inline Tensor _cast_Float(const Tensor& x, bool non_blocking = false) {
  return x.to(kFloat, non_blocking);
}
inline Tensor _cast_Double(const Tensor& x, bool non_blocking = false) {
  return x.to(kDouble, non_blocking);
}

}  // namespace xgrad

namespace c10 {

namespace impl {
template <ScalarType type>
struct ScalarTypeToCPPType;
template <>
struct ScalarTypeToCPPType<ScalarType::Byte> {
  using type = std::uint8_t;
};
template <>
struct ScalarTypeToCPPType<ScalarType::Int> {
  using type = int;
};
template <>
struct ScalarTypeToCPPType<ScalarType::Long> {
  using type = std::int64_t;
};
template <>
struct ScalarTypeToCPPType<ScalarType::Float> {
  using type = float;
};
template <>
struct ScalarTypeToCPPType<ScalarType::Double> {
  using type = double;
};
template <>
struct ScalarTypeToCPPType<ScalarType::Bool> {
  using type = bool;
};
template <ScalarType type>
using ScalarTypeToCPPTypeT = typename ScalarTypeToCPPType<type>::type;
}  // namespace impl

inline std::string demangle(const char* name) { return xgrad::autograd::demangled(name); }
template <class T>
const char* demangle_type() {
  static const std::string name = demangle(typeid(T).name());
  return name.c_str();
}

// "CUDA", or "cuda".
inline std::string DeviceTypeName(DeviceType type, bool lower_case = false) {
  constexpr const char* kNames[][2] = {{"CPU", "cpu"}, {"CUDA", "cuda"}, {"MPS", "mps"}};
  return kNames[static_cast<int>(type)][lower_case ? 1 : 0];
}

}  // namespace c10

namespace at {
inline DeprecatedTypeProperties CPU(ScalarType type) { return DeprecatedTypeProperties(type); }
}  // namespace at

namespace torch {
using std::make_unique;
}  // namespace torch
