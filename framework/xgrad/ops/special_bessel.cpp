// Bessel functions and what is scaled by an exponential, one element at a time, in double.
#include <cmath>
#include <limits>
#include <numbers>

#include "xgrad/autograd/record.h"
#include "xgrad/ops/arithmetic.h"
#include "xgrad/ops/comparison.h"
#include "xgrad/ops/elementwise.h"
#include "xgrad/ops/pairs.h"
#include "xgrad/ops/special.h"
#include "xgrad/ops/where.h"

namespace xgrad {

using namespace autograd;

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

template <class F>
Tensor of_each(const char* op, const Tensor& x, const F& f) {
  return of_pairs<double>(op, floating_result_type({x}), x, 0,
                          [&f](double value, double) { return f(value); });
}

// I of order 0 or 1 for x >= 0.
double bessel_i(int order, double x) { return x > 713 ? kInfinity : std::cyl_bessel_i(order, x); }
// Hankel's series for x > 30 (Abramowitz and Stegun 9.7.1 and 2), whose terms fall to e^-2x.
double hankel_series(int order, double sign, double x) {
  double sum = 1, term = 1;
  for (int k = 1; k <= 20; ++k) {
    term *= sign * (4.0 * order * order - (2.0 * k - 1) * (2.0 * k - 1)) / (8.0 * k * x);
    sum += term;
  }
  return sum;
}
// The same times e^-x.
double scaled_bessel_i(int order, double x) {
  if (x <= 30) return std::exp(-x) * std::cyl_bessel_i(order, x);
  if (std::isinf(x)) return 0;
  return hankel_series(order, -1, x) / std::sqrt(2 * std::numbers::pi * x);
}
// Of order 1 the function is odd.
template <class F>
double with_sign(int order, double x, const F& f) {
  if (std::isnan(x)) return x;
  const double size = f(order, std::abs(x));
  return order == 1 && std::signbit(x) ? -size : size;
}

// e^(x^2) erfc(x): by its continued fraction (7.1.14) where that converges quickly.
double scaled_erfc(double x) {
  if (!(x >= 2)) return x < -26.7 ? kInfinity : std::exp(x * x) * std::erfc(x);
  double tail = x;
  for (int k = 120; k >= 1; --k) tail = x + 0.5 * k / tail;
  return std::numbers::inv_sqrtpi / tail;
}

// y / x, which is `at_zero` at 0.
Tensor over(const Tensor& y, const Tensor& x, double at_zero) {
  const Tensor zero = x == 0;
  return (y / x.masked_fill(zero, 1)).masked_fill(zero, at_zero);
}

}  // namespace

Tensor i0(const Tensor& self) {
  Tensor y = of_each("i0", self, [](double x) { return with_sign(0, x, bessel_i); });
  if (recording(self)) {
    record("I0Backward0", y, {self},
           [x = Saved(self)](const Tensor& dy, Gradients& dx) { dx[0] = dy * special::i1(x()); });
  }
  return y;
}
Tensor Tensor::i0() const { return xgrad::i0(*this); }

namespace special {

Tensor i0e(const Tensor& self) {
  Tensor y = of_each("i0e", self, [](double x) { return with_sign(0, x, scaled_bessel_i); });
  if (recording(self)) {
    record("SpecialI0EBackward0", y, {self}, [x = Saved(self)](const Tensor& dy, Gradients& dx) {
      dx[0] = dy * (i1e(x()) - x().sgn() * i0e(x()));
    });
  }
  return y;
}

Tensor i1(const Tensor& self) {
  Tensor y = of_each("i1", self, [](double x) { return with_sign(1, x, bessel_i); });
  if (recording(self)) {
    record("SpecialI1Backward0", y, {self}, [x = Saved(self)](const Tensor& dy, Gradients& dx) {
      dx[0] = dy * (xgrad::i0(x()) - over(i1(x()), x(), 0.5));
    });
  }
  return y;
}

Tensor i1e(const Tensor& self) {
  Tensor y = of_each("i1e", self, [](double x) { return with_sign(1, x, scaled_bessel_i); });
  if (recording(self)) {
    record("SpecialI1EBackward0", y, {self}, [x = Saved(self)](const Tensor& dy, Gradients& dx) {
      const Tensor z = i1e(x());
      dx[0] = dy * (i0e(x()) - x().sgn() * z - over(z, x(), 0.5));
    });
  }
  return y;
}

Tensor erfcx(const Tensor& self) {
  Tensor y = of_each("erfcx", self, scaled_erfc);
  if (recording(self)) {
    record("SpecialErfcxBackward0", y, {self}, [x = Saved(self)](const Tensor& dy, Gradients& dx) {
      dx[0] = dy * (2 * x() * erfcx(x()) - 2 * std::numbers::inv_sqrtpi);
    });
  }
  return y;
}

Tensor log_ndtr(const Tensor& self) {
  Tensor y = of_each("log_ndtr", self, [](double x) {
    const double t = x / std::numbers::sqrt2;
    return x < -1 ? std::log(scaled_erfc(-t) / 2) - t * t : std::log1p(-std::erfc(t) / 2);
  });
  if (recording(self)) {
    record("SpecialLogNdtrBackward0", y, {self},
           [x = Saved(self)](const Tensor& dy, Gradients& dx) {
             const double scale = std::numbers::sqrt2 * std::numbers::inv_sqrtpi;
             dx[0] = dy * scale / erfcx(x() * (-1 / std::numbers::sqrt2));
           });
  }
  return y;
}

// PyTorch has no gradients of those below.
namespace {

double bessel_j(int order, double x) { return std::isinf(x) ? kNan : std::cyl_bessel_j(order, x); }
double bessel_y(int order, double x) {
  return x == 0 ? -kInfinity : x > 0 && !std::isinf(x) ? std::cyl_neumann(order, x) : kNan;
}
double bessel_k(int order, double x) {
  return x == 0 ? kInfinity : !(x > 0) ? kNan : x > 705 ? 0 : std::cyl_bessel_k(order, x);
}
double scaled_bessel_k(int order, double x) {
  if (!(x > 30)) return x == 0 || !(x > 0) ? bessel_k(order, x) : std::exp(x) * bessel_k(order, x);
  if (std::isinf(x)) return 0;
  return hankel_series(order, 1, x) * std::sqrt(std::numbers::pi / (2 * x));
}
// By Bessel functions of order 1/3 (10.4.14 and 15).
double airy(double x) {
  if (std::isinf(x) || std::isnan(x)) return kNan;
  constexpr double third = 1.0 / 3;
  const double size = std::abs(x), angle = 2 * third * size * std::sqrt(size);
  if (x == 0) return 0.355028053887817239;
  if (x > 100) return 0;
  if (x > 0) return std::sqrt(x * third) * std::cyl_bessel_k(third, angle) / std::numbers::pi;
  const double j = std::cyl_bessel_j(third, angle), y = std::cyl_neumann(third, angle);
  return std::sqrt(size) * (j - y / std::numbers::sqrt3) / 2;
}

}  // namespace

Tensor bessel_j0(const Tensor& x) {
  return of_each("bessel_j0", x, [](double v) { return with_sign(0, v, bessel_j); });
}
Tensor bessel_j1(const Tensor& x) {
  return of_each("bessel_j1", x, [](double v) { return with_sign(1, v, bessel_j); });
}
Tensor bessel_y0(const Tensor& x) {
  return of_each("bessel_y0", x, [](double v) { return bessel_y(0, v); });
}
Tensor bessel_y1(const Tensor& x) {
  return of_each("bessel_y1", x, [](double v) { return bessel_y(1, v); });
}
Tensor modified_bessel_i0(const Tensor& x) { return xgrad::i0(x.detach()); }
Tensor modified_bessel_i1(const Tensor& x) { return i1(x.detach()); }
Tensor modified_bessel_k0(const Tensor& x) {
  return of_each("modified_bessel_k0", x, [](double v) { return bessel_k(0, v); });
}
Tensor modified_bessel_k1(const Tensor& x) {
  return of_each("modified_bessel_k1", x, [](double v) { return bessel_k(1, v); });
}
Tensor scaled_modified_bessel_k0(const Tensor& x) {
  return of_each("scaled_modified_bessel_k0", x, [](double v) { return scaled_bessel_k(0, v); });
}
Tensor scaled_modified_bessel_k1(const Tensor& x) {
  return of_each("scaled_modified_bessel_k1", x, [](double v) { return scaled_bessel_k(1, v); });
}
Tensor airy_ai(const Tensor& x) { return of_each("airy_ai", x, airy); }
Tensor spherical_bessel_j0(const Tensor& x) {
  return of_each("spherical_bessel_j0", x, [](double v) {
    return v == 0 ? 1 : std::isinf(v) ? 0 : std::sin(v) / v;
  });
}

}  // namespace special
}  // namespace xgrad
