#include "xgrad/io/value.h"

#include <cmath>

#include "xgrad/core/format.h"

namespace xgrad::io {

namespace {

[[noreturn]] void wrong_type(const char* expected, Value::Type given) {
  fail("metadata: value is {}, expected {}", type_name(given), expected);
}

template <class T, class Variant>
const T& get(const Variant& content, const char* expected) {
  if (const T* value = std::get_if<T>(&content)) return *value;
  wrong_type(expected, static_cast<Value::Type>(content.index()));
}

}  // namespace

Value::Value() = default;
Value::Value(const char* text) : content_(std::string(text)) {}
Value::Value(std::string_view text) : content_(std::string(text)) {}
Value::Value(std::string text) : content_(std::move(text)) {}
Value::Value(Array values) : content_(std::move(values)) {}
Value::Value(Object members) : content_(std::move(members)) {}
Value::Value(const Value& other) = default;
Value::Value(Value&& other) noexcept = default;
Value& Value::operator=(const Value& other) = default;
Value& Value::operator=(Value&& other) noexcept = default;
Value::~Value() = default;

Value Value::array() { return Value(Array()); }
Value Value::object() { return Value(Object()); }

Value Value::of_bool(bool value) {
  Value result;
  result.content_ = value;
  return result;
}

Value Value::of_integer(std::int64_t value) {
  Value result;
  result.content_ = value;
  return result;
}

Value Value::of_unsigned(std::uint64_t value) {
  check(value <= static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()),
        "metadata: integer {} is out of range, expected at most {}", value,
        std::numeric_limits<std::int64_t>::max());
  return of_integer(static_cast<std::int64_t>(value));
}

Value Value::of_double(double value) {
  Value result;
  result.content_ = value;
  return result;
}

bool Value::as_bool() const { return get<bool>(content_, "bool"); }
std::int64_t Value::as_int() const { return get<std::int64_t>(content_, "int"); }
const std::string& Value::as_string() const { return get<std::string>(content_, "string"); }
const Value::Array& Value::as_array() const { return get<Array>(content_, "array"); }
const Value::Object& Value::as_object() const { return get<Object>(content_, "object"); }

double Value::as_double() const {
  if (const auto* integer = std::get_if<std::int64_t>(&content_)) {
    return static_cast<double>(*integer);
  }
  if (const auto* text = std::get_if<std::string>(&content_)) {
    if (*text == "NaN") return std::numeric_limits<double>::quiet_NaN();
    if (*text == "Infinity") return std::numeric_limits<double>::infinity();
    if (*text == "-Infinity") return -std::numeric_limits<double>::infinity();
  }
  return get<double>(content_, "double");
}

const Value* Value::find(std::string_view key) const {
  if (const auto* members = std::get_if<Object>(&content_)) {
    for (const Member& member : *members) {
      if (member.key == key) return &member.value;
    }
  }
  return nullptr;
}

const Value& Value::at(std::string_view key) const {
  if (!is_object()) wrong_type("object", type());
  const Value* value = find(key);
  check(value != nullptr, "metadata: key \"{}\" is missing", key);
  return *value;
}

Value& Value::operator[](std::string_view key) {
  if (is_null()) content_ = Object();
  if (!is_object()) wrong_type("object", type());
  if (const Value* value = find(key)) return const_cast<Value&>(*value);
  auto& members = std::get<Object>(content_);
  members.push_back(Member{std::string(key), Value()});
  return members.back().value;
}

void Value::push_back(Value value) {
  if (is_null()) content_ = Array();
  if (!is_array()) wrong_type("array", type());
  std::get<Array>(content_).push_back(std::move(value));
}

std::size_t Value::size() const {
  if (const auto* values = std::get_if<Array>(&content_)) return values->size();
  if (const auto* members = std::get_if<Object>(&content_)) return members->size();
  return 0;
}

bool operator==(const Value& a, const Value& b) {
  if (a.type() == Value::Type::Double && b.type() == Value::Type::Double) {
    const double x = std::get<double>(a.content_), y = std::get<double>(b.content_);
    return x == y || (std::isnan(x) && std::isnan(y));
  }
  return a.content_ == b.content_;
}

const char* type_name(Value::Type type) {
  static constexpr const char* names[] = {"null",   "bool",  "int",   "double",
                                          "string", "array", "object"};
  return names[static_cast<std::size_t>(type)];
}

}  // namespace xgrad::io
