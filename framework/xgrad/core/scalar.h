// Scalar: one number with its kind (floating, integral or bool), as ops take it beside tensors.
//
//   x * 2;   x.clamp(0.0, 1.0);   double loss = t.item().toDouble();
#pragma once

#include <cmath>
#include <cstdint>
#include <iosfwd>
#include <limits>
#include <type_traits>

#include "xgrad/core/scalar_type.h"

namespace xgrad {

class Scalar {
 public:
  constexpr Scalar() : Scalar(std::int64_t{0}) {}
  template <class T, std::enable_if_t<std::is_arithmetic_v<T>, int> = 0>
  constexpr Scalar(T value) {
    if constexpr (std::is_same_v<T, bool>) {
      kind_ = Kind::boolean;
      integer_ = value;
    } else if constexpr (std::is_integral_v<T>) {
      kind_ = Kind::integral;
      integer_ = static_cast<std::int64_t>(value);
    } else {
      kind_ = Kind::floating;
      floating_ = static_cast<double>(value);
    }
  }

  constexpr bool isFloatingPoint() const { return kind_ == Kind::floating; }
  constexpr bool isIntegral(bool include_bool) const {
    return kind_ == Kind::integral || (include_bool && kind_ == Kind::boolean);
  }
  constexpr bool isIntegral() const { return isIntegral(false); }
  constexpr bool isBoolean() const { return kind_ == Kind::boolean; }
  constexpr bool isComplex() const { return false; }
  // kDouble, kLong or kBool.
  constexpr ScalarType type() const {
    return kind_ == Kind::floating ? kDouble : kind_ == Kind::integral ? kLong : kBool;
  }

  // The number as a T, as PyTorch converts: fractions are cut off, and a negative integer wraps in
  // an unsigned T. Errors: it does not fit().
  template <class T>
  constexpr T to() const {
    if (!fits<T>()) [[unlikely]] {
      fail_conversion(scalar_type_of<T>());
    }
    return cast<T>();
  }
  // Is it within T's range? Everything is for bool, and infinity and NaN are for floating types.
  template <class T>
  constexpr bool fits() const {
    using Limits = std::numeric_limits<T>;
    if constexpr (std::is_same_v<T, bool>) {
      return true;
    } else if constexpr (std::is_floating_point_v<T>) {
      return kind_ != Kind::floating ||
             !(floating_ > Limits::max() || floating_ < Limits::lowest()) ||
             floating_ - floating_ != 0;
    } else if (kind_ == Kind::floating) {
      // 2^digits, the first number above T's range, is exact as a double; the largest T is not.
      const double beyond = 2.0 * static_cast<double>(std::uint64_t{1} << (Limits::digits - 1));
      return floating_ < beyond && floating_ >= static_cast<double>(Limits::lowest());
    } else if constexpr (sizeof(T) == 8) {
      return true;
    } else {
      constexpr auto high = static_cast<std::int64_t>(Limits::max());
      constexpr auto low =
          std::is_signed_v<T> ? static_cast<std::int64_t>(Limits::lowest()) : -high;
      return integer_ >= low && integer_ <= high;
    }
  }
  // As C++ converts, without a check: integers wrap.
  template <class T>
  constexpr T cast() const {
    if constexpr (std::is_same_v<T, bool>) {
      return kind_ == Kind::floating ? floating_ != 0 : integer_ != 0;
    } else {
      return kind_ == Kind::floating ? static_cast<T>(floating_) : static_cast<T>(integer_);
    }
  }
  constexpr double toDouble() const { return to<double>(); }
  constexpr float toFloat() const { return to<float>(); }
  constexpr std::int64_t toLong() const { return to<std::int64_t>(); }
  constexpr int toInt() const { return to<int>(); }
  constexpr bool toBool() const { return to<bool>(); }
  constexpr std::uint8_t toByte() const { return to<std::uint8_t>(); }
  constexpr std::int8_t toChar() const { return to<std::int8_t>(); }
  constexpr std::int16_t toShort() const { return to<std::int16_t>(); }
  constexpr Scalar conj() const { return *this; }
  Scalar log() const { return std::log(toDouble()); }
  constexpr bool equal(double value) const { return toDouble() == value; }
  constexpr Scalar operator-() const {
    return kind_ == Kind::floating ? Scalar(-floating_) : Scalar(-integer_);
  }

 private:
  [[noreturn]] void fail_conversion(ScalarType type) const;

  enum class Kind : std::uint8_t { floating, integral, boolean };
  Kind kind_ = Kind::integral;
  union {
    double floating_;
    std::int64_t integer_;
  };
};

std::ostream& operator<<(std::ostream& out, const Scalar& value);

}  // namespace xgrad
