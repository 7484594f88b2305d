// What is composed of the factorizations: their gradients come of themselves.
#include <cmath>
#include <limits>

#include "xgrad/autograd/record.h"
#include "xgrad/ops/arithmetic.h"
#include "xgrad/ops/comparison.h"
#include "xgrad/ops/einsum.h"
#include "xgrad/ops/elementwise.h"
#include "xgrad/ops/factories.h"
#include "xgrad/ops/linalg.h"
#include "xgrad/ops/linalg_check.h"
#include "xgrad/ops/matmul.h"
#include "xgrad/ops/minmax.h"
#include "xgrad/ops/norm.h"
#include "xgrad/ops/shape.h"
#include "xgrad/ops/where.h"

namespace xgrad {

using namespace autograd;

Tensor linalg_inv(const Tensor& x) { return inverse(x); }
Tensor linalg_det(const Tensor& x) { return det(x); }
std::tuple<Tensor, Tensor> linalg_slogdet(const Tensor& x) { return slogdet(x); }
Tensor linalg_cholesky(const Tensor& x, bool upper) { return cholesky(x, upper); }
Tensor linalg_matrix_exp(const Tensor& x) { return matrix_exp(x); }
Tensor linalg_matrix_power(const Tensor& x, std::int64_t n) { return matrix_power(x, n); }
std::tuple<Tensor, Tensor> qr(const Tensor& x, bool some) {
  return linalg_qr(x, some ? "reduced" : "complete");
}

Tensor linalg_multi_dot(TensorList tensors) {
  check(tensors.size() >= 2, "linalg_multi_dot: {} tensors, expected at least 2", tensors.size());
  // A chain of labels, 0-1, 1-2, ...: einsum finds the order.
  std::vector<Sublist> labels;
  std::vector<int> output;
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    const Tensor& x = tensors[i];
    const int left = static_cast<int>(i), right = left + 1;
    const bool first = i == 0, last = i + 1 == tensors.size();
    check(x.dim() == 2 || (x.dim() == 1 && (first || last)),
          "linalg_multi_dot: tensor {} has shape {}, expected a matrix", i, x.sizes().vec());
    if (x.dim() == 1) {
      labels.push_back(Sublist(std::vector<int>{first ? right : left}));
      continue;
    }
    labels.push_back(Sublist(std::vector<int>{left, right}));
    if (first) output.push_back(left);
    if (last) output.push_back(right);
  }
  return einsum(tensors, labels, Sublist(output));
}

Tensor linalg_matmul(const Tensor& a, const Tensor& b) { return a.matmul(b); }
Tensor linalg_vecdot(const Tensor& a, const Tensor& b, std::int64_t dim) {
  return (a * b).sum(dim);
}
Tensor linalg_cross(const Tensor& a, const Tensor& b, std::int64_t dim) { return a.cross(b, dim); }
Tensor linalg_diagonal(const Tensor& x, std::int64_t offset, std::int64_t dim1, std::int64_t dim2) {
  return x.diagonal(offset, dim1, dim2);
}

// The sign's logarithm is 0 for 1, NaN for -1 and -inf for 0.
Tensor logdet(const Tensor& x) {
  const auto [sign, log] = slogdet(x);
  return log + sign.log();
}

Tensor cholesky_solve(const Tensor& b, const Tensor& factor, bool upper) {
  const Tensor lower = upper ? factor.mT() : factor;
  const Tensor inner = linalg_solve_triangular(lower, b, false);
  return linalg_solve_triangular(lower.mT(), inner, true);
}

Tensor cholesky_inverse(const Tensor& factor, bool upper) {
  check_square("cholesky_inverse", factor);
  return cholesky_solve(eye(factor.size(-1), factor.scalar_type()), factor, upper);
}

std::tuple<Tensor, Tensor> triangular_solve(const Tensor& b, const Tensor& a, bool upper,
                                            bool transpose, bool unitriangular) {
  check_square("triangular_solve", a);
  const Tensor x =
      linalg_solve_triangular(transpose ? a.mT() : a, b, upper != transpose, true, unitriangular);
  return {x, a.clone()};
}

Tensor linalg_eigvalsh(const Tensor& x, std::string_view uplo) {
  return std::get<0>(linalg_eigh(x, uplo));
}

std::tuple<Tensor, Tensor> symeig(const Tensor& x, bool eigenvectors, bool upper) {
  const auto [values, vectors] = linalg_eigh(x, upper ? "U" : "L");
  return {values, eigenvectors ? vectors : empty({0}, x.scalar_type())};
}

// The series on x / 2^s, whose norm is at most 1/2, then s squarings. 16 terms: the rest is below
// 0.5^17 / 17! = 2e-20.
Tensor matrix_exp(const Tensor& x) {
  check_square("matrix_exp", x);
  const std::int64_t n = x.size(-1);
  const Tensor unit = eye(n, x.scalar_type()).expand(x.sizes());
  if (x.numel() == 0) return x.clone();
  const double size = x.detach().abs().sum(-2).max().item<double>();
  const int squarings =
      std::isfinite(size) && size > 0.5 ? static_cast<int>(std::ceil(std::log2(size))) + 1 : 0;
  const Tensor scaled = x * std::ldexp(1.0, -squarings);
  Tensor y = unit;
  for (int term = 16; term >= 1; --term) y = unit + matmul(scaled, y) / term;
  for (int i = 0; i < squarings; ++i) y = matmul(y, y);
  return y;
}

namespace {

double epsilon_of(const Tensor& x) {
  const double epsilon = x.scalar_type() == kDouble ? std::numeric_limits<double>::epsilon()
                                                    : std::numeric_limits<float>::epsilon();
  return epsilon * static_cast<double>(std::max(x.size(-1), x.size(-2)));
}

// The singular values that count: above both bounds. s [..., k] descending.
Tensor significant(const Tensor& s, double atol, double rtol) {
  if (s.size(-1) == 0) return s.ne(0);
  return s.gt((s.narrow(-1, 0, 1) * rtol).clamp_min(atol));
}

// The same with bounds for each matrix of the batch, or the usual ones where they are absent.
Tensor significant(const char* op, const Tensor& x, const Tensor& s, const optional<Tensor>& atol,
                   const optional<Tensor>& rtol) {
  for (const optional<Tensor>* bound : {&atol, &rtol}) {
    check(!*bound || (*bound)->is_floating_point(),
          "{}: a tolerance is {}, expected a floating one", op,
          *bound ? dtype_name((*bound)->scalar_type()) : "");
  }
  const Tensor absolute = atol.value_or(zeros({}, s.scalar_type())).detach();
  const Tensor relative = rtol ? rtol->detach()
                               : xgrad::where(absolute > 0, zeros({}, s.scalar_type()),
                                              full({}, epsilon_of(x), s.scalar_type()));
  if (s.size(-1) == 0) return s.ne(0);
  return s.gt(maximum(s.narrow(-1, 0, 1) * relative.unsqueeze(-1), absolute.unsqueeze(-1)));
}

// Of the singular values that `keep` names.
template <class Keep>
Tensor pseudo_inverse(const Tensor& x, const Keep& keep) {
  Tensor y;
  {
    NoGradGuard no_grad;
    const auto [u, s, v] = svd(x);
    const Tensor inverted = xgrad::where(keep(s), s.reciprocal(), zeros_like(s));
    y = matmul(v * inverted.unsqueeze(-2), u.mT());
  }
  if (recording(x)) {
    // For a constant rank; no singular vectors, so equal singular values do no harm.
    record("LinalgPinvBackward0", y, {x},
           [x = Saved(x), y = saved_output(y)](const Tensor& dy, Gradients& dx) {
             const Tensor a = x(), p = y(), pt = p.mT(), dyt = dy.mT();
             const Tensor left = matmul(dyt, matmul(p, pt)), right = matmul(matmul(pt, p), dyt);
             dx[0] = left - matmul(a, matmul(p, left)) + right - matmul(matmul(right, p), a) -
                     matmul(pt, matmul(dy, pt));
           });
  }
  return y;
}

Tensor pseudo_inverse(const Tensor& x, double atol, double rtol) {
  return pseudo_inverse(x, [&](const Tensor& s) { return significant(s, atol, rtol); });
}

// One triangle of a hermitian matrix counts.
Tensor both_triangles(const Tensor& x, bool hermitian) {
  return hermitian ? x.tril() + x.tril(-1).mT() : x;
}

Tensor singular_values(const Tensor& x, bool hermitian) {
  if (!hermitian) return linalg_svdvals(x);
  return std::get<0>(linalg_eigvalsh(x).abs().sort(-1, true));
}

}  // namespace

Tensor pinverse(const Tensor& x, double rcond) {
  check_matrices("pinverse", x);
  return pseudo_inverse(x, 0, rcond);
}
Tensor linalg_pinv(const Tensor& x, optional<double> atol, optional<double> rtol, bool hermitian) {
  hermitian ? check_square("linalg_pinv", x) : check_matrices("linalg_pinv", x);
  const double relative = rtol.value_or(atol.value_or(0) > 0 ? 0 : epsilon_of(x));
  return pseudo_inverse(both_triangles(x, hermitian), atol.value_or(0), relative);
}
Tensor linalg_pinv(const Tensor& x, const optional<Tensor>& atol, const optional<Tensor>& rtol,
                   bool hermitian) {
  hermitian ? check_square("linalg_pinv", x) : check_matrices("linalg_pinv", x);
  return pseudo_inverse(both_triangles(x, hermitian), [&](const Tensor& s) {
    return significant("linalg_pinv", x, s, atol, rtol);
  });
}
Tensor linalg_pinv(const Tensor& x, const Tensor& rcond, bool hermitian) {
  return linalg_pinv(x, nullopt, optional<Tensor>(rcond), hermitian);
}
Tensor linalg_pinv(const Tensor& x, double rcond, bool hermitian) {
  return linalg_pinv(x, optional<double>(0.0), optional<double>(rcond), hermitian);
}

Tensor linalg_matrix_rank(const Tensor& x, optional<double> atol, optional<double> rtol,
                          bool hermitian) {
  check_matrices("linalg_matrix_rank", x);
  const double relative = rtol.value_or(atol.value_or(0) > 0 ? 0 : epsilon_of(x));
  return significant(singular_values(x.detach(), hermitian), atol.value_or(0), relative).sum(-1);
}
Tensor linalg_matrix_rank(const Tensor& x, const optional<Tensor>& atol,
                          const optional<Tensor>& rtol, bool hermitian) {
  check_matrices("linalg_matrix_rank", x);
  const Tensor values = singular_values(x.detach(), hermitian);
  return significant("linalg_matrix_rank", x, values, atol, rtol).sum(-1);
}
Tensor linalg_matrix_rank(const Tensor& x, const Tensor& tol, bool hermitian) {
  return linalg_matrix_rank(x, optional<Tensor>(tol), optional<Tensor>(zeros({}, x.scalar_type())),
                            hermitian);
}
Tensor linalg_matrix_rank(const Tensor& x, double tol, bool hermitian) {
  return linalg_matrix_rank(x, optional<double>(tol), optional<double>(0.0), hermitian);
}

std::tuple<Tensor, Tensor, Tensor, Tensor> linalg_lstsq(const Tensor& a, const Tensor& b,
                                                        optional<double> rcond,
                                                        optional<std::string_view> driver) {
  check_matrices("linalg_lstsq", a);
  const std::string_view name = driver.value_or("gelsy");
  check(name == "gels" || name == "gelsy" || name == "gelsd" || name == "gelss",
        "linalg_lstsq: driver '{}' is unknown, expected gels, gelsy, gelsd or gelss", name);
  check(a.scalar_type() == b.scalar_type(), "linalg_lstsq: a is {}, but b is {}",
        dtype_name(a.scalar_type()), dtype_name(b.scalar_type()));
  const bool vectors = a.dim() - 1 == b.dim();
  check(vectors || a.dim() == b.dim(), "linalg_lstsq: a {} and b {} differ in their batch dims",
        a.sizes(), b.sizes());
  const Tensor right = vectors ? b.unsqueeze(-1) : b;
  check(right.size(-2) == a.size(-2), "linalg_lstsq: a {} and b {} differ in their rows", a.sizes(),
        b.sizes());
  const double relative = rcond.value_or(epsilon_of(a));
  const Tensor x = matmul(pseudo_inverse(a, 0, relative), right);

  Tensor residuals = empty({0}, a.scalar_type()), rank = empty({0}, kLong), values = residuals;
  if (name != "gels") rank = linalg_matrix_rank(a, optional<double>(0.0), relative);
  if (name == "gelsd" || name == "gelss") values = linalg_svdvals(a.detach());
  const bool full_rank = name == "gels" || rank.eq(a.size(-1)).all().item<bool>();
  if (name != "gelsy" && a.size(-2) > a.size(-1) && full_rank) {
    residuals = (matmul(a, x) - right).detach().square().sum(-2);
  }
  return {vectors ? x.squeeze(-1) : x, residuals, rank, values};
}

namespace {

Tensor as_type(const Tensor& x, const optional<ScalarType>& type) {
  check(x.is_floating_point(), "linalg_norm: input is {}, expected float32 or float64",
        dtype_name(x.scalar_type()));
  return type ? x.to(*type) : x;
}

std::pair<std::int64_t, std::int64_t> matrix_dims(const Tensor& x, IntArrayRef dim) {
  check(x.dim() >= 2, "linalg_matrix_norm: input has shape {}, expected at least 2 dims",
        x.sizes());
  check(dim.size() == 2, "linalg_matrix_norm: dim is {}, expected two dims", dim);
  const auto wrap = [&](std::int64_t d) {
    check_index(d >= -x.dim() && d < x.dim(), "linalg_matrix_norm: dim {} is out of range for {}",
                d, x.sizes());
    return d < 0 ? d + x.dim() : d;
  };
  const std::int64_t rows = wrap(dim[0]), columns = wrap(dim[1]);
  check(rows != columns, "linalg_matrix_norm: dim {} is given twice", rows);
  return {rows, columns};
}

// Puts the two dims last, norms them away by f, and with keepdim puts them back with size 1.
template <class F>
Tensor norm_matrices(const Tensor& x, IntArrayRef dim, bool keepdim, const F& f) {
  const auto [rows, columns] = matrix_dims(x, dim);
  const Tensor y = f(x.movedim({rows, columns}, {-2, -1}));
  if (!keepdim) return y;
  return y.unsqueeze(std::min(rows, columns)).unsqueeze(std::max(rows, columns));
}

}  // namespace

Tensor linalg_vector_norm(const Tensor& x, const Scalar& ord, OptionalIntArrayRef dim, bool keepdim,
                          optional<ScalarType> type) {
  const Tensor values = as_type(x, type);
  if (dim) return norm(values, ord, *dim, keepdim);
  const Tensor y = norm(values.flatten(), ord);
  return keepdim ? y.reshape(Dims(x.sizes().size(), 1)) : y;
}

Tensor linalg_matrix_norm(const Tensor& x, const Scalar& ord, IntArrayRef dim, bool keepdim,
                          optional<ScalarType> type) {
  const double p = ord.toDouble();
  check(std::abs(p) == 1 || std::abs(p) == 2 || std::isinf(p),
        "linalg_matrix_norm: ord is {}, expected 1, -1, 2, -2, inf or -inf", p);
  return norm_matrices(as_type(x, type), dim, keepdim, [p](const Tensor& a) {
    const Tensor sizes =
        std::abs(p) == 2 ? linalg_svdvals(a) : a.abs().sum(std::abs(p) == 1 ? -2 : -1);
    return p > 0 ? sizes.amax(-1) : sizes.amin(-1);
  });
}

Tensor linalg_matrix_norm(const Tensor& x, std::string_view ord, IntArrayRef dim, bool keepdim,
                          optional<ScalarType> type) {
  check(ord == "fro" || ord == "nuc", "linalg_matrix_norm: ord is '{}', expected fro or nuc", ord);
  return norm_matrices(as_type(x, type), dim, keepdim, [ord](const Tensor& a) {
    return ord == "nuc" ? linalg_svdvals(a).sum(-1) : norm(a, Scalar(2), IntArrayRef({-2, -1}));
  });
}

Tensor linalg_norm(const Tensor& x, const optional<Scalar>& ord, OptionalIntArrayRef dim,
                   bool keepdim, optional<ScalarType> type) {
  if (!ord) return linalg_vector_norm(x, 2, dim, keepdim, type);
  check(dim || x.dim() == 1 || x.dim() == 2,
        "linalg_norm: input has shape {}, expected 1 or 2 dims when ord is given without dim",
        x.sizes());
  const bool matrices = dim ? (*dim).size() == 2 : x.dim() == 2;
  if (!matrices) return linalg_vector_norm(x, *ord, dim, keepdim, type);
  if (dim) return linalg_matrix_norm(x, *ord, *dim, keepdim, type);
  return linalg_matrix_norm(x, *ord, {-2, -1}, keepdim, type);
}

Tensor linalg_norm(const Tensor& x, std::string_view ord, OptionalIntArrayRef dim, bool keepdim,
                   optional<ScalarType> type) {
  check(dim || x.dim() == 2, "linalg_norm: ord '{}' is for matrices, but the input has shape {}",
        ord, x.sizes());
  if (dim) return linalg_matrix_norm(x, ord, *dim, keepdim, type);
  return linalg_matrix_norm(x, ord, {-2, -1}, keepdim, type);
}

}  // namespace xgrad
