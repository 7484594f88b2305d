// Integrals by the trapezoidal rule, and polynomials' matrices. Source:
// https://pytorch.org/docs/stable/generated/torch.trapezoid.html, torch.vander.html.
//
//   xgrad::trapezoid(y, 0.1);   // y sampled every 0.1
#pragma once

#include "xgrad/core/tensor.h"

namespace xgrad {

// y [..., n, ...] -> [..., ...]: the integral along `dim` over points dx apart, or at x ([n], or
// broadcast to y). 0 for n < 2. Errors: x has another number of points.
Tensor trapezoid(const Tensor& y, const Scalar& dx = 1, std::int64_t dim = -1);
Tensor trapezoid(const Tensor& y, const Tensor& x, std::int64_t dim = -1);
Tensor trapz(const Tensor& y, double dx = 1, std::int64_t dim = -1);
Tensor trapz(const Tensor& y, const Tensor& x, std::int64_t dim = -1);
// The same up to each point: [..., n - 1, ...].
Tensor cumulative_trapezoid(const Tensor& y, const Scalar& dx = 1, std::int64_t dim = -1);
Tensor cumulative_trapezoid(const Tensor& y, const Tensor& x, std::int64_t dim = -1);

// x [n] -> [n, columns]: powers of x, falling unless `increasing`; n columns unless said otherwise.
Tensor vander(const Tensor& x, optional<std::int64_t> columns = nullopt, bool increasing = false);

}  // namespace xgrad
