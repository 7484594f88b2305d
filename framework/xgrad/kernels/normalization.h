// Statistics and normalization of contiguous runs and of the columns of row-major matrices. Sums
// are kept in double for both dtypes.
#pragma once

#include <cstdint>

#include "xgrad/core/scalar_type.h"

namespace xgrad::kernels {

struct NormalizationKernels {
  // Runs of n elements.
  // result = {mean, sum of (x - mean)^2}
  void (*moments)(std::int64_t n, const void* x, double* result);
  // y = scale * (x - center) + shift
  void (*affine)(std::int64_t n, const void* x, double center, double scale, double shift, void* y);
  // result = {sum of dy, sum of dy * (x - center)}
  void (*products)(std::int64_t n, const void* dy, const void* x, double center, double* result);
  // dx = a * dy + b * (x - center) + c
  void (*combine)(std::int64_t n, const void* dy, const void* x, double center, double a, double b,
                  double c, void* dx);

  // The same for each of `columns` columns of [rows, columns];
  // center, scale, shift, a, b and c have the matrix's dtype, but that of products is double.
  void (*column_moments)(std::int64_t rows, std::int64_t columns, const void* x, double* mean,
                         double* squares);
  void (*column_affine)(std::int64_t rows, std::int64_t columns, const void* x, const void* center,
                        const void* scale, const void* shift, void* y);
  void (*column_products)(std::int64_t rows, std::int64_t columns, const void* dy, const void* x,
                          const double* center, double* sum, double* dot);
  void (*column_combine)(std::int64_t rows, std::int64_t columns, const void* dy, const void* x,
                         const void* center, const void* a, const void* b, const void* c, void* dx);

  // Layer normalization of one row; weight and bias may be null.
  // y = (x - mean) * rstd * weight + bias
  void (*layer)(std::int64_t n, const void* x, double mean, double rstd, const void* weight,
                const void* bias, void* y);
  // With g = dy * weight, h = (x - mean) * rstd: dx = rstd * (g - mean(g) - h * mean(g * h)),
  // dweight += dy * h, dbias += dy; each may be null.
  void (*layer_backward)(std::int64_t n, const void* dy, const void* x, double mean, double rstd,
                         const void* weight, void* dx, double* dweight, double* dbias);
};

// Of the active instruction set, for float or double.
const NormalizationKernels& normalization_kernels(ScalarType type);

}  // namespace xgrad::kernels
