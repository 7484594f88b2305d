#include "xgrad/ops/map_nest.h"

#include "xgrad/core/parallel.h"
#include "xgrad/kernels/transpose.h"

namespace xgrad {
namespace {

constexpr int kMaxOperands = MapNest::kMaxOperands;
constexpr std::int64_t kChunk =
    512;  // elements gathered at a time: 4 kB of doubles an operand stay in L1
constexpr std::int64_t kRow = 32;  // shorter rows are gathered together

template <class T>
void gather_as(T* to, const T* from, std::int64_t stride, std::int64_t n) {
  if (stride == 0) {
    std::fill_n(to, n, *from);
    return;
  }
  for (std::int64_t i = 0; i < n; ++i) to[i] = from[i * stride];
}
template <class T>
void scatter_as(T* to, const T* from, std::int64_t stride, std::int64_t n) {
  for (std::int64_t i = 0; i < n; ++i) to[i * stride] = from[i];
}
void gather(char* to, const char* from, std::int64_t stride, std::int64_t n, std::size_t bytes) {
  if (bytes == 4)
    return gather_as(reinterpret_cast<std::int32_t*>(to),
                     reinterpret_cast<const std::int32_t*>(from), stride, n);
  if (bytes == 8)
    return gather_as(reinterpret_cast<std::int64_t*>(to),
                     reinterpret_cast<const std::int64_t*>(from), stride, n);
  gather_as(to, from, stride, n);
}
void scatter(char* to, const char* from, std::int64_t stride, std::int64_t n, std::size_t bytes) {
  if (bytes == 4)
    return scatter_as(reinterpret_cast<std::int32_t*>(to),
                      reinterpret_cast<const std::int32_t*>(from), stride, n);
  if (bytes == 8)
    return scatter_as(reinterpret_cast<std::int64_t*>(to),
                      reinterpret_cast<const std::int64_t*>(from), stride, n);
  scatter_as(to, from, stride, n);
}

// A position in the nest: the index of each loop and where each operand stands.
struct Cursor {
  Dims index;
  char* at[kMaxOperands];

  Cursor(const MapNest& nest, std::int64_t position) : index(nest.sizes.size(), 0) {
    for (int i = 0; i < nest.operands; ++i) at[i] = nest.data[i];
    for (std::size_t d = 0; d < nest.sizes.size(); ++d) {
      index[d] = position % nest.sizes[d];
      position /= nest.sizes[d];
      move(nest, d, index[d]);
    }
  }
  void move(const MapNest& nest, std::size_t d, std::int64_t steps) {
    for (int i = 0; i < nest.operands; ++i)
      at[i] += nest.strides[i][d] * steps * static_cast<std::int64_t>(nest.bytes[i]);
  }
  void advance(const MapNest& nest, std::int64_t steps) {
    index[0] += steps;
    move(nest, 0, steps);
    for (std::size_t d = 0; index[d] == nest.sizes[d] && d + 1 < nest.sizes.size(); ++d) {
      move(nest, d, -index[d]);
      index[d] = 0;
      ++index[d + 1];
      move(nest, d + 1, 1);
    }
  }
};

class Buffers {
 public:
  char* of(int operand) { return data_[operand]; }

 private:
  alignas(64) char data_[kMaxOperands][kChunk * 8];
};

// Elements [first, last) of the nest: long rows run where they lie, strided ones and short ones
// through buffers.
void run_range(const MapNest& nest, kernels::MapKernel kernel, const MapParams& params,
               std::int64_t first, std::int64_t last) {
  Buffers buffers;
  Cursor cursor(nest, first);
  while (first < last) {
    std::int64_t n = std::min(last - first, nest.sizes[0] - cursor.index[0]);
    char* row[kMaxOperands];
    const void* inputs[kMaxOperands - 1];
    if (n >= kRow || nest.sizes.size() == 1) {
      bool buffered = false;
      for (int i = 0; i < nest.operands; ++i) buffered = buffered || nest.strides[i][0] != 1;
      if (buffered) n = std::min(n, kChunk);
      for (int i = 1; i < nest.operands; ++i) {
        row[i] = cursor.at[i];
        if (nest.strides[i][0] != 1)
          gather(row[i] = buffers.of(i), cursor.at[i], nest.strides[i][0], n, nest.bytes[i]);
        inputs[i - 1] = row[i];
      }
      const bool scattered = nest.strides[0][0] != 1;
      row[0] = scattered ? buffers.of(0) : cursor.at[0];
      kernel(n, row[0], inputs, params.data());
      if (scattered) scatter(cursor.at[0], row[0], nest.strides[0][0], n, nest.bytes[0]);
      cursor.advance(nest, n);
      first += n;
      continue;
    }
    // Short rows: a chunk of them is gathered, computed at once and scattered.
    const std::int64_t total = std::min(last - first, kChunk);
    Cursor output = cursor;
    for (std::int64_t done = 0; done < total; done += n) {
      n = std::min(total - done, nest.sizes[0] - cursor.index[0]);
      for (int i = 1; i < nest.operands; ++i) {
        gather(buffers.of(i) + static_cast<std::size_t>(done) * nest.bytes[i], cursor.at[i],
               nest.strides[i][0], n, nest.bytes[i]);
      }
      cursor.advance(nest, n);
    }
    for (int i = 1; i < nest.operands; ++i) inputs[i - 1] = buffers.of(i);
    kernel(total, buffers.of(0), inputs, params.data());
    for (std::int64_t done = 0; done < total; done += n) {
      n = std::min(total - done, nest.sizes[0] - output.index[0]);
      scatter(output.at[0], buffers.of(0) + static_cast<std::size_t>(done) * nest.bytes[0],
              nest.strides[0][0], n, nest.bytes[0]);
      output.advance(nest, n);
    }
    first += total;
  }
}

// The loop along which an input lies that strides along the innermost one; 0 if there is none.
std::size_t crossing_loop(const MapNest& nest) {
  if (nest.strides[0][0] != 1) return 0;
  for (int i = 1; i < nest.operands; ++i) {
    if (nest.strides[i][0] <= 1) continue;
    for (std::size_t d = 1; d < nest.sizes.size(); ++d) {
      if (nest.strides[i][d] == 1) return d;
    }
  }
  return 0;
}

void swap_loops(MapNest& nest, std::size_t a, std::size_t b) {
  std::swap(nest.sizes[a], nest.sizes[b]);
  for (int i = 0; i < nest.operands; ++i) std::swap(nest.strides[i][a], nest.strides[i][b]);
}

// Rectangles of the two innermost loops. An input that lies along the second one (`crossing`) is
// transposed into a buffer, line by line, instead of being read one element a line.
class Tiles {
 public:
  Tiles(const MapNest& nest, bool crossing)
      : nest_(nest),
        columns_(std::min(nest.sizes[0], crossing ? kMostLines : kElements)),
        rows_(std::min(nest.sizes[1],
                       crossing ? kElements / columns_ / kLine * kLine : kElements / columns_)),
        across_((nest.sizes[0] + columns_ - 1) / columns_),
        down_((nest.sizes[1] + rows_ - 1) / rows_) {}

  std::int64_t count() const {
    return nest_.numel / (nest_.sizes[0] * nest_.sizes[1]) * across_ * down_;
  }
  std::int64_t grain() const {
    return std::max<std::int64_t>(1, MapNest::kGrain / (rows_ * columns_));
  }

  void run(kernels::MapKernel kernel, const MapParams& params, std::int64_t index) const {
    char* at[kMaxOperands];
    std::int64_t outer = index / down_ / across_;
    const std::int64_t row = index % down_ * rows_, column = index / down_ % across_ * columns_;
    for (int i = 0; i < nest_.operands; ++i)
      at[i] = nest_.data[i] + (row * nest_.strides[i][1] + column * nest_.strides[i][0]) * size(i);
    for (std::size_t d = 2; d < nest_.sizes.size(); outer /= nest_.sizes[d++]) {
      for (int i = 0; i < nest_.operands; ++i)
        at[i] += outer % nest_.sizes[d] * nest_.strides[i][d] * size(i);
    }
    compute(kernel, params, at, std::min(rows_, nest_.sizes[1] - row),
            std::min(columns_, nest_.sizes[0] - column));
  }

 private:
  // A buffer is half of the L1 cache at most; its lines come from as many pages as the processor
  // keeps at hand.
  static constexpr std::int64_t kElements = 2048, kMostLines = 64, kLine = 16;

  std::int64_t size(int operand) const { return static_cast<std::int64_t>(nest_.bytes[operand]); }

  void compute(kernels::MapKernel kernel, const MapParams& params, char* const* at,
               std::int64_t rows, std::int64_t columns) const {
    alignas(64) char buffers[kMaxOperands - 1][kElements * 8];
    const char* in[kMaxOperands];
    std::int64_t step[kMaxOperands];              // from row to row
    bool whole = nest_.strides[0][1] == columns;  // the rows of all operands follow each other
    for (int i = 1; i < nest_.operands; ++i) {
      const std::int64_t along = nest_.strides[i][0], down = nest_.strides[i][1];
      in[i] = at[i];
      step[i] = down;
      if (along != 1) {
        char* buffer = buffers[i - 1];
        in[i] = buffer;
        step[i] = columns;
        if (down == 1) {
          kernels::transpose_kernel(nest_.bytes[i])(rows, columns, at[i], along, buffer, columns);
        } else {
          for (std::int64_t r = 0; r < rows; ++r)
            gather(buffer + r * columns * size(i), at[i] + r * down * size(i), along, columns,
                   nest_.bytes[i]);
        }
      }
      whole = whole && step[i] == columns;
    }
    const std::int64_t calls = whole ? 1 : rows, length = whole ? rows * columns : columns;
    for (std::int64_t r = 0; r < calls; ++r) {
      const void* inputs[kMaxOperands - 1];
      for (int i = 1; i < nest_.operands; ++i) inputs[i - 1] = in[i] + r * step[i] * size(i);
      kernel(length, at[0] + r * nest_.strides[0][1] * size(0), inputs, params.data());
    }
  }

  const MapNest& nest_;
  std::int64_t columns_, rows_;  // of a tile
  std::int64_t across_, down_;   // tiles along the innermost loop, and along the second
};

}  // namespace

void MapNest::run(kernels::MapKernel kernel, const MapParams& params) {
  constexpr std::int64_t kLeastRow = 8;  // worth a call of the kernel
  const std::size_t crossing = sizes.size() > 1 ? crossing_loop(*this) : 0;
  if (crossing != 0) swap_loops(*this, 1, crossing);
  if (crossing != 0 || (sizes.size() > 1 && strides[0][0] == 1 && sizes[0] >= kLeastRow)) {
    const Tiles tiles(*this, crossing != 0);
    parallel_for(0, tiles.count(), tiles.grain(), [&](std::int64_t first, std::int64_t last) {
      for (std::int64_t i = first; i < last; ++i) tiles.run(kernel, params, i);
    });
    return;
  }
  parallel_for(0, numel, kGrain, [&](std::int64_t first, std::int64_t last) {
    run_range(*this, kernel, params, first, last);
  });
}

}  // namespace xgrad
