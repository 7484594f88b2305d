// The elements of a record as C++ values, and what is to say of them.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>

#include "xgrad/io/document.h"

namespace cli {

// Calls function(T()) with the C++ type of the elements.
template <class F>
auto with_type(xgrad::ScalarType dtype, const F& function) {
  switch (dtype) {
    case xgrad::kFloat64:
      return function(double());
    case xgrad::kInt64:
      return function(std::int64_t());
    case xgrad::kInt32:
      return function(std::int32_t());
    case xgrad::kUInt8:
    case xgrad::kBool:
      return function(std::uint8_t());
    default:
      return function(float());
  }
}

template <class T>
T element(const xgrad::io::Record& record, std::int64_t i) {
  T value;
  std::memcpy(&value, record.data + static_cast<std::size_t>(i) * sizeof(T), sizeof(T));
  return value;
}

// Of the finite elements; min, mean and max are null where there are none.
struct Statistics {
  xgrad::io::Value min, mean, max;
  std::int64_t non_finite = 0;
};
Statistics statistics_of(const xgrad::io::Record& record);

// The name as it may be printed: control characters are escaped.
std::string name_text(const std::string& name);
std::string shape_text(const xgrad::Dims& shape);  // "[2, 3]"
std::string size_text(std::size_t bytes);          // "4.1 kB"

}  // namespace cli
