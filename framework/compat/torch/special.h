// torch::special: xgrad's functions under their names of libtorch's C++ frontend, beside those of
// ops/special.h.
#pragma once

#include <type_traits>

#include "torch/namespaces.h"

namespace xgrad::special {

inline Tensor gammaln(const Tensor& x) { return xgrad::lgamma(x); }
inline Tensor digamma(const Tensor& x) { return xgrad::digamma(x); }
inline Tensor psi(const Tensor& x) { return xgrad::digamma(x); }
inline Tensor polygamma(std::int64_t n, const Tensor& x) { return xgrad::polygamma(n, x); }
inline Tensor multigammaln(const Tensor& x, std::int64_t p) { return xgrad::mvlgamma(x, p); }
inline Tensor erf(const Tensor& x) { return xgrad::erf(x); }
inline Tensor erfc(const Tensor& x) { return xgrad::erfc(x); }
inline Tensor erfinv(const Tensor& x) { return xgrad::erfinv(x); }
inline Tensor expit(const Tensor& x) { return xgrad::sigmoid(x); }
inline Tensor logit(const Tensor& x, optional<double> eps = nullopt) {
  return xgrad::logit(x, eps);
}
inline Tensor exp2(const Tensor& x) { return xgrad::exp2(x); }
inline Tensor expm1(const Tensor& x) { return xgrad::expm1(x); }
inline Tensor log1p(const Tensor& x) { return xgrad::log1p(x); }
inline Tensor sinc(const Tensor& x) { return xgrad::sinc(x); }
inline Tensor i0(const Tensor& x) { return xgrad::i0(x); }
inline Tensor gammainc(const Tensor& a, const Tensor& x) { return xgrad::igamma(a, x); }
inline Tensor gammaincc(const Tensor& a, const Tensor& x) { return xgrad::igammac(a, x); }
inline Tensor round(const Tensor& x) { return xgrad::round(x); }
inline Tensor round(const Tensor& x, std::int64_t decimals) { return xgrad::round(x, decimals); }
inline Tensor xlogy(const Tensor& a, const Tensor& b) { return xgrad::xlogy(a, b); }
inline Tensor xlogy(const Tensor& a, const Scalar& b) { return xgrad::xlogy(a, b); }
inline Tensor xlogy(const Scalar& a, const Tensor& b) { return xgrad::xlogy(a, b); }
inline Tensor logsumexp(const Tensor& x, IntArrayRef dim, bool keepdim = false) {
  return xgrad::logsumexp(x, dim, keepdim);
}
inline Tensor softmax(const Tensor& x, std::int64_t dim, optional<ScalarType> type = nullopt) {
  return xgrad::softmax(x, dim, type);
}
inline Tensor log_softmax(const Tensor& x, std::int64_t dim, optional<ScalarType> type = nullopt) {
  return xgrad::log_softmax(x, dim, type);
}

}  // namespace xgrad::special

namespace xgrad {

// The same under their names without a namespace, and with a tensor for the result.
#define XGRAD_SPECIAL(op)                                                                   \
  template <class... Args>                                                                  \
  auto special_##op(const Args&... args)->decltype(special::op(args...)) {                  \
    return special::op(args...);                                                            \
  }                                                                                         \
  template <class... Args>                                                                  \
  auto special_##op##_out(Tensor& out, const Args&... args)                                 \
      ->std::enable_if_t<std::is_same_v<decltype(special::op(args...)), Tensor>, Tensor&> { \
    return detail::write_out("special_" #op "_out", out, special::op(args...),              \
                             autograd::flatten_tensor_args(args...));                       \
  }                                                                                         \
  namespace special {                                                                       \
  template <class... Args>                                                                  \
  auto op##_out(Tensor& out, const Args&... args)                                           \
      -> std::enable_if_t<std::is_same_v<decltype(op(args...)), Tensor>, Tensor&> {         \
    return special_##op##_out(out, args...);                                                \
  }                                                                                         \
  }
// clang-format off
XGRAD_SPECIAL(airy_ai) XGRAD_SPECIAL(scaled_modified_bessel_k0)
XGRAD_SPECIAL(scaled_modified_bessel_k1) XGRAD_SPECIAL(bessel_j0) XGRAD_SPECIAL(bessel_j1) XGRAD_SPECIAL(bessel_y0)
XGRAD_SPECIAL(bessel_y1) XGRAD_SPECIAL(chebyshev_polynomial_t)
XGRAD_SPECIAL(chebyshev_polynomial_u) XGRAD_SPECIAL(chebyshev_polynomial_v)
XGRAD_SPECIAL(chebyshev_polynomial_w) XGRAD_SPECIAL(digamma) XGRAD_SPECIAL(entr)
XGRAD_SPECIAL(erf) XGRAD_SPECIAL(erfc) XGRAD_SPECIAL(erfcx) XGRAD_SPECIAL(erfinv)
XGRAD_SPECIAL(exp2) XGRAD_SPECIAL(expit) XGRAD_SPECIAL(expm1) XGRAD_SPECIAL(gammainc)
XGRAD_SPECIAL(gammaincc) XGRAD_SPECIAL(gammaln) XGRAD_SPECIAL(hermite_polynomial_h)
XGRAD_SPECIAL(hermite_polynomial_he) XGRAD_SPECIAL(i0) XGRAD_SPECIAL(i0e) XGRAD_SPECIAL(i1)
XGRAD_SPECIAL(i1e) XGRAD_SPECIAL(laguerre_polynomial_l) XGRAD_SPECIAL(legendre_polynomial_p)
XGRAD_SPECIAL(log1p) XGRAD_SPECIAL(log_ndtr) XGRAD_SPECIAL(log_softmax) XGRAD_SPECIAL(logit)
XGRAD_SPECIAL(logsumexp) XGRAD_SPECIAL(modified_bessel_i0) XGRAD_SPECIAL(modified_bessel_i1)
XGRAD_SPECIAL(modified_bessel_k0) XGRAD_SPECIAL(modified_bessel_k1) XGRAD_SPECIAL(multigammaln)
XGRAD_SPECIAL(ndtr) XGRAD_SPECIAL(ndtri) XGRAD_SPECIAL(polygamma) XGRAD_SPECIAL(psi)
XGRAD_SPECIAL(round) XGRAD_SPECIAL(shifted_chebyshev_polynomial_t)
XGRAD_SPECIAL(shifted_chebyshev_polynomial_u) XGRAD_SPECIAL(shifted_chebyshev_polynomial_v)
XGRAD_SPECIAL(shifted_chebyshev_polynomial_w) XGRAD_SPECIAL(sinc) XGRAD_SPECIAL(softmax)
XGRAD_SPECIAL(spherical_bessel_j0) XGRAD_SPECIAL(xlog1py) XGRAD_SPECIAL(xlogy) XGRAD_SPECIAL(zeta)
// clang-format on
#undef XGRAD_SPECIAL

}  // namespace xgrad
