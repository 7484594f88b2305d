#include "xgrad/ops/pow.h"

#include <cmath>

#include "xgrad/core/format.h"
#include "xgrad/ops/arithmetic.h"
#include "xgrad/ops/comparison.h"
#include "xgrad/ops/elementwise.h"
#include "xgrad/ops/factories.h"
#include "xgrad/ops/places.h"
#include "xgrad/ops/unary.h"
#include "xgrad/ops/where.h"

namespace xgrad {

using namespace autograd;

namespace {

// x^e by the cheapest exact way: a library pow costs 20 times a product.
Tensor power(const Tensor& x, const Scalar& exponent, ScalarType type) {
  const double e = exponent.toDouble();
  if (e == 1) return convert(x, type);
  if (e == 2) return map<kernels::Square>("pow", type, {x});
  if (!isFloatingType(type)) {
    return map<kernels::Pow>("pow", type, {x, scalar_as("pow", exponent, type)});
  }
  if (e == 0) return ones_like(x, type);
  if (e == 3) return map<kernels::Mul>("pow", type, {map<kernels::Square>("pow", type, {x}), x});
  if (e == 0.5) return map<kernels::Sqrt>("pow", type, {x});
  if (e == -0.5) return map<kernels::Rsqrt>("pow", type, {x});
  if (e == -1) return map<kernels::Reciprocal>("pow", type, {x});
  if (e == -2) {
    return map<kernels::Reciprocal>("pow", type, {map<kernels::Square>("pow", type, {x})});
  }
  return map<kernels::PowScalar>("pow", type, {x}, {e});
}

// One less, of the same kind, so that integers stay exact.
Scalar less_one(const Scalar& exponent) {
  return exponent.isFloatingPoint() ? Scalar(exponent.toDouble() - 1)
                                    : Scalar(exponent.toLong() - 1);
}

}  // namespace

Tensor pow(const Tensor& base, const Scalar& exponent) {
  const ScalarType type = result_type({base, exponent});
  check(type != kBool, "pow: not defined for dtype bool");
  check(isFloatingType(type) || exponent.toDouble() >= 0,
        "pow: an integer cannot be raised to {}, expected an exponent of at least 0",
        exponent.toDouble());
  Tensor result = power(base, exponent, type);
  if (recording(base)) {
    record("PowBackward0", result, {base},
           [x = Saved(base), exponent](const Tensor& dy, Gradients& dx) {
             dx[0] = exponent.equal(0) ? zeros_like(dy)
                                       : dy * (pow(x(), less_one(exponent)) * exponent);
           });
  }
  return result;
}

Tensor pow(const Tensor& base, const Tensor& exponent) {
  Tensor result = map<kernels::Pow>("pow", result_type({base, exponent}), {base, exponent});
  if (recording(base, exponent)) {
    record("PowBackward1", result, {base, exponent},
           [x = Saved(base), e = Saved(exponent), y = saved_output(result)](const Tensor& dy,
                                                                            Gradients& d) {
             const Tensor u = x(), v = e();
             if (d.needs(0)) d[0] = where(v == 0, 0, dy * (v * pow(u, v - 1)));
             if (d.needs(1)) d[1] = dy * where((u == 0) & (v >= 0), 0, y() * log(u));
           });
  }
  return result;
}

Tensor pow(const Scalar& base, const Tensor& exponent) {
  const ScalarType type = result_type({base, exponent});
  Tensor result = base.equal(1) && type != kBool ? ones_like(exponent.detach(), type)
                                                 : map<kernels::Pow>("pow", type, {base, exponent});
  if (recording(exponent)) {
    record("PowBackward2", result, {exponent},
           [base, e = Saved(exponent), y = saved_output(result)](const Tensor& dy, Gradients& dx) {
             const Tensor rising = y() * std::log(base.toDouble());
             dx[0] = dy * (base.equal(0) ? where(e() >= 0, 0, rising) : rising);
           });
  }
  return result;
}

Tensor float_power(const Tensor& base, const Tensor& exponent) {
  return pow(base.to(kDouble), exponent.to(kDouble));
}
Tensor float_power(const Tensor& base, const Scalar& exponent) {
  return pow(base.to(kDouble), exponent.toDouble());
}
Tensor float_power(const Scalar& base, const Tensor& exponent) {
  return pow(base.toDouble(), exponent.to(kDouble));
}

// Methods.
Tensor Tensor::pow(const Tensor& exponent) const { return xgrad::pow(*this, exponent); }
Tensor Tensor::pow(const Scalar& exponent) const { return xgrad::pow(*this, exponent); }
Tensor& Tensor::pow_(const Tensor& exponent) const {
  return apply_in_place("pow_", *this, [&](const Tensor& x) { return xgrad::pow(x, exponent); },
                        {exponent});
}
Tensor& Tensor::pow_(const Scalar& exponent) const {
  return apply_in_place("pow_", *this, [&](const Tensor& x) { return xgrad::pow(x, exponent); });
}

}  // namespace xgrad
