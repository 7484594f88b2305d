// ZipWriter: a zip archive of stored (not compressed) members. Private to the library's sources.
// Source: PKWARE's APPNOTE.TXT 6.3.10, sections 4.3 to 4.5; zip64 only where sizes need it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "xgrad/io/sink.h"

namespace xgrad::io {

class ZipWriter {
 public:
  // `label` begins every error.
  ZipWriter(Sink& sink, std::string label) : sink_(sink), label_(std::move(label)) {}

  // One member whose content is `head` followed by `bytes` bytes at `data`.
  void add(const std::string& name, std::string_view head, const void* data, std::size_t bytes);
  // Writes the directory; nothing may follow.
  void finish();

 private:
  struct Member {
    std::string name;
    std::uint32_t crc;
    std::uint64_t size, offset;
  };
  void write(std::string_view bytes);

  Sink& sink_;
  std::string label_;
  std::uint64_t offset_ = 0;
  std::vector<Member> members_;
};

}  // namespace xgrad::io
