#include "xgrad/contraction/execute_nest.h"

#include <algorithm>
#include <optional>

#include "xgrad/contraction/loops.h"
#include "xgrad/contraction/ring.h"
#include "xgrad/core/allocator.h"
#include "xgrad/core/parallel.h"
#include "xgrad/kernels/gemm.h"

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

// 16x16 squares: both sides of one then stay in the L1 cache (2 x 16 lines).
template <class T>
void transpose_copy(const Loop& written, const Loop& read, Pointers<T> at, T alpha,
                    bool accumulate) {
  constexpr std::int64_t kSide = 16;
  for (std::int64_t j = 0; j < read.size; j += kSide) {
    const std::int64_t columns = std::min(kSide, read.size - j);
    for (std::int64_t i = 0; i < written.size; i += kSide) {
      const std::int64_t rows = std::min(kSide, written.size - i);
      for (std::int64_t q = j; q < j + columns; ++q) {
        const T* a = at.a + q + i * written.a;
        T* c = at.c + q * read.c + i;
        for (std::int64_t r = 0; r < rows; ++r)
          put(c[r], product(alpha, a[r * written.a]), accumulate);
      }
    }
  }
}

// Scratch that most calls never need.
template <class T>
T* scratch(std::optional<memory::Buffer<T>>& buffer, std::int64_t size) {
  if (!buffer) buffer.emplace(static_cast<std::size_t>(size));
  return buffer->data();
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
    if (operation == Inner::row_dots) piece_ = (piece_ + 3) / 4 * 4;      // rows are done by fours
    if (operation == Inner::transpose) piece_ = (piece_ + 63) / 64 * 64;  // and squares of 16
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
        return transpose_copy(inner, second, at, alpha_, accumulate);
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
