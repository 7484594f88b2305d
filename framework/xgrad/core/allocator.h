// The allocator: freed blocks are kept by size and reused, so that a training step asks the system
// for nothing after its first round.
//
//   xgrad::memory::stats().current_bytes;  xgrad::memory::empty_cache();
#pragma once

#include <cstddef>

namespace xgrad::memory {

constexpr std::size_t kAlignment = 64;  // one cache line, one AVX-512 register

// A block of at least `bytes`, aligned to kAlignment;
// never null. Throws Error when the system has no more.
void* allocate(std::size_t bytes);
void deallocate(void* block, std::size_t bytes) noexcept;

struct Stats {
  std::size_t current_bytes;  // in live blocks
  std::size_t peak_bytes;     // the most since the start or the last reset_peak()
  std::size_t cached_bytes;   // freed and kept for reuse
  std::size_t system_allocations;
};
Stats stats();
void reset_peak();
// Gives all kept blocks back to the system.
void empty_cache();

// A scratch buffer that lives as long as its scope.
template <class T>
class Buffer {
 public:
  explicit Buffer(std::size_t size)
      : bytes_(size * sizeof(T)), data_(static_cast<T*>(allocate(bytes_))) {}
  Buffer(const Buffer&) = delete;
  Buffer& operator=(const Buffer&) = delete;
  ~Buffer() { deallocate(data_, bytes_); }
  T* data() { return data_; }
  T& operator[](std::size_t i) { return data_[i]; }

 private:
  std::size_t bytes_;
  T* data_;
};

}  // namespace xgrad::memory
