#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wuninitialized"  // GCC 12's own AVX-512 header: __m256d __Y = __Y;
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"  // the same
#endif

#include "xgrad/kernels/convolution.h"

#include "xgrad/kernels/transpose.arch.h"

namespace xgrad::kernels {
namespace XGRAD_ARCH_NAME {

// As for matrix products: 24 sums in 32 registers, 12 in 16. Rows that lie a step apart are reached
// from every third one (+0, +step, +2 step are addressing modes), so that 12 rows take 4 pointers;
// other rows take one each, and there are registers for 9.
#if defined(__AVX512F__) || defined(__aarch64__)
constexpr int kEvenRows = 12, kAnyRows = 9;
#else
constexpr int kEvenRows = 6, kAnyRows = 6;
#endif

template <class T, int R, int V, bool kEven>
void window_tile(const WindowProduct<T>& t, std::int64_t first) {
  constexpr int kPointers = kEven ? (R + 2) / 3 : R;
  const std::int64_t* rows = t.a_rows + first;
  const std::int64_t step = kEven && R > 1 ? rows[1] - rows[0] : 0;
  const T* a[kPointers];
  XGRAD_UNROLL
  for (int r = 0; r < kPointers; ++r) a[r] = t.a + rows[kEven ? 3 * r : r];
  Vector<T> sums[R][V];
  XGRAD_UNROLL
  for (int r = 0; r < R; ++r) {
    XGRAD_UNROLL
    for (int v = 0; v < V; ++v) sums[r][v] = Vector<T>(T(0));
  }
  const std::int64_t *a_depth = t.a_depth, *b_depth = t.b_depth;
  for (std::int64_t p = 0; p < t.depth; ++p) {
    const std::int64_t at = a_depth[p];
    const T* b = t.b + b_depth[p];
    Vector<T> columns[V];
    XGRAD_UNROLL
    for (int v = 0; v < V; ++v) columns[v] = Vector<T>::load_unaligned(b + v * kLanes<T>);
    XGRAD_UNROLL
    for (int r = 0; r < R; ++r) {
      const Vector<T> value(kEven ? (a[r / 3] + at)[(r % 3) * step] : a[r][at]);
      XGRAD_UNROLL
      for (int v = 0; v < V; ++v) sums[r][v] = multiply_add(value, columns[v], sums[r][v]);
    }
  }
  T* c = t.c + first * t.c_row;
  XGRAD_UNROLL
  for (int r = 0; r < R; ++r) {
    XGRAD_UNROLL
    for (int v = 0; v < V; ++v) {
      T* to = c + r * t.c_row + v * kLanes<T>;
      (t.accumulate ? sums[r][v] + Vector<T>::load_unaligned(to) : sums[r][v]).store_unaligned(to);
    }
  }
}

template <class T>
using WindowTile = void (*)(const WindowProduct<T>&, std::int64_t);
template <class T, int V, bool kEven, class Rows>
struct WindowTiles;
template <class T, int V, bool kEven, int... R>
struct WindowTiles<T, V, kEven, std::integer_sequence<int, R...>> {
  static constexpr WindowTile<T> by_rows[] = {nullptr, &window_tile<T, R + 1, V, kEven>...};
};

template <class T, int V>
void product_of(const WindowProduct<T>& t) {
  constexpr auto* even =
      WindowTiles<T, V, true, std::make_integer_sequence<int, kEvenRows>>::by_rows;
  constexpr auto* any =
      WindowTiles<T, V, false, std::make_integer_sequence<int, kAnyRows>>::by_rows;
  const std::int64_t* rows = t.a_rows;
  for (std::int64_t first = 0; first < t.rows;) {
    std::int64_t end = first + 1;
    while (end < t.rows && rows[end] - rows[end - 1] == rows[first + 1] - rows[first]) ++end;
    // Fewer than 8 sums in flight would wait for each other.
    const bool is_even = (end - first) * V >= 8;
    if (!is_even) end = t.rows;
    const std::int64_t most = is_even ? kEvenRows : kAnyRows;
    // Tiles of even height: 25 rows are 9, 8 and 8, not 12, 12 and 1.
    const std::int64_t count = (end - first + most - 1) / most,
                       height = (end - first + count - 1) / count;
    do {
      const std::int64_t tall = lesser(height, end - first);
      (is_even ? even : any)[tall](t, first);
      first += tall;
    } while (is_even && first < end);
  }
}

template <class T>
void product(const WindowProduct<T>& t) {
  if (t.vectors == 1) {
    product_of<T, 1>(t);
  } else {
    product_of<T, 2>(t);
  }
}

template <class T>
void transpose_matrix(std::int64_t m, std::int64_t n, const T* x, std::int64_t x_row, T* y,
                      std::int64_t y_row, const T* bias) {
  for (std::int64_t i = 0; i < m; i += kLanes<T>) {
    const auto rows = static_cast<int>(lesser(m - i, kLanes<T>));
    for (std::int64_t j = 0; j < n; j += kLanes<T>) {
      const auto columns = static_cast<int>(lesser(n - j, kLanes<T>));
      const T* source = x + i * x_row + j;
      transpose_square<T, 0, false>([&](int r) { return source + r * x_row; }, rows, columns,
                                    y + j * y_row + i, y_row, bias ? bias + j : nullptr);
    }
  }
}

template <class T>
constexpr ConvolutionKernels<T> kConvolution = {kLanes<T>, &product<T>, &transpose_matrix<T>};
constexpr ConvolutionTable kConvolutionTable = {kConvolution<float>, kConvolution<double>};

}  // namespace XGRAD_ARCH_NAME

#define XGRAD_PASTE(prefix, name) prefix##name
#define XGRAD_ACCESSOR(name) XGRAD_PASTE(convolution_table_, name)
const ConvolutionTable& XGRAD_ACCESSOR(XGRAD_ARCH_NAME)();
const ConvolutionTable& XGRAD_ACCESSOR(XGRAD_ARCH_NAME)() {
  return XGRAD_ARCH_NAME::kConvolutionTable;
}

}  // namespace xgrad::kernels
