// torch::special: xgrad's functions under their names of libtorch's C++ frontend.
#pragma once

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
inline Tensor round(const Tensor& x) { return xgrad::round(x); }
inline Tensor xlogy(const Tensor& a, const Tensor& b) { return xgrad::xlogy(a, b); }
inline Tensor xlogy(const Tensor& a, const Scalar& b) { return xgrad::xlogy(a, b); }
inline Tensor xlogy(const Scalar& a, const Tensor& b) { return xgrad::xlogy(a, b); }
// a log(1 + b), 0 where a is 0.
inline Tensor xlog1py(const Tensor& a, const Tensor& b) { return xgrad::xlogy(a, 1 + b); }
// The distribution function of the normal distribution, and its inverse.
inline Tensor ndtr(const Tensor& x) { return 0.5 * xgrad::erfc(x * -0.70710678118654752); }
inline Tensor ndtri(const Tensor& p) { return 1.4142135623730951 * xgrad::erfinv(2 * p - 1); }
// -x log(x), 0 at 0.
inline Tensor entr(const Tensor& x) { return -xgrad::xlogy(x, x); }
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
