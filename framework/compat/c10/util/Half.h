// c10::Half: a 16-bit floating number in memory; arithmetic is float's. No tensor of ours holds it.
#pragma once

#include <bit>
#include <cstdint>
#include <ostream>

namespace xgrad {

struct Half {
  Half() = default;
  // To the nearest, halves to even.
  Half(float value) : x(bits_of(value)) {}
  operator float() const { return value_of(x); }

  std::uint16_t x = 0;

 private:
  // A number below 2^-14 is rounded by an addition:
  // 0.5 has its last bit at 2^-24, as such halves have.
  static std::uint16_t bits_of(float value) {
    std::uint32_t bits = std::bit_cast<std::uint32_t>(value);
    const std::uint32_t sign = bits & 0x80000000U;
    bits ^= sign;
    std::uint32_t half = 0;
    if (bits >= 0x47800000U) {  // beyond the largest half, or not finite
      half = bits > 0x7f800000U ? 0x7e00U : 0x7c00U;
    } else if (bits < 0x38800000U) {  // a half without its leading one
      half = std::bit_cast<std::uint32_t>(std::bit_cast<float>(bits) + 0.5F) - 0x3f000000U;
    } else {
      const std::uint32_t odd = (bits >> 13) & 1U;
      half = (bits - 0x38000000U + 0xfffU + odd) >> 13;
    }
    return static_cast<std::uint16_t>(half | (sign >> 16));
  }
  static float value_of(std::uint16_t half) {
    const std::uint32_t sign = (half & 0x8000U) << 16, rest = half & 0x7fffU;
    if (rest < 0x400U) {  // no leading one: a multiple of 2^-24
      const float value = static_cast<float>(rest) * 0x1p-24F;
      return sign != 0 ? -value : value;
    }
    const std::uint32_t bits = (rest << 13) + (rest >= 0x7c00U ? 0x70000000U : 0x38000000U);
    return std::bit_cast<float>(sign | bits);
  }
};

inline std::ostream& operator<<(std::ostream& out, const Half& value) {
  return out << static_cast<float>(value);
}

}  // namespace xgrad
