// The forms with _ex, which tell of each matrix whether it could be factored, and what needs that.
#include <cmath>
#include <limits>

#include "xgrad/core/format.h"
#include "xgrad/ops/arithmetic.h"
#include "xgrad/ops/comparison.h"
#include "xgrad/ops/factories.h"
#include "xgrad/ops/linalg.h"
#include "xgrad/ops/linalg_check.h"
#include "xgrad/ops/where.h"

namespace xgrad {

namespace {

// f of the good matrices; the place of a bad one is taken by the unit matrix, and its result is
// `value`.
template <class F>
Tensor of_good(const Tensor& x, const Tensor& info, double value, const F& f) {
  if (!info.any().item<bool>()) return f(x);
  const Tensor bad = info.ne(0).unsqueeze(-1).unsqueeze(-1);
  const Tensor unit = eye(x.size(-1), x.scalar_type());
  const Tensor y = f(where(bad, unit, x));
  return y.masked_fill(bad, value);
}

// Which of the matrices are singular: the first zero on the diagonal of U.
Tensor zero_pivots(const Tensor& x) {
  return std::get<2>(linalg_lu_factor_ex(x.detach(), true, false));
}

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

}  // namespace

std::tuple<Tensor, Tensor> linalg_cholesky_ex(const Tensor& x, bool upper, bool check_errors) {
  check_square("cholesky", x);
  const Tensor info = detail::first_bad_minors(upper ? x.mT() : x);
  if (check_errors) return {cholesky(x, upper), info};
  return {of_good(x, info, kNan, [&](const Tensor& good) { return cholesky(good, upper); }), info};
}

std::tuple<Tensor, Tensor> linalg_inv_ex(const Tensor& x, bool check_errors) {
  check_square("inverse", x);
  const Tensor info = zero_pivots(x);
  if (check_errors) return {inverse(x), info};
  return {of_good(x, info, kInfinity, [](const Tensor& good) { return inverse(good); }), info};
}

std::tuple<Tensor, Tensor> linalg_solve_ex(const Tensor& a, const Tensor& b, bool left,
                                           bool check_errors) {
  check_square("linalg_solve", a);
  const Tensor info = zero_pivots(a);
  if (check_errors || !info.any().item<bool>()) return {linalg_solve(a, b, left), info};
  const Tensor bad = info.ne(0).unsqueeze(-1).unsqueeze(-1);
  const Tensor x = linalg_solve(where(bad, eye(a.size(-1), a.scalar_type()), a), b, left);
  const bool vectors = x.dim() < a.dim();
  return {x.masked_fill(vectors ? bad.squeeze(-1) : bad, kNan), info};
}

std::tuple<Tensor, Tensor, Tensor> linalg_lu(const Tensor& x, bool pivot) {
  const auto [lu, pivots, info] = linalg_lu_factor_ex(x, pivot, false);
  return lu_unpack(lu, pivots);
}

namespace {

// A singular matrix has the condition inf.
template <class Norm>
Tensor condition(const Tensor& x, const Norm& norm) {
  check_square("linalg_cond", x);
  const Tensor inverted = std::get<0>(linalg_inv_ex(x));
  const Tensor y = norm(x) * norm(inverted);
  return y.masked_fill(zero_pivots(x).ne(0), kInfinity);
}

}  // namespace

Tensor linalg_cond(const Tensor& x, const optional<Scalar>& p) {
  check_matrices("linalg_cond", x);
  const double order = p ? p->toDouble() : 2;
  if (std::abs(order) == 2) {
    const Tensor values = linalg_svdvals(x);
    const Tensor largest = values.select(-1, 0), smallest = values.select(-1, -1);
    return order > 0 ? largest / smallest : smallest / largest;
  }
  check(std::abs(order) == 1 || std::isinf(order),
        "linalg_cond: p is {}, expected 1, -1, 2, -2, inf, -inf, fro or nuc", order);
  return condition(x, [&](const Tensor& y) { return linalg_matrix_norm(y, Scalar(order)); });
}

Tensor linalg_cond(const Tensor& x, std::string_view p) {
  check(p == "fro" || p == "nuc",
        "linalg_cond: p is '{}', expected 1, -1, 2, -2, inf, -inf, fro or nuc", p);
  if (p == "fro") return condition(x, [](const Tensor& y) { return linalg_matrix_norm(y, "fro"); });
  check_square("linalg_cond", x);
  const Tensor values = linalg_svdvals(x);
  return values.sum(-1) * values.reciprocal().sum(-1);
}

}  // namespace xgrad
