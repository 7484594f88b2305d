#include "xgrad/contraction/execute_nest.h"

#include <algorithm>
#include <optional>

#include "xgrad/contraction/loops.h"
#include "xgrad/contraction/ring.h"
#include "xgrad/core/allocator.h"
#include "xgrad/core/parallel.h"
#include "xgrad/kernels/gemm.h"
#include "xgrad/kernels/transpose.h"

namespace xgrad::contraction {

namespace {

template <class T>
struct Pointers {
  const T* a;
  const T* b;  // null for a single operand
  T* c;

  Pointers at(const Offsets& offsets) const {
    return {a + offsets.a, b ? b + offsets.b : nullptr, c + offsets.c};
  }
};

// Any strides, any element type.
template <class T>
void strided_run(const Loop& loop, Pointers<T> at, T alpha, bool accumulate) {
  for (std::int64_t i = 0; i < loop.size; ++i) {
    T value = product(alpha, at.a[i * loop.a]);
    if (at.b) value = product(value, at.b[i * loop.b]);
    put(at.c[i * loop.c], value, accumulate);
  }
}

template <class T>
T strided_dot(const Loop& loop, Pointers<T> at) {
  T sum{};
  for (std::int64_t i = 0; i < loop.size; ++i) {
    const T value = at.a[i * loop.a];
    sum = plus(sum, at.b ? product(value, at.b[i * loop.b]) : value);
  }
  return sum;
}

// Calls f(tile, step, i, j, rows, columns) for tiles of two loops, along the first of which
// `source` lies: tile[r * step + q] = source[(i + r) + (j + q) * across].
template <class T, class F>
void for_each_tile(std::int64_t down, std::int64_t along, const T* source, std::int64_t across,
                   const F& f) {
  constexpr std::int64_t kRows = 32, kColumns = 64;  // lines of few pages; a tile stays in L1
  alignas(64) T tile[kRows * kColumns];
  const kernels::TransposeKernel transpose = kernels::transpose_kernel(sizeof(T));
  for (std::int64_t i = 0; i < down; i += kRows) {
    const std::int64_t rows = std::min(kRows, down - i);
    for (std::int64_t j = 0; j < along; j += kColumns) {
      const std::int64_t columns = std::min(kColumns, along - j);
      transpose(rows, columns, source + i + j * across, across, tile, kColumns);
      f(tile, kColumns, i, j, rows, columns);
    }
  }
}

bool crosses(std::int64_t along, std::int64_t down) { return along > 1 && down == 1; }

// Two operands, of which one lies along `loop` and the other one across it, along `rows`.
template <class T>
struct Crossing {
  bool exists;
  const T *plain, *crossed;
  std::int64_t step, across;  // from row to row of the one, along `loop` of the other

  Crossing(const Loop& loop, const Loop& rows, const Pointers<T>& at) {
    const bool a = crosses(loop.a, rows.a), b = crosses(loop.b, rows.b);
    exists = at.b && a != b && (a ? loop.b : loop.a) == 1;
    plain = a ? at.b : at.a;
    crossed = a ? at.a : at.b;
    step = a ? rows.b : rows.a;
    across = a ? loop.a : loop.b;
  }
};

template <class T>
void run_along(const Plan& plan, const Loop& loop, const Loop& rows, Pointers<T> at, T alpha,
               bool accumulate) {
  if constexpr (std::is_floating_point_v<T>) {
    const auto& kernels = kernels::kernels_of<T>(*plan.table);
    if (loop.c == 1 && loop.a == 1 && loop.b == 0) {
      static constexpr T one = 1;
      const T* x = at.b ? at.b : &one;
      return kernels.scale(rows.size, loop.size, alpha, x, rows.b, at.a, rows.a, at.c, rows.c,
                           accumulate);
    }
    if (loop.c == 1 && loop.a == 0 && loop.b == 1) {
      return kernels.scale(rows.size, loop.size, alpha, at.a, rows.a, at.b, rows.b, at.c, rows.c,
                           accumulate);
    }
    if (loop.c == 1 && loop.a == 1 && loop.b == 1) {
      return kernels.multiply(rows.size, loop.size, alpha, at.a, rows.a, at.b, rows.b, at.c, rows.c,
                              accumulate);
    }
    if (const Crossing<T> crossing(loop, rows, at); loop.c == 1 && crossing.exists) {
      return for_each_tile(rows.size, loop.size, crossing.crossed, crossing.across,
                           [&](const T* tile, std::int64_t tile_step, std::int64_t i,
                               std::int64_t j, std::int64_t height, std::int64_t width) {
                             kernels.multiply(height, width, alpha,
                                              crossing.plain + i * crossing.step + j, crossing.step,
                                              tile, tile_step, at.c + i * rows.c + j, rows.c,
                                              accumulate);
                           });
    }
  }
  for (std::int64_t r = 0; r < rows.size; ++r, at = at.at({rows.a, rows.b, rows.c})) {
    if (std::is_integral_v<T> && loop.c == 1 && at.b && loop.a == 0 && loop.b == 1) {
      // Constant strides let the compiler vectorize: integer matrix products run along c.
      const T factor = product(alpha, *at.a);
      for (std::int64_t i = 0; i < loop.size; ++i)
        put(at.c[i], product(factor, at.b[i]), accumulate);
    } else {
      strided_run(loop, at, alpha, accumulate);
    }
  }
}

template <class T>
T dot_along(const Plan& plan, const Loop& loop, Pointers<T> at) {
  if constexpr (std::is_floating_point_v<T>) {
    const auto& kernels = kernels::kernels_of<T>(*plan.table);
    if (loop.a == 1 && !at.b) return kernels.sum(loop.size, at.a);
    if (loop.a == 1 && loop.b == 1) return kernels.dot(loop.size, at.a, at.b);
  }
  return strided_dot(loop, at);
}

// One long sum: the partial sums of fixed pieces, added in order, so that it does not depend on the
// threads.
constexpr std::int64_t kDotPiece = 32768;

template <class T>
T long_dot(const Plan& plan, const Loop& loop, Pointers<T> at) {
  const std::int64_t pieces = (loop.size + kDotPiece - 1) / kDotPiece;
  if (pieces <= 2) return dot_along(plan, loop, at);
  memory::Buffer<T> sums(static_cast<std::size_t>(pieces));
  T* partial = sums.data();
  parallel_for(0, pieces, 4, [&](std::int64_t first, std::int64_t last) {
    for (std::int64_t piece = first; piece < last; ++piece) {
      const std::int64_t begin = piece * kDotPiece;
      Loop part = loop;
      part.size = std::min(kDotPiece, loop.size - begin);
      partial[piece] = dot_along(plan, part, at.at({begin * loop.a, begin * loop.b, 0}));
    }
  });
  T sum{};
  for (std::int64_t piece = 0; piece < pieces; ++piece) sum = plus(sum, partial[piece]);
  return sum;
}

template <class T>
void transpose_copy(const Plan& plan, const Loop& written, const Loop& read, Pointers<T> at,
                    T alpha, bool accumulate) {
  if constexpr (std::is_floating_point_v<T>) {
    static constexpr T one = 1;
    for_each_tile(read.size, written.size, at.a, written.a,
                  [&](const T* tile, std::int64_t step, std::int64_t i, std::int64_t j,
                      std::int64_t rows, std::int64_t columns) {
                    kernels::kernels_of<T>(*plan.table)
                        .scale(rows, columns, alpha, &one, 0, tile, step, at.c + i * read.c + j,
                               read.c, accumulate);
                  });
  }
}

// Scratch that most calls never need.
template <class T>
T* scratch(std::optional<memory::Buffer<T>>& buffer, std::int64_t size) {
  if (!buffer) buffer.emplace(static_cast<std::size_t>(size));
  return buffer->data();
}

// The rows may be summed, too: then all go to one element of c.
template <class T>
void dots_across(const Plan& plan, const Loop& loop, const Loop& rows, const Crossing<T>& crossing,
                 T* c, T alpha, bool accumulate) {
  const auto& kernels = kernels::kernels_of<T>(*plan.table);
  for_each_tile(rows.size, loop.size, crossing.crossed, crossing.across,
                [&](const T* tile, std::int64_t tile_step, std::int64_t i, std::int64_t j,
                    std::int64_t height, std::int64_t width) {
                  const T* plain = crossing.plain + i * crossing.step + j;
                  if (rows.c != 0) {
                    kernels.row_dots(height, width, alpha, plain, crossing.step, tile, tile_step,
                                     c + i * rows.c, rows.c, accumulate || j > 0);
                    return;
                  }
                  T sum{};
                  for (std::int64_t r = 0; r < height; ++r)
                    sum += kernels.dot(width, plain + r * crossing.step, tile + r * tile_step);
                  put(*c, alpha * sum, accumulate || i > 0 || j > 0);
                });
}

template <class T>
void dots_along(const Plan& plan, const Loop& loop, const Loop& rows, Pointers<T> at, T alpha,
                bool accumulate) {
  if constexpr (std::is_floating_point_v<T>) {
    if (loop.a == 1 && loop.b == 1 && rows.size > 1) {
      return kernels::kernels_of<T>(*plan.table)
          .row_dots(rows.size, loop.size, alpha, at.a, rows.a, at.b, rows.b, at.c, rows.c,
                    accumulate);
    }
    if (const Crossing<T> crossing(loop, rows, at); crossing.exists)
      return dots_across(plan, loop, rows, crossing, at.c, alpha, accumulate);
  }
  for (std::int64_t r = 0; r < rows.size; ++r, at = at.at({rows.a, rows.b, rows.c})) {
    put(*at.c, product(alpha, long_dot(plan, loop, at)), accumulate);
  }
}

template <class T>
class NestRun {
 public:
  NestRun(const Plan& plan, Pointers<T> base, T alpha, bool accumulate)
      : plan_(plan), nest_(plan.nest), base_(base), alpha_(alpha), accumulate_(accumulate) {
    const std::int64_t sums = count(nest_.sums);
    const Inner operation = nest_.operation;
    cut_second_ = operation == Inner::row_dots || operation == Inner::dot ||
                  (operation == Inner::run && nest_.second.size > 1);
    length_ = cut_second_ ? nest_.second.size : nest_.inner.size;
    const std::int64_t other = cut_second_ ? nest_.inner.size : nest_.second.size;
    // What several sums accumulate into stays in the L1 cache; otherwise some 10 us of work.
    const bool accumulates = operation == Inner::columns || (operation == Inner::run && sums > 1);
    piece_ = accumulates && !cut_second_
                 ? 4096
                 : std::max<std::int64_t>(1, (accumulates ? 4096 : 65536) / other);
    if (operation == Inner::row_dots) piece_ = (piece_ + 3) / 4 * 4;  // rows are done by fours
    // And tiles are whole.
    const bool crossing =
        crosses(nest_.inner.a, nest_.second.a) || crosses(nest_.inner.b, nest_.second.b);
    if (operation == Inner::transpose) piece_ = (piece_ + 63) / 64 * 64;
    if ((operation == Inner::run || operation == Inner::dot) && crossing)
      piece_ = (piece_ + 31) / 32 * 32;
    // Rows that are summed go to one element of c.
    if (operation == Inner::dot && nest_.second.size > 1 && nest_.second.c == 0) piece_ = length_;
    pieces_ = (length_ + piece_ - 1) / piece_;
    cost_ = std::min(length_, piece_) * other * sums;
  }

  void run() {
    const std::int64_t total = count(nest_.free) * pieces_;
    const std::int64_t grain = std::max<std::int64_t>(1, 65536 / std::max<std::int64_t>(cost_, 1));
    parallel_for(0, total, grain, [&](std::int64_t first, std::int64_t last) {
      std::optional<memory::Buffer<T>> buffer;
      if (pieces_ == 1) {
        walk(nest_.free, first, last, [&](const Offsets& at) { one(base_.at(at), 0, buffer); });
      } else {
        for (std::int64_t i = first; i < last; ++i) {
          one(base_.at(offsets_at(nest_.free, i / pieces_)), i % pieces_ * piece_, buffer);
        }
      }
    });
  }

 private:
  // One iteration of the free loops, from `begin` on along the loop that is cut into pieces.
  void one(Pointers<T> at, std::int64_t begin, std::optional<memory::Buffer<T>>& buffer) const {
    Loop inner = nest_.inner, second = nest_.second;
    Loop& cut = cut_second_ ? second : inner;
    at = at.at({begin * cut.a, begin * cut.b, begin * cut.c});
    cut.size = std::min(piece_, length_ - begin);
    if (nest_.sums.empty()) return apply(inner, second, at, accumulate_, buffer);
    bool accumulate = accumulate_;
    walk(nest_.sums, 0, count(nest_.sums), [&](const Offsets& offsets) {
      apply(inner, second, at.at(offsets), accumulate, buffer);
      accumulate = true;
    });
  }

  void apply(const Loop& inner, const Loop& second, Pointers<T> at, bool accumulate,
             std::optional<memory::Buffer<T>>& buffer) const {
    switch (nest_.operation) {
      case Inner::run:
        return run_along(plan_, inner, second, at, alpha_, accumulate);
      case Inner::dot:
        return dots_along(plan_, inner, second, at, alpha_, accumulate);
      case Inner::transpose:
        return transpose_copy(plan_, inner, second, at, alpha_, accumulate);
      default:
        break;
    }
    if constexpr (std::is_floating_point_v<T>) {
      if (nest_.operation == Inner::row_dots) {
        row_dots(inner, second, at, accumulate, buffer);
      } else {
        columns(inner, second, at, accumulate, buffer);
      }
    }
  }

  void row_dots(const Loop& inner, const Loop& rows, Pointers<T> at, bool accumulate,
                std::optional<memory::Buffer<T>>& buffer) const {
    const T* x = at.b;
    if (inner.b != 1) {
      T* copy = scratch(buffer, inner.size);
      for (std::int64_t i = 0; i < inner.size; ++i) copy[i] = at.b[i * inner.b];
      x = copy;
    }
    kernels::kernels_of<T>(*plan_.table)
        .row_dots(rows.size, inner.size, alpha_, at.a, rows.a, x, 0, at.c, rows.c, accumulate);
  }

  void columns(const Loop& inner, const Loop& sum, Pointers<T> at, bool accumulate,
               std::optional<memory::Buffer<T>>& buffer) const {
    const auto& kernels = kernels::kernels_of<T>(*plan_.table);
    const bool plain = inner.c == 1;
    T* y = plain ? at.c : scratch(buffer, piece_);
    if (!plain || !accumulate) std::fill(y, y + inner.size, T(0));
    static constexpr T one = 1;
    kernels.add_columns(inner.size, sum.size, alpha_, at.a, sum.a, at.b ? at.b : &one, sum.b, y);
    if (plain) return;
    for (std::int64_t i = 0; i < inner.size; ++i) put(at.c[i * inner.c], y[i], accumulate);
  }

  const Plan& plan_;
  const Nest& nest_;
  Pointers<T> base_;
  T alpha_;
  bool accumulate_;
  bool cut_second_ = false;  // else along inner
  std::int64_t length_ = 1, piece_ = 1, pieces_ = 1, cost_ = 1;
};

}  // namespace

template <class T>
void run_nest(const Plan& plan, const T* a, const T* b, T* c, T alpha, bool accumulate) {
  NestRun<T>(plan, {a, plan.single ? nullptr : b, c}, alpha, accumulate).run();
}

template void run_nest(const Plan&, const float*, const float*, float*, float, bool);
template void run_nest(const Plan&, const double*, const double*, double*, double, bool);
template void run_nest(const Plan&, const std::int64_t*, const std::int64_t*, std::int64_t*,
                       std::int64_t, bool);
template void run_nest(const Plan&, const std::int32_t*, const std::int32_t*, std::int32_t*,
                       std::int32_t, bool);
template void run_nest(const Plan&, const std::uint8_t*, const std::uint8_t*, std::uint8_t*,
                       std::uint8_t, bool);
template void run_nest(const Plan&, const bool*, const bool*, bool*, bool, bool);

}  // namespace xgrad::contraction
