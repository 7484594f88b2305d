#include "xgrad/ops/window_function.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "xgrad/core/format.h"
#include "xgrad/ops/factories.h"

namespace xgrad {

namespace {

// f(position from 0 to 1) at n points.
template <class F>
Tensor window(const char* op, std::int64_t n, bool periodic, const TensorOptions& options,
              const F& f) {
  check(n >= 0, "{}: {} points, expected at least 0", op, n);
  const ScalarType type = options.dtype().toScalarType();
  check(isFloatingType(type), "{}: dtype {}, expected float32 or float64", op, dtype_name(type));
  const Tensor values = empty({n}, kDouble);
  double* value = values.data_ptr<double>();
  const auto steps = static_cast<double>(periodic ? n : n - 1);
  for (std::int64_t i = 0; i < n; ++i) value[i] = n == 1 ? 1 : f(static_cast<double>(i) / steps);
  Tensor result = values.to(type);
  return options.requires_grad() ? result.requires_grad_() : result;
}

double turn(double position) { return std::cos(2 * std::numbers::pi * position); }

}  // namespace

Tensor hann_window(std::int64_t n, TensorOptions options) { return hann_window(n, true, options); }
Tensor hann_window(std::int64_t n, bool periodic, TensorOptions options) {
  return window("hann_window", n, periodic, options, [](double t) { return 0.5 - 0.5 * turn(t); });
}

Tensor hamming_window(std::int64_t n, TensorOptions options) {
  return hamming_window(n, true, options);
}
Tensor hamming_window(std::int64_t n, bool periodic, TensorOptions options) {
  return hamming_window(n, periodic, 0.54, options);
}
Tensor hamming_window(std::int64_t n, bool periodic, double alpha, TensorOptions options) {
  return hamming_window(n, periodic, alpha, 0.46, options);
}
Tensor hamming_window(std::int64_t n, bool periodic, double alpha, double beta,
                      TensorOptions options) {
  return window("hamming_window", n, periodic, options,
                [&](double t) { return alpha - beta * turn(t); });
}

Tensor blackman_window(std::int64_t n, TensorOptions options) {
  return blackman_window(n, true, options);
}
Tensor blackman_window(std::int64_t n, bool periodic, TensorOptions options) {
  return window("blackman_window", n, periodic, options,
                [](double t) { return 0.42 - 0.5 * turn(t) + 0.08 * turn(2 * t); });
}

Tensor kaiser_window(std::int64_t n, TensorOptions options) {
  return kaiser_window(n, true, options);
}
Tensor kaiser_window(std::int64_t n, bool periodic, TensorOptions options) {
  return kaiser_window(n, periodic, 12, options);
}
Tensor kaiser_window(std::int64_t n, bool periodic, double beta, TensorOptions options) {
  const double middle = std::cyl_bessel_i(0, std::abs(beta));
  return window("kaiser_window", n, periodic, options, [&](double t) {
    const double inside = std::max(0.0, 1 - (2 * t - 1) * (2 * t - 1));
    return std::cyl_bessel_i(0, std::abs(beta) * std::sqrt(inside)) / middle;
  });
}

Tensor bartlett_window(std::int64_t n, TensorOptions options) {
  return bartlett_window(n, true, options);
}
Tensor bartlett_window(std::int64_t n, bool periodic, TensorOptions options) {
  return window("bartlett_window", n, periodic, options,
                [](double t) { return 1 - std::abs(2 * t - 1); });
}

}  // namespace xgrad
