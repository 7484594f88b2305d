// What the elementwise functions compute: `V` is a SIMD batch or,
// where xsimd has no good version, one number.
#pragma once

#include <cmath>
#include <limits>

#include "xgrad/kernels/arch.h"
#include "xgrad/kernels/functions.h"
#include "xgrad/kernels/special.arch.h"

namespace xgrad::kernels::XGRAD_ARCH_NAME {

template <class V>
struct ElementOf {
  using type = V;
};
template <class T, class A>
struct ElementOf<xsimd::batch<T, A>> {
  using type = T;
};
template <class V>
using Element = typename ElementOf<V>::type;

template <class V>
XGRAD_INLINE V constant(double value) {
  return V(static_cast<Element<V>>(value));
}
template <class T, class A, class M>
XGRAD_INLINE xsimd::batch<T, A> choose(M mask, xsimd::batch<T, A> yes, xsimd::batch<T, A> no) {
  return xsimd::select(mask, yes, no);
}
template <class T>
XGRAD_INLINE T choose(bool mask, T yes, T no) {
  return mask ? yes : no;
}

using Params = const double*;

// xsimd's erf is good to 2 ulp for float, but only to 68 for double: that one goes to the C
// library, lane by lane.
template <class A>
XGRAD_INLINE xsimd::batch<float, A> erf(xsimd::batch<float, A> x) {
  return xsimd::erf(x);
}
template <class A>
XGRAD_INLINE xsimd::batch<double, A> erf(xsimd::batch<double, A> x) {
  alignas(64) double lanes[xsimd::batch<double, A>::size];
  x.store_aligned(lanes);
  for (double& lane : lanes) lane = std::erf(lane);
  return xsimd::batch<double, A>::load_aligned(lanes);
}

// Where xsimd's exp gives up before the type does: it is infinite from 88.38 or 709.44 on, and 0
// where the result is subnormal. Lanes beyond `late` are e e^(x - 1), those beyond `early`
// e^-shift e^(x + shift).
template <class T>
struct ExpEnds;
template <>
struct ExpEnds<float> {
  static constexpr float late = 88.37F, early = -87.3F, shift = 24, factor = 3.775134544e-11F;
};
template <>
struct ExpEnds<double> {
  static constexpr double late = 709, early = -708, shift = 64, factor = 1.603810890548637853e-28;
};
// `y` is exp or expm1 of x by xsimd.
template <class V>
XGRAD_INLINE V exp_to_the_end(V x, V y) {
  using T = typename V::value_type;
  const auto late = x > V(ExpEnds<T>::late);
  if (xsimd::none(late)) return y;
  return xsimd::select(late, xsimd::exp(x - V(T{1})) * constant<V>(2.71828182845904523536), y);
}
// For x <= 0.
template <class V>
XGRAD_INLINE V exp_of_negative(V x) {
  using Ends = ExpEnds<typename V::value_type>;
  const V y = xsimd::exp(x);
  const auto early = x < V(Ends::early);
  if (xsimd::none(early)) return y;
  return xsimd::select(early, xsimd::exp(x + V(Ends::shift)) * V(Ends::factor), y);
}
template <class V>
XGRAD_INLINE V exp_to_both_ends(V x) {
  using Ends = ExpEnds<typename V::value_type>;
  const V y = xsimd::exp(x);
  if (xsimd::none(xsimd::abs(x) > V(-Ends::early))) return y;
  return exp_to_the_end(x, choose(x < V(0), exp_of_negative(x), y));
}

// y with the sign of x, if y has none: xsimd's expm1 and log1p lose that of -0.
template <class V>
XGRAD_INLINE V keep_sign(V x, V y) {
  return y | (x & V(-0.0F));
}

// xsimd's logarithms of a subnormal double are wrong: log x = log(2^54 x) - log 2^54. `shift` is
// the latter.
template <class V, class Log>
XGRAD_INLINE V log_of_all(V x, double shift, const Log& log) {
  if constexpr (std::is_same_v<Element<V>, double>) {
    const auto small = x < V(std::numeric_limits<double>::min());
    if (xsimd::any(small))
      return log(choose(small, x * V(0x1p54), x)) - choose(small, V(shift), V(0));
  }
  return log(x);
}

// Functions that are scalar at heart: no batch version, one number at a time. (xsimd's sin and cos
// share a range reduction that is not a template on the architecture, see arch.h.)
template <class F>
constexpr bool is_scalar_function =
    std::is_same_v<F, Erfinv> || std::is_same_v<F, Erfc> || std::is_same_v<F, Lgamma> ||
    std::is_same_v<F, Digamma> || std::is_same_v<F, Trigamma> || std::is_same_v<F, Polygamma> ||
    std::is_same_v<F, Pow> || std::is_same_v<F, PowScalar> || std::is_same_v<F, Fmod> ||
    std::is_same_v<F, Remainder> || std::is_same_v<F, Atan2> || std::is_same_v<F, Xlogy> ||
    std::is_same_v<F, FloorDiv> || std::is_same_v<F, Acosh> || std::is_same_v<F, Asinh> ||
    std::is_same_v<F, Atanh> || std::is_same_v<F, Sinh> || std::is_same_v<F, Cosh> ||
    std::is_same_v<F, Tan> || std::is_same_v<F, Sin> || std::is_same_v<F, Cos> ||
    std::is_same_v<F, Ndtri> || std::is_same_v<F, Exp2> || std::is_same_v<F, Hypot> ||
    std::is_same_v<F, Logaddexp> || F::result == Result::boolean;

// clang-format off
template <class V> XGRAD_INLINE V apply(Exp, Params, V x) { return exp_to_both_ends(x); }
template <class V> XGRAD_INLINE V apply(Expm1, Params, V x) { return keep_sign(x, exp_to_the_end(x, V(xsimd::expm1(x)))); }
template <class V> XGRAD_INLINE V apply(Log, Params, V x) { return log_of_all(x, 37.429947750237048, [](V u) { return xsimd::log(u); }); }
template <class V> XGRAD_INLINE V apply(Log2, Params, V x) { return log_of_all(x, 54, [](V u) { return xsimd::log2(u); }); }
template <class V> XGRAD_INLINE V apply(Log10, Params, V x) { return log_of_all(x, 16.255619765854984, [](V u) { return xsimd::log10(u); }); }
template <class V> XGRAD_INLINE V apply(Log1p, Params, V x) { return keep_sign(x, V(xsimd::log1p(x))); }
template <class V> XGRAD_INLINE V apply(Sqrt, Params, V x) { return square_root(x); }
template <class V> XGRAD_INLINE V apply(Rsqrt, Params, V x) { return constant<V>(1) / square_root(x); }
template <class V> XGRAD_INLINE V apply(Reciprocal, Params, V x) { return constant<V>(1) / x; }
template <class V> XGRAD_INLINE V apply(Sin, Params, V x) { return std::sin(x); }
template <class V> XGRAD_INLINE V apply(Cos, Params, V x) { return std::cos(x); }
template <class V> XGRAD_INLINE V apply(Asin, Params, V x) { return xsimd::asin(x); }
template <class V> XGRAD_INLINE V apply(Acos, Params, V x) { return xsimd::acos(x); }
template <class V> XGRAD_INLINE V apply(Atan, Params, V x) { return xsimd::atan(x); }
template <class V> XGRAD_INLINE V apply(Tanh, Params, V x) { return xsimd::tanh(x); }
template <class V> XGRAD_INLINE V apply(Erf, Params, V x) { return erf(x); }
template <class T> XGRAD_INLINE T apply(Erfc, Params, T x) { return std::erfc(x); }
template <class T> XGRAD_INLINE T apply(Exp2, Params, T x) { return std::exp2(x); }
template <class T> XGRAD_INLINE T apply(Tan, Params, T x) { return std::tan(x); }
template <class T> XGRAD_INLINE T apply(Sinh, Params, T x) { return std::sinh(x); }
template <class T> XGRAD_INLINE T apply(Cosh, Params, T x) { return std::cosh(x); }
template <class T> XGRAD_INLINE T apply(Asinh, Params, T x) { return std::asinh(x); }
template <class T> XGRAD_INLINE T apply(Acosh, Params, T x) { return std::acosh(x); }
template <class T> XGRAD_INLINE T apply(Atanh, Params, T x) { return std::atanh(x); }
template <class T> XGRAD_INLINE T apply(Erfinv, Params, T x) { return erfinv(x); }
template <class T> XGRAD_INLINE T apply(Ndtri, Params, T x) { return static_cast<T>(ndtri(static_cast<double>(x))); }
template <class T> XGRAD_INLINE T apply(Lgamma, Params, T x) { return std::lgamma(x); }
template <class T> XGRAD_INLINE T apply(Digamma, Params, T x) { return static_cast<T>(digamma(static_cast<double>(x))); }
template <class T> XGRAD_INLINE T apply(Trigamma, Params, T x) { return static_cast<T>(trigamma(static_cast<double>(x))); }
template <class T> XGRAD_INLINE T apply(Polygamma, Params p, T x) { return static_cast<T>(polygamma(p[0], static_cast<double>(x))); }  // params: order >= 1

// e^-|x| cannot overflow, so both ends are exact.
template <class V> XGRAD_INLINE V apply(Sigmoid, Params, V x) {
  const V one = constant<V>(1), e = exp_of_negative(V(-xsimd::abs(x)));
  return choose(x < constant<V>(0), e, one) / (one + e);
}
template <class V> XGRAD_INLINE V apply(LogSigmoid, Params, V x) {
  return choose(x < constant<V>(0), x, constant<V>(0)) - xsimd::log1p(exp_of_negative(V(-xsimd::abs(x))));
}
template <class V> XGRAD_INLINE V normal_cdf(V x) {
  return constant<V>(0.5) * (constant<V>(1) + erf(x * constant<V>(0.70710678118654752440)));
}
template <class V> XGRAD_INLINE V apply(Gelu, Params, V x) { return x * normal_cdf(x); }
template <class V> XGRAD_INLINE V apply(GeluTanh, Params, V x) {
  const V u = constant<V>(0.79788456080286535588) * (x + constant<V>(0.044715) * x * x * x);
  return constant<V>(0.5) * x * (constant<V>(1) + xsimd::tanh(u));
}
template <class V> XGRAD_INLINE V apply(Silu, Params p, V x) { return x * apply(Sigmoid{}, p, x); }
// params: beta, threshold; linear above the threshold.
template <class V> XGRAD_INLINE V apply(Softplus, Params p, V x) {
  const V bx = x * constant<V>(p[0]);
  return choose(bx > constant<V>(p[1]), x, xsimd::log1p(exp_to_both_ends(bx)) / constant<V>(p[0]));
}
// params: alpha, scale, input_scale.
template <class V> XGRAD_INLINE V apply(Elu, Params p, V x) {
  return choose(x > constant<V>(0), x * constant<V>(p[1]), xsimd::expm1(x * constant<V>(p[2])) * constant<V>(p[0] * p[1]));
}
template <class V> XGRAD_INLINE V apply(Frac, Params, V x) { return x - xsimd::trunc(x); }

template <class V> XGRAD_INLINE V apply(Floor, Params, V x) { if constexpr (std::is_integral_v<V>) return x; else return xsimd::floor(x); }
template <class V> XGRAD_INLINE V apply(Ceil, Params, V x) { if constexpr (std::is_integral_v<V>) return x; else return xsimd::ceil(x); }
template <class V> XGRAD_INLINE V apply(Trunc, Params, V x) { if constexpr (std::is_integral_v<V>) return x; else return xsimd::trunc(x); }
template <class V> XGRAD_INLINE V apply(Round, Params, V x) { if constexpr (std::is_integral_v<V>) return x; else return xsimd::nearbyint(x); }
template <class V> XGRAD_INLINE V apply(Neg, Params, V x) { if constexpr (std::is_integral_v<V>) return static_cast<V>(V{0} - x); else return x ^ constant<V>(-0.0); }  // xsimd's -x is 0 - x
template <class V> XGRAD_INLINE V apply(Abs, Params, V x) {
  if constexpr (std::is_integral_v<V>) return std::is_signed_v<V> && x < V{0} ? static_cast<V>(V{0} - x) : x; else return xsimd::abs(x);
}
template <class V> XGRAD_INLINE V apply(Sign, Params, V x) {
  const V zero = constant<V>(0), one = constant<V>(1);
  if constexpr (std::is_unsigned_v<V>) return x > zero ? one : zero;
  else return choose(x > zero, one, choose(x < zero, static_cast<V>(zero - one), zero));  // of NaN: 0, as in PyTorch
}
// NaN and -0 pass through, as in PyTorch.
template <class V> XGRAD_INLINE V apply(Relu, Params, V x) { return choose(x < constant<V>(0), constant<V>(0), x); }
template <class V> XGRAD_INLINE V apply(LeakyRelu, Params p, V x) { return choose(x > constant<V>(0), x, static_cast<V>(x * constant<V>(p[0]))); }
// params: min, max; NaN passes through.
template <class V> XGRAD_INLINE V apply(Clamp, Params p, V x) {
  if constexpr (std::is_integral_v<V>) {
    const V low = limit<V>(p[0]), high = limit<V>(p[1]);
    const V y = x < low ? low : x;
    return y > high ? high : y;
  } else {
    const V y = choose(x < constant<V>(p[0]), constant<V>(p[0]), x);
    return choose(y > constant<V>(p[1]), constant<V>(p[1]), y);
  }
}
template <class V> XGRAD_INLINE V apply(Square, Params, V x) { return static_cast<V>(x * x); }
template <class T> XGRAD_INLINE T apply(PowScalar, Params p, T x) { return static_cast<T>(std::pow(x, static_cast<T>(p[0]))); }
template <class T> XGRAD_INLINE T apply(BitNot, Params, T x) { if constexpr (std::is_same_v<T, bool>) return !x; else return static_cast<T>(~x); }
template <class T> XGRAD_INLINE bool apply(IsNan, Params, T x) { return x != x; }
template <class T> XGRAD_INLINE bool apply(IsInf, Params, T x) { if constexpr (std::is_integral_v<T>) return false; else return __builtin_isinf(x); }
template <class T> XGRAD_INLINE bool apply(IsFinite, Params, T x) { if constexpr (std::is_integral_v<T>) return true; else return __builtin_isfinite(x); }
template <class T> XGRAD_INLINE bool apply(LogicalNot, Params, T x) { return x == T{}; }

template <class V> XGRAD_INLINE V apply(Add, Params p, V a, V b) {
  if constexpr (std::is_same_v<V, bool>) return a || b;
  else if constexpr (std::is_integral_v<V>) return static_cast<V>(a + static_cast<V>(static_cast<std::int64_t>(p[0])) * b);
  else return a + constant<V>(p[0]) * b;
}
template <class V> XGRAD_INLINE V apply(Mul, Params, V a, V b) {
  if constexpr (std::is_same_v<V, bool>) return a && b; else return static_cast<V>(a * b);
}
template <class V> XGRAD_INLINE V apply(Div, Params, V a, V b) { return a / b; }
template <class V> XGRAD_INLINE V apply(TruncDiv, Params, V a, V b) {
  if constexpr (std::is_integral_v<V>) return divide(a, b); else return xsimd::trunc(a / b);
}
template <class T> XGRAD_INLINE T apply(FloorDiv, Params, T a, T b) {
  if constexpr (std::is_integral_v<T>) {
    const T q = divide(a, b);
    return static_cast<T>(b != T{0} && (a % b != 0) && ((a < 0) != (b < 0)) ? q - 1 : q);
  } else {  // Python's: exact where a / b would round up to the next whole number
    if (b == T{0}) return a / b;
    const T r = std::fmod(a, b);
    T q = (a - r) / b;
    if (r != T{0} && (b < T{0}) != (r < T{0})) q -= T{1};
    if (q == T{0}) return std::copysign(T{0}, a / b);
    const T whole = std::floor(q);
    return q - whole > T{0.5} ? whole + T{1} : whole;
  }
}
template <class T> XGRAD_INLINE T apply(Fmod, Params, T a, T b) {
  if constexpr (std::is_integral_v<T>) return b == T{0} || (std::is_signed_v<T> && b == static_cast<T>(-1)) ? T{0} : static_cast<T>(a % b); else return std::fmod(a, b);
}
template <class T> XGRAD_INLINE T apply(Remainder, Params p, T a, T b) {
  const T r = apply(Fmod{}, p, a, b);
  return r != T{0} && ((r < T{0}) != (b < T{0})) ? static_cast<T>(r + b) : r;
}
template <class T> XGRAD_INLINE T apply(Pow, Params, T a, T b) {
  if constexpr (std::is_integral_v<T>) return integer_power(a, b); else return std::pow(a, b);
}
template <class T> XGRAD_INLINE T apply(Atan2, Params, T a, T b) { return std::atan2(a, b); }
template <class T> XGRAD_INLINE T apply(Hypot, Params, T a, T b) { return std::hypot(a, b); }
template <class T> XGRAD_INLINE T apply(Xlogy, Params, T a, T b) { return b != b ? b : a == T{0} ? T{0} : a * std::log(b); }
template <class T> XGRAD_INLINE T apply(Logaddexp, Params, T a, T b) {
  if (__builtin_isinf(a) && a == b) return a;
  const T m = a > b ? a : b;
  return m + std::log1p(std::exp(-std::fabs(a - b)));
}
template <class V> XGRAD_INLINE V apply(Maximum, Params, V a, V b) {  // NaN wins; by ==, since xsimd's != on AVX is false for NaN
  if constexpr (std::is_integral_v<V>) return a > b ? a : b; else return choose(a == a, choose(b == b, choose(a > b, a, b), b), a);
}
template <class V> XGRAD_INLINE V apply(Minimum, Params, V a, V b) {
  if constexpr (std::is_integral_v<V>) return a < b ? a : b; else return choose(a == a, choose(b == b, choose(a < b, a, b), b), a);
}
template <class V> XGRAD_INLINE V apply(Fmax, Params, V a, V b) {  // NaN loses
  if constexpr (std::is_integral_v<V>) return a > b ? a : b; else return choose(b == b, choose(a == a, choose(a >= b, a, b), b), a);
}
template <class V> XGRAD_INLINE V apply(Fmin, Params, V a, V b) {
  if constexpr (std::is_integral_v<V>) return a < b ? a : b; else return choose(b == b, choose(a == a, choose(a <= b, a, b), b), a);
}
template <class T> XGRAD_INLINE T apply(BitAnd, Params, T a, T b) { return static_cast<T>(a & b); }
template <class T> XGRAD_INLINE T apply(BitOr, Params, T a, T b) { return static_cast<T>(a | b); }
template <class T> XGRAD_INLINE T apply(BitXor, Params, T a, T b) { return static_cast<T>(a ^ b); }
template <class T> XGRAD_INLINE bool apply(Equal, Params, T a, T b) { return a == b; }
template <class T> XGRAD_INLINE bool apply(NotEqual, Params, T a, T b) { return a != b; }
template <class T> XGRAD_INLINE bool apply(Less, Params, T a, T b) { return a < b; }
template <class T> XGRAD_INLINE bool apply(LessEqual, Params, T a, T b) { return a <= b; }
template <class T> XGRAD_INLINE bool apply(Greater, Params, T a, T b) { return a > b; }
template <class T> XGRAD_INLINE bool apply(GreaterEqual, Params, T a, T b) { return a >= b; }

template <class V> XGRAD_INLINE V apply(TanhBackward, Params, V dy, V y) { return dy * (constant<V>(1) - y * y); }
template <class V> XGRAD_INLINE V apply(SigmoidBackward, Params, V dy, V y) { return dy * (constant<V>(1) - y) * y; }
template <class V> XGRAD_INLINE V apply(ReluBackward, Params, V dy, V y) { return choose(y <= constant<V>(0), constant<V>(0), dy); }
template <class V> XGRAD_INLINE V apply(LeakyReluBackward, Params p, V dy, V x) { return choose(x > constant<V>(0), dy, dy * constant<V>(p[0])); }
// d/dx x cdf(x) = cdf(x) + x pdf(x)
template <class V> XGRAD_INLINE V apply(GeluBackward, Params, V dy, V x) {
  const V pdf = constant<V>(0.39894228040143267794) * xsimd::exp(constant<V>(-0.5) * x * x);
  return dy * (normal_cdf(x) + x * pdf);
}
template <class V> XGRAD_INLINE V apply(SiluBackward, Params p, V dy, V x) {
  const V s = apply(Sigmoid{}, p, x);
  return dy * s * (constant<V>(1) + x * (constant<V>(1) - s));
}
template <class V> XGRAD_INLINE V apply(EluBackward, Params p, V dy, V x) {
  const V negative = dy * constant<V>(p[0] * p[1] * p[2]) * exp_to_both_ends(V(x * constant<V>(p[2])));
  return choose(x <= constant<V>(0), negative, dy * constant<V>(p[1]));
}
template <class V> XGRAD_INLINE V apply(SoftplusBackward, Params p, V dy, V x) {
  const V bx = x * constant<V>(p[0]);
  return choose(bx > constant<V>(p[1]), dy, dy * apply(Sigmoid{}, p, bx));
}
template <class V> XGRAD_INLINE V apply(ClampBackward, Params p, V dy, V x) {
  return choose(x >= constant<V>(p[0]), choose(x <= constant<V>(p[1]), dy, constant<V>(0)), constant<V>(0));
}

template <class V> XGRAD_INLINE V apply(Where, Params, V a, V b, V c) { return choose(a != V{}, b, c); }
template <class V> XGRAD_INLINE V apply(Addcmul, Params p, V a, V b, V c) { return static_cast<V>(a + constant<V>(p[0]) * b * c); }
template <class V> XGRAD_INLINE V apply(Addcdiv, Params p, V a, V b, V c) { return a + constant<V>(p[0]) * b / c; }
// From the nearer end, so that weight 1 gives b exactly.
template <class V> XGRAD_INLINE V apply(Lerp, Params, V a, V b, V w) {
  return choose(xsimd::abs(w) < constant<V>(0.5), a + w * (b - a), b - (b - a) * (constant<V>(1) - w));
}
// clang-format on

}  // namespace xgrad::kernels::XGRAD_ARCH_NAME
