// The orthonormal basis behind init::orthogonal_. Private to nn.
#pragma once

#include "xgrad/core/tensor.h"

namespace xgrad::nn {

// Q [m, n] of a = QR [m, n], m >= n, with a nonnegative diagonal of R, which makes Q unique; in
// double. Source: Householder reflections, Golub and Van Loan, Matrix Computations, 5.2.
Tensor orthonormal_columns(const Tensor& a);

}  // namespace xgrad::nn
