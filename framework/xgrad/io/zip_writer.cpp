#include "xgrad/io/zip_writer.h"

#include <algorithm>

#include "xgrad/core/format.h"
#include "xgrad/io/base64.h"

namespace xgrad::io {

namespace {

constexpr std::uint64_t kLarge = 0xFFFFFFFF;  // from here on the value stands in a zip64 field

// Little-endian fields, one after another.
class Fields {
 public:
  template <class... Values>
  Fields& u16(Values... values) {
    (put(static_cast<std::uint64_t>(values), 2), ...);
    return *this;
  }
  template <class... Values>
  Fields& u32(Values... values) {
    (put(static_cast<std::uint64_t>(values), 4), ...);
    return *this;
  }
  template <class... Values>
  Fields& u64(Values... values) {
    (put(static_cast<std::uint64_t>(values), 8), ...);
    return *this;
  }
  Fields& text(std::string_view text) {
    bytes_ += text;
    return *this;
  }
  const std::string& bytes() const { return bytes_; }

 private:
  void put(std::uint64_t value, int size) {
    for (int i = 0; i < size; ++i) bytes_ += static_cast<char>(value >> (8 * i));
  }
  std::string bytes_;
};

std::uint64_t small(std::uint64_t value) { return std::min(value, kLarge); }

constexpr int kUtf8Names = 0x0800;
constexpr int kDate = (1 << 5) | 1;  // 1 January 1980: the same data gives the same file

}  // namespace

void ZipWriter::write(std::string_view bytes) {
  sink_.write(bytes.data(), bytes.size());
  offset_ += bytes.size();
}

void ZipWriter::add(const std::string& name, std::string_view head, const void* data,
                    std::size_t bytes) {
  check(name.size() <= 0xFFFF, "{}: name of {} bytes, expected at most 65535", label_, name.size());
  const std::uint64_t size = head.size() + bytes;
  const std::uint32_t crc = crc32_of(data, bytes, crc32_of(head.data(), head.size()));
  members_.push_back({name, crc, size, offset_});
  Fields extra;
  if (size >= kLarge) extra.u16(1, 16).u64(size, size);
  Fields local;
  local.u32(0x04034B50).u16(size >= kLarge ? 45 : 20, kUtf8Names, 0, 0, kDate);
  local.u32(crc, small(size), small(size)).u16(name.size(), extra.bytes().size());
  write(local.text(name).text(extra.bytes()).bytes());
  write(head);
  if (bytes != 0) write({static_cast<const char*>(data), bytes});
}

void ZipWriter::finish() {
  const std::uint64_t start = offset_;
  for (const Member& member : members_) {
    Fields large;
    if (member.size >= kLarge) large.u64(member.size, member.size);
    if (member.offset >= kLarge) large.u64(member.offset);
    Fields extra;
    if (!large.bytes().empty()) extra.u16(1, large.bytes().size()).text(large.bytes());
    const int version = extra.bytes().empty() ? 20 : 45;
    Fields entry;
    entry.u32(0x02014B50).u16(version, version, kUtf8Names, 0, 0, kDate);
    entry.u32(member.crc, small(member.size), small(member.size));
    entry.u16(member.name.size(), extra.bytes().size(), 0, 0, 0);
    entry.u32(0, small(member.offset)).text(member.name).text(extra.bytes());
    write(entry.bytes());
  }
  const std::uint64_t size = offset_ - start;
  const std::uint64_t count = members_.size();
  Fields end;
  if (count >= 0xFFFF || start >= kLarge || size >= kLarge) {
    const std::uint64_t here = offset_;
    end.u32(0x06064B50).u64(44).u16(45, 45).u32(0, 0).u64(count, count, size, start);
    end.u32(0x07064B50, 0).u64(here).u32(1);
  }
  const std::uint64_t short_count = std::min<std::uint64_t>(count, 0xFFFF);
  end.u32(0x06054B50).u16(0, 0, short_count, short_count).u32(small(size), small(start)).u16(0);
  write(end.bytes());
}

}  // namespace xgrad::io
