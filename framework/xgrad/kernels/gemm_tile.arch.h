// Private to gemm.arch.cpp: the register tile, and the loops over tiles.
#pragma once

#include "xgrad/kernels/gemm.h"
#include "xgrad/kernels/gemm_runs.arch.h"
#include "xgrad/kernels/gemm_vector.arch.h"
#include "xgrad/kernels/transpose.arch.h"

namespace xgrad::kernels::XGRAD_ARCH_NAME {

// 32 registers hold 24 sums, 2 of b and a broadcast of a; 16 registers hold 12 sums.
#if defined(__AVX512F__) || defined(__aarch64__)
constexpr int kRows = 12;
#else
constexpr int kRows = 6;
#endif
constexpr int kVectors = 2;
constexpr int kNarrowRows = kRows + 4;  // of a tile one register wide: more sums in flight
template <class T>
constexpr int kColumns = kVectors* kLanes<T>;

template <class T>
struct Tile {
  std::int64_t k;
  const T* a;
  std::int64_t a_m, a_k;
  const T* b;
  std::int64_t b_k;
  T* c;
  std::int64_t c_m;            // from row to row of c, from column to column where it is transposed
  const std::int64_t* c_rows;  // of a packed tile instead: where each row begins
  int last;                    // lanes in use of the last register, when the tile is partial
  T alpha;
  bool accumulate;
};

template <class T, int V, bool kPartial>
inline Vector<T> load_column(const T* source, int v, int last) {
  return kPartial && v == V - 1 ? load_first(source + v * kLanes<T>, last)
                                : Vector<T>::load_unaligned(source + v * kLanes<T>);
}

enum class Write { plain, scaled, accumulated };

template <class T, int R, int V, bool kPacked, bool kPartial, Write kWrite>
inline void write_tile(const Tile<T>& t, const Vector<T> (&sums)[R][V]) {
  const Vector<T> alpha(t.alpha);
  T* next = t.c;
  const std::int64_t c_m = t.c_m;
  const int last = t.last;
  XGRAD_UNROLL
  for (int r = 0; r < R; ++r, next += c_m) {
    T* c = kPacked ? t.c + t.c_rows[r] : next;
    XGRAD_UNROLL
    for (int v = 0; v < V; ++v) {
      Vector<T> value = sums[r][v];
      if constexpr (kWrite == Write::scaled) value = value * alpha;
      if constexpr (kWrite == Write::accumulated)
        value = multiply_add(value, alpha, load_column<T, V, kPartial>(c, v, last));
      if (kPartial && v == V - 1) {
        store_first(c + v * kLanes<T>, value, last);
      } else {
        value.store_unaligned(c + v * kLanes<T>);
      }
    }
  }
}

// The sums of a tile. kPacked: a is a panel [k][R], which makes every address a constant offset.
// Otherwise rows are reached from every third one (+0, +a_m, +2 a_m are addressing modes), so that
// 12 rows take 4 pointers.
template <class T, int R, int V, bool kPacked, bool kPartial>
__attribute__((always_inline)) inline void form_sums(const Tile<T>& t, Vector<T> (&sums)[R][V]) {
  XGRAD_UNROLL
  for (int r = 0; r < R; ++r) {
    XGRAD_UNROLL
    for (int v = 0; v < V; ++v) sums[r][v] = Vector<T>(T(0));
  }
  constexpr int kGroups = kPacked ? 1 : (R + 2) / 3;
  const T* a[kGroups];
  for (int g = 0; g < kGroups; ++g) a[g] = t.a + 3 * g * t.a_m;
  const T* b = t.b;
  const std::int64_t a_m = t.a_m, a_k = kPacked ? R : t.a_k, b_k = t.b_k;
  const int last = t.last;
  const auto add_products = [&](std::int64_t depth) __attribute__((always_inline)) {
    for (; depth > 0; --depth) {
      Vector<T> columns[V];
      XGRAD_UNROLL
      for (int v = 0; v < V; ++v) columns[v] = load_column<T, V, kPartial>(b, v, last);
      XGRAD_UNROLL
      for (int r = 0; r < R; ++r) {
        const Vector<T> row(kPacked ? a[0][r] : a[r / 3][(r % 3) * a_m]);
        XGRAD_UNROLL
        for (int v = 0; v < V; ++v) sums[r][v] = multiply_add(row, columns[v], sums[r][v]);
      }
      for (int g = 0; g < kGroups; ++g) a[g] += a_k;
      b += b_k;
    }
  };
  if constexpr (kPacked) {
    // c has left the caches since the last block: it is asked for when it will just have come once
    // the sums are ready, and will not have been driven out by then.
    constexpr std::int64_t kPrefetchDepth = 128;
    add_products(t.k - kPrefetchDepth);
    XGRAD_UNROLL
    for (int r = 0; r < R; ++r) {
      const T* row = t.c + t.c_rows[r];
      XGRAD_UNROLL
      for (int v = 0; v < V; ++v) __builtin_prefetch(row + v * kLanes<T>, 1);
      __builtin_prefetch(row + V * kLanes<T> - 1, 1);  // another line, unless c is aligned
    }
    add_products(lesser(t.k, kPrefetchDepth));
  } else {
    add_products(t.k);
  }
}

template <class T, int R, int V, bool kPacked, bool kPartial>
void tile(const Tile<T>& t) {
  Vector<T> sums[R][V];
  form_sums<T, R, V, kPacked, kPartial>(t, sums);
  if (t.accumulate) {
    write_tile<T, R, V, kPacked, kPartial, Write::accumulated>(t, sums);
  } else if (t.alpha != 1) {
    write_tile<T, R, V, kPacked, kPartial, Write::scaled>(t, sums);
  } else {
    write_tile<T, R, V, kPacked, kPartial, Write::plain>(t, sums);
  }
}

template <class T>
using TileFunction = void (*)(const Tile<T>&);

// Tile functions by number of rows (index 0 is unused).
template <class T, int V, bool kPacked, bool kPartial, class Rows>
struct TileTable;
template <class T, int V, bool kPacked, bool kPartial, int... R>
struct TileTable<T, V, kPacked, kPartial, std::integer_sequence<int, R...>> {
  static constexpr TileFunction<T> by_rows[] = {nullptr, &tile<T, R + 1, V, kPacked, kPartial>...};
};
template <class T, int V, bool kPacked, bool kPartial>
constexpr const TileFunction<T>* kTiles =
    TileTable<T, V, kPacked, kPartial,
              std::make_integer_sequence<int, V == 1 && !kPacked ? kNarrowRows : kRows>>::by_rows;

// Tiles of even height: 64 rows are five of 11 and one of 9, not five of 12 and one of 4.
inline std::int64_t even_height(std::int64_t m, std::int64_t most) {
  if (m <= most) return m;
  const std::int64_t count = (m + most - 1) / most;
  return (m + count - 1) / count;
}

// Calls f(i, j) for the corners of all tiles.
template <class F>
inline void for_each_tile(std::int64_t m, std::int64_t height, std::int64_t n, std::int64_t width,
                          bool rows_outermost, const F& f) {
  if (rows_outermost) {
    for (std::int64_t i = 0; i < m; i += height) {
      for (std::int64_t j = 0; j < n; j += width) f(i, j);
    }
  } else {
    for (std::int64_t j = 0; j < n; j += width) {
      for (std::int64_t i = 0; i < m; i += height) f(i, j);
    }
  }
}

// Tiles whose columns are contiguous in c go there in squares of registers. Their height is such
// that a square has no empty rows and c is written in whole pieces: where it is half the lanes, the
// square holds the tile's two registers of each row side by side. Tiles one register wide are
// higher: more sums in flight.
constexpr int kTransposedRows = kRows >= 8 ? 8 : 4;
constexpr int kNarrowTransposedRows = kNarrowRows / kTransposedRows * kTransposedRows;
template <class T>
constexpr int kSquareRows = kTransposedRows < kLanes<T> ? kTransposedRows : kLanes<T>;
template <class T>
using Square = typename Raw<T>::type[kLanes<T>];

// c[r + q c_n] put square[r, q], of `rows` and `columns`. The square has room for kHeight rows of
// kRegisters registers; kWhole: all of it is written, not accumulated.
template <class T, int kHeight, int kRegisters, bool kWhole>
inline void write_square(Square<T>& square, int rows, int columns, T* c, std::int64_t c_n,
                         bool accumulate) {
  transpose<T>(square);
  XGRAD_UNROLL
  for (int part = 0; part < kRegisters; ++part) {
    XGRAD_UNROLL
    for (int q = 0; q < kLanes<T>; ++q, c += c_n) {
      const Vector<T> value = from_raw<T>(square[q]);
      if constexpr (!kWhole) {
        if (part * kLanes<T> + q >= columns) return;
        const int first = part * kHeight;
        store_lanes(c, accumulate ? value + load_lanes(c, first, rows) : value, first, rows);
      } else if constexpr (kHeight == kLanes<T>) {
        value.store_unaligned(c);
      } else {
        store_half(c, value, part);
      }
    }
  }
}

// A tile of R rows, straight from its registers.
template <class T, int R, int V, bool kPartial>
void transposed_tile(const Tile<T>& t) {
  constexpr int kHeight = V == 1 && R >= kLanes<T> ? kLanes<T> : kSquareRows<T>;
  constexpr int kFull = kLanes<T> / kHeight, kRegisters = V < kFull ? V : kFull;
  Vector<T> sums[R][V];
  form_sums<T, R, V, false, kPartial>(t, sums);
  if (t.alpha != 1) {
    const Vector<T> alpha(t.alpha);
    XGRAD_UNROLL
    for (int r = 0; r < R; ++r) {
      XGRAD_UNROLL
      for (int v = 0; v < V; ++v) sums[r][v] = sums[r][v] * alpha;
    }
  }
  XGRAD_UNROLL
  for (int v = 0; v < V; v += kRegisters) {
    XGRAD_UNROLL
    for (int r = 0; r < R; r += kHeight) {
      Square<T> square;
      XGRAD_UNROLL
      for (int i = 0; i < kLanes<T>; ++i) {
        square[i] = i / kHeight < kRegisters ? raw<T>(sums[r + i % kHeight][v + i / kHeight])
                                             : typename Raw<T>::type{};
      }
      T* c = t.c + r + v * kLanes<T> * t.c_m;
      const int columns = (V - 1 - v) * kLanes<T> + t.last;
      if (kPartial || t.accumulate) {
        write_square<T, kHeight, kRegisters, false>(square, kHeight, columns, c, t.c_m,
                                                    t.accumulate);
      } else {
        write_square<T, kHeight, kRegisters, true>(square, kHeight, columns, c, t.c_m, false);
      }
    }
  }
}

// A tile of another height, from scratch memory: c[r + q c_n] put tile[r, q].
template <class T>
void write_transposed(const T* tile, std::int64_t rows, std::int64_t columns, T* c,
                      std::int64_t c_n, bool accumulate) {
  constexpr int kHeight = kSquareRows<T>, kWidth = kLanes<T> / kHeight * kLanes<T>;
  static_assert(kWidth <= kColumns<T>);
  if (rows * columns <= 16) {
    for (std::int64_t r = 0; r < rows; ++r) {
      for (std::int64_t q = 0; q < columns; ++q) {
        const T value = tile[r * kColumns<T> + q];
        c[r + q * c_n] = accumulate ? c[r + q * c_n] + value : value;
      }
    }
    return;
  }
  for (std::int64_t q = 0; q < columns; q += kWidth) {
    for (std::int64_t r = 0; r < rows; r += kHeight) {
      Square<T> square;
      XGRAD_UNROLL
      for (int i = 0; i < kLanes<T>; ++i) {
        square[i] = raw<T>(Vector<T>::load_aligned(tile + (r + i % kHeight) * kColumns<T> + q +
                                                   i / kHeight * kLanes<T>));
      }
      write_square<T, kHeight, kWidth / kLanes<T>, false>(
          square, static_cast<int>(lesser(rows - r, kHeight)),
          static_cast<int>(lesser(columns - q, kWidth)), c + r + q * c_n, c_n, accumulate);
    }
  }
}

// Null if there is none of this height.
template <class T, bool kPartial>
inline TileFunction<T> transposed_tile_of(std::int64_t rows, bool narrow) {
  if (rows == kTransposedRows) {
    return narrow ? &transposed_tile<T, kTransposedRows, 1, kPartial>
                  : &transposed_tile<T, kTransposedRows, 2, kPartial>;
  }
  return narrow && rows == kNarrowTransposedRows
             ? &transposed_tile<T, kNarrowTransposedRows, 1, kPartial>
             : nullptr;
}

// One that has no function of its own. (Apart, since scratch memory would take time from the
// others.)
template <class T>
__attribute__((noinline)) void transposed_by_scratch(TileFunction<T> tile, Tile<T>& t,
                                                     std::int64_t rows, std::int64_t columns, T* c,
                                                     std::int64_t c_n, bool accumulate) {
  constexpr int kScratchRows =
      (kNarrowRows + kTransposedRows - 1) / kTransposedRows * kTransposedRows;
  alignas(64) T scratch[kScratchRows * kColumns<T>];  // whole squares are read
  t.c = scratch;
  t.c_m = kColumns<T>;
  t.accumulate = false;
  tile(t);
  write_transposed(scratch, rows, columns, c, c_n, accumulate);
}

// Columns j..j+width-1 of a product, within one panel, and rows i..i+height-1; or fewer, at its
// edges.
template <class T>
inline void direct_tile(const Product<T>& product, Tile<T>& t, std::int64_t i, std::int64_t j,
                        std::int64_t height, std::int64_t width) {
  const int columns = static_cast<int>(lesser(product.n - j, width));
  const bool narrow = columns <= kLanes<T>;
  t.last = columns - (narrow ? 0 : kLanes<T>);
  const bool partial = t.last != kLanes<T>;
  const TileFunction<T>* tiles =
      narrow ? (partial ? kTiles<T, 1, false, true> : kTiles<T, 1, false, false>)
             : (partial ? kTiles<T, 2, false, true> : kTiles<T, 2, false, false>);
  t.a = product.a + i * product.a_m;
  t.b = product.b + j / kColumns<T> * product.b_panel + j % kColumns<T>;
  const std::int64_t rows = lesser(height, product.m - i);
  if (product.c_n == 1) {
    t.c = product.c + i * product.c_m + j;
    return tiles[rows](t);
  }
  T* c = product.c + i + j * product.c_n;
  const TileFunction<T> transposed = partial ? transposed_tile_of<T, true>(rows, narrow)
                                             : transposed_tile_of<T, false>(rows, narrow);
  if (transposed == nullptr) {
    return transposed_by_scratch(tiles[rows], t, rows, columns, c, product.c_n, product.accumulate);
  }
  t.c = c;
  t.c_m = product.c_n;
  t.accumulate = product.accumulate;
  transposed(t);
}

// Column j of a product, where a is contiguous one way or the other: a matrix times a vector. Of
// any number of rows, since a piece of a product must not be computed otherwise than the whole.
constexpr std::int64_t kLongestVector = 512;
template <class T>
bool single_column(const Product<T>& product, std::int64_t j) {
  const std::int64_t m = product.m, k = product.k;
  if (lesser(k, kLongestVector) < k || (product.a_k != 1 && product.a_m != 1)) return false;
  T x[kLongestVector];
  const T* b = product.b + j / kColumns<T> * product.b_panel + j % kColumns<T>;
  T* c = product.c + j * product.c_n;
  for (std::int64_t p = 0; p < k; ++p) x[p] = b[p * product.b_k];
  if (product.a_k == 1) {
    row_dots(m, k, product.alpha, product.a, product.a_m, x, 0, c, product.c_m, product.accumulate);
    return true;
  }
  const T* a = product.a;
  for (std::int64_t left = m; left > 0; left -= kLongestVector, a += kLongestVector) {
    T y[kLongestVector];
    const std::int64_t rows = lesser(left, kLongestVector);
    for (std::int64_t i = 0; i < rows; ++i) y[i] = product.accumulate ? c[i * product.c_m] : T(0);
    add_columns(rows, k, product.alpha, a, product.a_k, x, 1, y);
    for (std::int64_t i = 0; i < rows; ++i, c += product.c_m) *c = y[i];
  }
  return true;
}

template <class T>
void direct(const Product<T>& product) {
  Tile<T> t{product.k, nullptr,     product.a_m, product.a_k, nullptr,       product.b_k,
            nullptr,   product.c_m, nullptr,     0,           product.alpha, product.accumulate};
  if (product.n <= kLanes<T> && product.m <= kNarrowRows) {  // one tile
    return direct_tile(product, t, 0, 0, product.m, product.n);
  }
  const bool transposed = product.c_n != 1;
  const auto tiles = [&](std::int64_t first, std::int64_t last, std::int64_t height,
                         std::int64_t width) {
    if (first == last) return;
    if (transposed) {
      height = width == kLanes<T> ? kNarrowTransposedRows : kTransposedRows;
    } else {
      // Rows a page apart fall into the same few places of the L1 cache: no more of them than leave
      // room for each other.
      constexpr std::int64_t kPage = 4096, kMostPages = 8;
      const bool apart = product.a_k == 1 && product.a_m * std::int64_t{sizeof(T)} % kPage == 0;
      if (apart && width == kLanes<T>) height = lesser(height, kMostPages);
      height = even_height(product.m, height);
    }
    for_each_tile(product.m, height, last - first, width, product.rows_outermost,
                  [&](std::int64_t i, std::int64_t j) {
                    direct_tile(product, t, i, first + j, height, width);
                  });
  };
  // The last columns, if they are one register, are done by taller tiles, so that as many sums are
  // in flight; a last one alone by itself.
  const std::int64_t rest = product.n % kColumns<T>;
  const std::int64_t wide = rest <= kLanes<T> ? product.n - rest : product.n;
  tiles(0, wide, kRows, kColumns<T>);
  if (rest == 1 && wide > 0 && single_column(product, wide)) return;
  tiles(wide, product.n, kNarrowRows, kLanes<T>);
}

// A tile whose target is not a plain matrix is computed in scratch memory and then put where the
// tables say: piece by piece, each contiguous in c and within one register.
template <class T>
void scatter(const T* tile, std::int64_t rows, std::int64_t columns, const Block<T>& block,
             std::int64_t i, std::int64_t j) {
  const std::int64_t* lines = block.rows.offsets + i;
  for (std::int64_t q = 0; q < columns;) {
    const auto lane = static_cast<int>(q % kLanes<T>);
    const auto length =
        static_cast<int>(lesser(lesser(block.columns.runs[j + q], columns - q), kLanes<T> - lane));
    T* c = block.c + block.columns.offsets[j + q];
    if (length == 1) {
      for (std::int64_t r = 0; r < rows; ++r) {
        const T value = tile[r * kColumns<T> + q];
        c[lines[r]] = block.accumulate ? c[lines[r]] + value : value;
      }
    } else {
      const T* source = tile + (q - lane);
      for (std::int64_t r = 0; r < rows; ++r, source += kColumns<T>) {
        Vector<T> values = Vector<T>::load_aligned(source);
        if (block.accumulate) values = values + load_lanes(c + lines[r], lane, length);
        store_lanes(c + lines[r], values, lane, length);
      }
    }
    q += length;
  }
}

// Where the next tile, whose corner is (i, j), will be scattered to, asked for while this one is
// formed; not for single elements, which would be too many. (Not inlined at once, GCC takes it for
// a function without effects and drops its calls.)
template <class T>
__attribute__((always_inline)) inline void prefetch_scatter(const Block<T>& block, std::int64_t i,
                                                            std::int64_t j) {
  const std::int64_t rows = lesser(block.m, i + kRows), columns = lesser(block.n, j + kColumns<T>);
  for (; j < columns; j += kLanes<T> / 2) {
    if (block.columns.runs[j] == 1) return;
    const T* c = block.c + block.columns.offsets[j];
    for (std::int64_t r = i; r < rows; ++r) __builtin_prefetch(c + block.rows.offsets[r], 1);
  }
}

// Where the rows of a scratch tile begin.
template <class T>
struct ScratchRows {
  std::int64_t offsets[kRows];
  constexpr ScratchRows() : offsets() {
    for (int r = 0; r < kRows; ++r) offsets[r] = r * kColumns<T>;
  }
};
template <class T>
constexpr ScratchRows<T> kScratchRows;

template <class T>
void block(const Block<T>& block) {
  alignas(64) T scratch[kRows * kColumns<T>];
  for_each_tile(block.m, kRows, block.n, kColumns<T>, block.rows_outermost,
                [&](std::int64_t i, std::int64_t j) {
                  const std::int64_t rows = lesser(block.m - i, kRows),
                                     columns = lesser(block.n - j, kColumns<T>);
                  const TileFunction<T>* tiles =
                      columns <= kLanes<T> ? kTiles<T, 1, true, false> : kTiles<T, 2, true, false>;
                  Tile<T> t{block.k,
                            block.a + i * block.k,
                            1,
                            0,
                            block.b + j * block.k,
                            kColumns<T>,
                            scratch,
                            0,
                            kScratchRows<T>.offsets,
                            0,
                            block.alpha,
                            block.accumulate};
                  if (columns % kLanes<T> == 0 && block.columns.runs[j] >= columns) {
                    t.c = block.c + block.columns.offsets[j];
                    t.c_rows = block.rows.offsets + i;
                    tiles[rows](t);
                  } else {
                    t.accumulate = false;
                    if (block.rows_outermost) {
                      prefetch_scatter(block, i, j + kColumns<T>);
                    } else {
                      prefetch_scatter(block, i + kRows, j);
                    }
                    tiles[rows](t);
                    scatter(scratch, rows, columns, block, i, j);
                  }
                });
}

}  // namespace xgrad::kernels::XGRAD_ARCH_NAME
