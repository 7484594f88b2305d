// Products of reflections, and what is solved by reshaping: composed, so that the gradients come of
// themselves.
#include <Eigen/QR>

#include "xgrad/autograd/record.h"
#include "xgrad/ops/arithmetic.h"
#include "xgrad/ops/comparison.h"
#include "xgrad/ops/cumulative.h"
#include "xgrad/ops/linalg.h"
#include "xgrad/ops/linalg_eigen.h"
#include "xgrad/ops/matmul.h"
#include "xgrad/ops/shape.h"
#include "xgrad/ops/view.h"

namespace xgrad {

using namespace autograd;
using namespace eigen;

Tensor linalg_lu_solve(const Tensor& lu, const Tensor& pivots, const Tensor& b, bool left,
                       bool adjoint) {
  check_square("linalg_lu_solve", lu);
  check_matrices("linalg_lu_solve", b);
  if (!left) return linalg_lu_solve(lu, pivots, b.mT(), true, !adjoint).mT();
  if (!adjoint) return lu_solve(b, lu, pivots);
  const auto [p, l, u] = lu_unpack(lu, pivots);
  const Tensor y = linalg_solve_triangular(u.mT(), b, false);
  return matmul(p, linalg_solve_triangular(l.mT(), y, true, true, true));
}

namespace {

void check_reflections(const char* op, const Tensor& x, const Tensor& tau) {
  check_matrices(op, x);
  check(x.size(-2) >= x.size(-1), "{}: matrices are {} by {}, expected at least as many rows", op,
        x.size(-2), x.size(-1));
  check(
      tau.dim() == x.dim() - 1 && batch_sizes(x).equals(tau.sizes().slice(0, x.sizes().size() - 2)),
      "{}: tau has shape {} for matrices {}, expected the same batch dims", op, tau.sizes(),
      x.sizes());
  check(tau.size(-1) <= x.size(-1), "{}: {} reflections for {} columns, expected at most as many",
        op, tau.size(-1), x.size(-1));
  check(tau.scalar_type() == x.scalar_type(), "{}: tau is {}, but the matrices are {}", op,
        dtype_name(tau.scalar_type()), dtype_name(x.scalar_type()));
}

// H_1 ... H_k c [..., m, *], or H_k ... H_1 c.
Tensor reflected(const Tensor& x, const Tensor& tau, Tensor c, bool reverse) {
  const Tensor vectors = x.tril(-1) + eye(x.size(-2), x.size(-1), x.scalar_type());
  const Index count = tau.size(-1);
  for (Index step = 0; step < count; ++step) {
    const Index i = reverse ? step : count - 1 - step;
    const Tensor v = vectors.narrow(-1, i, 1);
    c = c - tau.narrow(-1, i, 1).unsqueeze(-1) * matmul(v, matmul(v.mT(), c));
  }
  return c;
}

}  // namespace

Tensor linalg_householder_product(const Tensor& x, const Tensor& tau) {
  check_reflections("linalg_householder_product", x, tau);
  const Tensor unit = eye(x.size(-2), x.size(-1), x.scalar_type()).expand(x.sizes());
  return reflected(x, tau, unit, false).contiguous();
}
Tensor orgqr(const Tensor& x, const Tensor& tau) { return linalg_householder_product(x, tau); }

Tensor ormqr(const Tensor& x, const Tensor& tau, const Tensor& c, bool left, bool transpose) {
  check_reflections("ormqr", x, tau);
  check_matrices("ormqr", c);
  check(c.size(left ? -2 : -1) == x.size(-2), "ormqr: reflections of size {} do not fit c {}",
        x.size(-2), c.sizes());
  // c Q is (Q^T c^T)^T.
  if (!left) return reflected(x, tau, c.mT(), !transpose).mT();
  return reflected(x, tau, c, transpose);
}

std::tuple<Tensor, Tensor> geqrf(const Tensor& x) {
  check_matrices("geqrf", x);
  const Tensor y = x.detach().clone(MemoryFormat::Contiguous);
  const Tensor tau = new_batch(x, {std::min(x.size(-2), x.size(-1))});
  each_matrix(y, [&](auto zero, Index i) {
    using T = decltype(zero);
    const Eigen::HouseholderQR<Eigen::MatrixXd> factor(matrix<T>(y, i).template cast<double>());
    matrix<T>(y, i) = factor.matrixQR().template cast<T>();
    vector<T>(tau, i) = factor.hCoeffs().template cast<T>();
  });
  if (recording(x)) {
    record("GeqrfBackward0", {y, tau}, {x},
           [](TensorList, Gradients&) { fail("geqrf: no gradient; use linalg_qr"); });
  }
  return {y, tau};
}

Tensor linalg_tensorsolve(const Tensor& a, const Tensor& b, OptionalIntArrayRef dims) {
  Tensor moved = a;
  if (dims) {
    Dims ends;
    for (std::size_t i = 0; i < dims->size(); ++i)
      ends.push_back(a.dim() - static_cast<Index>(dims->size() - i));
    moved = a.movedim(*dims, ends);
  }
  check(moved.dim() >= b.dim(), "linalg_tensorsolve: a {} has fewer dims than b {}", a.sizes(),
        b.sizes());
  const IntArrayRef rest = moved.sizes().slice(static_cast<std::size_t>(b.dim()));
  check(
      numel_of(rest) == b.numel(),
      "linalg_tensorsolve: a {} behind its first {} dims has {} elements, expected those of b, {}",
      moved.sizes(), b.dim(), numel_of(rest), b.numel());
  return linalg_solve(moved.reshape({-1, numel_of(rest)}), b.flatten()).reshape(rest);
}

Tensor linalg_tensorinv(const Tensor& x, std::int64_t ind) {
  check(ind > 0 && ind < x.dim() + 1, "linalg_tensorinv: ind is {}, expected 1 to {}", ind,
        x.dim());
  const auto cut = static_cast<std::size_t>(ind);
  const IntArrayRef first = x.sizes().slice(0, cut), last = x.sizes().slice(cut);
  check(
      numel_of(first) == numel_of(last),
      "linalg_tensorinv: the first {} dims of {} have {} elements, the others {}, expected as many",
      ind, x.sizes(), numel_of(first), numel_of(last));
  Dims sizes(last);
  for (const Index size : first) sizes.push_back(size);
  return inverse(x.reshape({numel_of(first), numel_of(last)})).reshape(sizes);
}

Tensor linalg_vander(const Tensor& x, optional<std::int64_t> N) {
  check(x.scalar_type() != kBool, "linalg_vander: not defined for dtype bool");
  const Tensor values = x.dim() == 0 ? x.unsqueeze(0) : x;
  const Index count = N.value_or(values.size(-1));
  check(count > 1, "linalg_vander: N is {}, expected more than 1", count);
  Dims sizes(values.sizes());
  sizes.push_back(count - 1);
  const Tensor powers = values.unsqueeze(-1).expand(sizes).cumprod(-1);
  return cat({ones_like(powers.narrow(-1, 0, 1)), powers}, -1);
}

// clang-format off
Tensor Tensor::orgqr(const Tensor& tau) const { return xgrad::orgqr(*this, tau); }
Tensor Tensor::ormqr(const Tensor& tau, const Tensor& c, bool left, bool transpose) const { return xgrad::ormqr(*this, tau, c, left, transpose); }
Tensor::Pair Tensor::geqrf() const { return xgrad::geqrf(*this); }
// clang-format on

}  // namespace xgrad
