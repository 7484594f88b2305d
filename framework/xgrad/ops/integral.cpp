#include "xgrad/ops/integral.h"

#include "xgrad/core/format.h"
#include "xgrad/ops/arithmetic.h"
#include "xgrad/ops/cumulative.h"
#include "xgrad/ops/factories.h"
#include "xgrad/ops/pow.h"
#include "xgrad/ops/shape.h"
#include "xgrad/ops/view.h"

namespace xgrad {

namespace {

// The areas between neighbouring points along dim, for steps of width dx.
Tensor areas(const Tensor& y, std::int64_t dim) {
  const std::int64_t n = y.size(dim);
  return y.narrow(dim, 0, n - 1) + y.narrow(dim, 1, n - 1);
}

// x's steps, of a shape that broadcasts to y's areas along `dim`.
Tensor steps(const char* op, const Tensor& y, const Tensor& x, std::int64_t dim) {
  if (x.dim() != 1) return diff(x, 1, x.dim() < y.dim() ? dim - y.dim() : dim);
  check(x.numel() == y.size(dim), "{}: {} points for a dim of size {}, expected one each", op,
        x.numel(), y.size(dim));
  std::vector<std::int64_t> shape(static_cast<std::size_t>(y.dim()), 1);
  shape[static_cast<std::size_t>(dim)] = x.numel() - 1;
  return diff(x).view(shape);
}

void check_numbers(const char* op, const Tensor& x) {
  check(x.scalar_type() != kBool, "{}: not defined for bool, expected numbers", op);
}

// Of no points the dtype is y's, as in PyTorch.
Tensor no_area(const Tensor& y, std::int64_t dim) {
  const Tensor zero = y.narrow(dim, 0, 0).sum(dim);
  return y.size(dim) == 0 ? zero.to(y.scalar_type()) : zero * 0.5;
}
Tensor no_areas(const Tensor& y, std::int64_t dim) { return y.narrow(dim, 0, 0) * 0.5; }

}  // namespace

Tensor trapezoid(const Tensor& y, const Scalar& dx, std::int64_t dim) {
  check_numbers("trapezoid", y);
  const std::int64_t d = wrap_dim("trapezoid", dim, y.dim());
  if (y.size(d) < 2) return no_area(y, d);
  // All but half of the ends; summed first, so that bytes do not wrap.
  return (y.sum(d) - (y.select(d, 0) + y.select(d, -1)) * 0.5) * dx.toDouble();
}
Tensor trapezoid(const Tensor& y, const Tensor& x, std::int64_t dim) {
  check_numbers("trapezoid", y);
  check_numbers("trapezoid", x);
  const std::int64_t d = wrap_dim("trapezoid", dim, y.dim());
  if (y.size(d) < 2) return no_area(y, d);
  return (areas(y, d) * steps("trapezoid", y, x, d)).sum(d) / 2;
}
Tensor trapz(const Tensor& y, double dx, std::int64_t dim) { return trapezoid(y, Scalar(dx), dim); }
Tensor trapz(const Tensor& y, const Tensor& x, std::int64_t dim) { return trapezoid(y, x, dim); }

Tensor cumulative_trapezoid(const Tensor& y, const Scalar& dx, std::int64_t dim) {
  check_numbers("cumulative_trapezoid", y);
  const std::int64_t d = wrap_dim("cumulative_trapezoid", dim, y.dim());
  if (y.size(d) < 2) return no_areas(y, d);
  return cumsum(areas(y, d), d) * (dx.toDouble() / 2);
}
Tensor cumulative_trapezoid(const Tensor& y, const Tensor& x, std::int64_t dim) {
  check_numbers("cumulative_trapezoid", y);
  check_numbers("cumulative_trapezoid", x);
  const std::int64_t d = wrap_dim("cumulative_trapezoid", dim, y.dim());
  if (y.size(d) < 2) return no_areas(y, d);
  return cumsum(areas(y, d) * steps("cumulative_trapezoid", y, x, d), d) / 2;
}

Tensor vander(const Tensor& x, optional<std::int64_t> columns, bool increasing) {
  check(x.dim() == 1, "vander: the tensor has shape {}, expected a vector", x.sizes().vec());
  const std::int64_t count = columns.value_or(x.numel());
  check(count >= 0, "vander: {} columns, expected at least 0", count);
  const Tensor powers = pow(x.unsqueeze(1), arange(count));
  return increasing ? powers : fliplr(powers);
}

}  // namespace xgrad
