// ExpandingArray<D>: D values given as one (repeated) or as a list of D, as in `kernel_size(3)` and
// `kernel_size({3, 5})`. ExpandingArrayWithOptionalElem<D>: the same where a value may be absent.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <ostream>
#include <vector>

#include "xgrad/core/array_ref.h"

namespace xgrad {

// Throws Error unless `given` is `expected`; out of line for all instances.
void check_expanding_array(std::size_t expected, std::size_t given);

template <std::size_t D, class T = std::int64_t>
class ExpandingArray {
 public:
  // Errors of the list forms: not D values.
  ExpandingArray(std::initializer_list<T> values) : ExpandingArray(ArrayRef<T>(values)) {}
  ExpandingArray(const std::vector<T>& values) : ExpandingArray(ArrayRef<T>(values)) {}
  ExpandingArray(ArrayRef<T> values) {
    check_expanding_array(D, values.size());
    for (std::size_t i = 0; i < D; ++i) values_[i] = values[i];
  }
  ExpandingArray(T one) { values_.fill(one); }
  ExpandingArray(const std::array<T, D>& values) : values_(values) {}

  std::array<T, D>& operator*() { return values_; }
  const std::array<T, D>& operator*() const { return values_; }
  std::array<T, D>* operator->() { return &values_; }
  const std::array<T, D>* operator->() const { return &values_; }
  operator ArrayRef<T>() const { return values_; }
  std::size_t size() const noexcept { return D; }

 protected:
  std::array<T, D> values_{};
};

template <std::size_t D, class T = std::int64_t>
class ExpandingArrayWithOptionalElem : public ExpandingArray<D, std::optional<T>> {
  using Base = ExpandingArray<D, std::optional<T>>;

 public:
  using Base::Base;
  ExpandingArrayWithOptionalElem(std::initializer_list<T> values)
      : ExpandingArrayWithOptionalElem(ArrayRef<T>(values)) {}
  ExpandingArrayWithOptionalElem(const std::vector<T>& values)
      : ExpandingArrayWithOptionalElem(ArrayRef<T>(values)) {}
  ExpandingArrayWithOptionalElem(ArrayRef<T> values) : Base(std::optional<T>()) {
    check_expanding_array(D, values.size());
    for (std::size_t i = 0; i < D; ++i) this->values_[i] = values[i];
  }
  ExpandingArrayWithOptionalElem(T one) : Base(std::optional<T>(one)) {}
  ExpandingArrayWithOptionalElem(const std::array<T, D>& values)
      : ExpandingArrayWithOptionalElem(ArrayRef<T>(values)) {}
};

// A single value prints bare, more print as a list: 3, [3, 5], [3, None].
template <std::size_t D, class T>
std::ostream& operator<<(std::ostream& out, const ExpandingArray<D, T>& array) {
  if constexpr (D == 1) {
    return out << array->front();
  } else {
    for (std::size_t i = 0; i < D; ++i) out << (i == 0 ? "[" : ", ") << (*array)[i];
    return out << ']';
  }
}
template <std::size_t D, class T>
std::ostream& operator<<(std::ostream& out, const ExpandingArrayWithOptionalElem<D, T>& array) {
  for (std::size_t i = 0; i < D; ++i) {
    if (D > 1) out << (i == 0 ? "[" : ", ");
    if ((*array)[i]) {
      out << *(*array)[i];
    } else {
      out << "None";
    }
  }
  return D > 1 ? out << ']' : out;
}

}  // namespace xgrad
