// The order of elements as integers: what sort, topk, median and the like compare. NaN is the
// largest, 0 and -0 are equal, and of equal elements the one that stands first comes first, also
// when descending. Private to the ops.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <limits>
#include <type_traits>
#include <utility>
#include <vector>

namespace xgrad {

template <class T>
using OrderKey = std::conditional_t<(sizeof(T) <= 4), std::uint32_t, std::uint64_t>;

// a < b exactly if order_key(a) < order_key(b).
template <class T>
OrderKey<T> order_key(T value) {
  using Key = OrderKey<T>;
  constexpr Key kSign = Key{1} << (sizeof(Key) * 8 - 1);
  if constexpr (std::is_floating_point_v<T>) {
    if (value != value) return std::numeric_limits<Key>::max();
    const auto bits = std::bit_cast<Key>(value == T{0} ? T{0} : value);
    return (bits & kSign) != 0 ? ~bits : bits | kSign;
  } else if constexpr (std::is_signed_v<T>) {
    return static_cast<Key>(value) ^ kSign;
  } else {
    return static_cast<Key>(value);
  }
}

// An element's key and position. Those of 4 bytes share one word, which sorts three times as fast.
struct PackedEntry {
  static constexpr int kKeyBits = 32;
  PackedEntry() = default;
  PackedEntry(std::uint32_t key, std::int64_t position)
      : word(std::uint64_t{key} << 32 | static_cast<std::uint64_t>(position)) {}
  std::uint64_t key() const { return word >> 32; }
  std::int64_t position() const { return static_cast<std::int64_t>(word & 0xffffffffU); }
  friend bool operator<(const PackedEntry& a, const PackedEntry& b) { return a.word < b.word; }
  std::uint64_t word;
};
struct WideEntry {
  static constexpr int kKeyBits = 64;
  WideEntry() = default;
  WideEntry(std::uint64_t key, std::int64_t position) : bits(key), place(position) {}
  std::uint64_t key() const { return bits; }
  std::int64_t position() const { return place; }
  friend bool operator<(const WideEntry& a, const WideEntry& b) {
    return a.bits != b.bits ? a.bits < b.bits : a.place < b.place;
  }
  std::uint64_t bits;
  std::int64_t place;
};

// Compares keys alone. What an unstable algorithm then does with equals is what PyTorch returns, as
// long as it is the same algorithm, with the same bounds.
inline constexpr auto by_key = [](const auto& a, const auto& b) { return a.key() < b.key(); };

// Elements x[i * step], i < n. Descending turns the keys round, not the order of equals.
template <class Entry, class T>
void read_entries(std::vector<Entry>& entries, const T* x, std::int64_t n, std::int64_t step,
                  bool descending) {
  entries.resize(static_cast<std::size_t>(n));
  for (std::int64_t i = 0; i < n; ++i) {
    const OrderKey<T> key = order_key(x[i * step]);
    entries[static_cast<std::size_t>(i)] =
        Entry(descending ? static_cast<OrderKey<T>>(~key) : key, i);
  }
}

// Entries that stand in the order of their positions, sorted. Long lists by counting, 11 bits of
// the key at a time from the lowest (what all keys share is skipped); it keeps the order of equals.
template <class Entry>
void sort_entries(std::vector<Entry>& entries, std::vector<Entry>& spare) {
  constexpr std::size_t kMany = 1024, kBuckets = 2048;
  if (entries.size() < kMany) return std::sort(entries.begin(), entries.end());
  spare.resize(entries.size());
  for (int shift = 0; shift < Entry::kKeyBits; shift += 11) {
    std::vector<std::size_t> start(kBuckets, 0);
    const auto bucket = [&](const Entry& entry) { return (entry.key() >> shift) & (kBuckets - 1); };
    for (const Entry& entry : entries) ++start[bucket(entry)];
    if (start[bucket(entries[0])] == entries.size()) continue;
    std::size_t total = 0;
    for (std::size_t& count : start) total += std::exchange(count, total);
    for (const Entry& entry : entries) spare[start[bucket(entry)]++] = entry;
    entries.swap(spare);
  }
}

// f(Entry{}) with the entry that n elements of type T need.
template <class T, class F>
void with_entry(std::int64_t n, const F& f) {
  if constexpr (sizeof(T) <= 4) {
    if (n <= std::numeric_limits<std::uint32_t>::max()) return f(PackedEntry{});
  }
  f(WideEntry{});
}

}  // namespace xgrad
