// The small tools of c10 that programs use beside tensors.
#pragma once

#include <functional>
#include <numeric>
#include <sstream>
#include <string>

#include "torch/namespaces.h"

namespace c10 {

// "a, b, c" of (", ", {"a", "b", "c"}).
template <class Container>
std::string Join(const std::string& delimiter, const Container& values) {
  std::ostringstream text;
  bool first = true;
  for (const auto& value : values) {
    if (!first) text << delimiter;
    text << value;
    first = false;
  }
  return text.str();
}

// As libtorch's accumulate.h: the sum and the product of integers.
template <class Container>
std::int64_t sum_integers(const Container& values) {
  return std::accumulate(values.begin(), values.end(), std::int64_t{0});
}
template <class Container>
std::int64_t multiply_integers(const Container& values) {
  return std::accumulate(values.begin(), values.end(), std::int64_t{1}, std::multiplies<>());
}
template <class Iterator>
std::int64_t multiply_integers(Iterator begin, Iterator end) {
  return std::accumulate(begin, end, std::int64_t{1}, std::multiplies<>());
}

template <class T>
std::string to_string(const T& value) {
  return std::to_string(value);
}
namespace guts {
using c10::to_string;
// libtorch 1.13 knows the state of an optimizer by this text; ours knows it by the address itself.
inline void* to_string(xgrad::TensorImpl* parameter) { return parameter; }
}  // namespace guts

}  // namespace c10
