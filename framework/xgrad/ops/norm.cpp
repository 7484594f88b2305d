#include "xgrad/ops/norm.h"

#include <cmath>

#include "xgrad/autograd/record.h"
#include "xgrad/core/format.h"
#include "xgrad/ops/arithmetic.h"
#include "xgrad/ops/comparison.h"
#include "xgrad/ops/factories.h"
#include "xgrad/ops/in_place.h"
#include "xgrad/ops/linalg.h"
#include "xgrad/ops/map.h"
#include "xgrad/ops/reduce_plan.h"
#include "xgrad/ops/where.h"

namespace xgrad {

using namespace autograd;
using kernels::ReduceOp;

namespace {

// Of the largest elements of an infinite norm: each its share of the gradient, or each all of it.
enum class Ties { share, each };

Tensor norm_value(const Tensor& x, double p, const DimMask& reduced, bool keepdim) {
  const auto over = [&](ReduceOp kind, const Tensor& terms) {
    return reduce("norm", kind, terms, reduced, keepdim);
  };
  if (reduced_count(x.sizes(), reduced) == 0)
    return over(ReduceOp::sum, x);  // zeros, as in PyTorch, for all p
  if (p == 0) return convert(over(ReduceOp::count_nonzero, x), x.scalar_type());
  if (p == 1) return over(ReduceOp::abs_sum, x);
  if (p == 2) return over(ReduceOp::square_sum, x).sqrt_();
  if (std::isinf(p)) return over(p > 0 ? ReduceOp::abs_max : ReduceOp::abs_min, x);
  return over(ReduceOp::sum, x.abs().pow_(p)).pow_(1 / p);
}

// With n the norm: d n / dx = sgn(x) (|x| / n)^(p-1). A norm of 0 is replaced by 1 before it
// divides, so that neither this nor its own gradient is NaN; the masks put the subgradient 0 there.
Tensor norm_gradient(const Tensor& x, const Tensor& n, const Tensor& dy, double p,
                     const DimMask& reduced, Ties ties) {
  if (p == 0) return dy.expand(x.sizes()) * 0;
  if (p == 1) return x.sgn() * dy;
  if (std::isinf(p)) {
    const Tensor size = x.detach().abs(), chosen = size.eq(n.detach()).logical_or(size.isnan());
    const Tensor part =
        ties == Ties::share ? dy / reduce("sum", ReduceOp::sum, chosen, reduced, true) : dy;
    return x.sgn() * part * chosen;
  }
  const Tensor none = n.detach().eq(0);
  const Tensor safe = n.masked_fill(none, 1);
  if (p == 2) return x * (dy / safe).masked_fill(none, 0);
  if (p < 1) {  // infinite slopes at x = 0
    const Tensor zero = x.detach().eq(0);
    return x.sgn() * x.abs().masked_fill(zero, 1).pow(p - 1).masked_fill(zero, 0) * dy *
           n.pow(1 - p);
  }
  const Tensor scale = (dy / safe.pow(p - 1)).masked_fill(none, 0);
  if (p < 2) return x.sgn() * x.abs().pow(p - 1) * scale;
  return x * x.abs().pow(p - 2) * scale;
}

Tensor norm_over(const Tensor& x, const optional<Scalar>& power, IntArrayRef dim, bool keepdim,
                 Ties ties = Ties::share) {
  check(x.is_floating_point(), "norm: the input is {}, expected a floating dtype",
        dtype_name(x.scalar_type()));
  const double p = power ? power->toDouble() : 2;
  const DimMask reduced = reduced_dims("norm", dim, x.dim());
  Tensor y;
  {
    const NoGradGuard plain;
    y = norm_value(x, p, reduced, keepdim);
  }
  if (recording(x)) {
    record(dim.empty() ? "NormBackward0" : "NormBackward1", y, {x},
           [x = Saved(x), y = saved_output(y), p, reduced, keepdim, ties](const Tensor& dy,
                                                                          Gradients& dx) {
             const Tensor in = x();
             const auto restored = [&](const Tensor& t) {
               return restore_dims(t, in.sizes(), reduced, keepdim);
             };
             dx[0] = norm_gradient(in, restored(y()), restored(dy), p, reduced, ties);
           });
  }
  return y;
}

// From |a - b|^2 = |a|^2 + |b|^2 - 2 ab: one product of matrices. Rows that lie on each other have
// distance and gradient 0.
Tensor euclidean_by_product(const Tensor& a, const Tensor& b) {
  Tensor y;
  {
    const NoGradGuard plain;
    const DimMask last = reduced_dims("cdist", -1, a.dim()),
                  last_of_b = reduced_dims("cdist", -1, b.dim());
    const Tensor aa = reduce("cdist", ReduceOp::square_sum, a, last, true);
    const Tensor bb = reduce("cdist", ReduceOp::square_sum, b, last_of_b, true).transpose(-2, -1);
    y = (aa + bb).sub_(a.matmul(b.transpose(-2, -1)).mul_(2)).clamp_min_(0).sqrt_();
  }
  if (recording(a, b)) {
    record("EuclideanDistBackward0", y, {a, b},
           [a = Saved(a), b = Saved(b), y = saved_output(y)](const Tensor& dy, Gradients& dx) {
             const Tensor p = a(), q = b(), d = y(), zero = d.detach().eq(0);
             const Tensor ratio = (dy / d.masked_fill(zero, 1)).masked_fill(zero, 0);
             if (dx.needs(0)) dx[0] = p * ratio.sum(-1, true) - ratio.matmul(q);
             if (dx.needs(1)) {
               const Tensor turned = ratio.transpose(-2, -1);
               dx[1] = q * turned.sum(-1, true) - turned.matmul(p);
             }
           });
  }
  return y;
}

}  // namespace

Tensor nuclear_norm(const Tensor& x, bool keepdim) { return nuclear_norm(x, {0, 1}, keepdim); }
Tensor nuclear_norm(const Tensor& x, IntArrayRef dim, bool keepdim) {
  return linalg_matrix_norm(x, "nuc", dim, keepdim);
}

Tensor norm_except_dim(const Tensor& x, std::int64_t pow, std::int64_t dim) {
  if (dim == -1) return norm(x, pow);
  check(dim >= 0 && dim < x.dim(), "norm_except_dim: dim {} is out of range, expected -1 to {}",
        dim, x.dim() - 1);
  Dims shape(x.sizes().size(), 1);
  shape[static_cast<std::size_t>(dim)] = x.size(dim);
  return norm(x.transpose(0, dim).reshape({x.size(dim), -1}), Scalar(pow), 1).view(shape);
}

Tensor renorm(const Tensor& x, const Scalar& p, std::int64_t dim, const Scalar& maxnorm) {
  check(x.dim() > 1, "renorm: the tensor has shape {}, expected at least 2 dims", x.sizes().vec());
  check(maxnorm.toDouble() >= 0, "renorm: maxnorm {} is negative, expected at least 0",
        maxnorm.toDouble());
  const std::int64_t kept = wrap_dim("renorm", dim, x.dim());
  Dims others;
  for (std::int64_t d = 0; d < x.dim(); ++d) {
    if (d != kept) others.push_back(d);
  }
  const Tensor norms = norm(x, p, others, true);
  // PyTorch's factor, which leaves the norm a little below maxnorm.
  const Tensor factor = maxnorm / (norms + 1e-7);
  return x * where(norms > maxnorm, factor, ones_like(factor));
}
Tensor Tensor::renorm(const Scalar& p, std::int64_t dim, const Scalar& maxnorm) const {
  return xgrad::renorm(*this, p, dim, maxnorm);
}
Tensor& Tensor::renorm_(const Scalar& p, std::int64_t dim, const Scalar& maxnorm) const {
  return apply_in_place("renorm_", *this,
                        [&](const Tensor& x) { return xgrad::renorm(x, p, dim, maxnorm); });
}
Tensor Tensor::dist(const Tensor& other, const Scalar& p) const {
  return xgrad::dist(*this, other, p);
}

Tensor norm(const Tensor& x, const Scalar& p) { return norm_over(x, p, {}, false); }
Tensor norm(const Tensor& x, const optional<Scalar>& p, ScalarType type) {
  return norm_over(x.to(type), p, {}, false);
}
Tensor norm(const Tensor& x, const optional<Scalar>& p, IntArrayRef dim, bool keepdim) {
  return norm_over(x, p, dim, keepdim);
}
Tensor norm(const Tensor& x, const optional<Scalar>& p, std::int64_t dim, bool keepdim) {
  return norm_over(x, p, dim, keepdim);
}
Tensor norm(const Tensor& x, const optional<Scalar>& p, IntArrayRef dim, bool keepdim,
            ScalarType type) {
  return norm_over(x.to(type), p, dim, keepdim);
}
Tensor frobenius_norm(const Tensor& x) { return norm_over(x, Scalar(2), {}, false); }
Tensor frobenius_norm(const Tensor& x, IntArrayRef dim, bool keepdim) {
  return norm_over(x, Scalar(2), dim, keepdim);
}

Tensor dist(const Tensor& a, const Tensor& b, const Scalar& p) { return norm(a - b, p); }

Tensor cdist(const Tensor& a, const Tensor& b, double p, optional<std::int64_t> compute_mode) {
  check(a.is_floating_point(), "cdist: the first input is {}, expected a floating dtype",
        dtype_name(a.scalar_type()));
  check(b.is_floating_point(), "cdist: the second input is {}, expected a floating dtype",
        dtype_name(b.scalar_type()));
  check(a.dim() >= 2 && b.dim() >= 2, "cdist: the inputs have {} and {} dims, expected at least 2",
        a.dim(), b.dim());
  check(a.size(-1) == b.size(-1),
        "cdist: the rows have lengths {} and {} (shapes {} and {}), expected the same", a.size(-1),
        b.size(-1), a.sizes(), b.sizes());
  check(p >= 0, "cdist: p is {}, expected at least 0", p);
  const std::int64_t mode = compute_mode.value_or(0);
  check(mode >= 0 && mode <= 2, "cdist: compute_mode is {}, expected 0, 1 or 2", mode);
  if (p == 2 && (mode == 1 || (mode == 0 && (a.size(-2) > 25 || b.size(-2) > 25))))
    return euclidean_by_product(a, b);
  return detail::row_norm(a.unsqueeze(-2) - b.unsqueeze(-3), p);
}
Tensor detail::row_norm(const Tensor& difference, double p) {
  return norm_over(difference, Scalar(p), -1, false, Ties::each);
}

// Methods.
Tensor Tensor::norm(const Scalar& p) const { return xgrad::norm(*this, p); }
Tensor Tensor::norm(const OptScalar& p, IntArrayRef dim, bool keepdim) const {
  return xgrad::norm(*this, p, dim, keepdim);
}
Tensor Tensor::norm(const OptScalar& p, std::int64_t dim, bool keepdim) const {
  return xgrad::norm(*this, p, dim, keepdim);
}

}  // namespace xgrad
