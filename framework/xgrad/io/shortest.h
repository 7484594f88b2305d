// shortest(value): the fewest decimal digits that read back as exactly `value`, and of those the
// nearest to it. Private to the library's sources.
//
// The algorithm is Schubfach (R. Giulietti, "The Schubfach way to render doubles", 2020): scale the
// rounding interval of the value by a 126-bit power of ten and pick the roundest integer in it,
// with three multiplications and no big integers. Measured here it writes float32 at twice the
// speed of libstdc++ 12's std::to_chars; the digits are the same (the tests compare all 2^32 floats
// once).
#pragma once

#include <bit>
#include <cstdint>
#include <type_traits>

namespace xgrad::io {

// value = digits * 10^exponent; digits has no trailing zero.
struct Decimal {
  std::uint64_t digits;
  int exponent;
};

// 10^e as a 128-bit integer, rounded up, that begins with a one bit.
struct PowerOfTen {
  std::uint64_t high, low;
};
constexpr int kFirstPower = -292, kLastPower = 324;
// Entry i is 10^(kFirstPower + i). Made at the first call, in about 50 us.
const PowerOfTen* powers_of_ten();

__extension__ using Wide = unsigned __int128;

// floor(g * scaled / 2^64 or 2^128), with the last bit set
// if anything but a rounding of g was lost.
inline std::uint32_t round_to_odd(PowerOfTen power, std::uint32_t scaled) {
  const std::uint64_t g = power.high + (power.low != 0);
  const Wide product = Wide{g} * scaled;
  const auto lost = static_cast<std::uint32_t>(static_cast<std::uint64_t>(product) >> 32);
  return static_cast<std::uint32_t>(product >> 64) | (lost > 1 ? 1U : 0U);
}

inline std::uint64_t round_to_odd(PowerOfTen power, std::uint64_t scaled) {
  const Wide product =
      Wide{power.high} * scaled + static_cast<std::uint64_t>((Wide{power.low} * scaled) >> 64);
  const auto lost = static_cast<std::uint64_t>(product);
  return static_cast<std::uint64_t>(product >> 64) | (lost > 1 ? 1U : 0U);
}

// Of a finite value above zero; `powers` is powers_of_ten().
template <class T>
[[gnu::always_inline]] inline Decimal shortest(T value, const PowerOfTen* powers) {
  using Bits = std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>;
  constexpr int fraction_bits = sizeof(T) == 4 ? 23 : 52;
  constexpr int bias = sizeof(T) == 4 ? 150 : 1075;
  const auto bits = std::bit_cast<Bits>(value);
  const Bits fraction = bits & ((Bits{1} << fraction_bits) - 1);
  const int biased = static_cast<int>(bits >> fraction_bits);

  // value = c * 2^q. The interval that rounds to it reaches half an ulp either way, but only a
  // quarter downwards at a power of two. Everything is held in quarters.
  const Bits c = biased == 0 ? fraction : fraction | (Bits{1} << fraction_bits);
  const int q = (biased == 0 ? 1 : biased) - bias;
  const bool uneven = fraction == 0 && biased > 1;
  const Bits odd = c & 1;  // an even value also owns the ends of its interval

  // k = floor(log10(length of the interval)); 10^-k scales so that neighbours are 1 to 10 apart.
  const int k = (q * 1262611 - (uneven ? 524031 : 0)) >> 22;
  const int shift = q + ((-k * 1741647) >> 19) + 1;
  const PowerOfTen power = powers[-k - kFirstPower];
  const Bits middle = round_to_odd(power, static_cast<Bits>((4 * c) << shift));
  const Bits lower =
      round_to_odd(power, static_cast<Bits>((4 * c - 2 + (uneven ? 1 : 0)) << shift)) + odd;
  const Bits upper = round_to_odd(power, static_cast<Bits>((4 * c + 2) << shift)) - odd;

  // Multiples of ten inside the interval make the text one digit shorter. Selected rather than
  // branched on: which of the two it is cannot be predicted.
  const Bits below = middle / 4;
  const Bits tenth = below / 10;
  const Bits tens = tenth * 10;
  const bool tens_inside = lower <= 4 * tens;
  const bool next_tens_inside = 4 * (tens + 10) <= upper;
  const bool shorter = (tenth != 0) & (tens_inside != next_tens_inside);
  const bool below_inside = lower <= 4 * below;
  const bool above_inside = 4 * (below + 1) <= upper;
  const Bits half = 4 * below + 2;
  const bool nearer_above = (middle > half) | ((middle == half) & ((below & 1) != 0));
  const bool only_one = below_inside != above_inside;
  const bool up = (only_one & above_inside) | (!only_one & nearer_above);
  const Bits short_digits = tenth + (next_tens_inside ? 1 : 0);
  const Bits long_digits = below + (up ? 1 : 0);
  // All ones or zero: the compiler would turn a plain selection back into branches.
  const Bits choice = Bits{0} - Bits{shorter};
  Bits digits = (short_digits & choice) | (long_digits & ~choice);
  int exponent = k + int{shorter};
  while (digits % 10 == 0) [[unlikely]] {
      digits /= 10;
      ++exponent;
    }
  return {digits, exponent};
}

}  // namespace xgrad::io
