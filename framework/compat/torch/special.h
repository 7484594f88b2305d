// torch::special: xgrad's functions under their names of libtorch's C++ frontend, beside those of
// ops/special.h.
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
