// Private to gemm.arch.cpp: packing from any stride into panels [k][width].
#pragma once

#include "xgrad/kernels/gemm_tile.arch.h"

namespace xgrad::kernels::XGRAD_ARCH_NAME {

// One panel: `rows` of `width` lanes are real, the rest is zero.
template <class T>
struct Panel {
  T* packed;
  const T* source;
  std::int64_t rows, width, k;
  const std::int64_t* offsets;  // of the rows
  const std::int64_t* ahead;    // of those of the next panel, if there is one
  const std::int32_t* runs;
  Table depth;
};

template <class T>
inline void copy_run(T* target, const T* source, std::int64_t n) {
  for (; n >= kLanes<T>; n -= kLanes<T>, target += kLanes<T>, source += kLanes<T>) {
    Vector<T>::load_unaligned(source).store_unaligned(target);
  }
  if (n > 0) store_first(target, load_first(source, static_cast<int>(n)), static_cast<int>(n));
}

// Rows are neighbours in memory: one copy for each p.
template <class T, int kWidth>
void pack_neighbours(const Panel<T>& panel) {
  const T* source = panel.source + panel.offsets[0];
  T* packed = panel.packed;
  if (panel.rows == kWidth) {
    for (std::int64_t p = 0; p < panel.k; ++p, packed += kWidth) {
      __builtin_memcpy(packed, source + panel.depth.offsets[p], kWidth * sizeof(T));
    }
  } else {
    for (std::int64_t p = 0; p < panel.k; ++p, packed += panel.width) {
      copy_run(packed, source + panel.depth.offsets[p], panel.rows);
    }
  }
}

// For one p: rows in runs, each a copy.
template <class T>
inline void gather(const Panel<T>& panel, std::int64_t p) {
  const T* source = panel.source + panel.depth.offsets[p];
  T* packed = panel.packed + p * panel.width;
  for (std::int64_t r = 0; r < panel.rows;) {
    const std::int64_t run = lesser(panel.runs[r], panel.rows - r);
    if (run == 1) {
      packed[r] = source[panel.offsets[r]];
    } else {
      copy_run(packed + r, source + panel.offsets[r], run);
    }
    r += run;
  }
}

// Elements p, p + step... of the depth: squares over all rows.
template <class T>
inline void pack_squares(const Panel<T>& panel, std::int64_t p, int depth) {
  constexpr int kLast = kRows % kLanes<T>;  // of a whole panel of a
  const std::int64_t step = panel.width * panel.depth.step;
  const T* source = panel.source + panel.depth.offsets[p];
  for (std::int64_t r = 0; r < panel.rows; r += kLanes<T>) {
    const int rows = static_cast<int>(lesser(kLanes<T>, panel.rows - r));
    T* packed = panel.packed + p * panel.width + r;
    for (int i = 0; i < rows; ++i) __builtin_prefetch(source + panel.ahead[r + i]);
    const auto row_at = [&](int i) { return source + panel.offsets[r + i]; };
    if (rows == kLanes<T> && depth == kLanes<T>) {
      transpose_square<T, kLanes<T>, false>(row_at, rows, depth, packed, step);
    } else if (rows == kLast && depth == kLanes<T>) {
      transpose_square<T, kLast, false>(row_at, rows, depth, packed, step);
    } else {
      transpose_square<T, 0, false>(row_at, rows, depth, packed, step);
    }
  }
}

template <class T>
void pack_any(const Panel<T>& panel) {
  const std::int64_t step = panel.depth.step;
  for (std::int64_t p = 0; p < panel.k;) {
    int depth = static_cast<int>(lesser(panel.depth.runs[p], kLanes<T>));
    for (std::int64_t s = 1; s < step && depth > 0; ++s) {  // all that are interleaved, or none
      depth = p + s < panel.k ? static_cast<int>(lesser(panel.depth.runs[p + s], depth)) : 0;
    }
    if (depth == 0 || depth < kLanes<T> / 4) {  // too few to be worth a square
      gather(panel, p++);
      continue;
    }
    for (std::int64_t s = 0; s < step; ++s) pack_squares(panel, p + s, depth);
    p += depth * step;
  }
}

template <class T, int kWidth>
void pack_panel(const Panel<T>& panel) {
  if (panel.runs[0] >= panel.rows) {
    pack_neighbours<T, kWidth>(panel);
  } else {
    pack_any(panel);
  }
}

template <class T>
void pack_a(T* packed, const T* source, std::int64_t m, std::int64_t k, Table rows, Table depth) {
  for (std::int64_t i = 0; i < m; i += kRows) {
    const std::int64_t height = lesser(kRows, m - i);
    pack_panel<T, kRows>({packed + i * k, source, height, height, k, rows.offsets + i,
                          rows.offsets + (i + 2 * kRows <= m ? i + kRows : i), rows.runs + i,
                          depth});
  }
}

// A run of columns within one panel.
struct Chunk {
  std::int64_t target, source, length;
};
constexpr std::int64_t kGroup = 8;  // panels

// Several panels at once, for columns that lie in runs: for each p, a whole stretch of memory (32
// lines when all columns are neighbours) is read, instead of two lines in each page of b for every
// panel. Returns false if the runs are short.
template <class T>
bool pack_group(T* packed, const T* source, std::int64_t n, std::int64_t k, Table columns,
                Table depth) {
  if (columns.runs[0] < 4 && columns.runs[n / 2] < 4) return false;
  Chunk chunks[kGroup * kColumns<T> / 4];
  std::int64_t count = 0;
  for (std::int64_t j = 0; j < n; ++count) {
    if (count == kGroup * kColumns<T> / 4) return false;
    const std::int64_t lane = j % kColumns<T>, panel = j / kColumns<T>;
    const std::int64_t length = lesser(lesser(columns.runs[j], kColumns<T> - lane), n - j);
    chunks[count] = {panel * k * kColumns<T> + lane, columns.offsets[j], length};
    j += length;
  }
  if (count * 4 > n) return false;
  for (std::int64_t p = 0; p < k; ++p, packed += kColumns<T>) {
    const T* from = source + depth.offsets[p];
    for (std::int64_t i = 0; i < count; ++i) {
      const Chunk& chunk = chunks[i];
      if (chunk.length == kColumns<T>) {
        __builtin_memcpy(packed + chunk.target, from + chunk.source, kColumns<T> * sizeof(T));
      } else {
        copy_run(packed + chunk.target, from + chunk.source, chunk.length);
      }
    }
  }
  return true;
}

// Columns j..j+rows-1, of which each has `height` neighbours, `step` columns apart (see Table):
// read along the neighbours, written along the columns; a row of the square may go on in the next
// panel.
template <class T>
void pack_columns(T* packed, const T* source, std::int64_t j, std::int64_t k, const Table& columns,
                  int rows, int height) {
  typename Raw<T>::type square[kLanes<T>];
  XGRAD_UNROLL
  for (int i = 0; i < kLanes<T>; ++i) {
    square[i] = i < rows ? raw<T>(load_first(source + columns.offsets[j + i], height))
                         : typename Raw<T>::type{};
  }
  transpose<T>(square);
  XGRAD_UNROLL
  for (int i = 0; i < kLanes<T>; ++i, j += columns.step) {
    if (i >= height) continue;
    const Vector<T> row = from_raw<T>(square[i]);
    const std::int64_t panel = j / kColumns<T>, lane = j % kColumns<T>, room = kColumns<T> - lane;
    T* target = packed + panel * k * kColumns<T> + lane;
    if (rows <= room) {
      store_first(target, row, rows);
    } else {
      alignas(64) T spill[2 * kLanes<T>];
      row.store_aligned(spill);
      store_first(target, row, static_cast<int>(room));
      store_first(target - lane + k * kColumns<T>, Vector<T>::load_unaligned(spill + room),
                  static_cast<int>(rows - room));
    }
  }
}

// All columns, where those of a step lie apart and each has its neighbours in the following steps.
template <class T>
void pack_interleaved(T* packed, const T* source, std::int64_t n, std::int64_t k, Table columns,
                      Table depth) {
  for (std::int64_t j = 0; j < n;) {
    const std::int64_t width = lesser(columns.step, n - j);
    std::int64_t height = 64;
    for (std::int64_t s = 0; s < width; ++s) {  // no further than these n columns
      const std::int64_t steps = (n - j - s - 1) / columns.step + 1;
      height = lesser(height, lesser(columns.runs[j + s], steps));
    }
    // The depth innermost: each row of a square then goes on with one stride, in more streams than
    // the processor foresees, so they are asked for.
    constexpr std::int64_t kAhead = 4;
    for (std::int64_t s = 0; s < width; s += kLanes<T>) {
      const int rows = static_cast<int>(lesser(kLanes<T>, width - s));
      for (std::int64_t p = 0; p < k; ++p) {
        for (std::int64_t h = 0; h < height; h += kLanes<T>) {
          const std::int64_t first = j + s + h * columns.step;
          if (p + kAhead < k) {
            const T* ahead = source + depth.offsets[p + kAhead];
            for (int i = 0; i < rows; ++i) __builtin_prefetch(ahead + columns.offsets[first + i]);
          }
          pack_columns(packed + p * kColumns<T>, source + depth.offsets[p], first, k, columns, rows,
                       static_cast<int>(lesser(kLanes<T>, height - h)));
        }
      }
    }
    j += width * height;
  }
}

template <class T>
void pack_b(T* packed, const T* source, std::int64_t n, std::int64_t k, Table columns,
            Table depth) {
  constexpr int kWidth = kColumns<T>;
  if (n % kLanes<T> !=
      0) {  // the register that is used in part; one that is not used may hold anything
    T* last = packed + n / kWidth * kWidth * k + n % kWidth / kLanes<T> * kLanes<T>;
    for (std::int64_t p = 0; p < k; ++p) Vector<T>(T(0)).store_unaligned(last + p * kWidth);
  }
  if (columns.step > 1) return pack_interleaved(packed, source, n, k, columns, depth);
  for (std::int64_t group = 0; group < n; group += kGroup * kWidth) {
    const std::int64_t end = lesser(n, group + kGroup * kWidth);
    const Table from = {columns.offsets + group, columns.runs + group, 1};
    if (pack_group(packed + group * k, source, end - group, k, from, depth)) continue;
    for (std::int64_t j = group; j < end; j += kWidth) {
      pack_any<T>({packed + j * k, source, lesser(kWidth, end - j), kWidth, k, columns.offsets + j,
                   columns.offsets + (j + 2 * kWidth <= n ? j + kWidth : j), columns.runs + j,
                   depth});
    }
  }
}

// As pack_b, of columns that lie along the depth, b_n apart.
template <class T>
void pack_plain_b(T* packed, const T* source, std::int64_t n, std::int64_t k, std::int64_t b_n) {
  for (std::int64_t j = 0; j < n; j += kLanes<T>) {
    const int columns = static_cast<int>(lesser(kLanes<T>, n - j));
    T* panel = packed + j / kColumns<T> * kColumns<T> * k + j % kColumns<T>;
    for (std::int64_t p = 0; p < k; p += kLanes<T>) {
      const int depth = static_cast<int>(lesser(kLanes<T>, k - p));
      const auto column_at = [&](int i) { return source + (j + i) * b_n + p; };
      T* target = panel + p * kColumns<T>;
      if (columns == kLanes<T> && depth == kLanes<T>) {
        transpose_square<T, kLanes<T>, true>(column_at, columns, depth, target, kColumns<T>);
      } else {
        transpose_square<T, 0, true>(column_at, columns, depth, target, kColumns<T>);
      }
    }
  }
}

}  // namespace xgrad::kernels::XGRAD_ARCH_NAME
