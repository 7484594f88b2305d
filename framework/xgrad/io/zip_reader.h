// ZipReader: the members of a zip archive, stored or deflated. Private to the library's sources.
// Source: PKWARE's APPNOTE.TXT 6.3.10, sections 4.3 to 4.5, zip64 included; no encryption, no
// spanning.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "xgrad/io/byte_stream.h"

namespace xgrad::io {

struct ZipMember {
  std::string name;
  std::uint16_t method = 0;  // 0 stored, 8 deflated
  std::uint32_t crc = 0;
  std::uint64_t packed = 0;  // bytes in the file
  std::uint64_t size = 0;    // bytes of content
  std::uint64_t offset = 0;  // of the local header
};

// From the central directory, in its order; duplicate names are an error.
std::vector<ZipMember> read_zip_directory(Source& source);

// The content of a member. Its end and its crc32 are checked by the read that takes the last byte,
// or, of an empty member, by opening. One stream of a source at a time.
std::unique_ptr<ByteStream> open_zip_member(Source& source, const ZipMember& member);

}  // namespace xgrad::io
