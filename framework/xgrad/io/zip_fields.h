// Little-endian fields of a zip archive. Private to the library's sources.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "xgrad/io/source.h"

namespace xgrad::io {

inline std::uint64_t little_endian(std::string_view bytes, std::size_t at, std::size_t size) {
  std::uint64_t value = 0;
  for (std::size_t i = size; i-- > 0;)
    value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
  return value;
}
inline std::uint32_t u16(std::string_view bytes, std::size_t at) {
  return static_cast<std::uint32_t>(little_endian(bytes, at, 2));
}
inline std::uint32_t u32(std::string_view bytes, std::size_t at) {
  return static_cast<std::uint32_t>(little_endian(bytes, at, 4));
}
inline std::uint64_t u64(std::string_view bytes, std::size_t at) {
  return little_endian(bytes, at, 8);
}

// `size` bytes from `offset` on; at most some 128 kB are ever asked for.
inline std::string read_bytes(Source& source, std::uint64_t offset, std::size_t size,
                              std::string_view expected) {
  std::string bytes(size, '\0');
  if (offset > source.size() || size > source.size() - offset) {
    source.fail("truncated file", source.size(), expected);
  }
  source.seek(offset);
  if (!source.read(bytes.data(), size)) source.fail("truncated file", source.offset(), expected);
  return bytes;
}

}  // namespace xgrad::io
