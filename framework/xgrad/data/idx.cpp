#include "xgrad/data/idx.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstring>
#include <functional>
#include <optional>
#include <system_error>

#include "xgrad/core/format.h"
#include "xgrad/data/gzip.h"

namespace xgrad::data {

namespace {

// Where the array comes from: plain memory, or gzip in memory.
class Bytes {
 public:
  Bytes(std::string_view content, const std::string& label) : content_(content), label_(label) {
    if (is_gzip(content)) gzip_.emplace(content, label);
  }

  std::size_t offset() const { return offset_; }

  // Bytes that may still come: exact for a plain file; a gzip bit makes at most 1032 bytes of 8.
  std::size_t at_most() const { return gzip_ ? content_.size() * 1032 : content_.size() - offset_; }

  std::size_t read(void* out, std::size_t bytes) {
    std::size_t size;
    if (gzip_) {
      size = gzip_->read(out, bytes);
    } else {
      size = std::min(bytes, content_.size() - offset_);
      if (size != 0) std::memcpy(out, content_.data() + offset_, size);
    }
    offset_ += size;
    return size;
  }

  void read_all(void* out, std::size_t bytes, std::string_view expected) {
    if (read(out, bytes) != bytes) fail("truncated file", offset_, expected);
  }

  [[noreturn]] void fail(std::string_view what, std::size_t offset,
                         std::string_view expected) const {
    xgrad::fail("{}: {} at byte {}, expected {}", label_, what, offset, expected);
  }

 private:
  std::string_view content_;
  std::string label_;
  std::optional<GzipReader> gzip_;
  std::size_t offset_ = 0;
};

bool known(std::uint8_t type) {
  return type == 0x08 || type == 0x09 || (type >= 0x0B && type <= 0x0E);
}

void swap_bytes(std::vector<std::byte>& bytes, std::size_t element) {
  if constexpr (std::endian::native == std::endian::big) return;
  if (element == 1) return;
  for (auto first = bytes.begin(); first != bytes.end();) {
    const auto last = first + static_cast<std::ptrdiff_t>(element);
    std::reverse(first, last);
    first = last;
  }
}

struct CloseFile {
  int file;
  ~CloseFile() { ::close(file); }
};

std::string read_file(const std::string& path, const std::string& label) {
  const auto reason = [] { return std::system_category().message(errno); };
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  check(file >= 0, "{}: cannot open the file: {}", label, reason());
  const CloseFile close_file{file};
  struct stat status {};
  check(::fstat(file, &status) == 0 && S_ISREG(status.st_mode),
        "{}: not a regular file, expected a file", label);
  std::string content(static_cast<std::size_t>(status.st_size), '\0');
  std::size_t done = 0;
  while (done < content.size()) {
    const ssize_t size = ::read(file, content.data() + done, content.size() - done);
    if (size < 0 && errno == EINTR) continue;
    check(size >= 0, "{}: cannot read the file at byte {}: {}", label, done, reason());
    if (size == 0) break;  // cut short meanwhile; the parser will say so
    done += static_cast<std::size_t>(size);
  }
  content.resize(done);
  return content;
}

}  // namespace

std::size_t idx_element_size(IdxType type) {
  switch (type) {
    case IdxType::UInt8:
    case IdxType::Int8:
      return 1;
    case IdxType::Int16:
      return 2;
    case IdxType::Int32:
    case IdxType::Float32:
      return 4;
    case IdxType::Float64:
      return 8;
  }
  return 1;
}

IdxArray parse_idx(std::string_view content, const std::string& name) {
  Bytes bytes(content, "idx " + name);
  std::uint8_t magic[4];
  bytes.read_all(magic, 4, "a magic number of 4 bytes");
  if (magic[0] != 0 || magic[1] != 0) {
    bytes.fail(fmt::format("bad magic number 0x{:02x}{:02x}{:02x}{:02x}", magic[0], magic[1],
                           magic[2], magic[3]),
               0, "two zero bytes, a type and a number of dimensions");
  }
  if (!known(magic[2])) {
    bytes.fail(fmt::format("unknown type 0x{:02x}", magic[2]), 2,
               "0x08, 0x09, 0x0b, 0x0c, 0x0d or 0x0e");
  }
  IdxArray array;
  array.type = static_cast<IdxType>(magic[2]);
  auto total = static_cast<std::int64_t>(idx_element_size(array.type));
  bool empty = false;
  for (int i = 0; i < magic[3]; ++i) {
    const std::size_t offset = bytes.offset();
    std::uint8_t size[4];
    bytes.read_all(size, 4, fmt::format("{} sizes of 4 bytes", magic[3]));
    const std::int64_t value = std::int64_t{size[0]} << 24 | std::int64_t{size[1]} << 16 |
                               std::int64_t{size[2]} << 8 | std::int64_t{size[3]};
    array.shape.push_back(value);
    empty = empty || value == 0;
    if (__builtin_mul_overflow(total, std::max<std::int64_t>(value, 1), &total)) {
      bytes.fail(fmt::format("size {} of dimension {} overflows", value, i), offset,
                 "fewer than 2^63 bytes");
    }
  }
  const std::size_t size = empty ? 0 : static_cast<std::size_t>(total);
  const std::string expected =
      fmt::format("{} bytes of data for shape {}", size, IntArrayRef(array.shape));
  // Before any memory is taken for a size that the file cannot hold.
  if (size > bytes.at_most()) {
    bytes.fail("truncated file", bytes.offset() + bytes.at_most(), expected);
  }
  array.bytes.resize(size);
  bytes.read_all(array.bytes.data(), size, expected);
  char more;
  const std::size_t end = bytes.offset();
  if (bytes.read(&more, 1) != 0) bytes.fail("trailing bytes", end, expected + " and no more");
  swap_bytes(array.bytes, idx_element_size(array.type));
  return array;
}

IdxArray read_idx(const std::string& path) {
  return parse_idx(read_file(path, "idx " + path), path);
}

}  // namespace xgrad::data
