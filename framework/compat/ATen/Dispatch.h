// AT_DISPATCH_*: a lambda called with the element type of a tensor as scalar_t.
//
//   AT_DISPATCH_FLOATING_TYPES(x.scalar_type(), "scale", [&] {
//     scale(x.data_ptr<scalar_t>(), x.numel());
//   });
//
// Errors: a type that the macro does not name.
#pragma once

#include "c10/util/Exception.h"

#define AT_DISPATCH_CASE(type, ...)                                       \
  case type: {                                                            \
    using scalar_t [[maybe_unused]] = ::xgrad::detail::ElementType<type>; \
    return __VA_ARGS__();                                                 \
  }
#define AT_DISPATCH_SWITCH(type, name, ...)                                            \
  [&] {                                                                                \
    const ::xgrad::ScalarType xgrad_type = ::xgrad::detail::scalar_type_in(type);      \
    switch (xgrad_type) {                                                              \
      __VA_ARGS__                                                                      \
      default:                                                                         \
        AT_ERROR(name, ": not implemented for '", ::xgrad::toString(xgrad_type), "'"); \
    }                                                                                  \
  }()

#define AT_DISPATCH_CASE_FLOATING_TYPES(...)      \
  AT_DISPATCH_CASE(::xgrad::kDouble, __VA_ARGS__) \
  AT_DISPATCH_CASE(::xgrad::kFloat, __VA_ARGS__)
#define AT_DISPATCH_CASE_INTEGRAL_TYPES(...)    \
  AT_DISPATCH_CASE(::xgrad::kByte, __VA_ARGS__) \
  AT_DISPATCH_CASE(::xgrad::kInt, __VA_ARGS__)  \
  AT_DISPATCH_CASE(::xgrad::kLong, __VA_ARGS__)
#define AT_DISPATCH_CASE_ALL_TYPES(...)        \
  AT_DISPATCH_CASE_INTEGRAL_TYPES(__VA_ARGS__) \
  AT_DISPATCH_CASE_FLOATING_TYPES(__VA_ARGS__)

#define AT_DISPATCH_FLOATING_TYPES(type, name, ...) \
  AT_DISPATCH_SWITCH(type, name, AT_DISPATCH_CASE_FLOATING_TYPES(__VA_ARGS__))
// No tensor of ours holds halves.
#define AT_DISPATCH_FLOATING_TYPES_AND_HALF(type, name, ...) \
  AT_DISPATCH_FLOATING_TYPES(type, name, __VA_ARGS__)
#define AT_DISPATCH_FLOATING_TYPES_AND(half, type, name, ...) \
  AT_DISPATCH_FLOATING_TYPES(type, name, __VA_ARGS__)
#define AT_DISPATCH_FLOATING_TYPES_AND2(half, bfloat16, type, name, ...) \
  AT_DISPATCH_FLOATING_TYPES(type, name, __VA_ARGS__)
// As index_t.
#define XGRAD_DISPATCH_INDEX_CASE(type, ...)                             \
  case type: {                                                           \
    using index_t [[maybe_unused]] = ::xgrad::detail::ElementType<type>; \
    return __VA_ARGS__();                                                \
  }
#define AT_DISPATCH_INDEX_TYPES(type, name, ...)                           \
  AT_DISPATCH_SWITCH(type, name,                                           \
                     XGRAD_DISPATCH_INDEX_CASE(::xgrad::kInt, __VA_ARGS__) \
                         XGRAD_DISPATCH_INDEX_CASE(::xgrad::kLong, __VA_ARGS__))
#define AT_DISPATCH_INTEGRAL_TYPES(type, name, ...) \
  AT_DISPATCH_SWITCH(type, name, AT_DISPATCH_CASE_INTEGRAL_TYPES(__VA_ARGS__))
#define AT_DISPATCH_ALL_TYPES(type, name, ...) \
  AT_DISPATCH_SWITCH(type, name, AT_DISPATCH_CASE_ALL_TYPES(__VA_ARGS__))
#define AT_DISPATCH_ALL_TYPES_AND(also, type, name, ...) \
  AT_DISPATCH_SWITCH(type, name,                         \
                     AT_DISPATCH_CASE_ALL_TYPES(__VA_ARGS__) AT_DISPATCH_CASE(also, __VA_ARGS__))

namespace xgrad::detail {

template <ScalarType type>
struct Element;
template <>
struct Element<kByte> {
  using Type = std::uint8_t;
};
template <>
struct Element<kInt> {
  using Type = std::int32_t;
};
template <>
struct Element<kLong> {
  using Type = std::int64_t;
};
template <>
struct Element<kFloat> {
  using Type = float;
};
template <>
struct Element<kDouble> {
  using Type = double;
};
template <>
struct Element<kBool> {
  using Type = bool;
};
template <ScalarType type>
using ElementType = typename Element<type>::Type;

inline ScalarType scalar_type_in(ScalarType type) { return type; }
inline ScalarType scalar_type_in(TypeMeta type) { return type.toScalarType(); }

}  // namespace xgrad::detail
