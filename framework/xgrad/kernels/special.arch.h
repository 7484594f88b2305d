// Scalar functions that neither xsimd nor the C library has.
#pragma once

#include <cmath>
#include <limits>
#include <type_traits>

#include "xgrad/kernels/arch.h"

namespace xgrad::kernels::XGRAD_ARCH_NAME {

// C's integer division without its two traps: by zero gives 0 here (PyTorch raises; the caller
// checks), and min / -1 wraps.
template <class T>
XGRAD_INLINE T divide(T a, T b) {
  if (b == T{0}) return T{0};
  if constexpr (std::is_signed_v<T>) {
    if (b == T{-1})
      return static_cast<T>(std::make_unsigned_t<T>{0} - static_cast<std::make_unsigned_t<T>>(a));
  }
  return static_cast<T>(a / b);
}

// A bound given as double, brought into T's range.
template <class T>
XGRAD_INLINE T limit(double bound) {
  constexpr T low = std::numeric_limits<T>::lowest(), high = std::numeric_limits<T>::max();
  if (bound <= static_cast<double>(low)) return low;
  if (bound >= static_cast<double>(high)) return high;
  return static_cast<T>(bound);
}

// Wraps as the machine does; a negative exponent gives 0 unless the base is 1 or -1.
template <class T>
XGRAD_INLINE T integer_power(T base, T exponent) {
  if constexpr (std::is_signed_v<T>) {
    if (exponent < 0)
      return base == T{1} ? T{1} : base == T{-1} ? (exponent % 2 ? T{-1} : T{1}) : T{0};
  }
  std::uint64_t result = 1, factor = static_cast<std::uint64_t>(base);
  for (auto e = static_cast<std::uint64_t>(exponent); e != 0; e >>= 1) {
    if (e & 1) result *= factor;
    factor *= factor;
  }
  return static_cast<T>(result);
}

// The inverse error function: Giles' approximation ("Approximating the erfinv function", 2012),
// then two Newton steps on erf.
template <class T>
XGRAD_INLINE T erfinv(T y) {
  if (!(y > T{-1} && y < T{1})) {
    if (y == T{1}) return std::numeric_limits<T>::infinity();
    if (y == T{-1}) return -std::numeric_limits<T>::infinity();
    return std::numeric_limits<T>::quiet_NaN();
  }
  const double target = static_cast<double>(y);
  const double w = -std::log((1 - target) * (1 + target));
  double x = 0;
  if (w < 5) {
    const double v = w - 2.5;
    x = 2.81022636e-08;
    x = 3.43273939e-07 + x * v;
    x = -3.5233877e-06 + x * v;
    x = -4.39150654e-06 + x * v;
    x = 0.00021858087 + x * v;
    x = -0.00125372503 + x * v;
    x = -0.00417768164 + x * v;
    x = 0.246640727 + x * v;
    x = 1.50140941 + x * v;
  } else {
    const double v = std::sqrt(w) - 3;
    x = -0.000200214257;
    x = 0.000100950558 + x * v;
    x = 0.00134934322 + x * v;
    x = -0.00367342844 + x * v;
    x = 0.00573950773 + x * v;
    x = -0.0076224613 + x * v;
    x = 0.00943887047 + x * v;
    x = 1.00167406 + x * v;
    x = 2.83297682 + x * v;
  }
  x *= target;
  for (int step = 0; step < 2; ++step) {
    // erfc keeps the digits near +-1, erf those near 0.
    const double error = std::fabs(target) < 0.5 ? std::erf(x) - target
                         : target > 0            ? (1 - target) - std::erfc(x)
                                                 : std::erfc(-x) - (1 + target);
    x -= error / (1.12837916709551257390 * std::exp(-x * x));
  }
  return static_cast<T>(x);
}

// The inverse of the normal distribution function. In the middle by erfinv; in the tails
// Abramowitz and Stegun's 26.2.23, good to 4.5e-4, then two steps of Halley.
XGRAD_INLINE double ndtri(double p) {
  if (p >= 0.25 && p <= 0.75) return 1.41421356237309504880 * erfinv(2 * p - 1);
  const double tail = p < 0.5 ? p : 1 - p;
  if (!(tail > 0)) {
    return tail == 0 ? std::copysign(std::numeric_limits<double>::infinity(), p - 0.5)
                     : std::numeric_limits<double>::quiet_NaN();
  }
  const double t = std::sqrt(-2 * std::log(tail));
  double z = t - (2.515517 + t * (0.802853 + t * 0.010328)) /
                     (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)));
  for (int step = 0; step < 2; ++step) {  // z > 0 with `tail` beyond it
    const double above = 0.5 * std::erfc(z * 0.70710678118654752440) - tail;
    const double e = above * 2.50662827463100050242 * std::exp(z * z / 2);
    if (!(std::abs(e) <= 1)) break;  // of the smallest numbers: exp has no room
    z += e / (1 - z * e / 2);
  }
  return p < 0.5 ? -z : z;
}

// Recurrence up to 10, then the asymptotic series (Abramowitz and Stegun 6.3.18);
// reflection for negatives.
XGRAD_INLINE double digamma(double x) {
  constexpr double pi = 3.14159265358979323846;
  if (x == 0) return std::copysign(std::numeric_limits<double>::infinity(), -x);
  double result = 0;
  if (x < 0) {
    if (x == std::trunc(x)) return std::numeric_limits<double>::quiet_NaN();
    result = -pi / std::tan(pi * (x - std::trunc(x)));
    x = 1 - x;
  }
  for (; x < 10; x += 1) result -= 1 / x;
  const double z = 1 / (x * x);
  const double series =
      z * (1.0 / 12 - z * (1.0 / 120 -
                           z * (1.0 / 252 -
                                z * (1.0 / 240 - z * (1.0 / 132 - z * (691.0 / 32760 - z / 12))))));
  return result + std::log(x) - 0.5 / x - series;
}

// The same way for the derivative of digamma (6.4.11).
XGRAD_INLINE double trigamma(double x) {
  constexpr double pi = 3.14159265358979323846;
  double sign = 1, result = 0;
  if (x < 0.5) {
    const double s = std::sin(pi * x);
    sign = -1;
    result -= pi * pi / (s * s);
    x = 1 - x;
  }
  for (; x < 10; x += 1) result += 1 / (x * x);
  const double z = 1 / (x * x);
  result += (1 + 0.5 / x +
             z * (1.0 / 6 - z * (1.0 / 30 - z * (1.0 / 42 - z * (1.0 / 30 - z * (5.0 / 66)))))) /
            x;
  return sign * result;
}

// The sum of (x + k)^-s over k >= 0, for a whole s > 1: the first terms, then Euler and Maclaurin's
// series for the rest.
XGRAD_INLINE double hurwitz_zeta(double s, double x) {
  // (2j)! / B_2j
  constexpr double kFactors[] = {
      12.0, -720.0, 30240.0, -1209600.0, 47900160.0, -1.8924375803183791606e9, 7.47242496e10};
  if (!(x > -1e6)) return std::numeric_limits<double>::quiet_NaN();  // the terms would be too many
  if (x > 1e300) return 0;
  if (x <= 0 && x == std::floor(x)) return std::numeric_limits<double>::infinity();
  double sum = 0;
  for (; x < 10; x += 1) sum += std::pow(x, -s);
  double power = std::pow(x, -s);
  sum += power * x / (s - 1) + power / 2;
  double rising = s;
  power /= x;
  for (int j = 0; j < 7; ++j) {
    sum += rising * power / kFactors[j];
    rising *= (s + 2 * j + 1) * (s + 2 * j + 2);
    power /= x * x;
  }
  return sum;
}

// The derivative of digamma of the given order, at least 1: (-1)^(n + 1) n! zeta(n + 1, x).
XGRAD_INLINE double polygamma(double order, double x) {
  const double size = std::exp(std::lgamma(order + 1)) * hurwitz_zeta(order + 1, x);
  return std::fmod(order, 2.0) == 0 ? -size : size;
}

}  // namespace xgrad::kernels::XGRAD_ARCH_NAME
