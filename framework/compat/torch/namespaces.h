// The namespaces of libtorch programs: torch, at and c10 see all of xgrad.
//
// Also the few names that c10 has beside xgrad's own: optional and variant are the standard ones.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "xgrad/xgrad.h"

namespace xgrad {

using nn::utils::rnn::pad_sequence;
using std::make_optional;
using std::nullopt_t;

inline ScalarType typeMetaToScalarType(TypeMeta type) { return type.toScalarType(); }
inline optional<ScalarType> optTypeMetaToScalarType(optional<TypeMeta> type) {
  return type ? optional(type->toScalarType()) : nullopt;
}
inline TypeMeta scalarTypeToTypeMeta(ScalarType type) { return type; }

template <class T>
ArrayRef<T> makeArrayRef(const std::vector<T>& values) {
  return values;
}
template <class T>
ArrayRef<T> makeArrayRef(const T* values, std::size_t count) {
  return {values, count};
}

// The generator of the CPU is the only kind.
struct CPUGeneratorImpl {};
template <class Impl = CPUGeneratorImpl, class... Seed>
Generator make_generator(Seed... seed) {
  return Generator(seed...);
}
namespace detail {
inline Generator createCPUGenerator(std::uint64_t seed = 67280421310721) { return Generator(seed); }
inline const Generator& getDefaultCPUGenerator() { return default_generator(); }
}  // namespace detail

}  // namespace xgrad

// Not an alias: programs add functions of their own to it.
namespace torch {
using namespace xgrad;
}  // namespace torch

namespace at {
using namespace xgrad;

namespace internal {
inline constexpr std::int64_t GRAIN_SIZE = 32768;
}  // namespace internal
}  // namespace at

namespace c10 {
using namespace xgrad;

using std::bad_optional_access;
using std::in_place;
using std::make_optional;
using std::nullopt_t;
using std::string_view;

using std::bad_variant_access;
using std::get;
using std::get_if;
using std::holds_alternative;
using std::monostate;
using std::variant;
using std::visit;
}  // namespace c10

namespace caffe2 {
using xgrad::TypeMeta;
}  // namespace caffe2
