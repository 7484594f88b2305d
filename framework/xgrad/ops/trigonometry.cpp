#include "xgrad/ops/trigonometry.h"

#include <numbers>

#include "xgrad/ops/arithmetic.h"
#include "xgrad/ops/unary.h"

namespace xgrad {

Tensor sin(const Tensor& self) {
  return of_input<kernels::Sin>("sin", "SinBackward0", self,
                                [](const Tensor& dy, const Tensor& x) { return dy * x.cos(); });
}
Tensor cos(const Tensor& self) {
  return of_input<kernels::Cos>("cos", "CosBackward0", self,
                                [](const Tensor& dy, const Tensor& x) { return dy * -x.sin(); });
}
constexpr auto tan_slope = [](const Tensor& dy, const Tensor& y) { return dy * (y.square() + 1); };
Tensor tan(const Tensor& self) {
  return of_output<kernels::Tan>("tan", "TanBackward0", self, tan_slope);
}
Tensor asin(const Tensor& self) {
  return of_input<kernels::Asin>(
      "asin", "AsinBackward0", self,
      [](const Tensor& dy, const Tensor& x) { return dy * (1 - x.square()).rsqrt(); });
}
Tensor acos(const Tensor& self) {
  return of_input<kernels::Acos>(
      "acos", "AcosBackward0", self,
      [](const Tensor& dy, const Tensor& x) { return dy * -(1 - x.square()).rsqrt(); });
}
Tensor atan(const Tensor& self) {
  return of_input<kernels::Atan>(
      "atan", "AtanBackward0", self,
      [](const Tensor& dy, const Tensor& x) { return dy / (x.square() + 1); });
}
Tensor sinh(const Tensor& self) {
  return of_input<kernels::Sinh>("sinh", "SinhBackward0", self,
                                 [](const Tensor& dy, const Tensor& x) { return dy * x.cosh(); });
}
Tensor cosh(const Tensor& self) {
  return of_input<kernels::Cosh>("cosh", "CoshBackward0", self,
                                 [](const Tensor& dy, const Tensor& x) { return dy * x.sinh(); });
}
Tensor asinh(const Tensor& self) {
  return of_input<kernels::Asinh>(
      "asinh", "AsinhBackward0", self,
      [](const Tensor& dy, const Tensor& x) { return dy * (x.square() + 1).rsqrt(); });
}
Tensor acosh(const Tensor& self) {
  return of_input<kernels::Acosh>(
      "acosh", "AcoshBackward0", self,
      [](const Tensor& dy, const Tensor& x) { return dy * (x.square() - 1).rsqrt(); });
}
Tensor atanh(const Tensor& self) {
  return of_input<kernels::Atanh>(
      "atanh", "AtanhBackward0", self,
      [](const Tensor& dy, const Tensor& x) { return dy / (1 - x.square()); });
}

Tensor arcsin(const Tensor& self) { return asin(self); }
Tensor arccos(const Tensor& self) { return acos(self); }
Tensor arctan(const Tensor& self) { return atan(self); }
Tensor arcsinh(const Tensor& self) { return asinh(self); }
Tensor arccosh(const Tensor& self) { return acosh(self); }
Tensor arctanh(const Tensor& self) { return atanh(self); }

Tensor deg2rad(const Tensor& self) { return self * (std::numbers::pi / 180); }
Tensor rad2deg(const Tensor& self) { return self * (180 / std::numbers::pi); }

// Methods and in-place forms.
// clang-format off
Tensor Tensor::sin() const { return xgrad::sin(*this); }
Tensor& Tensor::sin_() const { return in_place<kernels::Sin>("sin_", *this, xgrad::sin); }
Tensor& sin_(const Tensor& self) { return self.sin_(); }
Tensor Tensor::cos() const { return xgrad::cos(*this); }
Tensor& Tensor::cos_() const { return in_place<kernels::Cos>("cos_", *this, xgrad::cos); }
Tensor& cos_(const Tensor& self) { return self.cos_(); }
Tensor Tensor::tan() const { return xgrad::tan(*this); }
Tensor& Tensor::tan_() const { return of_output_in_place<kernels::Tan>("tan_", "TanBackward0", *this, tan_slope); }
Tensor& tan_(const Tensor& self) { return self.tan_(); }
Tensor Tensor::asin() const { return xgrad::asin(*this); }
Tensor& Tensor::asin_() const { return in_place<kernels::Asin>("asin_", *this, xgrad::asin); }
Tensor& asin_(const Tensor& self) { return self.asin_(); }
Tensor Tensor::acos() const { return xgrad::acos(*this); }
Tensor& Tensor::acos_() const { return in_place<kernels::Acos>("acos_", *this, xgrad::acos); }
Tensor& acos_(const Tensor& self) { return self.acos_(); }
Tensor Tensor::atan() const { return xgrad::atan(*this); }
Tensor& Tensor::atan_() const { return in_place<kernels::Atan>("atan_", *this, xgrad::atan); }
Tensor& atan_(const Tensor& self) { return self.atan_(); }
Tensor Tensor::sinh() const { return xgrad::sinh(*this); }
Tensor& Tensor::sinh_() const { return in_place<kernels::Sinh>("sinh_", *this, xgrad::sinh); }
Tensor& sinh_(const Tensor& self) { return self.sinh_(); }
Tensor Tensor::cosh() const { return xgrad::cosh(*this); }
Tensor& Tensor::cosh_() const { return in_place<kernels::Cosh>("cosh_", *this, xgrad::cosh); }
Tensor& cosh_(const Tensor& self) { return self.cosh_(); }
Tensor Tensor::asinh() const { return xgrad::asinh(*this); }
Tensor& Tensor::asinh_() const { return in_place<kernels::Asinh>("asinh_", *this, xgrad::asinh); }
Tensor& asinh_(const Tensor& self) { return self.asinh_(); }
Tensor Tensor::acosh() const { return xgrad::acosh(*this); }
Tensor& Tensor::acosh_() const { return in_place<kernels::Acosh>("acosh_", *this, xgrad::acosh); }
Tensor& acosh_(const Tensor& self) { return self.acosh_(); }
Tensor Tensor::atanh() const { return xgrad::atanh(*this); }
Tensor& Tensor::atanh_() const { return in_place<kernels::Atanh>("atanh_", *this, xgrad::atanh); }
Tensor& atanh_(const Tensor& self) { return self.atanh_(); }
// clang-format on
Tensor Tensor::deg2rad() const { return xgrad::deg2rad(*this); }
Tensor& Tensor::deg2rad_() const { return apply_in_place("deg2rad_", *this, xgrad::deg2rad); }
Tensor Tensor::rad2deg() const { return xgrad::rad2deg(*this); }
Tensor& Tensor::rad2deg_() const { return apply_in_place("rad2deg_", *this, xgrad::rad2deg); }

}  // namespace xgrad
