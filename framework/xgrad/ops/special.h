// The functions of torch::special that have no other name. Source:
// https://pytorch.org/docs/stable/special.html.
//
// Dtypes promote; integers give the default dtype. Shapes broadcast.
#pragma once

#include "xgrad/core/tensor.h"

namespace xgrad::special {

// -x log(x); 0 at 0, -inf below.
Tensor entr(const Tensor& x);
// The distribution function of the normal distribution, and its inverse: NaN outside of [0, 1].
Tensor ndtr(const Tensor& x);
Tensor ndtri(const Tensor& p);
// a log(1 + b); 0 where a is 0, unless b is NaN.
Tensor xlog1py(const Tensor& a, const Tensor& b);
Tensor xlog1py(const Tensor& a, const Scalar& b);
Tensor xlog1py(const Scalar& a, const Tensor& b);

}  // namespace xgrad::special
