// torch::linalg: xgrad's linalg_ functions under their names of libtorch's C++ frontend.
//
//   auto [values, vectors] = torch::linalg::eigh(a, "L");
#pragma once

#include <string_view>
#include <tuple>

#include "torch/namespaces.h"

namespace xgrad::linalg {

inline Tensor inv(const Tensor& x) { return linalg_inv(x); }
inline Tensor det(const Tensor& x) { return linalg_det(x); }
inline std::tuple<Tensor, Tensor> slogdet(const Tensor& x) { return linalg_slogdet(x); }
inline Tensor cholesky(const Tensor& x) { return linalg_cholesky(x); }
inline Tensor solve(const Tensor& a, const Tensor& b, bool left = true) {
  return linalg_solve(a, b, left);
}
inline Tensor solve_triangular(const Tensor& a, const Tensor& b, bool upper, bool left = true,
                               bool unitriangular = false) {
  return linalg_solve_triangular(a, b, upper, left, unitriangular);
}
inline std::tuple<Tensor, Tensor, Tensor, Tensor> lstsq(
    const Tensor& a, const Tensor& b, optional<double> rcond = nullopt,
    optional<std::string_view> driver = nullopt) {
  return linalg_lstsq(a, b, rcond, driver);
}
inline std::tuple<Tensor, Tensor> qr(const Tensor& x, std::string_view mode = "reduced") {
  return linalg_qr(x, mode);
}
inline std::tuple<Tensor, Tensor, Tensor> svd(const Tensor& x, bool full_matrices = true,
                                              optional<std::string_view> driver = nullopt) {
  return linalg_svd(x, full_matrices, driver);
}
inline Tensor svdvals(const Tensor& x, optional<std::string_view> driver = nullopt) {
  return linalg_svdvals(x, driver);
}
inline std::tuple<Tensor, Tensor> eigh(const Tensor& x, std::string_view uplo = "L") {
  return linalg_eigh(x, uplo);
}
inline Tensor eigvalsh(const Tensor& x, std::string_view uplo = "L") {
  return linalg_eigvalsh(x, uplo);
}
inline std::tuple<Tensor, Tensor> lu_factor(const Tensor& x, bool pivot = true) {
  return linalg_lu_factor(x, pivot);
}
inline std::tuple<Tensor, Tensor, Tensor> lu_factor_ex(const Tensor& x, bool pivot = true,
                                                       bool check_errors = false) {
  return linalg_lu_factor_ex(x, pivot, check_errors);
}
inline std::tuple<Tensor, Tensor, Tensor> lu(const Tensor& x, bool pivot = true) {
  return linalg_lu(x, pivot);
}
inline std::tuple<Tensor, Tensor> cholesky_ex(const Tensor& x, bool check_errors = false) {
  return linalg_cholesky_ex(x, false, check_errors);
}
inline std::tuple<Tensor, Tensor> inv_ex(const Tensor& x, bool check_errors = false) {
  return linalg_inv_ex(x, check_errors);
}
inline std::tuple<Tensor, Tensor> solve_ex(const Tensor& a, const Tensor& b, bool left = true,
                                           bool check_errors = false) {
  return linalg_solve_ex(a, b, left, check_errors);
}
inline Tensor householder_product(const Tensor& x, const Tensor& tau) {
  return linalg_householder_product(x, tau);
}
inline Tensor tensorinv(const Tensor& x, std::int64_t ind = 2) { return linalg_tensorinv(x, ind); }
inline Tensor tensorsolve(const Tensor& a, const Tensor& b, OptionalIntArrayRef dims = nullopt) {
  return linalg_tensorsolve(a, b, dims);
}
inline Tensor matrix_exp(const Tensor& x) { return linalg_matrix_exp(x); }
inline Tensor matrix_power(const Tensor& x, std::int64_t n) { return linalg_matrix_power(x, n); }
inline Tensor multi_dot(TensorList tensors) { return linalg_multi_dot(tensors); }
inline Tensor pinv(const Tensor& x, double rcond = 1e-15, bool hermitian = false) {
  return linalg_pinv(x, rcond, hermitian);
}
inline Tensor matrix_rank(const Tensor& x, double tol, bool hermitian = false) {
  return linalg_matrix_rank(x, tol, hermitian);
}
inline Tensor pinv(const Tensor& x, const Tensor& rcond, bool hermitian = false) {
  return linalg_pinv(x, rcond, hermitian);
}
inline Tensor matrix_rank(const Tensor& x, const Tensor& tol, bool hermitian = false) {
  return linalg_matrix_rank(x, tol, hermitian);
}
inline Tensor matrix_rank(const Tensor& x, optional<double> atol = nullopt,
                          optional<double> rtol = nullopt, bool hermitian = false) {
  return linalg_matrix_rank(x, atol, rtol, hermitian);
}
inline Tensor norm(const Tensor& x, const optional<Scalar>& ord = nullopt,
                   OptionalIntArrayRef dim = nullopt, bool keepdim = false,
                   optional<ScalarType> type = nullopt) {
  return linalg_norm(x, ord, dim, keepdim, type);
}
inline Tensor norm(const Tensor& x, std::string_view ord, OptionalIntArrayRef dim = nullopt,
                   bool keepdim = false, optional<ScalarType> type = nullopt) {
  return linalg_norm(x, ord, dim, keepdim, type);
}
inline Tensor vector_norm(const Tensor& x, const Scalar& ord = 2, OptionalIntArrayRef dim = nullopt,
                          bool keepdim = false, optional<ScalarType> type = nullopt) {
  return linalg_vector_norm(x, ord, dim, keepdim, type);
}
inline Tensor matrix_norm(const Tensor& x, const Scalar& ord, IntArrayRef dim = {-2, -1},
                          bool keepdim = false, optional<ScalarType> type = nullopt) {
  return linalg_matrix_norm(x, ord, dim, keepdim, type);
}
inline Tensor matrix_norm(const Tensor& x, std::string_view ord = "fro", IntArrayRef dim = {-2, -1},
                          bool keepdim = false, optional<ScalarType> type = nullopt) {
  return linalg_matrix_norm(x, ord, dim, keepdim, type);
}
template <class... Args>
std::tuple<Tensor, Tensor> eig(Args&&... args) {
  return linalg_eig(std::forward<Args>(args)...);
}
template <class... Args>
Tensor eigvals(Args&&... args) {
  return std::get<0>(linalg_eig(std::forward<Args>(args)...));
}

}  // namespace xgrad::linalg
