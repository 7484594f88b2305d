// Private: a bounded cache for one thread, found by a key of integers.
#pragma once

#include <cstdint>
#include <cstring>
#include <memory>
#include <vector>

namespace xgrad::contraction {

// A key that is built on the stack; only unusually long ones go to the heap.
class CacheKey {
 public:
  CacheKey() = default;
  CacheKey(const CacheKey&) = delete;
  CacheKey& operator=(const CacheKey&) = delete;

  void add(std::int64_t value) {
    if (size_ == capacity_) [[unlikely]] {
      grow();
    }
    data_[size_++] = value;
  }
  template <class Values>
  void add_all(const Values& values) {
    add(static_cast<std::int64_t>(values.size()));
    for (auto value : values) add(static_cast<std::int64_t>(value));
  }
  const std::int64_t* data() const { return data_; }
  std::size_t size() const { return size_; }
  // Two values a multiplication (64x64 to 128 bits, halves folded): a chain of one a value would
  // take longer than all the rest of a look-up.
  std::uint64_t hash() const {
    std::uint64_t h = size_;
    std::size_t i = 0;
    for (; i + 2 <= size_; i += 2)
      h = folded(h ^ word(i) ^ 0x9E3779B97F4A7C15ULL, h ^ word(i + 1) ^ 0xD1B54A32D192ED03ULL);
    return folded(h ^ 0x8CB92BA72F3D8DD7ULL, (i < size_ ? word(i) : 0) ^ 0x9E3779B97F4A7C15ULL);
  }

 private:
  std::uint64_t word(std::size_t i) const { return static_cast<std::uint64_t>(data_[i]); }
  static std::uint64_t folded(std::uint64_t x, std::uint64_t y) {
    __extension__ using Wide = unsigned __int128;
    const Wide product = static_cast<Wide>(x) * y;
    return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
  }
  [[gnu::noinline]] void grow() {
    std::vector<std::int64_t> bigger(capacity_ * 2);
    std::memcpy(bigger.data(), data_, size_ * sizeof(std::int64_t));
    capacity_ *= 2;
    heap_ = std::move(bigger);
    data_ = heap_.data();
  }

  std::size_t size_ = 0, capacity_ = 96;
  std::int64_t inline_[96];
  std::int64_t* data_ = inline_;
  std::vector<std::int64_t> heap_;
};

// Two places for each hash; the older of two that collide is dropped.
template <class Value, std::size_t kSlots = 1024>
class Cache {
 public:
  template <class Make>
  const std::shared_ptr<const Value>& find(const CacheKey& key, const Make& make) {
    const std::uint64_t hash = key.hash();
    const std::size_t place = hash % kSlots;
    if (slots_.empty()) slots_.resize(kSlots);
    Slot& first = slots_[place];
    if (matches(first, hash, key)) return first.value;
    Slot& second = slots_[place ^ 1];
    if (matches(second, hash, key)) return second.value;
    std::shared_ptr<const Value> made = make();  // may throw: then nothing has changed
    if (first.value) second = std::move(first);
    first = {hash, std::vector<std::int64_t>(key.data(), key.data() + key.size()), std::move(made)};
    return first.value;
  }

 private:
  struct Slot {
    std::uint64_t hash = 0;
    std::vector<std::int64_t> key;
    std::shared_ptr<const Value> value;
  };
  static bool matches(const Slot& slot, std::uint64_t hash, const CacheKey& key) {
    return slot.value && slot.hash == hash && slot.key.size() == key.size() &&
           std::memcmp(slot.key.data(), key.data(), key.size() * sizeof(std::int64_t)) == 0;
  }

  std::vector<Slot> slots_;
};

}  // namespace xgrad::contraction
