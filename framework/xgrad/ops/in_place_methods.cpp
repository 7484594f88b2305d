// Methods that only call their function, and in-place forms that have no kernel of their own: the
// result is computed and written back.
#include "xgrad/core/format.h"
#include "xgrad/ops/activation.h"
#include "xgrad/ops/arithmetic.h"
#include "xgrad/ops/comparison.h"
#include "xgrad/ops/cumulative.h"
#include "xgrad/ops/elementwise.h"
#include "xgrad/ops/gather.h"
#include "xgrad/ops/in_place.h"
#include "xgrad/ops/linalg.h"
#include "xgrad/ops/matmul.h"
#include "xgrad/ops/order_statistics.h"
#include "xgrad/ops/pow.h"
#include "xgrad/ops/reduce.h"
#include "xgrad/ops/shape.h"
#include "xgrad/ops/where.h"

namespace xgrad {

// clang-format off
Tensor Tensor::fliplr() const { return xgrad::fliplr(*this); }
Tensor Tensor::flipud() const { return xgrad::flipud(*this); }
Tensor Tensor::diagflat(std::int64_t offset) const { return xgrad::diagflat(*this, offset); }
Tensor Tensor::hardshrink(const Scalar& lambd) const { return xgrad::hardshrink(*this, lambd); }
Tensor Tensor::prelu(const Tensor& weight) const { return xgrad::prelu(*this, weight); }
Tensor Tensor::logaddexp2(const Tensor& other) const { return xgrad::logaddexp2(*this, other); }
Tensor Tensor::nanmean(OptionalIntArrayRef dim, bool keepdim, OptType type) const { return xgrad::nanmean(*this, dim, keepdim, type); }
Tensor Tensor::float_power(const Tensor& exponent) const { return xgrad::float_power(*this, exponent); }
Tensor Tensor::float_power(const Scalar& exponent) const { return xgrad::float_power(*this, exponent); }
Tensor Tensor::addbmm(const Tensor& a, const Tensor& b, const Scalar& beta, const Scalar& alpha) const { return xgrad::addbmm(*this, a, b, beta, alpha); }
Tensor Tensor::matrix_exp() const { return xgrad::matrix_exp(*this); }
Tensor Tensor::pinverse(double rcond) const { return xgrad::pinverse(*this, rcond); }
Tensor Tensor::cholesky_solve(const Tensor& factor, bool upper) const { return xgrad::cholesky_solve(*this, factor, upper); }
Tensor Tensor::cholesky_inverse(bool upper) const { return xgrad::cholesky_inverse(*this, upper); }
Tensor Tensor::nanmedian() const { return xgrad::nanmedian(*this); }
Tensor::Pair Tensor::nanmedian(std::int64_t dim, bool keepdim) const { return xgrad::nanmedian(*this, dim, keepdim); }
Tensor Tensor::nanquantile(double q, OptDim dim, bool keepdim, std::string_view interpolation) const { return xgrad::nanquantile(*this, q, dim, keepdim, interpolation); }
Tensor Tensor::nanquantile(const Tensor& q, OptDim dim, bool keepdim, std::string_view interpolation) const { return xgrad::nanquantile(*this, q, dim, keepdim, interpolation); }
std::vector<Tensor> Tensor::nonzero_numpy() const { return xgrad::nonzero_numpy(*this); }
// clang-format on

Tensor& Tensor::logit_(optional<double> eps) const {
  return apply_in_place("logit_", *this, [&](const Tensor& x) { return xgrad::logit(x, eps); });
}
Tensor& Tensor::atan2_(const Tensor& other) const {
  return apply_in_place("atan2_", *this, [&](const Tensor& x) { return xgrad::atan2(x, other); },
                        {other});
}
Tensor& Tensor::hypot_(const Tensor& other) const {
  return apply_in_place("hypot_", *this, [&](const Tensor& x) { return xgrad::hypot(x, other); },
                        {other});
}
Tensor& Tensor::xlogy_(const Tensor& other) const {
  return apply_in_place("xlogy_", *this, [&](const Tensor& x) { return xgrad::xlogy(x, other); },
                        {other});
}
Tensor& Tensor::copysign_(const Tensor& other) const {
  return apply_in_place("copysign_", *this,
                        [&](const Tensor& x) { return xgrad::copysign(x, other); }, {other});
}
Tensor& Tensor::copysign_(const Scalar& other) const {
  return apply_in_place("copysign_", *this,
                        [&](const Tensor& x) { return xgrad::copysign(x, other); });
}
Tensor& Tensor::cumsum_(std::int64_t dim, OptType type) const {
  return apply_in_place("cumsum_", *this,
                        [&](const Tensor& x) { return xgrad::cumsum(x, dim, type); });
}
Tensor& Tensor::cumprod_(std::int64_t dim, OptType type) const {
  return apply_in_place("cumprod_", *this,
                        [&](const Tensor& x) { return xgrad::cumprod(x, dim, type); });
}
Tensor& Tensor::addmv_(const Tensor& a, const Tensor& b, const Scalar& beta,
                       const Scalar& alpha) const {
  return apply_in_place("addmv_", *this,
                        [&](const Tensor& x) { return xgrad::addmv(x, a, b, beta, alpha); });
}
Tensor& Tensor::addr_(const Tensor& a, const Tensor& b, const Scalar& beta,
                      const Scalar& alpha) const {
  return apply_in_place("addr_", *this,
                        [&](const Tensor& x) { return xgrad::addr(x, a, b, beta, alpha); }, {a, b});
}
Tensor& Tensor::baddbmm_(const Tensor& a, const Tensor& b, const Scalar& beta,
                         const Scalar& alpha) const {
  return apply_in_place("baddbmm_", *this,
                        [&](const Tensor& x) { return xgrad::baddbmm(x, a, b, beta, alpha); });
}
Tensor& Tensor::masked_scatter_(const Tensor& mask, const Tensor& source) const {
  return apply_in_place("masked_scatter_", *this,
                        [&](const Tensor& x) { return xgrad::masked_scatter(x, mask, source); });
}
Tensor& Tensor::put_(const Tensor& index, const Tensor& source, bool accumulate) const {
  autograd::check_apart("put_", *this, index);
  autograd::check_apart("put_", *this, source);
  return apply_in_place("put_", *this,
                        [&](const Tensor& x) { return xgrad::put(x, index, source, accumulate); });
}
Tensor& Tensor::sinc_() const {
  return apply_in_place("sinc_", *this, [&](const Tensor& x) { return xgrad::sinc(x); });
}
Tensor& Tensor::i0_() const {
  return apply_in_place("i0_", *this, [&](const Tensor& x) { return xgrad::i0(x); });
}
Tensor& Tensor::gcd_(const Tensor& other) const {
  return apply_in_place("gcd_", *this, [&](const Tensor& x) { return xgrad::gcd(x, other); });
}
Tensor& Tensor::lcm_(const Tensor& other) const {
  return apply_in_place("lcm_", *this, [&](const Tensor& x) { return xgrad::lcm(x, other); });
}
Tensor& Tensor::nextafter_(const Tensor& other) const {
  return apply_in_place("nextafter_", *this,
                        [&](const Tensor& x) { return xgrad::nextafter(x, other); });
}
Tensor& Tensor::bitwise_left_shift_(const Tensor& other) const {
  return apply_in_place("bitwise_left_shift_", *this,
                        [&](const Tensor& x) { return xgrad::bitwise_left_shift(x, other); });
}
Tensor& Tensor::bitwise_right_shift_(const Tensor& other) const {
  return apply_in_place("bitwise_right_shift_", *this,
                        [&](const Tensor& x) { return xgrad::bitwise_right_shift(x, other); });
}
Tensor& Tensor::heaviside_(const Tensor& values) const {
  return apply_in_place("heaviside_", *this,
                        [&](const Tensor& x) { return xgrad::heaviside(x, values); });
}
Tensor& Tensor::float_power_(const Tensor& exponent) const {
  check(scalar_type() == kDouble, "float_power_: the tensor is {}, expected float64",
        dtype_name(scalar_type()));
  return apply_in_place("float_power_", *this,
                        [&](const Tensor& x) { return xgrad::float_power(x, exponent); });
}
Tensor& Tensor::float_power_(const Scalar& exponent) const {
  check(scalar_type() == kDouble, "float_power_: the tensor is {}, expected float64",
        dtype_name(scalar_type()));
  return apply_in_place("float_power_", *this,
                        [&](const Tensor& x) { return xgrad::float_power(x, exponent); });
}
Tensor& Tensor::addbmm_(const Tensor& a, const Tensor& b, const Scalar& beta,
                        const Scalar& alpha) const {
  return apply_in_place("addbmm_", *this,
                        [&](const Tensor& x) { return xgrad::addbmm(x, a, b, beta, alpha); });
}
Tensor& Tensor::scatter_reduce_(std::int64_t dim, const Tensor& index, const Tensor& source,
                                std::string_view reduce, bool include_self) const {
  autograd::check_apart("scatter_reduce_", *this, index);
  autograd::check_apart("scatter_reduce_", *this, source);
  return apply_in_place("scatter_reduce_", *this, [&](const Tensor& x) {
    return xgrad::scatter_reduce(x, dim, index, source, reduce, include_self);
  });
}
Tensor& Tensor::index_reduce_(std::int64_t dim, const Tensor& index, const Tensor& source,
                              std::string_view reduce, bool include_self) const {
  autograd::check_apart("index_reduce_", *this, index);
  autograd::check_apart("index_reduce_", *this, source);
  return apply_in_place("index_reduce_", *this, [&](const Tensor& x) {
    return xgrad::index_reduce(x, dim, index, source, reduce, include_self);
  });
}

}  // namespace xgrad
