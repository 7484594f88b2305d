// Numbers as text, exact both ways: the fewest decimals that read back as the same bits, as
// std::to_chars and std::from_chars define them. Private to the library's sources.
//
//   char text[kLongestNumber];
//   char* end = write_number(text, 0.1F);  // "0.1"
//
// Non-finite floats have no JSON number and are written as strings: "NaN", "Infinity", "-Infinity";
// the sign and payload of a NaN are not kept. Minus zero is "-0.0". Booleans are 0 and 1.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace xgrad::io {

// Bytes that write_number may touch; what it returns is at most 26 long.
constexpr std::size_t kLongestNumber = 48;

// Each is defined for float, double, int64_t, int32_t, uint8_t and bool.

// Writes one number, returns its end.
template <class T>
char* write_number(char* out, T value);

// Writes "a,b,c" from [first, last), as many as fit before `limit` (kLongestNumber + 1 bytes each
// at worst), each but the array's last followed by a comma. Moves `first`; returns the end of the
// text.
template <class T>
char* write_numbers(char* out, char* limit, const T*& first, const T* last);

enum class Parsed : std::uint8_t { Ok, Bad, OutOfRange };

// Reads one strict JSON number and moves `at` past it. At least kReadAhead readable bytes must
// follow the number's text, the first of which is no part of a number. A float that rounds to
// infinity, or to zero without being zero, is OutOfRange; a fraction for an integer is Bad.
constexpr std::size_t kReadAhead = 16;
template <class T>
Parsed read_number(const char*& at, T& value);

// The fast path: reads "a,b,c," into out[0, count) while `at` is before `limit`, stops in front of
// the first number that is anything else: bad, the last of its array, or spaced out (one space
// after a comma is fine). Returns how many were read. kLongestToken readable bytes must follow
// `limit`.
constexpr std::size_t kLongestToken = 512;
template <class T>
std::size_t read_numbers(const char*& at, const char* limit, T* out, std::size_t count);

// "NaN", "Infinity" or "-Infinity" into a float or double; false for any other text.
template <class T>
bool read_non_finite(std::string_view text, T& value);

}  // namespace xgrad::io
