// Matrix products, each an einsum. Source:
// https://pytorch.org/docs/stable/torch.html#blas-and-lapack-operations.
#pragma once

#include "xgrad/core/optional_tensor_ref.h"

namespace xgrad {

// [n] x [n] -> [], [..., i, j] x [j] -> [..., i], [i] x [..., i, j] -> [..., j], [..., i, j] x
// [..., j, k] -> [..., i, k]; batch dims broadcast.
Tensor matmul(const Tensor& a, const Tensor& b);
Tensor mm(const Tensor& a, const Tensor& b);     // [i, j] x [j, k] -> [i, k]
Tensor bmm(const Tensor& a, const Tensor& b);    // [b, i, j] x [b, j, k] -> [b, i, k]
Tensor mv(const Tensor& a, const Tensor& x);     // [i, j] x [j] -> [i]
Tensor dot(const Tensor& x, const Tensor& y);    // [n] x [n] -> []
Tensor vdot(const Tensor& x, const Tensor& y);   // the same
Tensor inner(const Tensor& a, const Tensor& b);  // [..., n] x [*, n] -> [..., *]
Tensor outer(const Tensor& x, const Tensor& y);  // [i] x [j] -> [i, j]
Tensor ger(const Tensor& x, const Tensor& y);
// beta * c + alpha * (a x b); c broadcasts.
Tensor addmm(const Tensor& c, const Tensor& a, const Tensor& b, const Scalar& beta = 1,
             const Scalar& alpha = 1);
Tensor addmv(const Tensor& c, const Tensor& a, const Tensor& x, const Scalar& beta = 1,
             const Scalar& alpha = 1);
Tensor addr(const Tensor& c, const Tensor& x, const Tensor& y, const Scalar& beta = 1,
            const Scalar& alpha = 1);
Tensor baddbmm(const Tensor& c, const Tensor& a, const Tensor& b, const Scalar& beta = 1,
               const Scalar& alpha = 1);
Tensor addbmm(const Tensor& c, const Tensor& a, const Tensor& b, const Scalar& beta = 1,
              const Scalar& alpha = 1);
// Sums over `dims` last dims of a and first of b, or over the given dims of each.
Tensor tensordot(const Tensor& a, const Tensor& b, std::int64_t dims = 2);
Tensor tensordot(const Tensor& a, const Tensor& b, IntArrayRef dims_a, IntArrayRef dims_b);
Tensor chain_matmul(TensorList matrices);
Tensor trace(const Tensor& x);
Tensor kron(const Tensor& a, const Tensor& b);
Tensor cross(const Tensor& a, const Tensor& b, optional<std::int64_t> dim = nullopt);
Tensor matrix_power(const Tensor& x, std::int64_t n);

// x [..., in], weight [out, in], bias [out] or undefined -> [..., out].
Tensor linear(const Tensor& x, const Tensor& weight, OptionalTensorRef bias = {});
// l [..., n], r [..., m], weight [a, n, m], bias [a] or undefined -> [..., a]:
// einsum "bn,anm,bm->ba".
Tensor bilinear(const Tensor& l, const Tensor& r, const Tensor& weight,
                OptionalTensorRef bias = {});

}  // namespace xgrad
