#include <bit>
#include <charconv>
#include <cmath>
#include <cstring>
#include <limits>
#include <type_traits>

#include "xgrad/io/number.h"

namespace xgrad::io {

namespace {

bool is_digit(char c) { return static_cast<unsigned char>(c - '0') < 10; }

// Eight digits at once, as one little-endian word.
bool eight_digits(std::uint64_t word) {
  return ((word & 0xF0F0F0F0F0F0F0F0U) |
          (((word + 0x0606060606060606U) & 0xF0F0F0F0F0F0F0F0U) >> 4)) == 0x3333333333333333U;
}
std::uint64_t value_of_eight(std::uint64_t word) {
  word -= 0x3030303030303030U;
  word = word * 10 + (word >> 8);  // pairs, in every other byte
  const std::uint64_t mask = 0x000000FF000000FFU;
  return ((word & mask) * (100 + (std::uint64_t{1000000} << 32)) +
          ((word >> 16) & mask) * (1 + (std::uint64_t{10000} << 32))) >>
         32;
}

constexpr double kPowers[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                              1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                              1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

// mantissa * 10^exponent where one correctly rounded double operation gives it (Clinger 1990): both
// factors are exact doubles. To a float that is a second rounding, which can only go wrong where
// the double fell exactly half way between two floats; those few are left to from_chars. No product
// in this range leaves the normal floats.
template <class T>
bool exact_product(std::uint64_t mantissa, int exponent, T& value) {
  if (mantissa > (std::uint64_t{1} << 53) || exponent < -22 || exponent > 22) return false;
  const auto whole = static_cast<double>(mantissa);
  const double product = exponent < 0 ? whole / kPowers[-exponent] : whole * kPowers[exponent];
  if constexpr (sizeof(T) == 4) {
    if ((std::bit_cast<std::uint64_t>(product) & 0x1FFFFFFFU) == 0x10000000U) return false;
  }
  value = static_cast<T>(product);
  return true;
}

template <class T>
Parsed read_float(const char*& at, T& value) {
  const char* p = at;
  const bool negative = *p == '-';
  p += negative ? 1 : 0;
  const char* const whole = p;
  std::uint64_t mantissa = 0;
  if (*p == '0') {
    ++p;
    if (is_digit(*p)) return Parsed::Bad;
  } else {
    if (!is_digit(*p)) return Parsed::Bad;
    do mantissa = mantissa * 10 + static_cast<std::uint64_t>(*p++ - '0');
    while (is_digit(*p));
  }
  std::ptrdiff_t count = p - whole;
  int exponent = 0;
  if (*p == '.') {
    const char* const fraction = ++p;
    if (!is_digit(*p)) return Parsed::Bad;
    std::uint64_t word;
    std::memcpy(&word, p, 8);
    if (eight_digits(word)) {
      mantissa = mantissa * 100000000 + value_of_eight(word);
      p += 8;
    }
    while (is_digit(*p)) mantissa = mantissa * 10 + static_cast<std::uint64_t>(*p++ - '0');
    count += p - fraction;
    exponent = static_cast<int>(fraction - p);
  }
  if ((*p | 0x20) == 'e') {
    ++p;
    const bool down = *p == '-';
    if (down || *p == '+') ++p;
    if (!is_digit(*p)) return Parsed::Bad;
    int size = 0;
    while (is_digit(*p)) size = size < 100000 ? size * 10 + (*p++ - '0') : (++p, size);
    exponent += down ? -size : size;
  }
  if (count <= 19 && exact_product(mantissa, exponent, value)) [[likely]] {
    value = std::copysign(value, negative ? T{-1} : T{1});  // a branch would mispredict
  } else {
    const std::from_chars_result result = std::from_chars(at, p, value);
    if (result.ec != std::errc()) return Parsed::OutOfRange;
    // libstdc++ 12 may round to zero or infinity without a word.
    if (std::isinf(value)) return Parsed::OutOfRange;
    if (value == 0) {
      for (const char* c = at; c != p && (*c | 0x20) != 'e'; ++c) {
        if (*c > '0' && *c <= '9') return Parsed::OutOfRange;
      }
    }
  }
  at = p;
  return Parsed::Ok;
}

template <class T>
Parsed read_integer(const char*& at, T& value) {
  const char* p = at;
  const bool negative = *p == '-';
  if (negative) ++p;
  if (!is_digit(*p)) return Parsed::Bad;
  const char* const first = p;
  std::uint64_t size = 0;
  while (is_digit(*p)) size = size * 10 + static_cast<std::uint64_t>(*p++ - '0');
  if (*first == '0' && p - first > 1) return Parsed::Bad;
  if (*p == '.' || (*p | 0x20) == 'e') return Parsed::Bad;
  const std::uint64_t largest = std::is_same_v<T, bool>
                                    ? 1
                                    : static_cast<std::uint64_t>(std::numeric_limits<T>::max()) +
                                          (negative && std::is_signed_v<T> ? 1 : 0);
  // 19 digits fit 64 bits; -0 is 0.
  if (p - first > 19 || size > largest || (negative && std::is_unsigned_v<T> && size != 0)) {
    return Parsed::OutOfRange;
  }
  value = static_cast<T>(negative ? 0 - size : size);
  at = p;
  return Parsed::Ok;
}

template <class T>
Parsed read_one(const char*& at, T& value) {
  if constexpr (std::is_floating_point_v<T>) {
    return read_float(at, value);
  } else {
    return read_integer(at, value);
  }
}

}  // namespace

template <class T>
Parsed read_number(const char*& at, T& value) {
  return read_one(at, value);
}

template <class T>
std::size_t read_numbers(const char*& at, const char* limit, T* out, std::size_t count) {
  std::size_t done = 0;
  const char* p = at;
  while (done < count && p < limit) {
    const char* number = p;
    if (read_one(number, out[done]) != Parsed::Ok || *number != ',') break;
    ++done;
    p = number + 1;
    p += *p == ' ' ? 1 : 0;
  }
  at = p;
  return done;
}

template <class T>
bool read_non_finite(std::string_view text, T& value) {
  if (text == "NaN") {
    value = std::numeric_limits<T>::quiet_NaN();
  } else if (text == "Infinity") {
    value = std::numeric_limits<T>::infinity();
  } else if (text == "-Infinity") {
    value = -std::numeric_limits<T>::infinity();
  } else {
    return false;
  }
  return true;
}

#define XGRAD_READ(T)                            \
  template Parsed read_number(const char*&, T&); \
  template std::size_t read_numbers(const char*&, const char*, T*, std::size_t);
XGRAD_READ(float)
XGRAD_READ(double)
XGRAD_READ(std::int64_t)
XGRAD_READ(std::int32_t)
XGRAD_READ(std::uint8_t)
XGRAD_READ(bool)
#undef XGRAD_READ
template bool read_non_finite(std::string_view, float&);
template bool read_non_finite(std::string_view, double&);

}  // namespace xgrad::io
