// Linear algebra on matrices, the two last dims; all dims before them are batch dims. Source:
// https://pytorch.org/docs/stable/linalg.html. Computed by Eigen, which only the sources include.
//
//   auto x = xgrad::linalg_solve(a, b);                // a x = b
//   auto [u, s, v] = xgrad::svd(a);                    // a = u diag(s) v^T
//   xgrad::logdet(a).backward();                       // a.grad() is a^-T
//
// float32 and float64. Derivatives of any order, unless said otherwise. Errors, everywhere: fewer
// than two dims, integers, a matrix that is not square where it must be.
#pragma once

#include <string_view>
#include <tuple>

#include "xgrad/core/tensor.h"

namespace xgrad {

// [..., n, n] -> [..., n, n]. Errors: a singular matrix, by its number in the batch.
Tensor inverse(const Tensor& x);
Tensor linalg_inv(const Tensor& x);

// [..., n, n] -> [...]. logdet is NaN for a negative determinant, -inf for 0; slogdet gives the
// sign (-1, 0 or 1, without gradient) and log|det|.
Tensor det(const Tensor& x);
Tensor linalg_det(const Tensor& x);
Tensor logdet(const Tensor& x);
std::tuple<Tensor, Tensor> slogdet(const Tensor& x);
std::tuple<Tensor, Tensor> linalg_slogdet(const Tensor& x);

// [..., n, n] -> lower L with x = L L^T, or with `upper` its transpose; reads only that triangle
// of x. Errors: x is not positive-definite, by its first leading minor that is not.
Tensor cholesky(const Tensor& x, bool upper = false);
Tensor linalg_cholesky(const Tensor& x, bool upper = false);
// The a of a y = b where `factor` is the Cholesky factor of a: b [..., n, k] -> [..., n, k].
Tensor cholesky_solve(const Tensor& b, const Tensor& factor, bool upper = false);
// a^-1 from its Cholesky factor.
Tensor cholesky_inverse(const Tensor& factor, bool upper = false);

// a [..., n, n], b [..., n, k] or vectors [..., n] -> x with a x = b; not `left`: x a = b. Batch
// dims broadcast. b counts as vectors if it is 1-d or has a's shape without the last dim. Errors: a
// singular, rows that do not fit, dtypes that differ.
Tensor linalg_solve(const Tensor& a, const Tensor& b, bool left = true);
// The same for a triangular a; the other triangle is not read, with `unitriangular` neither the
// diagonal, taken as 1. A zero on the diagonal gives inf or NaN.
Tensor linalg_solve_triangular(const Tensor& a, const Tensor& b, bool upper, bool left = true,
                               bool unitriangular = false);
// (solution, a copy of a) of a x = b, with `transpose` of a^T x = b.
std::tuple<Tensor, Tensor> triangular_solve(const Tensor& b, const Tensor& a, bool upper = true,
                                            bool transpose = false, bool unitriangular = false);

// a [..., m, n], b [..., m, k] or [..., m] -> (solution, residuals, rank, singular values), the
// last three empty where the driver (gels, gelsy, gelsd, gelss) does not compute them. Of all
// least-squares solutions the one of least norm. Gradients: of the solution, where the rank of a
// does not change.
std::tuple<Tensor, Tensor, Tensor, Tensor> linalg_lstsq(
    const Tensor& a, const Tensor& b, optional<double> rcond = nullopt,
    optional<std::string_view> driver = nullopt);

// [..., m, n] -> Q [..., m, k], R [..., k, n], k = min(m, n); "complete": Q [..., m, m],
// R [..., m, n]; "r": Q is empty. No gradient for "r", nor for "complete" with m > n.
std::tuple<Tensor, Tensor> linalg_qr(const Tensor& x, std::string_view mode = "reduced");
std::tuple<Tensor, Tensor> qr(const Tensor& x, bool some = true);

// [..., m, n] -> U [..., m, k], S [..., k] descending, V [..., n, k], k = min(m, n); not `some`:
// U [..., m, m], V [..., n, n]. Without compute_uv U and V are zeros. linalg_svd gives V^T. The
// gradient of U and V needs distinct singular values. Errors: NaN or inf in x.
std::tuple<Tensor, Tensor, Tensor> svd(const Tensor& x, bool some = true, bool compute_uv = true);
std::tuple<Tensor, Tensor, Tensor> linalg_svd(const Tensor& x, bool full_matrices = true,
                                              optional<std::string_view> driver = nullopt);
Tensor linalg_svdvals(const Tensor& x, optional<std::string_view> driver = nullopt);

// Symmetric x [..., n, n], of which one triangle is read -> eigenvalues [..., n] ascending,
// eigenvectors [..., n, n] in columns. The eigenvectors' gradient needs distinct eigenvalues.
std::tuple<Tensor, Tensor> linalg_eigh(const Tensor& x, std::string_view uplo = "L");
Tensor linalg_eigvalsh(const Tensor& x, std::string_view uplo = "L");
std::tuple<Tensor, Tensor> symeig(const Tensor& x, bool eigenvectors = false, bool upper = true);

// [..., m, n] -> L below the diagonal and U on and above it, pivots [..., k] int32 from 1. Gradient
// for square matrices. Errors: pivot false; a zero on the diagonal of U.
std::tuple<Tensor, Tensor> linalg_lu_factor(const Tensor& x, bool pivot = true);
// That pair -> P [..., m, m], L [..., m, k], U [..., k, n] with x = P L U;
// what is not asked for is empty.
std::tuple<Tensor, Tensor, Tensor> lu_unpack(const Tensor& lu, const Tensor& pivots,
                                             bool unpack_data = true, bool unpack_pivots = true);

// P, L, U at once, of singular matrices too; the gradient is for square ones.
std::tuple<Tensor, Tensor, Tensor> linalg_lu(const Tensor& x, bool pivot = true);

// The same as those without _ex, but with info [...] int32 behind the results, and an error only
// with `check_errors`. info: 0, or the order of the first leading minor that is not
// positive-definite, or the number, from 1, of the first zero on the diagonal of U. Where it is not
// 0, the matrix of the result is NaN, or inf and NaN; the LU is what it is.
std::tuple<Tensor, Tensor> linalg_cholesky_ex(const Tensor& x, bool upper = false,
                                              bool check_errors = false);
std::tuple<Tensor, Tensor> linalg_inv_ex(const Tensor& x, bool check_errors = false);
std::tuple<Tensor, Tensor> linalg_solve_ex(const Tensor& a, const Tensor& b, bool left = true,
                                           bool check_errors = false);
std::tuple<Tensor, Tensor, Tensor> linalg_lu_factor_ex(const Tensor& x, bool pivot = true,
                                                       bool check_errors = false);

// The x of a x = b, with `adjoint` of a^T x = b, not `left` of x a = b, by linalg_lu_factor(a).
Tensor linalg_lu_solve(const Tensor& lu, const Tensor& pivots, const Tensor& b, bool left = true,
                       bool adjoint = false);

// The first n columns of H_1 H_2 ... H_k, H_i = 1 - tau_i v_i v_i^T: x [..., m, n] holds the v_i
// below its diagonal, where they are 1; tau [..., k]. Errors: m < n, n < k.
Tensor linalg_householder_product(const Tensor& x, const Tensor& tau);
Tensor orgqr(const Tensor& x, const Tensor& tau);
// The whole product times c, or c times it, or its transpose.
Tensor ormqr(const Tensor& x, const Tensor& tau, const Tensor& c, bool left = true,
             bool transpose = false);
// The QR factorization in that form: R on and above the diagonal. No gradient.
std::tuple<Tensor, Tensor> geqrf(const Tensor& x);

// The x with tensordot(a, x, x.dim()) = b: a's first dims have as many elements as its last ones.
// `dims` of a are moved to its end before.
Tensor linalg_tensorsolve(const Tensor& a, const Tensor& b, OptionalIntArrayRef dims = nullopt);
// The inverse of that: the first `ind` dims of x and the others change places.
Tensor linalg_tensorinv(const Tensor& x, std::int64_t ind = 2);
// x [..., n] -> [..., n, N]: its powers from 0 on, n of them unless said otherwise.
Tensor linalg_vander(const Tensor& x, optional<std::int64_t> N = nullopt);

// The x of a x = b by linalg_lu_factor(a): b [..., n, k] -> [..., n, k].
Tensor lu_solve(const Tensor& b, const Tensor& lu, const Tensor& pivots);

// e^x [..., n, n] by scaling and squaring.
Tensor matrix_exp(const Tensor& x);
Tensor linalg_matrix_exp(const Tensor& x);
Tensor linalg_matrix_power(const Tensor& x, std::int64_t n);
// [..., m, n] -> [..., n, m]: the Moore-Penrose inverse; singular values up to rcond times the
// largest count as 0.
Tensor pinverse(const Tensor& x, double rcond = 1e-15);
Tensor linalg_pinv(const Tensor& x, optional<double> atol = nullopt,
                   optional<double> rtol = nullopt, bool hermitian = false);
Tensor linalg_pinv(const Tensor& x, double rcond, bool hermitian = false);
// With bounds for each matrix: tensors [...].
Tensor linalg_pinv(const Tensor& x, const optional<Tensor>& atol, const optional<Tensor>& rtol,
                   bool hermitian = false);
Tensor linalg_pinv(const Tensor& x, const Tensor& rcond, bool hermitian = false);
// [..., m, n] -> [...] int64: how many singular values exceed max(atol, rtol * the largest), by
// default eps * max(m, n) * the largest.
Tensor linalg_matrix_rank(const Tensor& x, optional<double> atol = nullopt,
                          optional<double> rtol = nullopt, bool hermitian = false);
Tensor linalg_matrix_rank(const Tensor& x, double tol, bool hermitian = false);
Tensor linalg_matrix_rank(const Tensor& x, const optional<Tensor>& atol,
                          const optional<Tensor>& rtol, bool hermitian = false);
Tensor linalg_matrix_rank(const Tensor& x, const Tensor& tol, bool hermitian = false);

// The product of matrices in the cheapest order;
// the first and the last may be vectors. Errors: fewer than two.
Tensor linalg_multi_dot(TensorList tensors);
Tensor linalg_matmul(const Tensor& a, const Tensor& b);
// sum(a b) along dim.
Tensor linalg_vecdot(const Tensor& a, const Tensor& b, std::int64_t dim = -1);
Tensor linalg_cross(const Tensor& a, const Tensor& b, std::int64_t dim = -1);
Tensor linalg_diagonal(const Tensor& x, std::int64_t offset = 0, std::int64_t dim1 = -2,
                       std::int64_t dim2 = -1);
// The condition number: the largest singular value over the smallest; or the other way round for
// p = -2; or norm(x, p) norm(x^-1, p) for 1, -1, inf, -inf, "fro", "nuc", inf for singular
// matrices.
Tensor linalg_cond(const Tensor& x, const optional<Scalar>& p = nullopt);
Tensor linalg_cond(const Tensor& x, std::string_view p);

// The norm of vectors (one dim, or all elements when neither ord nor dim is given) or of matrices
// (two dims): ord 1, -1, inf, -inf, 2, -2, "fro", "nuc".
Tensor linalg_norm(const Tensor& x, const optional<Scalar>& ord = nullopt,
                   OptionalIntArrayRef dim = nullopt, bool keepdim = false,
                   optional<ScalarType> type = nullopt);
Tensor linalg_norm(const Tensor& x, std::string_view ord, OptionalIntArrayRef dim = nullopt,
                   bool keepdim = false, optional<ScalarType> type = nullopt);
Tensor linalg_vector_norm(const Tensor& x, const Scalar& ord = 2, OptionalIntArrayRef dim = nullopt,
                          bool keepdim = false, optional<ScalarType> type = nullopt);
Tensor linalg_matrix_norm(const Tensor& x, const Scalar& ord, IntArrayRef dim = {-2, -1},
                          bool keepdim = false, optional<ScalarType> type = nullopt);
Tensor linalg_matrix_norm(const Tensor& x, std::string_view ord = "fro", IntArrayRef dim = {-2, -1},
                          bool keepdim = false, optional<ScalarType> type = nullopt);

namespace detail {
// x [..., n, n] -> [...] int32: the order of the first leading minor that is not positive-definite,
// 0 if all are. Reads the lower triangle.
Tensor first_bad_minors(const Tensor& x);
}  // namespace detail

}  // namespace xgrad
