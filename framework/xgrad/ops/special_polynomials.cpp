// Orthogonal polynomials of a given degree, by their three-term recurrences (Abramowitz and Stegun
// 22.7), one element at a time, in double. PyTorch has no gradients of them.
#include "xgrad/ops/pairs.h"
#include "xgrad/ops/special.h"

namespace xgrad::special {

namespace {

// Degree 0 is 1, degree 1 `first`, degree k + 1 is next(k, that of k, that of k - 1); below 0 all
// is 0.
template <class Next>
double polynomial(double degree, double first, const Next& next) {
  if (!(degree >= 0)) return 0;
  double before = 1, value = first;
  if (degree < 1) return before;
  for (double k = 1; k + 1 <= degree; k += 1) {
    const double after = next(k, value, before);
    before = value;
    value = after;
  }
  return value;
}

// The four kinds of Chebyshev's differ in degree 1 only: x, 2x, 2x - 1, 2x + 1.
double chebyshev(double x, double degree, double slope, double constant) {
  return polynomial(degree, slope * x + constant,
                    [x](double, double value, double before) { return 2 * x * value - before; });
}
double hermite(double x, double degree, double scale) {
  return polynomial(degree, scale * x, [x, scale](double k, double value, double before) {
    return scale * (x * value - k * before);
  });
}
double laguerre(double x, double degree) {
  return polynomial(degree, 1 - x, [x](double k, double value, double before) {
    return ((2 * k + 1 - x) * value - k * before) / (k + 1);
  });
}
double legendre(double x, double degree) {
  return polynomial(degree, x, [x](double k, double value, double before) {
    return ((2 * k + 1) * x * value - k * before) / (k + 1);
  });
}

}  // namespace

#define XGRAD_POLYNOMIAL(op, value)                                         \
  Tensor op(const Tensor& x, const Tensor& n) {                             \
    return of_pairs<double>(#op, floating_result_type({x, n}), x, n,        \
                            [](double v, double degree) { return value; }); \
  }                                                                         \
  Tensor op(const Tensor& x, const Scalar& n) {                             \
    return of_pairs<double>(#op, floating_result_type({x, n}), x, n,        \
                            [](double v, double degree) { return value; }); \
  }                                                                         \
  Tensor op(const Scalar& x, const Tensor& n) {                             \
    return of_pairs<double>(#op, floating_result_type({x, n}), x, n,        \
                            [](double v, double degree) { return value; }); \
  }
XGRAD_POLYNOMIAL(chebyshev_polynomial_t, chebyshev(v, degree, 1, 0))
XGRAD_POLYNOMIAL(chebyshev_polynomial_u, chebyshev(v, degree, 2, 0))
XGRAD_POLYNOMIAL(chebyshev_polynomial_v, chebyshev(v, degree, 2, -1))
XGRAD_POLYNOMIAL(chebyshev_polynomial_w, chebyshev(v, degree, 2, 1))
XGRAD_POLYNOMIAL(shifted_chebyshev_polynomial_t, chebyshev(2 * v - 1, degree, 1, 0))
XGRAD_POLYNOMIAL(shifted_chebyshev_polynomial_u, chebyshev(2 * v - 1, degree, 2, 0))
XGRAD_POLYNOMIAL(shifted_chebyshev_polynomial_v, chebyshev(2 * v - 1, degree, 2, -1))
XGRAD_POLYNOMIAL(shifted_chebyshev_polynomial_w, chebyshev(2 * v - 1, degree, 2, 1))
XGRAD_POLYNOMIAL(hermite_polynomial_h, hermite(v, degree, 2))
XGRAD_POLYNOMIAL(hermite_polynomial_he, hermite(v, degree, 1))
XGRAD_POLYNOMIAL(laguerre_polynomial_l, laguerre(v, degree))
XGRAD_POLYNOMIAL(legendre_polynomial_p, legendre(v, degree))
#undef XGRAD_POLYNOMIAL

}  // namespace xgrad::special
