#include "xgrad/ops/elementwise.h"

#include <limits>
#include <numbers>

#include "xgrad/core/format.h"
#include "xgrad/ops/arithmetic.h"
#include "xgrad/ops/comparison.h"
#include "xgrad/ops/factories.h"
#include "xgrad/ops/unary.h"
#include "xgrad/ops/where.h"

namespace xgrad {

using namespace autograd;

namespace {

constexpr double kTwoOverRootPi = 2 * std::numbers::inv_sqrtpi;

// A function that is flat between its steps: its gradient is zero.
template <class F>
Tensor stepped(const char* op, const char* node, const Tensor& self) {
  Tensor result = map<F>(op, self.scalar_type(), {self});
  if (recording(self)) {
    record(node, result, {self}, [](const Tensor& dy, Gradients& dx) { dx[0] = zeros_like(dy); });
  }
  return result;
}

}  // namespace

constexpr auto exp_slope = [](const Tensor& dy, const Tensor& y) { return dy * y; };
Tensor exp(const Tensor& self) {
  return of_output<kernels::Exp>("exp", "ExpBackward0", self, exp_slope);
}
constexpr auto exp2_slope = [](const Tensor& dy, const Tensor& y) {
  return dy * y * std::numbers::ln2;
};
Tensor exp2(const Tensor& self) {
  return of_output<kernels::Exp2>("exp2", "Exp2Backward0", self, exp2_slope);
}
constexpr auto expm1_slope = [](const Tensor& dy, const Tensor& y) { return dy * (y + 1); };
Tensor expm1(const Tensor& self) {
  return of_output<kernels::Expm1>("expm1", "Expm1Backward0", self, expm1_slope);
}
Tensor log(const Tensor& self) {
  return of_input<kernels::Log>("log", "LogBackward0", self,
                                [](const Tensor& dy, const Tensor& x) { return dy / x; });
}
Tensor log2(const Tensor& self) {
  return of_input<kernels::Log2>(
      "log2", "Log2Backward0", self,
      [](const Tensor& dy, const Tensor& x) { return dy / (x * std::numbers::ln2); });
}
Tensor log10(const Tensor& self) {
  return of_input<kernels::Log10>(
      "log10", "Log10Backward0", self,
      [](const Tensor& dy, const Tensor& x) { return dy / (x * std::numbers::ln10); });
}
Tensor log1p(const Tensor& self) {
  return of_input<kernels::Log1p>("log1p", "Log1PBackward0", self,
                                  [](const Tensor& dy, const Tensor& x) { return dy / (x + 1); });
}
constexpr auto sqrt_slope = [](const Tensor& dy, const Tensor& y) { return dy / (y * 2); };
Tensor sqrt(const Tensor& self) {
  return of_output<kernels::Sqrt>("sqrt", "SqrtBackward0", self, sqrt_slope);
}
constexpr auto rsqrt_slope = [](const Tensor& dy, const Tensor& y) { return dy * -0.5 * y.pow(3); };
Tensor rsqrt(const Tensor& self) {
  return of_output<kernels::Rsqrt>("rsqrt", "RsqrtBackward0", self, rsqrt_slope);
}
constexpr auto reciprocal_slope = [](const Tensor& dy, const Tensor& y) { return -dy * (y * y); };
Tensor reciprocal(const Tensor& self) {
  return of_output<kernels::Reciprocal>("reciprocal", "ReciprocalBackward0", self,
                                        reciprocal_slope);
}
Tensor erf(const Tensor& self) {
  return of_input<kernels::Erf>("erf", "ErfBackward0", self, [](const Tensor& dy, const Tensor& x) {
    return dy * (-x.square()).exp() * kTwoOverRootPi;
  });
}
Tensor erfc(const Tensor& self) {
  return of_input<kernels::Erfc>(
      "erfc", "ErfcBackward0", self,
      [](const Tensor& dy, const Tensor& x) { return dy * (-x.square()).exp() * -kTwoOverRootPi; });
}
Tensor erfinv(const Tensor& self) {
  return of_input<kernels::Erfinv>("erfinv", "ErfinvBackward0", self,
                                   [](const Tensor& dy, const Tensor& x) {
                                     return dy * erfinv(x).square().exp() / kTwoOverRootPi;
                                   });
}
Tensor lgamma(const Tensor& self) {
  return of_input<kernels::Lgamma>(
      "lgamma", "LgammaBackward0", self,
      [](const Tensor& dy, const Tensor& x) { return dy * x.digamma(); });
}
Tensor digamma(const Tensor& self) {
  return of_input<kernels::Digamma>(
      "digamma", "DigammaBackward0", self,
      [](const Tensor& dy, const Tensor& x) { return dy * polygamma(1, x); });
}

Tensor polygamma(std::int64_t n, const Tensor& self) {
  check(n >= 0, "polygamma: order {} is negative, expected at least 0", n);
  if (n == 0) return digamma(self);
  const ScalarType type = floating_result_type({self});
  Tensor result =
      n == 1 ? map<kernels::Trigamma>("polygamma", type, {self})
             : map<kernels::Polygamma>("polygamma", type, {self}, {static_cast<double>(n)});
  if (recording(self)) {
    record("PolygammaBackward0", result, {self},
           [x = Saved(self), n](const Tensor& dy, Gradients& dx) {
             dx[0] = dy * polygamma(n + 1, x());
           });
  }
  return result;
}

Tensor abs(const Tensor& self) {
  return of_input<kernels::Abs>("abs", "AbsBackward0", self,
                                [](const Tensor& dy, const Tensor& x) { return dy * x.sgn(); });
}
Tensor absolute(const Tensor& self) { return abs(self); }

Tensor square(const Tensor& self) {
  const ScalarType type = result_type({self, Scalar(2)});
  Tensor result = map<kernels::Square>("square", type, {self});
  if (recording(self)) {
    record("PowBackward0", result, {self},
           [x = Saved(self)](const Tensor& dy, Gradients& dx) { dx[0] = dy * (x() * 2); });
  }
  return result;
}

Tensor floor(const Tensor& self) {
  return stepped<kernels::Floor>("floor", "FloorBackward0", self);
}
Tensor ceil(const Tensor& self) { return stepped<kernels::Ceil>("ceil", "CeilBackward0", self); }
Tensor round(const Tensor& self) {
  return stepped<kernels::Round>("round", "RoundBackward0", self);
}
Tensor trunc(const Tensor& self) {
  return stepped<kernels::Trunc>("trunc", "TruncBackward0", self);
}
Tensor fix(const Tensor& self) { return trunc(self); }

Tensor frac(const Tensor& self) {
  Tensor result = map<kernels::Frac>("frac", self.scalar_type(), {self});
  if (recording(self)) {
    record("FracBackward0", result, {self}, [](const Tensor& dy, Gradients& dx) { dx[0] = dy; });
  }
  return result;
}

Tensor sign(const Tensor& self) {
  if (self.scalar_type() == kBool) return self.clone();
  return stepped<kernels::Sign>("sign", "SignBackward0", self);
}
Tensor sgn(const Tensor& self) {
  if (self.scalar_type() == kBool) return self.clone();
  return stepped<kernels::Sign>("sgn", "SgnBackward0", self);
}

Tensor logit(const Tensor& self, optional<double> eps) {
  const Tensor floating = self.to(floating_result_type({self}));
  const Tensor x = eps ? floating.clamp(*eps, 1 - *eps) : floating;
  const Tensor data = x.detach();
  Tensor result = log(data / (1 - data));
  if (recording(x)) {
    record("LogitBackward0", result, {x}, [x = Saved(x)](const Tensor& dy, Gradients& dx) {
      const Tensor u = x(), inside = (u >= 0) & (u <= 1);
      dx[0] = where(inside, dy / (u * (1 - u)), std::numeric_limits<double>::quiet_NaN());
    });
  }
  return result;
}

// Methods and in-place forms.
// clang-format off
Tensor Tensor::exp() const { return xgrad::exp(*this); }
Tensor& Tensor::exp_() const { return of_output_in_place<kernels::Exp>("exp_", "ExpBackward0", *this, exp_slope); }
Tensor& exp_(const Tensor& self) { return self.exp_(); }
Tensor Tensor::exp2() const { return xgrad::exp2(*this); }
Tensor& Tensor::exp2_() const { return of_output_in_place<kernels::Exp2>("exp2_", "Exp2Backward0", *this, exp2_slope); }
Tensor& exp2_(const Tensor& self) { return self.exp2_(); }
Tensor Tensor::expm1() const { return xgrad::expm1(*this); }
Tensor& Tensor::expm1_() const { return of_output_in_place<kernels::Expm1>("expm1_", "Expm1Backward0", *this, expm1_slope); }
Tensor& expm1_(const Tensor& self) { return self.expm1_(); }
Tensor Tensor::log() const { return xgrad::log(*this); }
Tensor& Tensor::log_() const { return in_place<kernels::Log>("log_", *this, xgrad::log); }
Tensor& log_(const Tensor& self) { return self.log_(); }
Tensor Tensor::log2() const { return xgrad::log2(*this); }
Tensor& Tensor::log2_() const { return in_place<kernels::Log2>("log2_", *this, xgrad::log2); }
Tensor& log2_(const Tensor& self) { return self.log2_(); }
Tensor Tensor::log10() const { return xgrad::log10(*this); }
Tensor& Tensor::log10_() const { return in_place<kernels::Log10>("log10_", *this, xgrad::log10); }
Tensor& log10_(const Tensor& self) { return self.log10_(); }
Tensor Tensor::log1p() const { return xgrad::log1p(*this); }
Tensor& Tensor::log1p_() const { return in_place<kernels::Log1p>("log1p_", *this, xgrad::log1p); }
Tensor& log1p_(const Tensor& self) { return self.log1p_(); }
Tensor Tensor::sqrt() const { return xgrad::sqrt(*this); }
Tensor& Tensor::sqrt_() const { return of_output_in_place<kernels::Sqrt>("sqrt_", "SqrtBackward0", *this, sqrt_slope); }
Tensor& sqrt_(const Tensor& self) { return self.sqrt_(); }
Tensor Tensor::rsqrt() const { return xgrad::rsqrt(*this); }
Tensor& Tensor::rsqrt_() const { return of_output_in_place<kernels::Rsqrt>("rsqrt_", "RsqrtBackward0", *this, rsqrt_slope); }
Tensor& rsqrt_(const Tensor& self) { return self.rsqrt_(); }
Tensor Tensor::reciprocal() const { return xgrad::reciprocal(*this); }
Tensor& Tensor::reciprocal_() const { return of_output_in_place<kernels::Reciprocal>("reciprocal_", "ReciprocalBackward0", *this, reciprocal_slope); }
Tensor& reciprocal_(const Tensor& self) { return self.reciprocal_(); }
Tensor Tensor::erf() const { return xgrad::erf(*this); }
Tensor& Tensor::erf_() const { return in_place<kernels::Erf>("erf_", *this, xgrad::erf); }
Tensor& erf_(const Tensor& self) { return self.erf_(); }
Tensor Tensor::erfc() const { return xgrad::erfc(*this); }
Tensor& Tensor::erfc_() const { return in_place<kernels::Erfc>("erfc_", *this, xgrad::erfc); }
Tensor& erfc_(const Tensor& self) { return self.erfc_(); }
Tensor Tensor::erfinv() const { return xgrad::erfinv(*this); }
Tensor& Tensor::erfinv_() const { return in_place<kernels::Erfinv>("erfinv_", *this, xgrad::erfinv); }
Tensor& erfinv_(const Tensor& self) { return self.erfinv_(); }
Tensor Tensor::lgamma() const { return xgrad::lgamma(*this); }
Tensor& Tensor::lgamma_() const { return in_place<kernels::Lgamma>("lgamma_", *this, xgrad::lgamma); }
Tensor& lgamma_(const Tensor& self) { return self.lgamma_(); }
Tensor Tensor::digamma() const { return xgrad::digamma(*this); }
Tensor& Tensor::digamma_() const { return in_place<kernels::Digamma>("digamma_", *this, xgrad::digamma); }
Tensor& digamma_(const Tensor& self) { return self.digamma_(); }
Tensor Tensor::abs() const { return xgrad::abs(*this); }
Tensor& Tensor::abs_() const { return in_place<kernels::Abs>("abs_", *this, xgrad::abs); }
Tensor& abs_(const Tensor& self) { return self.abs_(); }
Tensor Tensor::square() const { return xgrad::square(*this); }
Tensor& Tensor::square_() const { return in_place<kernels::Square>("square_", *this, xgrad::square); }
Tensor& square_(const Tensor& self) { return self.square_(); }
Tensor Tensor::floor() const { return xgrad::floor(*this); }
Tensor& Tensor::floor_() const { return in_place<kernels::Floor>("floor_", *this, xgrad::floor); }
Tensor& floor_(const Tensor& self) { return self.floor_(); }
Tensor Tensor::ceil() const { return xgrad::ceil(*this); }
Tensor& Tensor::ceil_() const { return in_place<kernels::Ceil>("ceil_", *this, xgrad::ceil); }
Tensor& ceil_(const Tensor& self) { return self.ceil_(); }
Tensor Tensor::round() const { return xgrad::round(*this); }
Tensor& Tensor::round_() const { return in_place<kernels::Round>("round_", *this, [](const Tensor& x) { return xgrad::round(x); }); }
Tensor& round_(const Tensor& self) { return self.round_(); }
Tensor Tensor::trunc() const { return xgrad::trunc(*this); }
Tensor& Tensor::trunc_() const { return in_place<kernels::Trunc>("trunc_", *this, xgrad::trunc); }
Tensor& trunc_(const Tensor& self) { return self.trunc_(); }
Tensor Tensor::frac() const { return xgrad::frac(*this); }
Tensor& Tensor::frac_() const { return in_place<kernels::Frac>("frac_", *this, xgrad::frac); }
Tensor& frac_(const Tensor& self) { return self.frac_(); }
Tensor Tensor::sign() const { return xgrad::sign(*this); }
Tensor& Tensor::sign_() const { return in_place<kernels::Sign>("sign_", *this, xgrad::sign); }
Tensor& sign_(const Tensor& self) { return self.sign_(); }
Tensor Tensor::sgn() const { return xgrad::sgn(*this); }
Tensor& Tensor::sgn_() const { return in_place<kernels::Sign>("sgn_", *this, xgrad::sgn); }
Tensor& sgn_(const Tensor& self) { return self.sgn_(); }
Tensor Tensor::absolute() const { return xgrad::abs(*this); }
Tensor& Tensor::absolute_() const { return abs_(); }
Tensor& absolute_(const Tensor& self) { return self.abs_(); }
// clang-format on

}  // namespace xgrad
