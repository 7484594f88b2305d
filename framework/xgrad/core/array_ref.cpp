#include "xgrad/core/array_ref.h"

#include <ostream>

#include "xgrad/core/format.h"

namespace xgrad {

template <class T>
std::ostream& operator<<(std::ostream& out, ArrayRef<T> values) {
  out << '[';
  for (std::size_t i = 0; i < values.size(); ++i) out << (i == 0 ? "" : ", ") << values[i];
  return out << ']';
}

template std::ostream& operator<<(std::ostream&, ArrayRef<std::int64_t>);
template std::ostream& operator<<(std::ostream&, ArrayRef<int>);
template std::ostream& operator<<(std::ostream&, ArrayRef<double>);
template std::ostream& operator<<(std::ostream&, ArrayRef<float>);
template std::ostream& operator<<(std::ostream&, ArrayRef<std::size_t>);
template std::ostream& operator<<(std::ostream&, ArrayRef<std::string>);

void fail_array_index(std::size_t index, std::size_t size) {
  fail_index(
      fmt::format("ArrayRef::at: index {} is out of range, expected less than {}", index, size));
}

std::string shape_text(IntArrayRef sizes) {
  return sizes.empty() ? "0-d" : fmt::format("{}", fmt::join(sizes, "x"));
}

}  // namespace xgrad
