// Ops whose arguments are of another kind than usual (tensors as bounds or indices, decimals, a
// rounding mode), and their in-place forms: each leads back to the usual one.
#include "xgrad/core/format.h"
#include "xgrad/ops/arithmetic.h"
#include "xgrad/ops/comparison.h"
#include "xgrad/ops/copy.h"
#include "xgrad/ops/cumulative.h"
#include "xgrad/ops/elementwise.h"
#include "xgrad/ops/factories.h"
#include "xgrad/ops/in_place.h"
#include "xgrad/ops/minmax.h"
#include "xgrad/ops/norm.h"
#include "xgrad/ops/order_statistics.h"
#include "xgrad/ops/pow.h"
#include "xgrad/ops/reduce.h"
#include "xgrad/ops/shape.h"
#include "xgrad/ops/sort.h"
#include "xgrad/ops/view.h"
#include "xgrad/ops/where.h"

namespace xgrad {

using namespace autograd;

// The gradient is zero, as that of round.
Tensor round(const Tensor& self, std::int64_t decimals) {
  check(self.is_floating_point(),
        "round: decimals are not defined for dtype {}, expected a floating one",
        dtype_name(self.scalar_type()));
  const Tensor power = pow(10.0, scalar_tensor(decimals < 0 ? -decimals : decimals, kDouble));
  const Scalar unit = power.item();
  return decimals < 0 ? round(self / unit) * unit : round(self * unit) / unit;
}

Tensor angle(const Tensor& self) {
  const Tensor x = self.detach().to(floating_result_type({self}));
  const Tensor y = where(x < 0, 3.14159265358979323846, where(x.isnan(), x, 0.0));
  if (recording(self)) {
    record("AngleBackward0", y, {self},
           [](const Tensor& dy, Gradients& dx) { dx[0] = zeros_like(dy); });
  }
  return y;
}

Tensor& clamp_(const Tensor& x, const optional<Tensor>& min, const optional<Tensor>& max) {
  return apply_in_place("clamp_", x, [&](const Tensor& before) { return clamp(before, min, max); },
                        {min.value_or(Tensor()), max.value_or(Tensor())});
}
Tensor& clip_(const Tensor& x, const optional<Tensor>& min, const optional<Tensor>& max) {
  return clamp_(x, min, max);
}
Tensor& clamp_min_(const Tensor& x, const Tensor& min) {
  return apply_in_place("clamp_min_", x,
                        [&](const Tensor& before) { return clamp_min(before, min); }, {min});
}
Tensor& clamp_max_(const Tensor& x, const Tensor& max) {
  return apply_in_place("clamp_max_", x,
                        [&](const Tensor& before) { return clamp_max(before, max); }, {max});
}

Tensor narrow(const Tensor& x, std::int64_t dim, const Tensor& start, std::int64_t length) {
  check(start.dim() == 0 && isIntegralType(start.scalar_type(), false),
        "narrow: start is {} of shape {}, expected an integer of shape []",
        dtype_name(start.scalar_type()), start.sizes());
  return narrow(x, dim, start.item().toLong(), length);
}

std::vector<Tensor> tensor_split(const Tensor& x, const Tensor& indices_or_sections,
                                 std::int64_t dim) {
  const Tensor& cuts = indices_or_sections;
  check(cuts.scalar_type() == kLong, "tensor_split: the indices are {}, expected int64",
        dtype_name(cuts.scalar_type()));
  check(cuts.dim() <= 1, "tensor_split: the indices have shape {}, expected at most 1 dim",
        cuts.sizes());
  if (cuts.dim() == 0) return tensor_split(x, cuts.item().toLong(), dim);
  const Tensor list = cuts.contiguous();
  return tensor_split(
      x, IntArrayRef(list.data_ptr<std::int64_t>(), static_cast<std::size_t>(list.numel())), dim);
}

// In-place forms without a kernel of their own.
#define XGRAD_IN_PLACE(op, ...) \
  return apply_in_place(#op "_", *this, [&](const Tensor& x) { return xgrad::op(__VA_ARGS__); })
// clang-format off
Tensor& Tensor::div_(const Tensor& other, optional<std::string_view> mode) const {
  return apply_in_place("div_", *this, [&](const Tensor& x) { return xgrad::div(x, other, mode); }, {other});
}
Tensor& Tensor::div_(const Scalar& other, optional<std::string_view> mode) const { XGRAD_IN_PLACE(div, x, other, mode); }
Tensor& Tensor::xlogy_(const Scalar& other) const { XGRAD_IN_PLACE(xlogy, x, other); }
Tensor& Tensor::ldexp_(const Tensor& other) const {
  return apply_in_place("ldexp_", *this, [&](const Tensor& x) { return xgrad::ldexp(x, other); }, {other});
}
Tensor& Tensor::mvlgamma_(std::int64_t p) const { XGRAD_IN_PLACE(mvlgamma, x, p); }
Tensor& Tensor::polygamma_(std::int64_t n) const { XGRAD_IN_PLACE(polygamma, n, x); }
Tensor& Tensor::round_(std::int64_t decimals) const { XGRAD_IN_PLACE(round, x, decimals); }
Tensor& Tensor::bitwise_and_(const Scalar& other) const { XGRAD_IN_PLACE(bitwise_and, x, other); }
Tensor& Tensor::bitwise_or_(const Scalar& other) const { XGRAD_IN_PLACE(bitwise_or, x, other); }
Tensor& Tensor::bitwise_xor_(const Scalar& other) const { XGRAD_IN_PLACE(bitwise_xor, x, other); }
Tensor& Tensor::bitwise_left_shift_(const Scalar& other) const { XGRAD_IN_PLACE(bitwise_left_shift, x, other); }
Tensor& Tensor::bitwise_right_shift_(const Scalar& other) const { XGRAD_IN_PLACE(bitwise_right_shift, x, other); }
Tensor& Tensor::lerp_(const Tensor& end, const Tensor& weight) const {
  return apply_in_place("lerp_", *this, [&](const Tensor& x) { return xgrad::lerp(x, end, weight); }, {end, weight});
}
#undef XGRAD_IN_PLACE

// Methods that only call their function.
Tensor& Tensor::clamp_(const optional<Tensor>& min, const optional<Tensor>& max) const { return xgrad::clamp_(*this, min, max); }
Tensor& Tensor::clamp_min_(const Tensor& min) const { return xgrad::clamp_min_(*this, min); }
Tensor& Tensor::clamp_max_(const Tensor& max) const { return xgrad::clamp_max_(*this, max); }
Tensor& round_(const Tensor& self, std::int64_t decimals) { return self.round_(decimals); }
Tensor Tensor::round(std::int64_t decimals) const { return xgrad::round(*this, decimals); }
Tensor Tensor::angle() const { return xgrad::angle(*this); }
Tensor Tensor::xlogy(const Scalar& other) const { return xgrad::xlogy(*this, other); }
Tensor Tensor::nansum(OptionalIntArrayRef dim, bool keepdim, OptType type) const { return xgrad::nansum(*this, dim, keepdim, type); }
Tensor Tensor::norm(const OptScalar& p, ScalarType type) const { return xgrad::norm(*this, p, type); }
Tensor Tensor::norm(const OptScalar& p, IntArrayRef dim, bool keepdim, ScalarType type) const { return xgrad::norm(*this, p, dim, keepdim, type); }
Tensor Tensor::quantile(double q, OptDim dim, bool keepdim, std::string_view interpolation) const { return xgrad::quantile(*this, q, dim, keepdim, interpolation); }
Tensor Tensor::quantile(const Tensor& q, OptDim dim, bool keepdim, std::string_view interpolation) const { return xgrad::quantile(*this, q, dim, keepdim, interpolation); }
Tensor Tensor::argsort(bool stable, std::int64_t dim, bool descending) const { return xgrad::argsort(*this, stable, dim, descending); }
Tensor Tensor::diff(std::int64_t n, std::int64_t dim, const optional<Tensor>& prepend, const optional<Tensor>& append) const { return xgrad::diff(*this, n, dim, prepend, append); }
Tensor Tensor::narrow(std::int64_t dim, const Tensor& start, std::int64_t length) const { return xgrad::narrow(*this, dim, start, length); }
std::vector<Tensor> Tensor::tensor_split(IntArrayRef indices, std::int64_t dim) const { return xgrad::tensor_split(*this, indices, dim); }
std::vector<Tensor> Tensor::tensor_split(const Tensor& cuts, std::int64_t dim) const { return xgrad::tensor_split(*this, cuts, dim); }
// clang-format on

}  // namespace xgrad
