// Products of windows with weights, where the windows are addresses and never a matrix in memory.
//
// All three products of a convolution (the output, the gradient of the input, that of the weight)
// are c[i, j] = sum over p of a[rows[i] + depth[p]] * b[b_depth[p] + j]: `rows` says where windows
// lie, `depth` where their elements lie within one, and j runs over channels, side by side in b.
#pragma once

#include <cstdint>

namespace xgrad::kernels {

template <class T>
struct WindowProduct {
  std::int64_t rows, depth;
  const T* a;
  const std::int64_t* a_rows;
  const std::int64_t* a_depth;
  const T* b;
  const std::int64_t* b_depth;
  T* c;
  std::int64_t c_row;  // from row to row of c
  int vectors;         // registers of columns: 1 or 2, all lanes are read and written
  bool accumulate;     // c += instead of c =
};

template <class T>
struct ConvolutionKernels {
  std::int64_t lanes;  // of a register; a panel of columns is one or two of them
  void (*product)(const WindowProduct<T>& product);
  // y[j, i] = x[i, j] + bias[j], i < m, j < n; from row to row x_row and y_row. bias may be null.
  void (*transpose)(std::int64_t m, std::int64_t n, const T* x, std::int64_t x_row, T* y,
                    std::int64_t y_row, const T* bias);
};

struct ConvolutionTable {
  ConvolutionKernels<float> f32;
  ConvolutionKernels<double> f64;
};

// Of the active instruction set.
const ConvolutionTable& convolution_table();

}  // namespace xgrad::kernels
