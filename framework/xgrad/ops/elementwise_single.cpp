// Functions that have no kernel over vectors: one element at a time.
#include <cmath>
#include <numeric>

#include "xgrad/autograd/record.h"
#include "xgrad/core/format.h"
#include "xgrad/ops/arithmetic.h"
#include "xgrad/ops/comparison.h"
#include "xgrad/ops/elementwise.h"
#include "xgrad/ops/pairs.h"

namespace xgrad {

using namespace autograd;

namespace {

template <class F>
Tensor of_integers(const char* op, const Operand& a, const Operand& b, const F& f) {
  const ScalarType type = result_type({a, b});
  check(isIntegralType(type, false), "{}: not defined for dtype {}, expected integers", op,
        dtype_name(type));
  return of_pairs<std::int64_t>(op, type, a, b, f);
}

std::int64_t shifted_left(std::int64_t a, std::int64_t b) {
  return b < 0 || b > 63 ? 0 : static_cast<std::int64_t>(static_cast<std::uint64_t>(a) << b);
}
std::int64_t shifted_right(std::int64_t a, std::int64_t b) {
  return a >> (b < 0 || b > 63 ? 63 : b);
}

std::int64_t least_multiple(std::int64_t a, std::int64_t b) {
  const std::int64_t divisor = std::gcd(a, b);
  if (divisor == 0) return 0;
  // Without a sign, so that a product that does not fit wraps around.
  const auto multiple = static_cast<std::int64_t>(static_cast<std::uint64_t>(a / divisor) *
                                                  static_cast<std::uint64_t>(b));
  return multiple < 0 ? static_cast<std::int64_t>(0 - static_cast<std::uint64_t>(multiple))
                      : multiple;
}

}  // namespace

Tensor gcd(const Tensor& a, const Tensor& b) {
  return of_integers("gcd", a, b, [](std::int64_t x, std::int64_t y) { return std::gcd(x, y); });
}
Tensor lcm(const Tensor& a, const Tensor& b) { return of_integers("lcm", a, b, least_multiple); }

// clang-format off
Tensor bitwise_left_shift(const Tensor& a, const Tensor& b) { return of_integers("bitwise_left_shift", a, b, shifted_left); }
Tensor bitwise_left_shift(const Tensor& a, const Scalar& b) { return of_integers("bitwise_left_shift", a, b, shifted_left); }
Tensor bitwise_left_shift(const Scalar& a, const Tensor& b) { return of_integers("bitwise_left_shift", a, b, shifted_left); }
Tensor bitwise_right_shift(const Tensor& a, const Tensor& b) { return of_integers("bitwise_right_shift", a, b, shifted_right); }
Tensor bitwise_right_shift(const Tensor& a, const Scalar& b) { return of_integers("bitwise_right_shift", a, b, shifted_right); }
Tensor bitwise_right_shift(const Scalar& a, const Tensor& b) { return of_integers("bitwise_right_shift", a, b, shifted_right); }
// clang-format on

std::tuple<Tensor, Tensor> frexp(const Tensor& self) {
  check(self.is_floating_point(), "frexp: not defined for dtype {}, expected a floating one",
        dtype_name(self.scalar_type()));
  const Tensor mantissa = make_tensor(self.sizes(), self.scalar_type()),
               exponent = make_tensor(self.sizes(), kInt), x = row_major(self.detach());
  dispatch_floating(self.scalar_type(), [&](auto zero) {
    using T = decltype(zero);
    for (std::int64_t i = 0; i < x.numel(); ++i) {
      int power = 0;
      mantissa.data_ptr<T>()[i] = std::frexp(x.data_ptr<T>()[i], &power);
      exponent.data_ptr<int>()[i] = power;
    }
  });
  if (recording(self)) {
    record("FrexpBackward0", mantissa, {self},
           [exponent = Saved(exponent)](const Tensor& dy, Gradients& dx) {
             dx[0] = dy / exp2(exponent().to(dy.scalar_type()));
           });
  }
  return {mantissa, exponent};
}

Tensor nextafter(const Tensor& a, const Tensor& b) {
  const ScalarType type = result_type({a, b});
  check(isFloatingType(type), "nextafter: not defined for dtype {}, expected a floating one",
        dtype_name(type));
  return dispatch_floating(type, [&](auto zero) {
    using T = decltype(zero);
    return of_pairs<T>("nextafter", type, a, b, [](T x, T y) { return std::nextafter(x, y); });
  });
}

// clang-format off
Tensor Tensor::gcd(const Tensor& other) const { return xgrad::gcd(*this, other); }
Tensor Tensor::lcm(const Tensor& other) const { return xgrad::lcm(*this, other); }
Tensor Tensor::bitwise_left_shift(const Tensor& other) const { return xgrad::bitwise_left_shift(*this, other); }
Tensor Tensor::bitwise_left_shift(const Scalar& other) const { return xgrad::bitwise_left_shift(*this, other); }
Tensor Tensor::bitwise_right_shift(const Tensor& other) const { return xgrad::bitwise_right_shift(*this, other); }
Tensor Tensor::bitwise_right_shift(const Scalar& other) const { return xgrad::bitwise_right_shift(*this, other); }
Tensor::Pair Tensor::frexp() const { return xgrad::frexp(*this); }
Tensor Tensor::nextafter(const Tensor& other) const { return xgrad::nextafter(*this, other); }
// clang-format on

}  // namespace xgrad
