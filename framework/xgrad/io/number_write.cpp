#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstring>

#include "xgrad/io/number.h"
#include "xgrad/io/shortest.h"

namespace xgrad::io {

namespace {

constexpr std::array<char, 200> kPairs = [] {
  std::array<char, 200> pairs{};
  for (std::size_t i = 0; i < 100; ++i) {
    pairs[2 * i] = static_cast<char>('0' + i / 10);
    pairs[2 * i + 1] = static_cast<char>('0' + i % 10);
  }
  return pairs;
}();

constexpr std::array<std::uint64_t, 20> kPowers = [] {
  std::array<std::uint64_t, 20> powers{};
  std::uint64_t power = 1;
  for (std::size_t i = 0; i < 20; ++i, power *= 10) powers[i] = power;
  return powers;
}();

// Of a positive number.
int count_digits(std::uint64_t value) {
  // 1233 / 4096 is just above log10(2), so the guess is right or one too few.
  const int guess = (static_cast<int>(std::bit_width(value)) * 1233) >> 12;
  return guess + (value >= kPowers[static_cast<std::size_t>(guess)] ? 1 : 0);
}

// Eight digits, zeros in front: halves, quarters, then single digits, side by side in one word.
[[gnu::always_inline]] inline void put_eight(char* out, std::uint32_t value) {
  const std::uint32_t high = value / 10000;
  const std::uint64_t fours = high | (std::uint64_t{value - high * 10000} << 32);
  const std::uint64_t hundreds = ((fours * 5243) >> 19) & 0x0000007F0000007FU;
  const std::uint64_t pairs = hundreds | ((fours - hundreds * 100) << 16);
  const std::uint64_t tens = ((pairs * 103) >> 10) & 0x000F000F000F000FU;
  const std::uint64_t digits = tens | ((pairs - tens * 10) << 8) | 0x3030303030303030U;
  std::memcpy(out, &digits, 8);
}

// Writes `count` digits and touches up to 17 bytes: always as many as the longest number of its
// kind (9 or 17), filled up with zeros behind, because a loop over the digits mispredicts its end.
template <class T>
[[gnu::always_inline]] inline void put_digits(char* out, std::uint64_t digits, int count) {
  if constexpr (std::is_same_v<T, float>) {
    const auto nine =
        static_cast<std::uint32_t>(digits * kPowers[static_cast<std::size_t>(9 - count)]);
    const std::uint32_t first = nine / 100000000;
    *out = static_cast<char>('0' + first);
    put_eight(out + 1, nine - first * 100000000);
  } else {
    const std::uint64_t seventeen = digits * kPowers[static_cast<std::size_t>(17 - count)];
    const std::uint64_t nine = seventeen / 100000000;
    const auto first = static_cast<std::uint32_t>(nine / 100000000);
    *out = static_cast<char>('0' + first);
    put_eight(out + 1, static_cast<std::uint32_t>(nine - std::uint64_t{first} * 100000000));
    put_eight(out + 9, static_cast<std::uint32_t>(seventeen - nine * 100000000));
  }
}

char* put_exponent(char* out, int exponent) {
  *out++ = 'e';
  *out++ = exponent < 0 ? '-' : '+';
  const int size = exponent < 0 ? -exponent : exponent;
  if (size >= 100) *out++ = static_cast<char>('0' + size / 100);
  std::memcpy(out, &kPairs[static_cast<std::size_t>(size % 100) * 2], 2);
  return out + 2;
}

// Fixed or scientific, whichever is shorter, fixed if equal: the choice of std::to_chars.
template <class T>
[[gnu::always_inline]] inline char* put_decimal(char* out, Decimal decimal, T value) {
  const int count = count_digits(decimal.digits);
  const int exponent = decimal.exponent;
  const int tight = count == 1 ? 1 : 0;  // a single digit needs no point in scientific form
  if (exponent < -(count + 3) + tight || exponent > 5 - tight) {
    put_digits<T>(out + 1, decimal.digits, count);
    out[0] = out[1];
    out[1] = '.';
    return put_exponent(out + (count == 1 ? 1 : count + 1), exponent + count - 1);
  }
  if (exponent > 0) {  // an integer, so all of its digits can be right, not only the needed ones
    return std::to_chars(out, out + kLongestNumber, value).ptr;
  }
  if (exponent == 0) {
    put_digits<T>(out, decimal.digits, count);
    return out + count;
  }
  if (-exponent < count) {
    put_digits<T>(out + 1, decimal.digits, count);
    const int whole = count + exponent;
    std::memmove(out, out + 1, static_cast<std::size_t>(whole));
    out[whole] = '.';
    return out + count + 1;
  }
  std::memcpy(out, "0.000000", 8);
  put_digits<T>(out + 2 - exponent - count, decimal.digits, count);
  return out + 2 - exponent;
}

template <class T>
[[gnu::always_inline]] inline char* put_float(char* out, T value, const PowerOfTen* powers) {
  if (!std::isfinite(value)) [[unlikely]] {
    const std::string_view text = std::isnan(value) ? "\"NaN\""
                                  : value > 0       ? "\"Infinity\""
                                                    : "\"-Infinity\"";
    return std::copy(text.begin(), text.end(), out);
  }
  *out = '-';  // no branch: half of all weights are negative
  const bool negative = std::signbit(value);
  out += negative ? 1 : 0;
  value = std::fabs(value);
  if (value == 0) {
    // "-0" would lose its sign in readers that take it for an integer, such as Python's.
    std::memcpy(out, "0.0", 3);
    return out + (negative ? 3 : 1);
  }
  return put_decimal(out, shortest(value, powers), value);
}

template <class T>
char* put_integer(char* out, T value) {
  if constexpr (sizeof(T) == 1) {
    const auto small = static_cast<unsigned>(value);
    const int count = small >= 100 ? 3 : small >= 10 ? 2 : 1;
    if (count > 2) out[0] = static_cast<char>('0' + small / 100);
    if (count > 1) out[count - 2] = static_cast<char>('0' + small / 10 % 10);
    out[count - 1] = static_cast<char>('0' + small % 10);
    return out + count;
  } else {
    return std::to_chars(out, out + kLongestNumber, value).ptr;
  }
}

template <class T>
[[gnu::always_inline]] inline char* put(char* out, T value, const PowerOfTen* powers) {
  if constexpr (std::is_floating_point_v<T>) {
    return put_float(out, value, powers);
  } else {
    return put_integer(out, value);
  }
}

}  // namespace

template <class T>
char* write_number(char* out, T value) {
  return put(out, value, powers_of_ten());
}

template <class T>
char* write_numbers(char* out, char* limit, const T*& first, const T* last) {
  const PowerOfTen* powers = powers_of_ten();
  constexpr auto room = static_cast<std::ptrdiff_t>(kLongestNumber + 1);
  while (first != last && limit - out >= room) {
    out = put(out, *first++, powers);
    if (first != last) *out++ = ',';
  }
  return out;
}

#define XGRAD_WRITE(T)                   \
  template char* write_number(char*, T); \
  template char* write_numbers(char*, char*, const T*&, const T*);
XGRAD_WRITE(float)
XGRAD_WRITE(double)
XGRAD_WRITE(std::int64_t)
XGRAD_WRITE(std::int32_t)
XGRAD_WRITE(std::uint8_t)
XGRAD_WRITE(bool)
#undef XGRAD_WRITE

}  // namespace xgrad::io
