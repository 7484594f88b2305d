// Dims: a short list of int64 (sizes, strides, dimension numbers) that lives inline up to rank 6.
//
//   Dims sizes{2, 3};  sizes.push_back(4);  IntArrayRef(sizes);
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "xgrad/core/array_ref.h"

namespace xgrad {

class Dims {
 public:
  static constexpr std::size_t kInline = 6;

  Dims() noexcept {}
  Dims(std::initializer_list<std::int64_t> values) { assign(values.begin(), values.size()); }
  Dims(IntArrayRef values) { assign(values.data(), values.size()); }
  Dims(std::size_t size, std::int64_t value) {
    resize(size);
    std::fill(begin(), end(), value);
  }
  Dims(const Dims& other) { assign(other.data(), other.size_); }
  Dims(Dims&& other) noexcept { take(other); }
  Dims& operator=(const Dims& other) {
    if (this != &other) assign(other.data(), other.size_);
    return *this;
  }
  Dims& operator=(Dims&& other) noexcept {
    if (this != &other) {
      release();
      take(other);
    }
    return *this;
  }
  ~Dims() { release(); }

  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  std::int64_t* data() { return heap_ ? heap_ : inline_; }
  const std::int64_t* data() const { return heap_ ? heap_ : inline_; }
  std::int64_t* begin() { return data(); }
  std::int64_t* end() { return data() + size_; }
  const std::int64_t* begin() const { return data(); }
  const std::int64_t* end() const { return data() + size_; }
  std::int64_t& operator[](std::size_t i) { return data()[i]; }
  std::int64_t operator[](std::size_t i) const { return data()[i]; }
  std::int64_t& back() { return data()[size_ - 1]; }
  std::int64_t back() const { return data()[size_ - 1]; }
  std::int64_t front() const { return data()[0]; }

  void clear() { size_ = 0; }
  // New elements are not initialized.
  void resize(std::size_t size) {
    if (size > capacity_) grow(size);
    size_ = static_cast<std::uint32_t>(size);
  }
  void resize(std::size_t size, std::int64_t value) {
    const std::size_t before = size_;
    resize(size);
    for (std::size_t i = before; i < size; ++i) data()[i] = value;
  }
  void push_back(std::int64_t value) {
    resize(size_ + std::size_t{1});
    back() = value;
  }
  void pop_back() { --size_; }
  void insert(std::size_t position, std::int64_t value) {
    push_back(value);
    std::rotate(begin() + position, end() - 1, end());
  }
  void erase(std::size_t position) {
    std::copy(begin() + position + 1, end(), begin() + position);
    --size_;
  }
  void assign(const std::int64_t* values, std::size_t size) {
    resize(size);
    std::int64_t* to = data();
    if (size > kInline) {
      std::memmove(to, values, size * sizeof(std::int64_t));
      return;
    }
    // Unrolled: a call of memmove costs more than all of it.
    for (std::size_t i = 0; i < kInline && i < size; ++i) to[i] = values[i];
  }
  friend bool operator==(const Dims& a, const Dims& b) {
    return a.size_ == b.size_ && std::equal(a.begin(), a.end(), b.begin());
  }

 private:
  void grow(std::size_t size) {
    const std::size_t capacity = std::max<std::size_t>(size, std::size_t{capacity_} * 2);
    auto* bigger = new std::int64_t[capacity];
    std::copy(begin(), end(), bigger);
    delete[] heap_;
    heap_ = bigger;
    capacity_ = static_cast<std::uint32_t>(capacity);
  }
  void release() {
    delete[] heap_;
    heap_ = nullptr;
    capacity_ = kInline;
    size_ = 0;
  }
  void take(Dims& other) noexcept {
    heap_ = other.heap_;
    size_ = other.size_;
    capacity_ = other.capacity_;
    if (!heap_) std::copy(other.inline_, other.inline_ + size_, inline_);
    other.heap_ = nullptr;
    other.size_ = 0;
    other.capacity_ = kInline;
  }

  std::int64_t* heap_ = nullptr;
  std::uint32_t size_ = 0;
  std::uint32_t capacity_ = kInline;
  std::int64_t inline_[kInline];
};

// Product of the sizes: the number of elements, 1 for a scalar.
inline std::int64_t numel_of(IntArrayRef sizes) {
  std::int64_t n = 1;
  for (std::int64_t size : sizes) n *= size;
  return n;
}

// Row-major strides, in elements.
inline Dims contiguous_strides(IntArrayRef sizes) {
  Dims strides(sizes.size(), 1);
  for (std::size_t i = sizes.size(); i-- > 1;) {
    strides[i - 1] = strides[i] * std::max<std::int64_t>(sizes[i], 1);
  }
  return strides;
}

}  // namespace xgrad
