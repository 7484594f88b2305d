// Base64 (RFC 4648, the standard alphabet, padded) of bytes. Private to the library's sources.
//
//   std::string text(base64_size(bytes), ' ');
//   base64_encode(data, bytes, text.data());
#pragma once

#include <cstddef>
#include <cstdint>

namespace xgrad::io {

constexpr std::size_t base64_size(std::size_t bytes) { return (bytes + 2) / 3 * 4; }

// Writes base64_size(bytes) characters, returns their end.
char* base64_encode(const std::byte* data, std::size_t bytes, char* out);

// Decodes whole groups of four characters that are not padded: writes size / 4 * 3 bytes and
// returns how many characters are right: `size`, or the offset of the first that is not of the
// alphabet.
std::size_t base64_decode(const char* text, std::size_t size, std::byte* out);

// Decodes the last group of four, which gives `bytes` = 1 or 2 bytes and ends in 3 - bytes '='.
// False for anything else; the bits that no byte uses must be zero.
bool base64_decode_last(const char* text, std::size_t bytes, std::byte* out);

// CRC-32 (that of zlib and PNG) of `bytes` bytes after what `crc` covers already; 0 begins.
std::uint32_t crc32_of(const void* data, std::size_t bytes, std::uint32_t crc = 0);

}  // namespace xgrad::io
