// QR, SVD, the symmetric eigenvalues and LU, each with its gradient. The first three compute in
// double also for float32: instantiated once, this file compiles in half the time.
#include <Eigen/Eigenvalues>
#include <Eigen/LU>
#include <Eigen/QR>
#include <Eigen/SVD>
#include <numeric>

#include "xgrad/autograd/record.h"
#include "xgrad/ops/arithmetic.h"
#include "xgrad/ops/linalg.h"
#include "xgrad/ops/linalg_eigen.h"
#include "xgrad/ops/matmul.h"
#include "xgrad/ops/shape.h"

namespace xgrad {

using namespace autograd;
using namespace eigen;

namespace {

using Doubles = Eigen::MatrixXd;

template <class T>
Doubles in_double(const Tensor& x, Index i) {
  return matrix<T>(x, i).template cast<double>();
}

// A saved output knows its history as the node's first output only. So where the gradient is itself
// recorded, ops of several outputs factor their input again.

Tensor or_zeros(const Tensor& gradient, const Tensor& like) {
  return gradient.defined() ? gradient : zeros_like(like);
}

// values[j] - values[i] at i, j, and 1 on the diagonal: the divisor in gradients of vectors.
Tensor gaps(const Tensor& values) {
  return values.unsqueeze(-2) - values.unsqueeze(-1) + eye(values.size(-1), values.options());
}

// x = Q R with R [k, k] upper triangular and Q [m, k], k <= m.
Tensor tall_qr_gradient(const Tensor& q, const Tensor& r, const Tensor& dq, const Tensor& dr) {
  const Tensor inner = matmul(r, dr.mT()) - matmul(dq.mT(), q);
  const Tensor symmetric = inner.tril() + inner.tril(-1).mT();
  return linalg_solve_triangular(r.mT(), dq + matmul(q, symmetric), false, false);
}

// x wide is [a | b] = Q [U | V] with a = Q U square and V = Q^T b.
Tensor qr_gradient(const Tensor& x, const Tensor& q, const Tensor& r, const Tensor& dq,
                   const Tensor& dr) {
  const std::int64_t k = q.size(-1), rest = r.size(-1) - k;
  if (rest <= 0) return tall_qr_gradient(q, r, dq, dr);
  const Tensor dv = dr.narrow(-1, k, rest), b = x.narrow(-1, k, rest);
  const Tensor da =
      tall_qr_gradient(q, r.narrow(-1, 0, k), dq + matmul(b, dv.mT()), dr.narrow(-1, 0, k));
  return cat({da, matmul(q, dv)}, -1);
}

}  // namespace

std::tuple<Tensor, Tensor> linalg_qr(const Tensor& x, std::string_view mode) {
  check_matrices("linalg_qr", x);
  check(mode == "reduced" || mode == "complete" || mode == "r",
        "linalg_qr: mode '{}' is unknown, expected reduced, complete or r", mode);
  const Tensor source = x.detach().contiguous();
  const Index m = x.size(-2), n = x.size(-1), k = mode == "complete" ? m : std::min(m, n);
  // Of no columns the factor is still orthogonal.
  Tensor q =
      eye(m, k, x.scalar_type()).expand(batch_with(x, {m, k})).clone(MemoryFormat::Contiguous);
  Tensor r = zeros(batch_with(x, {k, n}), x.scalar_type());
  each_matrix(source, [&](auto zero, Index i) {
    using T = decltype(zero);
    const Eigen::HouseholderQR<Doubles> factor(in_double<T>(source, i));
    matrix<T>(q, i) = Doubles(factor.householderQ() * Doubles::Identity(m, k)).cast<T>();
    const Doubles upper = factor.matrixQR().topRows(k).triangularView<Eigen::Upper>();
    matrix<T>(r, i) = upper.cast<T>();
  });
  const bool has_gradient = mode != "r" && k == std::min(m, n);
  if (mode == "r") q = empty({0}, x.scalar_type());
  if (recording(x)) {
    record("LinalgQrBackward0", {q, r}, {x},
           [x = Saved(x), q = saved_output(q), r = saved_output(r), has_gradient](TensorList dy,
                                                                                  Gradients& dx) {
             check(has_gradient,
                   "linalg_qr: no gradient for mode 'r', nor for 'complete' with more rows than "
                   "columns; use mode 'reduced'");
             const auto [orthogonal, triangular] =
                 GradMode::is_enabled() ? linalg_qr(x()) : std::tuple(q(), r());
             dx[0] = qr_gradient(x(), orthogonal, triangular, or_zeros(dy[0], orthogonal),
                                 or_zeros(dy[1], triangular));
           });
  }
  return {q, r};
}

namespace {

Tensor svd_gradient(const Tensor& u, const Tensor& s, const Tensor& v, const Tensor& du,
                    const Tensor& ds, const Tensor& dv) {
  Tensor inner = zeros(batch_with(u, {s.size(-1), s.size(-1)}), s.scalar_type());
  if (ds.defined()) inner = inner + ds.diag_embed();
  const auto rotation = [gap = gaps(s.square())](const Tensor& factor, const Tensor& gradient) {
    const Tensor product = matmul(factor.mT(), gradient);
    return (product - product.mT()) / gap;
  };
  if (du.defined()) inner = inner + rotation(u, du) * s.unsqueeze(-2);
  if (dv.defined()) inner = inner + s.unsqueeze(-1) * rotation(v, dv);
  Tensor dx = matmul(matmul(u, inner), v.mT());
  // What leaves the span of the k vectors.
  if (du.defined() && u.size(-2) > u.size(-1)) {
    const Tensor outside = (du - matmul(u, matmul(u.mT(), du))) / s.unsqueeze(-2);
    dx = dx + matmul(outside, v.mT());
  }
  if (dv.defined() && v.size(-2) > v.size(-1)) {
    const Tensor outside = (dv - matmul(v, matmul(v.mT(), dv))) / s.unsqueeze(-2);
    dx = dx + matmul(u, outside.mT());
  }
  return dx;
}

std::tuple<Tensor, Tensor, Tensor> factor_svd(const char* op, const Tensor& x, bool some) {
  check_matrices(op, x);
  const Tensor source = x.detach().contiguous();
  const Index m = x.size(-2), n = x.size(-1), k = std::min(m, n);
  const Index columns_u = some ? k : m, columns_v = some ? k : n;
  Tensor u = eye(m, columns_u, x.scalar_type())
                 .expand(batch_with(x, {m, columns_u}))
                 .clone(MemoryFormat::Contiguous);
  Tensor v = eye(n, columns_v, x.scalar_type())
                 .expand(batch_with(x, {n, columns_v}))
                 .clone(MemoryFormat::Contiguous);
  Tensor s = new_batch(x, {k});
  each_matrix(source, [&](auto zero, Index i) {
    using T = decltype(zero);
    check(matrix<T>(source, i).allFinite(), "{}: matrix {} holds NaN or inf", op, i);
    const unsigned parts = some ? Eigen::ComputeThinU | Eigen::ComputeThinV
                                : Eigen::ComputeFullU | Eigen::ComputeFullV;
    const Eigen::BDCSVD<Doubles> factor(in_double<T>(source, i), parts);
    check(factor.info() == Eigen::Success, "{}: matrix {} did not converge", op, i);
    matrix<T>(u, i) = factor.matrixU().cast<T>();
    matrix<T>(v, i) = factor.matrixV().cast<T>();
    vector<T>(s, i) = factor.singularValues().cast<T>();
  });
  if (recording(x)) {
    record("LinalgSvdBackward0", {u, s, v}, {x},
           [x = Saved(x), u = saved_output(u), s = saved_output(s), v = saved_output(v), k, op,
            some](TensorList dy, Gradients& dx) {
             const auto [left, values, right] =
                 GradMode::is_enabled() ? factor_svd(op, x(), some) : std::tuple(u(), s(), v());
             const auto first = [k](const Tensor& t) {
               return t.defined() ? t.narrow(-1, 0, k) : t;
             };
             dx[0] =
                 svd_gradient(first(left), values, first(right), first(dy[0]), dy[1], first(dy[2]));
           });
  }
  return {u, s, v};
}

}  // namespace

std::tuple<Tensor, Tensor, Tensor> svd(const Tensor& x, bool some, bool compute_uv) {
  if (compute_uv) return factor_svd("svd", x, some);
  const Tensor s = linalg_svdvals(x);
  const Index m = x.size(-2), n = x.size(-1);
  return {zeros(batch_with(x, {m, m}), x.scalar_type()), s,
          zeros(batch_with(x, {n, n}), x.scalar_type())};
}

std::tuple<Tensor, Tensor, Tensor> linalg_svd(const Tensor& x, bool full_matrices,
                                              optional<std::string_view> driver) {
  check(!driver, "linalg_svd: driver '{}' is for cuda only, expected none", driver.value_or(""));
  const auto [u, s, v] = factor_svd("linalg_svd", x, !full_matrices);
  return {u, s, v.mT()};
}

Tensor linalg_svdvals(const Tensor& x, optional<std::string_view> driver) {
  check(!driver, "linalg_svdvals: driver '{}' is for cuda only, expected none",
        driver.value_or(""));
  return std::get<1>(factor_svd("linalg_svdvals", x, true));
}

std::tuple<Tensor, Tensor> linalg_eigh(const Tensor& x, std::string_view uplo) {
  check_square("linalg_eigh", x);
  check(uplo == "L" || uplo == "U" || uplo == "l" || uplo == "u",
        "linalg_eigh: uplo is '{}', expected L or U", uplo);
  // Eigen reads the lower triangle.
  if (uplo == "U" || uplo == "u") return linalg_eigh(x.mT(), "L");
  const Tensor source = x.detach().contiguous();
  Tensor values = new_batch(x, {x.size(-1)}), vectors = empty(x.sizes(), x.scalar_type());
  each_matrix(source, [&](auto zero, Index i) {
    using T = decltype(zero);
    const Doubles a = in_double<T>(source, i);
    const Doubles symmetric = a.selfadjointView<Eigen::Lower>();
    if (!symmetric.allFinite()) {
      vector<T>(values, i).setConstant(std::numeric_limits<T>::quiet_NaN());
      matrix<T>(vectors, i).setConstant(std::numeric_limits<T>::quiet_NaN());
      return;
    }
    const Eigen::SelfAdjointEigenSolver<Doubles> solver(symmetric);
    check(solver.info() == Eigen::Success, "linalg_eigh: matrix {} did not converge", i);
    vector<T>(values, i) = solver.eigenvalues().cast<T>();
    matrix<T>(vectors, i) = solver.eigenvectors().cast<T>();
  });
  if (recording(x)) {
    record("LinalgEighBackward0", {values, vectors}, {x},
           [x = Saved(x), values = saved_output(values), vectors = saved_output(vectors)](
               TensorList dy, Gradients& dx) {
             const auto [w, v] =
                 GradMode::is_enabled() ? linalg_eigh(x()) : std::tuple(values(), vectors());

             const Index n = v.size(-1);
             Tensor inner = zeros(v.sizes(), v.scalar_type());
             if (dy[0].defined()) inner = inner + dy[0].diag_embed();
             if (dy[1].defined()) {
               const Tensor turned = matmul(v.mT(), dy[1]) / gaps(w);
               // x is symmetric, and so is its gradient.
               inner = inner + (turned + turned.mT()).masked_fill(eye(n, kBool), 0) * 0.5;
             }
             dx[0] = matmul(matmul(v, inner), v.mT());
           });
  }
  return {values, vectors};
}

std::tuple<Tensor, Tensor, Tensor> linalg_lu_factor_ex(const Tensor& x, bool pivot,
                                                       bool check_errors) {
  check_matrices("linalg_lu_factor", x);
  check(pivot, "linalg_lu_factor: pivot is false, expected true on the cpu");
  const Tensor lu = x.detach().clone(MemoryFormat::Contiguous);
  const Index m = x.size(-2), n = x.size(-1), k = std::min(m, n);
  Tensor pivots = empty(batch_with(x, {k}), kInt), info = zeros(batch_sizes(x), kInt);
  each_matrix(lu, [&](auto zero, Index i) {
    using T = decltype(zero);
    auto factor = matrix<T>(lu, i);
    Eigen::Transpositions<Eigen::Dynamic, Eigen::Dynamic, int> swaps(n);
    int count = 0;
    Eigen::internal::partial_lu_inplace(factor, swaps, count);
    for (Index d = 0; d < k; ++d) {
      auto& first = static_cast<std::int32_t*>(info.data_ptr())[i];
      if (factor(d, d) == T{0} && first == 0) first = static_cast<std::int32_t>(d + 1);
      check(first == 0 || !check_errors, "linalg_lu_factor: matrix {} has zero at U[{}, {}]", i, d,
            d);
      static_cast<std::int32_t*>(pivots.data_ptr())[i * k + d] = swaps.coeff(d) + 1;
    }
  });
  if (recording(x)) {
    record("LinalgLuFactorExBackward0", {lu, pivots}, {x},
           [lu = saved_output(lu), pivots](TensorList dy, Gradients& dx) {
             const auto [p, l, u] = lu_unpack(lu(), pivots);
             check(l.size(-1) == l.size(-2) && u.size(-1) == u.size(-2),
                   "linalg_lu_factor: no gradient for {} by {} matrices, only for square ones",
                   l.size(-2), u.size(-1));
             const Tensor inner =
                 matmul(l.mT(), dy[0].tril(-1)).tril(-1) + matmul(dy[0].triu(), u.mT()).triu();
             const Tensor right = linalg_solve_triangular(u.mT(), inner, false, false);
             dx[0] = matmul(p, linalg_solve_triangular(l.mT(), right, true, true, true));
           });
  }
  return {lu, pivots, info};
}
std::tuple<Tensor, Tensor> linalg_lu_factor(const Tensor& x, bool pivot) {
  const auto [lu, pivots, info] = linalg_lu_factor_ex(x, pivot, true);
  return {lu, pivots};
}

std::tuple<Tensor, Tensor, Tensor> lu_unpack(const Tensor& lu, const Tensor& pivots,
                                             bool unpack_data, bool unpack_pivots) {
  check_matrices("lu_unpack", lu);
  const Index m = lu.size(-2), n = lu.size(-1), k = std::min(m, n);
  Tensor p = empty({0}, lu.scalar_type()), l = p, u = p;
  if (unpack_data) {
    l = lu.narrow(-1, 0, k).tril(-1) + eye(m, k, lu.scalar_type());
    u = lu.narrow(-2, 0, k).triu();
  }
  if (!unpack_pivots) return {p, l, u};
  check(pivots.scalar_type() == kInt, "lu_unpack: pivots are {}, expected int32",
        dtype_name(pivots.scalar_type()));
  check(pivots.sizes().equals(batch_with(lu, {k})), "lu_unpack: pivots have shape {}, expected {}",
        pivots.sizes(), IntArrayRef(batch_with(lu, {k})));
  const Tensor swaps = pivots.contiguous();
  p = zeros(batch_with(lu, {m, m}), lu.scalar_type());
  each_matrix(p, [&](auto zero, Index i) {
    using T = decltype(zero);
    const auto* swap = static_cast<const std::int32_t*>(swaps.data_ptr()) + i * k;
    std::vector<Index> rows(static_cast<std::size_t>(m));
    std::iota(rows.begin(), rows.end(), Index{0});
    for (Index d = 0; d < k; ++d) {
      check(swap[d] >= 1 && swap[d] <= m, "lu_unpack: pivot {} is out of range, expected 1 to {}",
            swap[d], m);
      std::swap(rows[static_cast<std::size_t>(d)], rows[static_cast<std::size_t>(swap[d] - 1)]);
    }
    for (Index row = 0; row < m; ++row) {
      matrix<T>(p, i)(rows[static_cast<std::size_t>(row)], row) = T{1};
    }
  });
  return {p, l, u};
}

Tensor lu_solve(const Tensor& b, const Tensor& lu, const Tensor& pivots) {
  const auto [p, l, u] = lu_unpack(lu, pivots);
  const Tensor y = linalg_solve_triangular(l, matmul(p.mT(), b), false, true, true);
  return linalg_solve_triangular(u, y, true);
}

Tensor Tensor::lu_solve(const Tensor& lu, const Tensor& pivots) const {
  return xgrad::lu_solve(*this, lu, pivots);
}

}  // namespace xgrad
