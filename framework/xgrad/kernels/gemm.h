// Matrix-product kernels: plain pointers in, xsimd inside, one compiled variant for each
// instruction set.
//
//   const auto& kernels = kernels_of<float>(gemm_table());   // of the instruction set in use
//   kernels.direct(product);
//
// A tile of c is `tile_rows` rows of `tile_vectors` registers: 12x2 where there are 32 registers
// (12x32 floats on AVX-512), 6x2 where there are 16. Nothing here allocates, checks, or knows of
// threads.
#pragma once

#include <cstdint>

namespace xgrad::kernels {

// c[i, j] = alpha * sum over p of a[i, p] b[p, j], or += when accumulating; j is contiguous in b,
// and in c either j or i.
template <class T>
struct Product {
  std::int64_t m, n, k;
  const T* a;
  std::int64_t a_m, a_k;  // strides in elements
  const T* b;
  std::int64_t b_k;
  // From a panel of tile columns to the next: their number where b lies as given.
  std::int64_t b_panel;
  T* c;
  std::int64_t c_m, c_n;  // one of them is 1
  T alpha;
  bool accumulate;
  bool rows_outermost = false;  // of the loops over tiles
};

// One dimension group as a table: element i lies at offsets[i], and elements i, i + step, i + 2
// step... are neighbours, runs[i] of them. The step is not 1 where two loops of the group were
// interleaved.
struct Table {
  const std::int64_t* offsets;
  const std::int32_t* runs;
  std::int64_t step = 1;
};

// A product of packed blocks, written to c[rows.offsets[i] + columns.offsets[j]].
template <class T>
struct Block {
  std::int64_t m, n, k;
  const T* a;  // panels of tile_rows, the last one narrower: [panel][k][rows]
  const T* b;  // panels of tile_columns, each to whole registers: [panel][k][tile_columns]
  T* c;
  Table rows, columns;
  bool rows_outermost;  // of the loops over tiles
  T alpha;
  bool accumulate;
};

template <class T>
struct GemmKernels {
  std::int64_t tile_rows, tile_columns;
  // Rows of a into panels as Block describes; source[rows.offsets[i] + depth.offsets[p]].
  void (*pack_a)(T* packed, const T* source, std::int64_t m, std::int64_t k, Table rows,
                 Table depth);
  void (*pack_b)(T* packed, const T* source, std::int64_t n, std::int64_t k, Table columns,
                 Table depth);
  // The same, of a plain b whose columns lie b_n apart, each contiguous.
  void (*pack_plain_b)(T* packed, const T* source, std::int64_t n, std::int64_t k,
                       std::int64_t b_n);
  void (*block)(const Block<T>& block);
  void (*direct)(const Product<T>& product);

  // Vector operations on `m` rows, each contiguous and `n` long; a_m, b_m... lead from row to row.
  // "Put" is c = value, or c += value when accumulating.
  T (*dot)(std::int64_t n, const T* a, const T* b);
  T (*sum)(std::int64_t n, const T* a);
  // Rows of c put alpha x[i] times rows of a.
  void (*scale)(std::int64_t m, std::int64_t n, T alpha, const T* x, std::int64_t x_m, const T* a,
                std::int64_t a_m, T* c, std::int64_t c_m, bool accumulate);
  // Rows of c put alpha times rows of a times rows of b.
  void (*multiply)(std::int64_t m, std::int64_t n, T alpha, const T* a, std::int64_t a_m,
                   const T* b, std::int64_t b_m, T* c, std::int64_t c_m, bool accumulate);
  // y[i y_m] put alpha times the dot of a row of a with a row of x, or with the one x when x_m is
  // 0.
  void (*row_dots)(std::int64_t m, std::int64_t k, T alpha, const T* a, std::int64_t a_m,
                   const T* x, std::int64_t x_m, T* y, std::int64_t y_m, bool accumulate);
  // y += alpha * sum over p of column p of a times x[p x_k]; columns and y are contiguous.
  void (*add_columns)(std::int64_t m, std::int64_t k, T alpha, const T* a, std::int64_t a_k,
                      const T* x, std::int64_t x_k, T* y);
  // Of one plane of `m` rows and its neighbourhood: c[i, j] = start + sum over t of weights[t]
  // a[offsets[t] + i a_m + j].
  void (*combine)(std::int64_t m, std::int64_t n, std::int64_t count, const T* weights,
                  const std::int64_t* offsets, const T* a, std::int64_t a_m, T start, T* c,
                  std::int64_t c_m);
  // Its gradient: sums[t] += sum over i, j of a[offsets[t] + i a_m + j] b[i, j].
  void (*add_dots)(std::int64_t m, std::int64_t n, std::int64_t count, const std::int64_t* offsets,
                   const T* a, std::int64_t a_m, const T* b, std::int64_t b_m, T* sums);
};

struct GemmTable {
  GemmKernels<float> f32;
  GemmKernels<double> f64;
};

const GemmTable& gemm_table_baseline();
const GemmTable& gemm_table_avx2();
const GemmTable& gemm_table_avx512();

// Of xgrad::instruction_set().
const GemmTable& gemm_table();

template <class T>
const GemmKernels<T>& kernels_of(const GemmTable& table);
template <>
inline const GemmKernels<float>& kernels_of(const GemmTable& table) {
  return table.f32;
}
template <>
inline const GemmKernels<double>& kernels_of(const GemmTable& table) {
  return table.f64;
}

}  // namespace xgrad::kernels
