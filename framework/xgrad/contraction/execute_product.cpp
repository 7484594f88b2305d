#include "xgrad/contraction/execute_product.h"

#include <algorithm>
#include <optional>

#include "xgrad/contraction/loops.h"
#include "xgrad/core/allocator.h"
#include "xgrad/core/parallel.h"
#include "xgrad/kernels/gemm.h"

namespace xgrad::contraction {

namespace {

// Below this many multiply-adds a piece of work is not worth handing to another thread (about 20
// us).
constexpr std::int64_t kPieceWork = std::int64_t{1} << 20;

// Scratch memory: inline while small, since an 8x8 product takes less time than an allocation.
template <class T, std::size_t kInline>
class Scratch {
 public:
  explicit Scratch(std::int64_t size) {
    if (static_cast<std::size_t>(size) > kInline) heap_.emplace(static_cast<std::size_t>(size));
  }
  T* data() { return heap_ ? heap_->data() : inline_; }

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

 private:
  Scratch<std::int64_t, 128> offsets_;
  Scratch<std::int32_t, 128> runs_;
  std::int64_t step_ = 1;
};

std::int64_t divided_up(std::int64_t value, std::int64_t by) { return (value + by - 1) / by; }
// In equal parts of at most `most`, each but the last a multiple of `unit`.
std::int64_t even_part(std::int64_t size, std::int64_t most, std::int64_t unit) {
  const std::int64_t parts = divided_up(size, most);
  return divided_up(divided_up(size, parts), unit) * unit;
}

kernels::Table shifted(kernels::Table table, std::int64_t by) {
  return {table.offsets + by, table.runs + by, table.step};
}

}  // namespace

template <class T>
void run_direct(const Plan& plan, const T* a, const T* b, T* c, T alpha, bool accumulate) {
  const auto& kernels = kernels::kernels_of<T>(*plan.table);
  const Loop& m = plan.m.back();
  const Loop& n = plan.n.back();
  const Loop& k = plan.k.back();
  const kernels::Product<T> product{
      m.size, n.size, k.size, a,     m.a,       k.a, b, k.b, kernels.tile_columns,
      c,      m.c,    n.c,    alpha, accumulate};
  if (!plan.pack_b && plan.batch.empty()) return kernels.direct(product);
  const std::int64_t grain = std::max<std::int64_t>(1, kPieceWork / (m.size * n.size * k.size));
  parallel_for(0, plan.batches, grain, [&](std::int64_t first, std::int64_t last) {
    if (!plan.pack_b) {
      walk(plan.batch, first, last, [&](const Offsets& at) {
        kernels::Product<T> one = product;
        one.a += at.a;
        one.b += at.b;
        one.c += at.c;
        kernels.direct(one);
      });
      return;
    }
    GroupTable columns(n.size), depth(k.size);
    columns.fill(plan.n, &Loop::b, 0, n.size);
    depth.fill(plan.k, &Loop::b, 0, k.size);
    const std::int64_t width = divided_up(n.size, kernels.tile_columns) * kernels.tile_columns;
    Scratch<T, 16384 / sizeof(T)> packed(width * k.size);
    walk(plan.batch, first, last, [&](const Offsets& at) {
      kernels.pack_b(packed.data(), b + at.b, n.size, k.size, columns.table(), depth.table());
      kernels::Product<T> one = product;
      one.a += at.a;
      one.b = packed.data();
      one.b_k = kernels.tile_columns;
      one.b_panel = kernels.tile_columns * k.size;
      one.c += at.c;
      kernels.direct(one);
    });
  });
}

namespace {

// One product of the batch: blocks of depth kc and columns nc (b packed once for all rows), rows mc
// (a packed once for all those columns, sized for the L2 cache). Within a block, tiles are the
// pieces of work for the threads.
template <class T>
class PackedRun {
 public:
  PackedRun(const Plan& plan, T alpha)
      : plan_(plan),
        kernels_(kernels::kernels_of<T>(*plan.table)),
        alpha_(alpha),
        kc_(even_part(plan.depth, 384, std::min<std::int64_t>(plan.k.back().size, 16))),
        mc_(even_part(plan.rows, kPackedRowsBytes / (kc_ * kSize), kernels_.tile_rows)),
        nc_(even_part(plan.columns, kPackedColumnsBytes / (kc_ * kSize), kernels_.tile_columns)),
        packed_a_(static_cast<std::size_t>(mc_ * kc_)),
        packed_b_(static_cast<std::size_t>(nc_ * kc_)),
        a_rows_(mc_),
        c_rows_(mc_),
        b_columns_(nc_),
        c_columns_(nc_),
        a_depth_(kc_),
        b_depth_(kc_) {}

  void run(const T* a, const T* b, T* c, bool accumulate) {
    for (std::int64_t j = 0; j < plan_.columns; j += nc_) {
      const std::int64_t n = std::min(nc_, plan_.columns - j);
      b_columns_.fill(plan_.n, &Loop::b, j, n);
      c_columns_.fill(plan_.n, &Loop::c, j, n);
      for (std::int64_t p = 0; p < plan_.depth; p += kc_) {
        const std::int64_t k = std::min(kc_, plan_.depth - p);
        a_depth_.fill(plan_.k, &Loop::a, p, k, true);
        b_depth_.fill(plan_.k, &Loop::b, p, k, true);
        pack_b(b, n, k);
        for (std::int64_t i = 0; i < plan_.rows; i += mc_) {
          const std::int64_t m = std::min(mc_, plan_.rows - i);
          a_rows_.fill(plan_.m, &Loop::a, i, m);
          c_rows_.fill(plan_.m, &Loop::c, i, m);
          pack_a(a, m, k);
          multiply(c, m, n, k, accumulate || p > 0);
        }
      }
    }
  }

 private:
  static constexpr std::int64_t kSize = sizeof(T);
  static constexpr std::int64_t kPackedRowsBytes = 192 * 1024;
  static constexpr std::int64_t kPackedColumnsBytes = 8192 * 1024;

  void pack_b(const T* b, std::int64_t n, std::int64_t k) {
    const std::int64_t unit = kernels_.tile_columns;
    const std::int64_t grain = std::max<std::int64_t>(1, kPieceWork / 8 / (unit * k));
    parallel_for(0, divided_up(n, unit), grain, [&](std::int64_t first, std::int64_t last) {
      kernels_.pack_b(packed_b_.data() + first * unit * k, b,
                      std::min(last * unit, n) - first * unit, k,
                      shifted(b_columns_.table(), first * unit), b_depth_.table());
    });
  }

  void pack_a(const T* a, std::int64_t m, std::int64_t k) {
    const std::int64_t unit = kernels_.tile_rows;
    const std::int64_t grain = std::max<std::int64_t>(1, kPieceWork / 8 / (unit * k));
    parallel_for(0, divided_up(m, unit), grain, [&](std::int64_t first, std::int64_t last) {
      kernels_.pack_a(packed_a_.data() + first * unit * k, a,
                      std::min(last * unit, m) - first * unit, k,
                      shifted(a_rows_.table(), first * unit), a_depth_.table());
    });
  }

  void multiply(T* c, std::int64_t m, std::int64_t n, std::int64_t k, bool accumulate) {
    const std::int64_t unit = kernels_.tile_columns;
    const std::int64_t grain = std::max<std::int64_t>(1, kPieceWork / (unit * m * k));
    parallel_for(0, divided_up(n, unit), grain, [&](std::int64_t first, std::int64_t last) {
      kernels_.block({m, std::min(last * unit, n) - first * unit, k, packed_a_.data(),
                      packed_b_.data() + first * unit * k, c, c_rows_.table(),
                      shifted(c_columns_.table(), first * unit), alpha_, accumulate});
    });
  }

  const Plan& plan_;
  const kernels::GemmKernels<T>& kernels_;
  T alpha_;
  std::int64_t kc_, mc_, nc_;
  memory::Buffer<T> packed_a_, packed_b_;
  GroupTable a_rows_, c_rows_, b_columns_, c_columns_, a_depth_, b_depth_;
};

}  // namespace

template <class T>
void run_packed(const Plan& plan, const T* a, const T* b, T* c, T alpha, bool accumulate) {
  const std::int64_t grain =
      std::max<std::int64_t>(1, kPieceWork / (plan.rows * plan.columns * plan.depth));
  parallel_for(
      0, plan.batches, plan.batches == 1 ? 1 : grain, [&](std::int64_t first, std::int64_t last) {
        PackedRun<T> run(plan, alpha);
        walk(plan.batch, first, last,
             [&](const Offsets& at) { run.run(a + at.a, b + at.b, c + at.c, accumulate); });
      });
}

template void run_direct(const Plan&, const float*, const float*, float*, float, bool);
template void run_direct(const Plan&, const double*, const double*, double*, double, bool);
template void run_packed(const Plan&, const float*, const float*, float*, float, bool);
template void run_packed(const Plan&, const double*, const double*, double*, double, bool);

}  // namespace xgrad::contraction
