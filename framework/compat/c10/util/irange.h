// c10::irange: the integers of a range, for loops.
//
//   for (const auto i : c10::irange(x.size(0))) { ... }
#pragma once

#include <type_traits>

namespace c10 {

template <class T>
class IntegerRange {
 public:
  class Iterator {
   public:
    explicit Iterator(T value) : value_(value) {}
    T operator*() const { return value_; }
    Iterator& operator++() {
      ++value_;
      return *this;
    }
    bool operator==(const Iterator&) const = default;

   private:
    T value_;
  };
  // Empty when the end comes before the beginning.
  IntegerRange(T begin, T end) : begin_(begin), end_(end < begin ? begin : end) {}
  Iterator begin() const { return Iterator(begin_); }
  Iterator end() const { return Iterator(end_); }

 private:
  T begin_, end_;
};

template <class T, class = std::enable_if_t<std::is_integral_v<T>>>
IntegerRange<T> irange(T end) {
  return {T{0}, end};
}
template <class A, class B,
          class = std::enable_if_t<std::is_integral_v<A> && std::is_integral_v<B>>>
IntegerRange<B> irange(A begin, B end) {
  return {static_cast<B>(begin), end};
}

}  // namespace c10
