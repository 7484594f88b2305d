// The incomplete gamma functions and the Hurwitz zeta function, one element at a time, in double.
#include <cmath>
#include <limits>

#include "xgrad/autograd/record.h"
#include "xgrad/core/format.h"
#include "xgrad/ops/arithmetic.h"
#include "xgrad/ops/elementwise.h"
#include "xgrad/ops/factories.h"
#include "xgrad/ops/in_place.h"
#include "xgrad/ops/pairs.h"
#include "xgrad/ops/special.h"

namespace xgrad {

using namespace autograd;

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

// x^a e^-x / gamma(a).
double density(double a, double x) { return std::exp(a * std::log(x) - x - std::lgamma(a)); }

// P(a, x) by its series (Abramowitz and Stegun 6.5.29): for x below a + 1.
double lower_series(double a, double x) {
  double term = 1 / a, sum = term;
  for (double n = a + 1; term > sum * 1e-17; n += 1) {
    term *= x / n;
    sum += term;
  }
  return density(a, x) * sum;
}
// Q(a, x) by its continued fraction (6.5.31), after Lentz: for x above a + 1.
double upper_fraction(double a, double x) {
  constexpr double kTiny = 1e-300;
  double b = x + 1 - a, c = 1 / kTiny, d = 1 / b, product = d;
  for (int i = 1; i < 100000; ++i) {
    const double step = -i * (i - a);
    b += 2;
    d = step * d + b;
    d = 1 / (std::abs(d) < kTiny ? kTiny : d);
    c = b + step / c;
    if (std::abs(c) < kTiny) c = kTiny;
    product *= c * d;
    if (std::abs(c * d - 1) < 1e-16) break;
  }
  return density(a, x) * product;
}

// P, or with `upper` Q = 1 - P.
double incomplete_gamma(double a, double x, bool upper) {
  if (!(a >= 0) || !(x >= 0) || (a == 0 && x == 0) || (std::isinf(a) && std::isinf(x))) return kNan;
  if (a == 0 || std::isinf(x)) return upper ? 0 : 1;
  if (x == 0 || std::isinf(a)) return upper ? 1 : 0;
  const bool by_series = x < a + 1;
  const double value = by_series ? lower_series(a, x) : upper_fraction(a, x);
  return by_series == upper ? 1 - value : value;
}

Tensor recorded_gamma(const char* op, const char* node, const Tensor& a, const Tensor& x,
                      bool upper) {
  Tensor y = of_pairs<double>(op, floating_result_type({a, x}), a, x, [upper](double p, double q) {
    return incomplete_gamma(p, q, upper);
  });
  if (recording(a, x)) {
    record(node, y, {a, x},
           [a = Saved(a), x = Saved(x), op, upper](const Tensor& dy, Gradients& dx) {
             check(!dx.needs(0), "{}: no gradient by the first argument", op);
             const Tensor slope = exp((a() - 1) * log(x()) - x() - lgamma(a()));
             dx[1] = upper ? -dy * slope : dy * slope;
           });
  }
  return y;
}

// The sum of (q + k)^-s over k >= 0: the first terms, then Euler and Maclaurin's series.
double hurwitz_zeta(double s, double q) {
  // (2j)! / B_2j
  constexpr double kFactors[] = {
      12.0, -720.0, 30240.0, -1209600.0, 47900160.0, -1.8924375803183791606e9, 7.47242496e10};
  if (s == 1) return kInfinity;
  if (!(s > 1) || std::isnan(q)) return kNan;
  if (q <= 0) {
    if (q == std::floor(q)) return kInfinity;
    if (s != std::floor(s) || q < -1e6) return kNan;
  }
  if (std::isinf(s)) return q > 1 ? 0 : q == 1 ? 1 : kInfinity;
  double sum = 0;
  for (; q < 10; q += 1) sum += std::pow(q, -s);
  double power = std::pow(q, -s);
  sum += power * q / (s - 1) + power / 2;
  double rising = s;
  power /= q;
  for (int j = 0; j < 7; ++j) {
    sum += rising * power / kFactors[j];
    rising *= (s + 2 * j + 1) * (s + 2 * j + 2);
    power /= q * q;
  }
  return sum;
}

}  // namespace

Tensor igamma(const Tensor& a, const Tensor& x) {
  return recorded_gamma("igamma", "IgammaBackward0", a, x, false);
}
Tensor igammac(const Tensor& a, const Tensor& x) {
  return recorded_gamma("igammac", "IgammacBackward0", a, x, true);
}
Tensor Tensor::igamma(const Tensor& other) const { return xgrad::igamma(*this, other); }
Tensor Tensor::igammac(const Tensor& other) const { return xgrad::igammac(*this, other); }
Tensor& Tensor::igamma_(const Tensor& other) const {
  return apply_in_place("igamma_", *this, [&](const Tensor& a) { return xgrad::igamma(a, other); },
                        {other});
}
Tensor& Tensor::igammac_(const Tensor& other) const {
  return apply_in_place("igammac_", *this,
                        [&](const Tensor& a) { return xgrad::igammac(a, other); }, {other});
}

namespace special {

Tensor zeta(const Tensor& s, const Tensor& q) {
  Tensor y = of_pairs<double>("zeta", floating_result_type({s, q}), s, q, hurwitz_zeta);
  if (recording(s, q)) {
    record("SpecialZetaBackward0", y, {s, q},
           [s = Saved(s), q = Saved(q)](const Tensor& dy, Gradients& dx) {
             check(!dx.needs(0), "zeta: no gradient by the first argument");
             dx[1] = dy * -s() * zeta(s() + 1, q());
           });
  }
  return y;
}
Tensor zeta(const Tensor& s, const Scalar& q) {
  return zeta(s, full_like(s.detach(), q, floating_result_type({s, q})));
}
Tensor zeta(const Scalar& s, const Tensor& q) {
  return zeta(full_like(q.detach(), s, floating_result_type({s, q})), q);
}

}  // namespace special
}  // namespace xgrad
