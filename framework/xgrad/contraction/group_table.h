// Private to execute_*.cpp: what runs of products share.
#pragma once

#include <algorithm>
#include <optional>

#include "xgrad/contraction/loops.h"
#include "xgrad/core/allocator.h"
#include "xgrad/core/parallel.h"
#include "xgrad/kernels/gemm.h"

namespace xgrad::contraction {

// Fewer multiply-adds (about 20 us) are not worth handing to another thread.
constexpr std::int64_t kPieceWork = std::int64_t{1} << 20;
constexpr std::int64_t kPackWork = std::int64_t{1} << 15;  // the same, of elements that are packed

// With a small depth a product is a stream of c. Wide rows of it are then written one row of tiles
// after the other, whole pages at a time, and all of b is read again for each; otherwise one panel
// of b stays in the L1 cache for all rows.
constexpr std::int64_t kStreamDepth = 64, kWideRow = 256;

// In how many pieces at once parallel_for may be at work.
inline std::size_t concurrent(std::int64_t size, std::int64_t grain) {
  return static_cast<std::size_t>(
      std::min<std::int64_t>(get_num_threads(), (size + grain - 1) / grain));
}

// Scratch memory: inline while small, since an 8x8 product takes less time than an allocation.
template <class T, std::size_t kInline>
class Scratch {
 public:
  explicit Scratch(std::int64_t size) {
    if (static_cast<std::size_t>(size) > kInline) heap_.emplace(static_cast<std::size_t>(size));
  }
  T* data() { return heap_ ? heap_->data() : inline_; }
  // Of the allocator.
  static std::size_t bytes(std::int64_t size) {
    return static_cast<std::size_t>(size) > kInline ? static_cast<std::size_t>(size) * sizeof(T)
                                                    : 0;
  }

 private:
  alignas(64) T inline_[kInline];
  std::optional<memory::Buffer<T>> heap_;
};

// Offsets and runs of a group, for one operand.
class GroupTable {
 public:
  explicit GroupTable(std::int64_t capacity) : offsets_(capacity), runs_(capacity) {}
  void fill(const Loops& loops, Stride stride, std::int64_t first, std::int64_t size,
            bool interleaved = false) {
    step_ = fill_table(loops, stride, first, size, interleaved, offsets_.data(), runs_.data());
  }
  kernels::Table table() { return {offsets_.data(), runs_.data(), step_}; }
  static std::size_t bytes(std::int64_t capacity) {
    return Offsets::bytes(capacity) + Runs::bytes(capacity);
  }

 private:
  using Offsets = Scratch<std::int64_t, 128>;
  using Runs = Scratch<std::int32_t, 128>;
  Offsets offsets_;
  Runs runs_;
  std::int64_t step_ = 1;
};

inline std::int64_t divided_up(std::int64_t value, std::int64_t by) {
  return (value + by - 1) / by;
}
// A number of pieces that come out even among the threads.
inline std::int64_t balanced(std::int64_t pieces) {
  const std::int64_t threads = get_num_threads();
  return pieces <= threads ? pieces : divided_up(pieces, threads) * threads;
}
// Of `size` units of `work` each, as many as make a piece worth a thread.
inline std::int64_t grain_of(std::int64_t size, std::int64_t work,
                             std::int64_t piece_work = kPieceWork) {
  if (size * work <= piece_work) return size;
  return divided_up(size, balanced(divided_up(size, divided_up(piece_work, work))));
}
// In equal parts of at most `most`, each but the last a multiple of `unit`.
inline std::int64_t even_part(std::int64_t size, std::int64_t most, std::int64_t unit) {
  const std::int64_t parts = divided_up(size, most);
  return divided_up(divided_up(size, parts), unit) * unit;
}

inline kernels::Table shifted(kernels::Table table, std::int64_t by) {
  return {table.offsets + by, table.runs + by, table.step};
}

}  // namespace xgrad::contraction
