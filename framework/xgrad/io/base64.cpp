#include "xgrad/io/base64.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <string_view>

namespace xgrad::io {

namespace {

constexpr std::string_view kAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

// Two characters for each 12 bits: half the look-ups of one character for 6.
constexpr std::array<char, 8192> kPairs = [] {
  std::array<char, 8192> pairs{};
  for (std::size_t i = 0; i < 4096; ++i) {
    pairs[2 * i] = kAlphabet[i >> 6];
    pairs[2 * i + 1] = kAlphabet[i & 63];
  }
  return pairs;
}();

// The value of a character, shifted to its place in a group; above 24 bits where it has none, so
// that four look-ups and one compare decode and check a group.
constexpr std::uint32_t kInvalid = 1U << 31;
using Values = std::array<std::array<std::uint32_t, 256>, 4>;
constexpr Values kValues = [] {
  Values values{};
  for (std::size_t place = 0; place < 4; ++place) {
    for (std::uint32_t& value : values[place]) value = kInvalid;
    for (std::size_t i = 0; i < 64; ++i) {
      values[place][static_cast<unsigned char>(kAlphabet[i])] =
          static_cast<std::uint32_t>(i << (18 - 6 * place));
    }
  }
  return values;
}();

std::uint32_t group(const char* text) {
  return kValues[0][static_cast<unsigned char>(text[0])] |
         kValues[1][static_cast<unsigned char>(text[1])] |
         kValues[2][static_cast<unsigned char>(text[2])] |
         kValues[3][static_cast<unsigned char>(text[3])];
}

}  // namespace

char* base64_encode(const std::byte* data, std::size_t bytes, char* out) {
  for (; bytes >= 3; bytes -= 3, data += 3, out += 4) {
    const unsigned bits = static_cast<unsigned>(data[0]) << 16 |
                          static_cast<unsigned>(data[1]) << 8 | static_cast<unsigned>(data[2]);
    std::memcpy(out, &kPairs[(bits >> 12) * 2], 2);
    std::memcpy(out + 2, &kPairs[(bits & 4095) * 2], 2);
  }
  if (bytes != 0) {
    const unsigned bits = static_cast<unsigned>(data[0]) << 16 |
                          (bytes == 2 ? static_cast<unsigned>(data[1]) << 8 : 0);
    std::memcpy(out, &kPairs[(bits >> 12) * 2], 2);
    out[2] = bytes == 2 ? kAlphabet[(bits >> 6) & 63] : '=';
    out[3] = '=';
    out += 4;
  }
  return out;
}

std::size_t base64_decode(const char* text, std::size_t size, std::byte* out) {
  for (std::size_t i = 0; i + 4 <= size; i += 4, out += 3) {
    const std::uint32_t bits = group(text + i);
    if (bits >= kInvalid) [[unlikely]] {
      std::size_t bad = i;
      while (kValues[0][static_cast<unsigned char>(text[bad])] != kInvalid) ++bad;
      return bad;
    }
    out[0] = static_cast<std::byte>(bits >> 16);
    out[1] = static_cast<std::byte>(bits >> 8);
    out[2] = static_cast<std::byte>(bits);
  }
  return size;
}

bool base64_decode_last(const char* text, std::size_t bytes, std::byte* out) {
  char filled[4];
  std::memcpy(filled, text, 4);
  for (std::size_t i = bytes + 1; i < 4; ++i) {
    if (filled[i] != '=') return false;
    filled[i] = 'A';
  }
  const std::uint32_t bits = group(filled);
  if (bits >= kInvalid || (bits & (0xFFFFFFU >> (8 * bytes))) != 0) return false;
  out[0] = static_cast<std::byte>(bits >> 16);
  if (bytes == 2) out[1] = static_cast<std::byte>(bits >> 8);
  return true;
}

std::uint32_t crc32_of(const void* data, std::size_t bytes, std::uint32_t crc) {
  if (bytes == 0) return crc;  // zlib begins anew for a null pointer
  return static_cast<std::uint32_t>(::crc32_z(crc, static_cast<const unsigned char*>(data), bytes));
}

}  // namespace xgrad::io
