// Distances and similarities of vectors. Source:
// https://pytorch.org/docs/1.13/nn.functional.html#distance-functions.
#pragma once

#include "xgrad/core/tensor.h"

namespace xgrad {

// x1 . x2 / (|x1| |x2|) along dim, each norm at least eps. x1, x2 broadcast to each other; the
// result lacks dim. Errors: integers.
Tensor cosine_similarity(const Tensor& x1, const Tensor& x2, std::int64_t dim = 1,
                         double eps = 1e-8);

// The p-norm of x1 - x2 + eps along the last dim:
// [..., D], broadcast -> [...], or with keepdim [..., 1].
Tensor pairwise_distance(const Tensor& x1, const Tensor& x2, double p = 2, double eps = 1e-6,
                         bool keepdim = false);

// The p-norm of x[i] - x[j] of each pair i < j of rows of x [N, D] -> [N (N - 1) / 2].
Tensor pdist(const Tensor& x, double p = 2);

}  // namespace xgrad
