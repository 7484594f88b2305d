#include <algorithm>
#include <unordered_set>

#include "xgrad/core/format.h"
#include "xgrad/io/utf8.h"
#include "xgrad/io/zip_fields.h"
#include "xgrad/io/zip_reader.h"

namespace xgrad::io {

namespace {

struct Directory {
  std::uint64_t count, size, offset;
};

// The end record: the last 22 bytes, or earlier where the archive has a comment.
Directory find_directory(Source& source) {
  const std::uint64_t size = source.size();
  const std::uint64_t tail = std::min<std::uint64_t>(size, 22 + 0xFFFF);
  const std::string bytes =
      read_bytes(source, size - tail, static_cast<std::size_t>(tail), "a zip");
  std::size_t at = bytes.rfind("PK\5\6");
  // The comment must reach exactly to the end, else the signature is one by chance.
  while (at != std::string::npos &&
         (at + 22 > bytes.size() || at + 22 + u16(bytes, at + 20) != bytes.size())) {
    at = at == 0 ? std::string::npos : bytes.rfind("PK\5\6", at - 1);
  }
  if (at == std::string::npos)
    source.fail("no end of a zip directory", size, "\"PK\\5\\6\" before it");
  const std::uint64_t offset = size - tail + at;
  Directory directory{u16(bytes, at + 10), u32(bytes, at + 12), u32(bytes, at + 16)};
  if (u16(bytes, at + 4) != 0 || u16(bytes, at + 6) != 0) {
    source.fail("zip of several volumes", offset, "one");
  }
  const bool large =
      directory.count == 0xFFFF || directory.size == 0xFFFFFFFF || directory.offset == 0xFFFFFFFF;
  if (large && offset >= 20) {
    const std::string locator = read_bytes(source, offset - 20, 20, "a zip64 locator");
    if (locator.starts_with("PK\6\7")) {
      const std::string end = read_bytes(source, u64(locator, 8), 56, "a zip64 end record");
      if (!end.starts_with("PK\6\6")) {
        source.fail("bad zip64 end record", u64(locator, 8), "\"PK\\6\\6\"");
      }
      directory = {u64(end, 32), u64(end, 40), u64(end, 48)};
    }
  }
  if (directory.offset > offset || directory.size > offset - directory.offset) {
    source.fail("zip directory outside the file", offset, "it to end before this byte");
  }
  return directory;
}

// Takes from the zip64 extra field what does not fit 32 bits.
void read_large_fields(std::string_view extra, ZipMember& member, const Source& source,
                       std::uint64_t offset) {
  while (extra.size() >= 4) {
    const std::size_t size = u16(extra, 2);
    if (size > extra.size() - 4) break;
    if (u16(extra, 0) == 1) {
      std::string_view fields = extra.substr(4, size);
      for (std::uint64_t* field : {&member.size, &member.packed, &member.offset}) {
        if (*field != 0xFFFFFFFF) continue;
        if (fields.size() < 8)
          source.fail("bad zip64 field", offset, "8 bytes for each large size");
        *field = u64(fields, 0);
        fields.remove_prefix(8);
      }
    }
    extra.remove_prefix(4 + size);
  }
}

}  // namespace

std::vector<ZipMember> read_zip_directory(Source& source) {
  const Directory directory = find_directory(source);
  std::vector<ZipMember> members;
  std::unordered_set<std::string> names;
  std::uint64_t at = directory.offset;
  const std::uint64_t end = directory.offset + directory.size;
  while (at < end) {
    const std::string head = read_bytes(source, at, 46, "a zip directory entry");
    if (!head.starts_with("PK\1\2")) source.fail("bad zip directory entry", at, "\"PK\\1\\2\"");
    const std::size_t name_size = u16(head, 28), extra_size = u16(head, 30);
    const std::string text =
        read_bytes(source, at + 46, name_size + extra_size, "a name in the zip directory");
    ZipMember member{text.substr(0, name_size),
                     static_cast<std::uint16_t>(u16(head, 10)),
                     u32(head, 16),
                     u32(head, 20),
                     u32(head, 24),
                     u32(head, 42)};
    read_large_fields(std::string_view(text).substr(name_size), member, source, at);
    if (!is_utf8(member.name)) source.fail("invalid UTF-8 in a name", at + 46, "UTF-8");
    if ((u16(head, 8) & 1) != 0) source.fail("encrypted zip member", at, "plain ones");
    if (member.method != 0 && member.method != 8) {
      source.fail(fmt::format("unknown zip method {} of \"{}\"", member.method, member.name), at,
                  "0 (stored) or 8 (deflated)");
    }
    if (!names.insert(member.name).second) {
      source.fail(fmt::format("duplicate name \"{}\"", member.name), at, "each name once");
    }
    members.push_back(std::move(member));
    at += 46 + name_size + extra_size + u16(head, 32);
  }
  // Members that share their packed bytes could make any amount of memory of a small file.
  std::uint64_t packed = 0;
  for (const ZipMember& member : members) {
    if (member.packed > source.size() - packed) {
      source.fail("overlapping zip members", directory.offset,
                  fmt::format("at most {} packed bytes in all", source.size()));
    }
    packed += member.packed;
  }
  if (at != end || members.size() != directory.count) {
    source.fail(fmt::format("zip directory of {} members", members.size()), at,
                fmt::format("{} that end at byte {}", directory.count, end));
  }
  return members;
}

}  // namespace xgrad::io
