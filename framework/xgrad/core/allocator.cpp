#include "xgrad/core/allocator.h"

#include <array>
#include <atomic>
#include <bit>
#include <cstdint>
#include <cstdlib>
#include <mutex>
#include <vector>

#ifdef __linux__
#include <sys/mman.h>
#endif

#include "xgrad/core/format.h"

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/asan_interface.h>
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#include <sanitizer/asan_interface.h>
#endif
#endif
#ifndef ASAN_POISON_MEMORY_REGION
#define ASAN_POISON_MEMORY_REGION(block, bytes) (static_cast<void>(block), static_cast<void>(bytes))
#define ASAN_UNPOISON_MEMORY_REGION(block, bytes) \
  (static_cast<void>(block), static_cast<void>(bytes))
#endif

namespace xgrad::memory {
namespace {

// Small blocks (tensor headers, tape nodes, storage of a few elements) are kept by each thread
// without a lock; larger ones in one store. Size classes: multiples of 64 up to 1024, then four
// steps to each power of two (at most 25% waste).
constexpr std::size_t kSmall = 1024;
constexpr std::size_t kSmallClasses = kSmall / kAlignment;
constexpr std::size_t kLargeClasses = 4 * 48;
constexpr std::size_t kKeptPerThread = 4096;

struct Free {
  Free* next;
};

std::size_t small_class(std::size_t bytes) { return bytes == 0 ? 0 : (bytes - 1) / kAlignment; }

std::size_t large_class(std::size_t bytes) {
  const auto top =
      static_cast<std::size_t>(std::bit_width(bytes - 1)) - 1;  // 2^top < bytes <= 2^(top+1)
  return (top - 10) * 4 + (((bytes - 1) >> (top - 2)) & 3);
}

std::size_t large_size(std::size_t index) {
  const std::size_t top = index / 4 + 10;
  return (std::size_t{1} << top) + ((index % 4 + 1) << (top - 2));
}

std::atomic<std::size_t> live_large{0}, peak{0}, cached_large{0}, system_calls{0};
// Bytes of live small blocks by thread: only the owner writes, and a block may be freed by another
// thread, so that one counter may be negative while their sum is right.
std::atomic<std::ptrdiff_t> live_small_of_ended_threads{0};

// Blocks of several huge pages ask for them: with pages of 4 KiB, a permutation of a large tensor
// waits for the translation of addresses more than for memory.
constexpr std::size_t kHugePage = std::size_t{2} << 20;

void* aligned(std::size_t bytes) {
#ifdef MADV_HUGEPAGE
  if (bytes >= 2 * kHugePage) {
    void* block = std::aligned_alloc(kHugePage, (bytes + kHugePage - 1) / kHugePage * kHugePage);
    if (block != nullptr) ::madvise(block, bytes, MADV_HUGEPAGE);  // a wish: it may fail
    return block;
  }
#endif
  return std::aligned_alloc(kAlignment, bytes);
}

void* from_system(std::size_t bytes) {
  system_calls.fetch_add(1, std::memory_order_relaxed);
  void* block = aligned(bytes);
  if (block == nullptr) {
    empty_cache();
    block = aligned(bytes);
  }
  check(block != nullptr, "allocate: the system has no {} bytes left ({} in use)", bytes,
        stats().current_bytes);
  return block;
}

struct LargeStore {
  std::mutex mutex;
  std::array<std::vector<void*>, kLargeClasses> blocks;
};
// Never destroyed: tensors with static storage may be freed after it.
LargeStore& large_store() {
  static auto* store = new LargeStore;
  return *store;
}

struct ThreadCache;
struct Registry {
  std::mutex mutex;
  std::vector<ThreadCache*> caches;
};
Registry& registry() {
  static auto* all = new Registry;
  return *all;
}

struct ThreadCache {
  std::array<Free*, kSmallClasses> lists{};
  std::array<std::uint32_t, kSmallClasses> counts{};
  std::atomic<std::ptrdiff_t> live{0};

  ThreadCache() {
    std::lock_guard lock(registry().mutex);
    registry().caches.push_back(this);
  }
  ~ThreadCache() {
    empty();
    std::lock_guard lock(registry().mutex);
    live_small_of_ended_threads.fetch_add(live.load());
    std::erase(registry().caches, this);
  }
  void count(std::ptrdiff_t bytes) {
    live.store(live.load(std::memory_order_relaxed) + bytes, std::memory_order_relaxed);
  }
  void empty() {
    for (std::size_t i = 0; i < kSmallClasses; ++i) {
      while (Free* block = lists[i]) {
        ASAN_UNPOISON_MEMORY_REGION(block, (i + 1) * kAlignment);
        lists[i] = block->next;
        std::free(block);
      }
      counts[i] = 0;
    }
  }
};

// This thread's cache, null before its first and after its last use: read without the guard that a
// thread_local object costs.
constinit thread_local ThreadCache* known_cache = nullptr;
constinit thread_local bool thread_ended = false;

ThreadCache* make_thread_cache() {
  struct Holder {
    ThreadCache cache;
    Holder() { known_cache = &cache; }
    ~Holder() {
      known_cache = nullptr;
      thread_ended = true;
    }
  };
  if (thread_ended) return nullptr;
  thread_local Holder holder;
  return &holder.cache;
}

ThreadCache* thread_cache() { return known_cache != nullptr ? known_cache : make_thread_cache(); }

void* allocate_small(std::size_t bytes) {
  const std::size_t index = small_class(bytes);
  const std::size_t size = (index + 1) * kAlignment;
  ThreadCache* cache = thread_cache();
  if (cache == nullptr) return from_system(size);
  cache->count(static_cast<std::ptrdiff_t>(bytes));
  Free* block = cache->lists[index];
  if (block == nullptr) return from_system(size);
  ASAN_UNPOISON_MEMORY_REGION(block, size);
  cache->lists[index] = block->next;
  --cache->counts[index];
  return block;
}

void deallocate_small(void* block, std::size_t bytes) noexcept {
  const std::size_t index = small_class(bytes);
  ThreadCache* cache = thread_cache();
  if (cache == nullptr) {
    std::free(block);
    return;
  }
  cache->count(-static_cast<std::ptrdiff_t>(bytes));
  if (cache->counts[index] == kKeptPerThread) {
    std::free(block);
    return;
  }
  auto* free_block = static_cast<Free*>(block);
  free_block->next = cache->lists[index];
  cache->lists[index] = free_block;
  ++cache->counts[index];
  ASAN_POISON_MEMORY_REGION(block, (index + 1) * kAlignment);
}

}  // namespace

void* allocate(std::size_t bytes) {
  if (bytes <= kSmall) return allocate_small(bytes);
  check(bytes < (std::size_t{1} << 56), "allocate: {} bytes are more than any machine has", bytes);
  const std::size_t index = large_class(bytes);
  void* block = nullptr;
  {
    LargeStore& store = large_store();
    std::lock_guard lock(store.mutex);
    if (!store.blocks[index].empty()) {
      block = store.blocks[index].back();
      store.blocks[index].pop_back();
    }
  }
  if (block != nullptr) {
    cached_large.fetch_sub(large_size(index), std::memory_order_relaxed);
    ASAN_UNPOISON_MEMORY_REGION(block, large_size(index));
  } else {
    block = from_system(large_size(index));
  }
  const std::size_t live = live_large.fetch_add(bytes, std::memory_order_relaxed) + bytes;
  std::size_t most = peak.load(std::memory_order_relaxed);
  while (live > most && !peak.compare_exchange_weak(most, live, std::memory_order_relaxed)) {
  }
  return block;
}

void deallocate(void* block, std::size_t bytes) noexcept {
  if (bytes <= kSmall) return deallocate_small(block, bytes);
  const std::size_t index = large_class(bytes);
  live_large.fetch_sub(bytes, std::memory_order_relaxed);
  cached_large.fetch_add(large_size(index), std::memory_order_relaxed);
  ASAN_POISON_MEMORY_REGION(block, large_size(index));
  LargeStore& store = large_store();
  std::lock_guard lock(store.mutex);
  store.blocks[index].push_back(block);
}

Stats stats() {
  std::ptrdiff_t small = live_small_of_ended_threads.load();
  std::size_t small_cached = 0;
  {
    std::lock_guard lock(registry().mutex);
    for (ThreadCache* cache : registry().caches)
      small += cache->live.load(std::memory_order_relaxed);
  }
  if (ThreadCache* cache = thread_cache()) {
    for (std::size_t i = 0; i < kSmallClasses; ++i)
      small_cached += cache->counts[i] * (i + 1) * kAlignment;
  }
  const std::size_t live_small = small > 0 ? static_cast<std::size_t>(small) : 0;
  return {live_large + live_small, std::max(peak.load(), live_large.load()) + live_small,
          cached_large + small_cached, system_calls};
}

void reset_peak() { peak.store(live_large.load()); }

void empty_cache() {
  LargeStore& store = large_store();
  {
    std::lock_guard lock(store.mutex);
    for (std::size_t i = 0; i < kLargeClasses; ++i) {
      for (void* block : store.blocks[i]) {
        ASAN_UNPOISON_MEMORY_REGION(block, large_size(i));
        std::free(block);
        cached_large.fetch_sub(large_size(i), std::memory_order_relaxed);
      }
      store.blocks[i].clear();
    }
  }
  if (ThreadCache* cache = thread_cache()) cache->empty();
}

}  // namespace xgrad::memory
