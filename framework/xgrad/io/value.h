// Value: a JSON value that owns its contents; what a checkpoint's metadata is made of.
//
//   io::Value metadata = io::Value::object();
//   metadata["epoch"] = 3;
//   metadata["optimizer"]["lr"] = 0.1;
//   metadata["epoch"].as_int() == 3;
//
// Integers and doubles are told apart and come back as what they were: 1.0 is written "1.0".
// Objects keep the order of insertion.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

namespace xgrad::io {

class Value {
 public:
  struct Member;
  using Array = std::vector<Value>;
  using Object = std::vector<Member>;
  enum class Type { Null, Bool, Int, Double, String, Array, Object };

  Value();
  Value(std::nullptr_t) : Value() {}
  template <class T>
  requires std::is_arithmetic_v<T> Value(T value);
  Value(const char* text);
  Value(std::string_view text);
  Value(std::string text);
  Value(Array values);
  Value(Object members);
  Value(const Value& other);
  Value(Value&& other) noexcept;
  Value& operator=(const Value& other);
  Value& operator=(Value&& other) noexcept;
  ~Value();

  static Value array();
  static Value object();

  Type type() const { return static_cast<Type>(content_.index()); }
  bool is_null() const { return type() == Type::Null; }
  bool is_object() const { return type() == Type::Object; }
  bool is_array() const { return type() == Type::Array; }

  // Each throws Error where the value is of another type.
  bool as_bool() const;
  std::int64_t as_int() const;
  // Also an integer, and the strings "NaN", "Infinity", "-Infinity": JSON has no other form.
  double as_double() const;
  const std::string& as_string() const;
  const Array& as_array() const;
  const Object& as_object() const;

  // The member of that key, made where absent; null becomes an object first.
  Value& operator[](std::string_view key);
  // The member of that key; Error where absent.
  const Value& at(std::string_view key) const;
  // The member of that key, or nullptr where absent or where this is not an object.
  const Value* find(std::string_view key) const;
  // Appends to an array; null becomes an array first.
  void push_back(Value value);
  // Elements of an array, members of an object, else 0.
  std::size_t size() const;

  // Order of members counts; two NaN are equal.
  friend bool operator==(const Value& a, const Value& b);

 private:
  static Value of_integer(std::int64_t value);
  static Value of_unsigned(std::uint64_t value);
  static Value of_double(double value);
  static Value of_bool(bool value);

  std::variant<std::nullptr_t, bool, std::int64_t, double, std::string, Array, Object> content_;
};

struct Value::Member {
  std::string key;
  Value value;
  friend bool operator==(const Member&, const Member&) = default;
};

// "null", "bool", "int", "double", "string", "array", "object".
const char* type_name(Value::Type type);

template <class T>
requires std::is_arithmetic_v<T> Value::Value(T value) : Value() {
  if constexpr (std::is_same_v<T, bool>) {
    *this = of_bool(value);
  } else if constexpr (std::is_floating_point_v<T>) {
    *this = of_double(static_cast<double>(value));
  } else if constexpr (std::is_signed_v<T>) {
    *this = of_integer(static_cast<std::int64_t>(value));
  } else {
    *this = of_unsigned(static_cast<std::uint64_t>(value));  // Error above the int64 range
  }
}

}  // namespace xgrad::io
