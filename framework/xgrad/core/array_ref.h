// ArrayRef<T>: a borrowed, read-only run of values, taken by value wherever PyTorch takes a list.
//
//   xgrad::zeros({2, 3});             // from braces
//   xgrad::zeros(n);                  // from a bare integer
//   xgrad::zeros(vector_of_int64_t);  // from a vector
//
// It does not own: never keep one beyond the call. Mirrors c10::ArrayRef.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <iosfwd>
#include <iterator>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

namespace xgrad {

template <class T>
class ArrayRef {
 public:
  using value_type = T;
  using iterator = const T*;
  using const_iterator = const T*;
  using reverse_iterator = std::reverse_iterator<iterator>;
  using size_type = std::size_t;

  constexpr ArrayRef() = default;
  constexpr ArrayRef(const T& one) : data_(&one), size_(1) {}
  constexpr ArrayRef(const T* data, std::size_t size) : data_(data), size_(size) {}
  constexpr ArrayRef(const T* first, const T* last)
      : data_(first), size_(static_cast<std::size_t>(last - first)) {}
  template <class Allocator>
  ArrayRef(const std::vector<T, Allocator>& values) : data_(values.data()), size_(values.size()) {
    static_assert(!std::is_same_v<T, bool>, "ArrayRef<bool> cannot borrow from std::vector<bool>");
  }
  template <std::size_t N>
  constexpr ArrayRef(const std::array<T, N>& values) : data_(values.data()), size_(N) {}
  template <std::size_t N>
  constexpr ArrayRef(const T (&values)[N]) : data_(values), size_(N) {}
  // Valid until the end of the full expression, as for every initializer_list:
  // g++ warns of just that.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Winit-list-lifetime"
#endif
  constexpr ArrayRef(std::initializer_list<T> values)
      : data_(values.size() == 0 ? nullptr : values.begin()), size_(values.size()) {}
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif
  // Anything else that has data() and size() over T (small vectors, expanding arrays).
  template <
      class Container,
      class = std::enable_if_t<
          std::is_convertible_v<decltype(std::declval<const Container&>().data()), const T*> &&
          std::is_convertible_v<decltype(std::declval<const Container&>().size()), std::size_t> &&
          !std::is_same_v<std::decay_t<Container>, ArrayRef>>>
  constexpr ArrayRef(const Container& values) : data_(values.data()), size_(values.size()) {}

  constexpr const T* data() const { return data_; }
  constexpr std::size_t size() const { return size_; }
  constexpr bool empty() const { return size_ == 0; }
  constexpr iterator begin() const { return data_; }
  constexpr iterator end() const { return data_ + size_; }
  constexpr const_iterator cbegin() const { return begin(); }
  constexpr const_iterator cend() const { return end(); }
  constexpr reverse_iterator rbegin() const { return reverse_iterator(end()); }
  constexpr reverse_iterator rend() const { return reverse_iterator(begin()); }
  constexpr const T& operator[](std::size_t i) const { return data_[i]; }
  const T& at(std::size_t i) const;
  constexpr const T& front() const { return data_[0]; }
  constexpr const T& back() const { return data_[size_ - 1]; }
  constexpr ArrayRef slice(std::size_t first, std::size_t count) const {
    return {data_ + first, count};
  }
  constexpr ArrayRef slice(std::size_t first) const { return {data_ + first, size_ - first}; }
  std::vector<T> vec() const { return std::vector<T>(begin(), end()); }
  constexpr bool equals(ArrayRef other) const {
    if (size_ != other.size_) return false;
    for (std::size_t i = 0; i < size_; ++i) {
      if (!(data_[i] == other.data_[i])) return false;
    }
    return true;
  }

 private:
  const T* data_ = nullptr;
  std::size_t size_ = 0;
};

using IntArrayRef = ArrayRef<std::int64_t>;
using IntList = IntArrayRef;

template <class T>
bool operator==(ArrayRef<T> a, ArrayRef<T> b) {
  return a.equals(b);
}
template <class T>
bool operator==(const std::vector<T>& a, ArrayRef<T> b) {
  return ArrayRef<T>(a).equals(b);
}
template <class T>
bool operator==(ArrayRef<T> a, const std::vector<T>& b) {
  return a.equals(ArrayRef<T>(b));
}

// Prints as PyTorch does: [2, 3, 5].
template <class T>
std::ostream& operator<<(std::ostream& out, ArrayRef<T> values);
extern template std::ostream& operator<<(std::ostream&, ArrayRef<std::int64_t>);
extern template std::ostream& operator<<(std::ostream&, ArrayRef<int>);
extern template std::ostream& operator<<(std::ostream&, ArrayRef<double>);
extern template std::ostream& operator<<(std::ostream&, ArrayRef<float>);
extern template std::ostream& operator<<(std::ostream&, ArrayRef<std::size_t>);
extern template std::ostream& operator<<(std::ostream&, ArrayRef<std::string>);

[[noreturn]] void fail_array_index(std::size_t index, std::size_t size);

template <class T>
const T& ArrayRef<T>::at(std::size_t i) const {
  if (i >= size_) fail_array_index(i, size_);
  return data_[i];
}

// A list that may be absent (`dim` of a reduction): absent, a bare integer, braces or a vector.
template <class T>
class OptionalArrayRef {
 public:
  constexpr OptionalArrayRef() = default;
  constexpr OptionalArrayRef(std::nullopt_t) {}
  constexpr OptionalArrayRef(const T& one) : values_(one), present_(true) {}
  constexpr OptionalArrayRef(std::initializer_list<T> values) : values_(values), present_(true) {}
  constexpr OptionalArrayRef(ArrayRef<T> values) : values_(values), present_(true) {}
  OptionalArrayRef(const std::vector<T>& values) : values_(values), present_(true) {}
  OptionalArrayRef(const std::optional<ArrayRef<T>>& values)
      : values_(values.value_or(ArrayRef<T>())), present_(values.has_value()) {}
  constexpr bool has_value() const { return present_; }
  constexpr explicit operator bool() const { return present_; }
  constexpr const ArrayRef<T>& value() const { return values_; }
  constexpr const ArrayRef<T>& operator*() const { return values_; }
  constexpr const ArrayRef<T>* operator->() const { return &values_; }
  constexpr ArrayRef<T> value_or(ArrayRef<T> other) const { return present_ ? values_ : other; }
  constexpr void reset() { *this = {}; }

 private:
  ArrayRef<T> values_;
  bool present_ = false;
};

using OptionalIntArrayRef = OptionalArrayRef<std::int64_t>;

}  // namespace xgrad
