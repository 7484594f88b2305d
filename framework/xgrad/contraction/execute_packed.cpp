#include <algorithm>

#include "xgrad/contraction/execute_product.h"
#include "xgrad/contraction/group_table.h"
#include "xgrad/core/parallel.h"

namespace xgrad::contraction {

namespace {

// The sizes of the blocks: depth k and columns n (b packed once for all rows), rows m (a packed
// once for all those columns, sized for the L2 cache). And which of them are pieces of work for the
// threads.
struct Blocking {
  std::int64_t k, m, n;
  bool columns_apart;   // blocks of columns, small ones, since all of a is one block
  bool rows_apart;      // blocks of rows; otherwise tiles, within a block
  bool rows_outermost;  // c is written row by row
};

// Of c, from one tile to the next one along a group, of which a tile has `count` elements.
std::int64_t tile_step(const Loops& loops, std::int64_t count) {
  if (loops.back().size > count) return std::abs(loops.back().c);
  std::int64_t least = INT64_MAX;
  for (std::size_t i = 0; i + 1 < loops.size(); ++i) least = std::min(least, std::abs(loops[i].c));
  return least;
}

template <class T>
Blocking blocking_of(const Plan& plan) {
  constexpr std::int64_t kRowsBytes = 192 * 1024, kColumnsBytes = 8192 * 1024,
                         kApartBytes = 512 * 1024;
  constexpr std::int64_t kMostColumns = 65536;  // more would make the tables of offsets large
  constexpr std::int64_t kSize = sizeof(T);
  const auto& kernels = kernels::kernels_of<T>(*plan.table);
  Blocking blocking{};
  blocking.k = even_part(plan.depth, 384, std::min<std::int64_t>(plan.k.back().size, 16));
  std::int64_t rows = kRowsBytes / (blocking.k * kSize);
  blocking.columns_apart = plan.rows <= rows && plan.depth <= blocking.k;
  std::int64_t columns =
      (blocking.columns_apart ? kApartBytes : kColumnsBytes) / (blocking.k * kSize);
  if (plan.interleaved) {
    columns = std::max(columns, std::min(plan.n.back().size * kernels.tile_columns,
                                         kColumnsBytes / (blocking.k * kSize)));
  }
  columns = std::min(columns, kMostColumns);
  blocking.n = even_part(plan.columns, columns, kernels.tile_columns);
  // A stream of c is written in whole rows, unless whole columns lie nearer together. And few
  // columns leave the threads nothing but the rows.
  const bool stream = plan.depth <= kStreamDepth && tile_step(plan.n, kernels.tile_columns) <=
                                                        tile_step(plan.m, kernels.tile_rows);
  blocking.rows_outermost = stream && plan.columns > kWideRow;
  const bool many_rows = stream || plan.columns <= 4 * kernels.tile_columns;
  if (many_rows)
    rows = std::clamp(kPieceWork / (blocking.n * blocking.k), 4 * kernels.tile_rows, rows);
  std::int64_t parts = divided_up(plan.rows, rows);
  blocking.columns_apart = blocking.columns_apart && parts == 1;
  if (!blocking.columns_apart) {
    const std::int64_t threads = get_num_threads();
    const std::int64_t most = std::min(threads, plan.rows / (4 * kernels.tile_rows));
    blocking.rows_apart = many_rows || std::max(parts, most) >= threads;
    if (blocking.rows_apart) parts = balanced(std::max(parts, most));
  }
  blocking.m = divided_up(divided_up(plan.rows, parts), kernels.tile_rows) * kernels.tile_rows;
  return blocking;
}

// How the threads share the work: the products of the batch, or blocks of their columns.
struct Pieces {
  std::int64_t parts;  // of a product
  std::int64_t count, grain;

  Pieces(const Plan& plan, const Blocking& blocking)
      : parts(blocking.columns_apart ? divided_up(plan.columns, blocking.n) : 1),
        count(plan.batches * parts) {
    const std::int64_t columns = parts == 1 ? plan.columns : blocking.n;
    grain = grain_of(count, plan.rows * columns * plan.depth);
  }
};

// Rows of one block, packed.
template <class T>
class RowBlock {
 public:
  static std::size_t bytes(const Blocking& blocking) {
    return static_cast<std::size_t>(blocking.m * blocking.k) * sizeof(T) +
           2 * GroupTable::bytes(blocking.m);
  }

  RowBlock(const Plan& plan, const Blocking& blocking)
      : plan_(plan),
        kernels_(kernels::kernels_of<T>(*plan.table)),
        packed_(static_cast<std::size_t>(blocking.m * blocking.k)),
        a_rows_(blocking.m),
        c_rows_(blocking.m) {}

  // The rows i..i+m-1 of a, along `depth`, of k.
  void pack(const T* a, std::int64_t i, std::int64_t m, kernels::Table depth, std::int64_t k) {
    m_ = m;
    a_rows_.fill(plan_.m, &Loop::a, i, m);
    c_rows_.fill(plan_.m, &Loop::c, i, m);
    const std::int64_t unit = kernels_.tile_rows;
    const std::int64_t panels = divided_up(m, unit);
    parallel_for(0, panels, grain_of(panels, unit * k, kPackWork),
                 [&](std::int64_t first, std::int64_t last) {
                   kernels_.pack_a(packed_.data() + first * unit * k, a,
                                   std::min(last * unit, m) - first * unit, k,
                                   shifted(a_rows_.table(), first * unit), depth);
                 });
  }

  std::int64_t rows() const { return m_; }
  const T* packed() { return packed_.data(); }
  kernels::Table c_rows() { return c_rows_.table(); }

 private:
  const Plan& plan_;
  const kernels::GemmKernels<T>& kernels_;
  std::int64_t m_ = 0;
  memory::Buffer<T> packed_;
  GroupTable a_rows_, c_rows_;
};

// One product of the batch.
template <class T>
class PackedRun {
 public:
  static std::size_t bytes(const Blocking& blocking) {  // without rows
    return static_cast<std::size_t>(blocking.n * blocking.k) * sizeof(T) +
           2 * GroupTable::bytes(blocking.n) + 2 * GroupTable::bytes(blocking.k);
  }
  PackedRun(const Plan& plan, const Blocking& blocking, T alpha)
      : plan_(plan),
        blocking_(blocking),
        kernels_(kernels::kernels_of<T>(*plan.table)),
        alpha_(alpha),
        packed_b_(static_cast<std::size_t>(blocking.n * blocking.k)),
        b_columns_(blocking.n),
        c_columns_(blocking.n),
        a_depth_(blocking.k),
        b_depth_(blocking.k) {
    if (!blocking.rows_apart) rows_.emplace(plan, blocking);
  }

  void run(const T* a, const T* b, T* c, bool accumulate) {
    for (std::int64_t j = 0; j < plan_.columns; j += blocking_.n)
      run_columns(a, b, c, accumulate, j);
  }

  // The block of columns from j on.
  void run_columns(const T* a, const T* b, T* c, bool accumulate, std::int64_t j) {
    const std::int64_t n = std::min(blocking_.n, plan_.columns - j);
    b_columns_.fill(plan_.n, &Loop::b, j, n, plan_.interleaved);
    c_columns_.fill(plan_.n, &Loop::c, j, n);
    for (std::int64_t p = 0; p < plan_.depth; p += blocking_.k) {
      const std::int64_t k = std::min(blocking_.k, plan_.depth - p);
      const bool onto = accumulate || p > 0;
      a_depth_.fill(plan_.k, &Loop::a, p, k, true);
      b_depth_.fill(plan_.k, &Loop::b, p, k, true);
      pack_b(b, n, k);
      if (blocking_.rows_apart) {
        run_rows_apart(a, c, n, k, onto);
      } else if (blocking_.columns_apart) {
        if (a != packed_from_) rows_->pack(a, 0, plan_.rows, a_depth_.table(), k);
        packed_from_ = a;
        multiply(*rows_, c, n, k, onto);
      } else {
        for (std::int64_t i = 0; i < plan_.rows; i += blocking_.m) {
          rows_->pack(a, i, std::min(blocking_.m, plan_.rows - i), a_depth_.table(), k);
          multiply(*rows_, c, n, k, onto);
        }
      }
    }
  }

 private:
  void pack_b(const T* b, std::int64_t n, std::int64_t k) {
    const std::int64_t unit = kernels_.tile_columns, panels = divided_up(n, unit);
    // Interleaved columns are packed in squares: then a piece is a few of them high.
    const std::int64_t grain = std::max(grain_of(panels, unit * k, kPackWork),
                                        plan_.interleaved ? b_columns_.table().step : 0);
    parallel_for(0, panels, grain, [&](std::int64_t first, std::int64_t last) {
      kernels_.pack_b(packed_b_.data() + first * unit * k, b,
                      std::min(last * unit, n) - first * unit, k,
                      shifted(b_columns_.table(), first * unit), b_depth_.table());
    });
  }

  void run_rows_apart(const T* a, T* c, std::int64_t n, std::int64_t k, bool accumulate) {
    parallel_for(0, divided_up(plan_.rows, blocking_.m), 1,
                 [&](std::int64_t first, std::int64_t last) {
                   RowBlock<T> rows(plan_, blocking_);
                   for (std::int64_t i = first * blocking_.m;
                        i < std::min(last * blocking_.m, plan_.rows); i += blocking_.m) {
                     rows.pack(a, i, std::min(blocking_.m, plan_.rows - i), a_depth_.table(), k);
                     multiply(rows, c, n, k, accumulate);
                   }
                 });
  }

  void multiply(RowBlock<T>& rows, T* c, std::int64_t n, std::int64_t k, bool accumulate) {
    const std::int64_t unit = kernels_.tile_columns, panels = divided_up(n, unit);
    parallel_for(0, panels, grain_of(panels, unit * rows.rows() * k),
                 [&](std::int64_t first, std::int64_t last) {
                   kernels_.block({rows.rows(), std::min(last * unit, n) - first * unit, k,
                                   rows.packed(), packed_b_.data() + first * unit * k, c,
                                   rows.c_rows(), shifted(c_columns_.table(), first * unit),
                                   blocking_.rows_outermost, alpha_, accumulate});
                 });
  }

  const Plan& plan_;
  const Blocking& blocking_;
  const kernels::GemmKernels<T>& kernels_;
  T alpha_;
  std::optional<RowBlock<T>> rows_;  // unless each piece of work has one
  const T* packed_from_ = nullptr;   // what it holds, when all of a is one block
  memory::Buffer<T> packed_b_;
  GroupTable b_columns_, c_columns_, a_depth_, b_depth_;
};

}  // namespace

template <class T>
void run_packed(const Plan& plan, const T* a, const T* b, T* c, T alpha, bool accumulate) {
  const Blocking blocking = blocking_of<T>(plan);
  const Pieces pieces(plan, blocking);
  parallel_for(0, pieces.count, pieces.grain, [&](std::int64_t first, std::int64_t last) {
    PackedRun<T> run(plan, blocking, alpha);
    if (pieces.parts == 1) {
      walk(plan.batch, first, last,
           [&](const Offsets& at) { run.run(a + at.a, b + at.b, c + at.c, accumulate); });
      return;
    }
    for (std::int64_t piece = first; piece < last; ++piece) {
      const Offsets at = offsets_at(plan.batch, piece / pieces.parts);
      run.run_columns(a + at.a, b + at.b, c + at.c, accumulate, piece % pieces.parts * blocking.n);
    }
  });
}

template <class T>
std::size_t packed_scratch_bytes(const Plan& plan) {
  const Blocking blocking = blocking_of<T>(plan);
  const Pieces pieces(plan, blocking);
  const std::size_t runs = concurrent(pieces.count, pieces.grain);
  const std::size_t rows_of_one =
      blocking.rows_apart && runs == 1 ? concurrent(divided_up(plan.rows, blocking.m), 1) : 1;
  return runs * (PackedRun<T>::bytes(blocking) + rows_of_one * RowBlock<T>::bytes(blocking));
}

template std::size_t packed_scratch_bytes<float>(const Plan&);
template std::size_t packed_scratch_bytes<double>(const Plan&);
template void run_packed(const Plan&, const float*, const float*, float*, float, bool);
template void run_packed(const Plan&, const double*, const double*, double*, double, bool);

}  // namespace xgrad::contraction
