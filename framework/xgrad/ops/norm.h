// p-norms of vectors and distances between them. Source:
// https://pytorch.org/docs/stable/generated/torch.norm.html, torch.cdist.html.
//
// x [*] floating -> 0-d, or x's shape without `dim` (of size 1 with keepdim). p is any number: (sum
// |x|^p)^(1/p); 0 counts what is not 0, inf and -inf are the largest and the smallest |x|. Where
// the norm is 0, so is the gradient. Errors: integers.
#pragma once

#include "xgrad/core/tensor.h"

namespace xgrad {

Tensor norm(const Tensor& x, const Scalar& p = 2);
Tensor norm(const Tensor& x, const optional<Scalar>& p, ScalarType type);
Tensor norm(const Tensor& x, const optional<Scalar>& p, IntArrayRef dim, bool keepdim = false);
Tensor norm(const Tensor& x, const optional<Scalar>& p, std::int64_t dim, bool keepdim = false);
Tensor norm(const Tensor& x, const optional<Scalar>& p, IntArrayRef dim, bool keepdim,
            ScalarType type);
Tensor frobenius_norm(const Tensor& x);
Tensor frobenius_norm(const Tensor& x, IntArrayRef dim, bool keepdim = false);
// The sum of a matrix's singular values; x [m, n], or matrices in the two dims.
Tensor nuclear_norm(const Tensor& x, bool keepdim = false);
Tensor nuclear_norm(const Tensor& x, IntArrayRef dim, bool keepdim = false);
// The norm of each slice along the first or last dim, of size 1 in the others; dim -1: of all.
Tensor norm_except_dim(const Tensor& x, std::int64_t pow = 2, std::int64_t dim = 0);

// Each slice along `dim` scaled down to norm maxnorm, where its p-norm exceeds that.
Tensor renorm(const Tensor& x, const Scalar& p, std::int64_t dim, const Scalar& maxnorm);

// norm(a - b, p).
Tensor dist(const Tensor& a, const Tensor& b, const Scalar& p = 2);
// All distances between rows: a [..., P, M], b [..., R, M] -> [..., P, R]. With p = 2 and more than
// 25 rows the distances come from a product of matrices, unless compute_mode is 2 (1: always).
// Errors: p < 0, rows of different lengths, integers.
Tensor cdist(const Tensor& a, const Tensor& b, double p = 2,
             optional<std::int64_t> compute_mode = nullopt);

namespace detail {
// The norm of each row, as cdist and pdist take it: with p = inf every largest element has the
// whole gradient, where norm shares it out.
Tensor row_norm(const Tensor& difference, double p);
}  // namespace detail

}  // namespace xgrad
