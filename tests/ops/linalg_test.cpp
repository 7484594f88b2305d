// Linear algebra: each factorization multiplied out again, derivatives against differences, errors.
#include "xgrad/ops/linalg.h"

#include <catch2/catch.hpp>
#include <cmath>

#include "support/matchers.h"
#include "xgrad/xgrad.h"

namespace xgrad::testing {
namespace {

using autograd::gradcheck;
using autograd::gradgradcheck;
using autograd::variable_list;

// Well-conditioned: far from singular.
Tensor square(IntArrayRef sizes, ScalarType type = kFloat64) {
  return randn(sizes, type) + eye(sizes[sizes.size() - 1], type) * 4;
}
Tensor positive(IntArrayRef sizes, ScalarType type = kFloat64) {
  const Tensor x = randn(sizes, type);
  return matmul(x, x.mT()) + eye(sizes[sizes.size() - 1], type);
}
Tensor leaf(const Tensor& x) { return x.detach().clone().requires_grad_(); }

void check_derivatives(const autograd::CheckedFunction& f, const variable_list& inputs) {
  CHECK(gradcheck(f, inputs));
  CHECK(gradgradcheck(f, inputs));
}

}  // namespace

TEST_CASE("a matrix times its inverse is the identity, whatever its strides", "[ops]") {
  manual_seed(0);
  for (const ScalarType type : {kFloat32, kFloat64}) {
    const double tolerance = type == kDouble ? 1e-12 : 1e-5;
    const Tensor x = square({3, 5, 5}, type);
    const Tensor unit = eye(5, type).expand({3, 5, 5});
    CHECK_THAT(matmul(x, x.inverse()), Near(unit, tolerance));
    CHECK_THAT(matmul(x.mT(), x.mT().inverse()), Near(unit, tolerance));
    CHECK_THAT(linalg_inv(x[1]), Near(x.inverse()[1], tolerance));
  }
  CHECK(zeros({0, 0}).inverse().numel() == 0);
  CHECK(zeros({2, 0, 0}).det().equal(ones({2})));
}

TEST_CASE("det, logdet and slogdet agree, and know singular and negative ones", "[ops]") {
  manual_seed(0);
  const Tensor x = tensor({{1., 2.}, {3., 4.}}, kFloat64);
  CHECK(x.det().item<double>() == Approx(-2));
  CHECK(std::isnan(x.logdet().item<double>()));
  const auto [sign, log] = x.slogdet();
  CHECK(sign.item<double>() == -1);
  CHECK(log.item<double>() == Approx(std::log(2.0)));
  CHECK(zeros({2, 2}).logdet().item<double>() == -INFINITY);
  CHECK(std::get<0>(slogdet(zeros({2, 2}))).item<double>() == 0);
  const Tensor many = positive({4, 3, 3});
  CHECK_THAT(logdet(many).exp(), Near(linalg_det(many), 1e-10));
}

TEST_CASE("the determinant of a singular matrix has the cofactors as its gradient", "[ops]") {
  const Tensor x = leaf(tensor({{1., 2.}, {2., 4.}}, kFloat64));
  det(x).backward();
  CHECK_THAT(x.grad(), Near(tensor({{4., -2.}, {-2., 1.}}, kFloat64), 1e-12));
}

TEST_CASE("solutions solve their equations", "[ops]") {
  manual_seed(0);
  const Tensor a = square({2, 1, 4, 4}), b = randn({3, 4, 2}, kFloat64);
  CHECK_THAT(matmul(a, linalg_solve(a, b)), Near(b.expand({2, 3, 4, 2}), 1e-10));
  const Tensor c = randn({3, 2, 4}, kFloat64);
  CHECK_THAT(matmul(linalg_solve(a, c, false), a), Near(c.expand({2, 3, 2, 4}), 1e-10));
  const Tensor v = randn({4}, kFloat64);
  CHECK_THAT(matmul(a[0][0], linalg_solve(a[0][0], v)), Near(v, 1e-10));

  const Tensor triangle = a[0][0], right = b[0];
  for (const bool upper : {false, true}) {
    const Tensor kept = upper ? triangle.triu() : triangle.tril();
    CHECK_THAT(matmul(kept, linalg_solve_triangular(triangle, right, upper)), Near(right, 1e-10));
    const Tensor transposed = std::get<0>(triangular_solve(right, triangle, upper, true));
    CHECK_THAT(matmul(kept.mT(), transposed), Near(right, 1e-10));
    const Tensor unit = kept - diag(diag(kept)) + eye(4, kFloat64);
    CHECK_THAT(matmul(unit, linalg_solve_triangular(triangle, right, upper, true, true)),
               Near(right, 1e-8));
  }
  const Tensor spd = positive({4, 4});
  for (const bool upper : {false, true}) {
    CHECK_THAT(matmul(spd, cholesky_solve(right, spd.cholesky(upper), upper)), Near(right, 1e-9));
  }
}

TEST_CASE("factors multiply to the matrix they came from", "[ops]") {
  manual_seed(0);
  const Tensor spd = positive({2, 5, 5});
  const Tensor lower = linalg_cholesky(spd), upper = cholesky(spd, true);
  CHECK_THAT(matmul(lower, lower.mT()), Near(spd, 1e-10));
  CHECK_THAT(matmul(upper.mT(), upper), Near(spd, 1e-10));
  const auto [values, vectors] = linalg_eigh(spd);
  CHECK_THAT(matmul(vectors * values.unsqueeze(-2), vectors.mT()), Near(spd, 1e-10));
  CHECK_THAT(linalg_eigvalsh(spd, "U"), Near(values, 1e-10));

  for (const auto& [m, n] :
       {std::pair{5, 3}, std::pair{3, 5}, std::pair{4, 4}, std::pair{20, 17}}) {
    const Tensor x = randn({2, m, n}, kFloat64);
    for (const bool some : {true, false}) {
      const auto [q, r] = qr(x, some);
      CHECK_THAT(matmul(q, r), Near(x, 1e-10));
      CHECK_THAT(matmul(q.mT(), q),
                 Near(eye(q.size(-1), kFloat64).expand({2, q.size(-1), q.size(-1)}), 1e-10));
      const auto [u, s, v] = svd(x, some);
      const std::int64_t k = s.size(-1);
      CHECK(u.size(-1) == (some ? k : m));
      CHECK(v.size(-1) == (some ? k : n));
      CHECK_THAT(matmul(u.narrow(-1, 0, k) * s.unsqueeze(-2), v.narrow(-1, 0, k).mT()),
                 Near(x, 1e-10));
    }
    const auto [lu, pivots] = linalg_lu_factor(x);
    const auto [p, l, u] = lu_unpack(lu, pivots);
    CHECK_THAT(matmul(p, matmul(l, u)), Near(x, 1e-10));
    CHECK_THAT(matmul(x, matmul(pinverse(x), x)), Near(x, 1e-10));
    CHECK(linalg_matrix_rank(x).eq(std::min(m, n)).all().item<bool>());
  }
  const auto [u, s, v] = svd(ones({2, 3}), true, false);
  CHECK(u.equal(zeros({2, 2})));
  CHECK(v.equal(zeros({3, 3})));
  CHECK_THAT(s, Near(tensor({std::sqrt(6.0), 0.0}, kFloat32), 1e-6));
  CHECK(linalg_matrix_rank(ones({3, 3})).item<std::int64_t>() == 1);
}

TEST_CASE("least squares fits as the normal equations do", "[ops]") {
  manual_seed(0);
  const Tensor a = randn({6, 3}, kFloat64), b = randn({6, 2}, kFloat64);
  const auto [x, residuals, rank, values] = linalg_lstsq(a, b, nullopt, "gelsd");
  CHECK_THAT(x, Near(linalg_solve(matmul(a.t(), a), matmul(a.t(), b)), 1e-9));
  CHECK_THAT(residuals, Near((matmul(a, x) - b).square().sum(0), 1e-9));
  CHECK(rank.item<std::int64_t>() == 3);
  CHECK(values.size(0) == 3);
  CHECK(std::get<1>(linalg_lstsq(a, b)).numel() == 0);
}

TEST_CASE("the matrix exponential of a rotation's generator is the rotation", "[ops]") {
  const Tensor x = tensor({{0., -2.}, {2., 0.}}, kFloat64);
  const Tensor expected =
      tensor({{std::cos(2.0), -std::sin(2.0)}, {std::sin(2.0), std::cos(2.0)}}, kFloat64);
  CHECK_THAT(matrix_exp(x), Near(expected, 1e-13));
}

TEST_CASE("norms of matrices and vectors follow their names", "[ops]") {
  const Tensor x = tensor({{3., 0.}, {0., -4.}}, kFloat64);
  CHECK(linalg_norm(x).item<double>() == Approx(5));
  CHECK(linalg_norm(x, "fro").item<double>() == Approx(5));
  CHECK(linalg_norm(x, "nuc").item<double>() == Approx(7));
  CHECK(linalg_norm(x, 2).item<double>() == Approx(4));
  CHECK(linalg_norm(x, -2).item<double>() == Approx(3));
  CHECK(linalg_norm(x, 1).item<double>() == Approx(4));
  CHECK(linalg_norm(x, -INFINITY).item<double>() == Approx(3));
  CHECK_THAT(linalg_norm(x, 1, IntArrayRef({1})), Near(tensor({3., 4.}, kFloat64), 1e-12));
  CHECK(linalg_matrix_norm(ones({2, 3, 4}), "fro", {0, 2}, true).sizes() == IntArrayRef({1, 3, 1}));
}

TEST_CASE("derivatives of linear algebra are right to second order", "[ops]") {
  manual_seed(0);
  const Tensor a = leaf(square({2, 3, 3})), b = leaf(randn({2, 3, 2}, kFloat64));
  const Tensor spd = leaf(positive({3, 3}));
  const auto symmetric = [](const Tensor& x) { return x + x.mT(); };
  check_derivatives([](const variable_list& x) { return variable_list{inverse(x[0])}; }, {a});
  check_derivatives([](const variable_list& x) { return variable_list{det(x[0])}; }, {a});
  check_derivatives(
      [](const variable_list& x) { return variable_list{std::get<1>(slogdet(x[0]))}; }, {a});
  check_derivatives([&](const variable_list& x) { return variable_list{logdet(symmetric(x[0]))}; },
                    {spd});
  check_derivatives(
      [&](const variable_list& x) { return variable_list{cholesky(symmetric(x[0]))}; }, {spd});
  check_derivatives([](const variable_list& x) { return variable_list{linalg_solve(x[0], x[1])}; },
                    {a, b});
  for (const bool unit : {false, true}) {
    check_derivatives(
        [unit](const variable_list& x) {
          return variable_list{linalg_solve_triangular(x[0], x[1], true, true, unit)};
        },
        {a, b});
  }
  check_derivatives([](const variable_list& x) { return variable_list{matrix_exp(x[0] * 0.3)}; },
                    {a});
}

TEST_CASE("derivatives of factorizations are right to second order", "[ops]") {
  manual_seed(0);
  const Tensor tall = leaf(randn({4, 3}, kFloat64)), wide = leaf(randn({3, 4}, kFloat64));
  for (const Tensor& x : {tall, wide}) {
    check_derivatives(
        [](const variable_list& in) {
          const auto [q, r] = linalg_qr(in[0]);
          return variable_list{q, r};
        },
        {x});
    // The sign of a pair of vectors is free: only what does not depend on it is compared.
    check_derivatives(
        [](const variable_list& in) {
          const auto [u, s, v] = svd(in[0]);
          return variable_list{u.square(), s, v.square(), matmul(u, v.mT())};
        },
        {x});
    check_derivatives([](const variable_list& in) { return variable_list{pinverse(in[0])}; }, {x});
  }
  const Tensor a = leaf(square({3, 3}));
  check_derivatives(
      [](const variable_list& in) {
        const auto [values, vectors] = linalg_eigh(in[0] + in[0].mT());
        return variable_list{values, vectors.square()};
      },
      {a});
  check_derivatives(
      [](const variable_list& in) { return variable_list{std::get<0>(linalg_lu_factor(in[0]))}; },
      {a});
}

TEST_CASE("linear algebra refuses what it cannot compute", "[ops]") {
  const Tensor singular = stack({eye(2), zeros({2, 2})});
  CHECK(error_of([&] { singular.inverse(); }) == "inverse: matrix 1 is singular");
  CHECK(error_of([&] {
          linalg_solve(singular, ones({2, 1}));
        }) == "linalg_solve: matrix 1 is singular");
  CHECK(error_of([] {
          zeros({2, 3}).inverse();
        }) == "inverse: matrices are 2 by 3, expected square ones");
  CHECK(error_of([] {
          inverse(ones({2, 2}, kLong));
        }) == "inverse: input is int64, expected float32 or float64");
  CHECK(error_of([] { det(ones({2})); }) == "det: input has shape [2], expected at least 2 dims");
  const Tensor indefinite = diag(tensor({1.f, 2.f, -1.f, 3.f}));
  CHECK(error_of([&] { indefinite.cholesky(); }) ==
        "cholesky: matrix 0 is not positive-definite, the leading minor of order 3 is not");
  CHECK(error_of([] { svd(full({2, 2}, NAN)); }) == "svd: matrix 0 holds NaN or inf");
  CHECK(error_of([] {
          linalg_solve(eye(2), ones({3, 2}));
        }) == "linalg_solve: a [2, 2] and b [3, 2] do not fit the equation a x = b");
  CHECK(error_of([] { linalg_qr(eye(2), "x"); }) ==
        "linalg_qr: mode 'x' is unknown, expected reduced, complete or r");
  CHECK(error_of([] {
          linalg_lu_factor(zeros({2, 2}));
        }) == "linalg_lu_factor: matrix 0 has zero at U[0, 0]");
}

}  // namespace xgrad::testing
