// What solves equations: inverse, determinants, Cholesky, solve. The other factorizations are in
// linalg_factor.cpp, what is composed of both in linalg_composed.cpp.
#include "xgrad/ops/linalg.h"

#include <Eigen/Cholesky>
#include <Eigen/LU>

#include "xgrad/autograd/record.h"
#include "xgrad/ops/arithmetic.h"
#include "xgrad/ops/linalg_eigen.h"
#include "xgrad/ops/matmul.h"
#include "xgrad/ops/shape.h"

namespace xgrad {

using namespace autograd;
using namespace eigen;

namespace {

// A singular matrix gives inf and NaN where it is `allowed`: a gradient there is no error.
Tensor inverse_of(const char* op, const Tensor& x, bool singular_allowed) {
  check_square(op, x);
  const Tensor source = x.detach().contiguous();
  Tensor y = empty(source.sizes(), source.scalar_type());
  each_matrix(source, [&](auto zero, Index i) {
    using T = decltype(zero);
    const Eigen::PartialPivLU<Matrix<T>> lu(matrix<T>(source, i));
    check(singular_allowed || (lu.matrixLU().diagonal().array() != T{0}).all(),
          "{}: matrix {} is singular", op, i);
    matrix<T>(y, i) = lu.inverse();
  });
  if (recording(x)) {
    record("LinalgInvExBackward0", y, {x}, [y = saved_output(y)](const Tensor& dy, Gradients& dx) {
      const Tensor transposed = y().mT();
      dx[0] = -matmul(transposed, matmul(dy, transposed));
    });
  }
  return y;
}

// The derivative of the determinant by each element. For a singular matrix, where det * x^-T is
// 0 * inf, from x = U S V^T: each singular value's place takes the product of the others.
Tensor cofactors(const Tensor& x) {
  const Tensor determinant = det(x);
  if (determinant.ne(0).all().item<bool>()) {
    return as_matrices(determinant) * inverse_of("det", x, true).mT();
  }
  const auto [u, s, v] = svd(x);
  const Index n = x.size(-1);
  const Tensor others = s.unsqueeze(-2).expand(x.sizes()).masked_fill(eye(n, kBool), 1).prod(-1);
  const Tensor scaled = u * others.unsqueeze(-2);
  return as_matrices(det(u) * det(v)) * matmul(scaled, v.mT());
}

}  // namespace

Tensor inverse(const Tensor& x) { return inverse_of("inverse", x, false); }

Tensor det(const Tensor& x) {
  check_square("det", x);
  const Tensor source = x.detach().contiguous();
  Tensor y = ones(batch_sizes(source), source.scalar_type());
  each_matrix(source, [&](auto zero, Index i) {
    using T = decltype(zero);
    static_cast<T*>(y.data_ptr())[i] =
        Eigen::PartialPivLU<Matrix<T>>(matrix<T>(source, i)).determinant();
  });
  if (recording(x)) {
    record("LinalgDetBackward0", y, {x}, [x = Saved(x)](const Tensor& dy, Gradients& dx) {
      dx[0] = as_matrices(dy) * cofactors(x());
    });
  }
  return y;
}

std::tuple<Tensor, Tensor> slogdet(const Tensor& x) {
  check_square("slogdet", x);
  const Tensor source = x.detach().contiguous();
  Tensor sign = ones(batch_sizes(source), source.scalar_type());
  Tensor log = zeros(batch_sizes(source), source.scalar_type());
  each_matrix(source, [&](auto zero, Index i) {
    using T = decltype(zero);
    const Eigen::PartialPivLU<Matrix<T>> lu(matrix<T>(source, i));
    const auto diagonal = lu.matrixLU().diagonal().array();
    static_cast<T*>(sign.data_ptr())[i] =
        diagonal.sign().prod() * static_cast<T>(lu.permutationP().determinant());
    static_cast<T*>(log.data_ptr())[i] = diagonal.abs().log().sum();
  });
  if (recording(x)) {
    record("LinalgSlogdetBackward0", log, {x}, [x = Saved(x)](const Tensor& dy, Gradients& dx) {
      dx[0] = as_matrices(dy) * inverse_of("slogdet", x(), true).mT();
    });
  }
  return {sign, log};
}

namespace {

template <class T>
bool is_positive_definite(const Matrix<T>& x) {
  const Eigen::LLT<Matrix<T>> factor(x);
  return factor.info() == Eigen::Success && factor.matrixLLT().diagonal().allFinite();
}

// Once a leading minor is not positive-definite no larger one is: bisection finds the first.
template <class T>
Index first_bad_minor(const Matrix<T>& x) {
  Index good = 0, bad = x.rows();
  while (bad - good > 1) {
    const Index middle = (good + bad) / 2;
    (is_positive_definite<T>(x.topLeftCorner(middle, middle)) ? good : bad) = middle;
  }
  return bad;
}

}  // namespace

Tensor detail::first_bad_minors(const Tensor& x) {
  const Tensor source = x.detach().contiguous(), info = zeros(batch_sizes(x), kInt);
  each_matrix(source, [&](auto zero, Index i) {
    using T = decltype(zero);
    const Matrix<T> lower = matrix<T>(source, i);
    if (is_positive_definite<T>(lower)) return;
    static_cast<std::int32_t*>(info.data_ptr())[i] =
        static_cast<std::int32_t>(first_bad_minor<T>(lower));
  });
  return info;
}

namespace {

Tensor lower_cholesky(const Tensor& x) {
  const Tensor source = x.detach().contiguous();
  Tensor y = empty(source.sizes(), source.scalar_type());
  each_matrix(source, [&](auto zero, Index i) {
    using T = decltype(zero);
    const Eigen::LLT<Matrix<T>> factor(matrix<T>(source, i));
    if (factor.info() != Eigen::Success || !factor.matrixLLT().diagonal().allFinite()) {
      fail("cholesky: matrix {} is not positive-definite, the leading minor of order {} is not", i,
           first_bad_minor<T>(matrix<T>(source, i)));
    }
    matrix<T>(y, i) = factor.matrixL();
  });
  if (recording(x)) {
    record("LinalgCholeskyExBackward0", y, {x},
           [y = saved_output(y)](const Tensor& dy, Gradients& dx) {
             const Tensor lower = y(), upper = lower.mT(), inner = matmul(upper, dy);
             const Tensor symmetric = (inner.tril() + inner.tril(-1).mT()) * 0.5;
             const Tensor right = linalg_solve_triangular(lower, symmetric, false, false);
             dx[0] = linalg_solve_triangular(upper, right, true);
           });
  }
  return y;
}

// a [*, n, n], b [*, n, k] of the same batch sizes and dtype.
Tensor solve_general(const Tensor& a, const Tensor& b) {
  const Tensor left = a.detach().contiguous(), right = b.detach().contiguous();
  Tensor y = empty(right.sizes(), right.scalar_type());
  each_matrix(left, [&](auto zero, Index i) {
    using T = decltype(zero);
    const Eigen::PartialPivLU<Matrix<T>> lu(matrix<T>(left, i));
    check((lu.matrixLU().diagonal().array() != T{0}).all(), "linalg_solve: matrix {} is singular",
          i);
    if (right.size(-1) != 0) matrix<T>(y, i) = lu.solve(matrix<T>(right, i));
  });
  if (recording(a, b)) {
    record("LinalgSolveExBackward0", y, {a, b},
           [a = Saved(a), y = saved_output(y)](const Tensor& dy, Gradients& dx) {
             const Tensor db = solve_general(a().mT(), dy);
             if (dx.needs(0)) dx[0] = -matmul(db, y().mT());
             if (dx.needs(1)) dx[1] = db;
           });
  }
  return y;
}

Tensor solve_triangle(const Tensor& a, const Tensor& b, bool upper, bool unit) {
  const Tensor left = a.detach().contiguous();
  Tensor y = b.detach().clone(MemoryFormat::Contiguous);
  if (y.numel() != 0) {
    each_matrix(left, [&](auto zero, Index i) {
      using T = decltype(zero);
      const auto factor = matrix<T>(left, i);
      auto x = matrix<T>(y, i);
      if (upper && unit) factor.template triangularView<Eigen::UnitUpper>().solveInPlace(x);
      if (upper && !unit) factor.template triangularView<Eigen::Upper>().solveInPlace(x);
      if (!upper && unit) factor.template triangularView<Eigen::UnitLower>().solveInPlace(x);
      if (!upper && !unit) factor.template triangularView<Eigen::Lower>().solveInPlace(x);
    });
  }
  if (recording(a, b)) {
    record("LinalgSolveTriangularBackward0", y, {a, b},
           [a = Saved(a), y = saved_output(y), upper, unit](const Tensor& dy, Gradients& dx) {
             const Tensor db = solve_triangle(a().mT(), dy, !upper, unit);
             if (dx.needs(0)) {
               const Tensor da = -matmul(db, y().mT());
               dx[0] = upper ? da.triu(unit ? 1 : 0) : da.tril(unit ? -1 : 0);
             }
             if (dx.needs(1)) dx[1] = db;
           });
  }
  return y;
}

// Both with the batch sizes that a and b broadcast to.
std::pair<Tensor, Tensor> share_batch(const char* op, const Tensor& a, const Tensor& b) {
  const IntArrayRef x = batch_sizes(a), y = batch_sizes(b);
  Dims batch(std::max(x.size(), y.size()), 1);
  for (std::size_t d = 1; d <= batch.size(); ++d) {
    const Index m = d <= x.size() ? x[x.size() - d] : 1, n = d <= y.size() ? y[y.size() - d] : 1;
    check(m == n || m == 1 || n == 1, "{}: batch dims of {} and {} do not broadcast", op, a.sizes(),
          b.sizes());
    batch[batch.size() - d] = m == 1 ? n : m;
  }
  const auto widen = [&batch](const Tensor& matrices) {
    Dims sizes = batch;
    sizes.push_back(matrices.size(-2));
    sizes.push_back(matrices.size(-1));
    return matrices.expand(sizes);
  };
  return {widen(a), widen(b)};
}

void check_equation(const char* op, const Tensor& a, const Tensor& b, bool left) {
  check_matrices(op, b);
  check(a.scalar_type() == b.scalar_type(), "{}: a is {}, but b is {}", op,
        dtype_name(a.scalar_type()), dtype_name(b.scalar_type()));
  check(a.size(-1) == b.size(left ? -2 : -1), "{}: a {} and b {} do not fit the equation {}", op,
        a.sizes(), b.sizes(), left ? "a x = b" : "x a = b");
}

}  // namespace

Tensor cholesky(const Tensor& x, bool upper) {
  check_square("cholesky", x);
  return upper ? lower_cholesky(x.mT()).mT() : lower_cholesky(x);
}

Tensor linalg_solve(const Tensor& a, const Tensor& b, bool left) {
  check_square("linalg_solve", a);
  const bool vectors = b.dim() == 1 || (b.dim() == a.dim() - 1 &&
                                        b.sizes().equals(a.sizes().slice(0, a.sizes().size() - 1)));
  const Tensor right = vectors ? b.unsqueeze(-1) : b;
  check_equation("linalg_solve", a, right, left || vectors);
  const auto [wide_a, wide_b] = share_batch("linalg_solve", a, right);
  if (!left) {
    check(!vectors, "linalg_solve: b {} are vectors, expected matrices when left is false",
          b.sizes());
    return solve_general(wide_a.mT(), wide_b.mT()).mT();
  }
  const Tensor x = solve_general(wide_a, wide_b);
  return vectors ? x.squeeze(-1) : x;
}

Tensor linalg_solve_triangular(const Tensor& a, const Tensor& b, bool upper, bool left,
                               bool unitriangular) {
  check_square("linalg_solve_triangular", a);
  check_equation("linalg_solve_triangular", a, b, left);
  const auto [wide_a, wide_b] = share_batch("linalg_solve_triangular", a, b);
  if (left) return solve_triangle(wide_a, wide_b, upper, unitriangular);
  return solve_triangle(wide_a.mT(), wide_b.mT(), !upper, unitriangular).mT();
}

Tensor Tensor::inverse() const { return xgrad::inverse(*this); }
Tensor Tensor::det() const { return xgrad::det(*this); }
Tensor Tensor::logdet() const { return xgrad::logdet(*this); }
Tensor::Pair Tensor::slogdet() const { return xgrad::slogdet(*this); }
Tensor Tensor::cholesky(bool upper) const { return xgrad::cholesky(*this, upper); }
std::tuple<Tensor, Tensor, Tensor> Tensor::svd(bool some, bool compute_uv) const {
  return xgrad::svd(*this, some, compute_uv);
}
Tensor::Pair Tensor::qr(bool some) const { return xgrad::qr(*this, some); }

}  // namespace xgrad
