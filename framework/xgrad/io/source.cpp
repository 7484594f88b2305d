#include "xgrad/io/source.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "xgrad/core/format.h"
#include "xgrad/io/atomic_file.h"

namespace xgrad::io {

Source Source::open(const std::string& label, const std::string& path) {
  // Without O_NONBLOCK a pipe would be waited for, before it could be refused.
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  check(file >= 0, "{}: cannot open the file: {}", label, errno_text(errno));
  struct stat status {};
  if (::fstat(file, &status) != 0 || !S_ISREG(status.st_mode)) {
    ::close(file);
    xgrad::fail("{}: not a regular file, expected a file", label);
  }
  return Source(label, file, {}, static_cast<std::uint64_t>(status.st_size), kChunk);
}

Source::Source(const std::string& label, std::string_view memory, std::size_t chunk)
    : Source(label, -1, memory, memory.size(), chunk) {}

Source::Source(const std::string& label, int file, std::string_view memory, std::uint64_t size,
               std::size_t chunk)
    : label_(label),
      file_(file),
      memory_(memory),
      size_(size),
      // A small input needs no large buffer, but always room for the longest token.
      chunk_(std::min<std::uint64_t>(chunk, std::max<std::uint64_t>(size, 1024))),
      buffer_(new char[chunk_ + kPadding]),
      here_(buffer_.get()),
      limit_(buffer_.get()) {
  std::memset(buffer_.get(), 0, kPadding);
}

Source::Source(Source&& other) noexcept
    : label_(std::move(other.label_)),
      file_(std::exchange(other.file_, -1)),
      memory_(other.memory_),
      size_(other.size_),
      chunk_(other.chunk_),
      buffer_(std::move(other.buffer_)),
      base_(other.base_),
      here_(other.here_),
      limit_(other.limit_) {}

Source::~Source() {
  if (file_ >= 0) ::close(file_);
}

std::size_t Source::read_at(std::uint64_t offset, char* out, std::size_t count) const {
  if (file_ < 0) {
    const std::size_t first = std::min<std::size_t>(offset, memory_.size());
    const std::size_t size = std::min(count, memory_.size() - first);
    if (size != 0) std::memcpy(out, memory_.data() + first, size);
    return size;
  }
  std::size_t done = 0;
  while (done < count) {
    const ssize_t size =
        ::pread(file_, out + done, count - done, static_cast<off_t>(offset + done));
    if (size < 0 && errno == EINTR) continue;
    check(size >= 0, "{}: cannot read the file at byte {}: {}", label_, offset + done,
          errno_text(errno));
    if (size == 0) break;
    done += static_cast<std::size_t>(size);
  }
  return done;
}

bool Source::refill(std::size_t count) {
  char* const begin = buffer_.get();
  const auto kept = static_cast<std::size_t>(limit_ - here_);
  base_ += static_cast<std::uint64_t>(here_ - begin);
  if (kept != 0) std::memmove(begin, here_, kept);
  const std::size_t added = read_at(base_ + kept, begin + kept, chunk_ - kept);
  here_ = begin;
  limit_ = begin + kept + added;
  std::memset(begin + kept + added, 0, kPadding);
  return kept + added >= count;
}

void Source::seek(std::uint64_t offset) {
  base_ = offset;
  here_ = limit_ = buffer_.get();
}

bool Source::read(void* out, std::size_t count) {
  auto* bytes = static_cast<char*>(out);
  const std::size_t at_hand = std::min(count, static_cast<std::size_t>(limit_ - here_));
  if (at_hand != 0) std::memcpy(bytes, here_, at_hand);
  here_ += at_hand;
  if (at_hand == count) return true;
  const std::uint64_t from = offset();
  const std::size_t size = read_at(from, bytes + at_hand, count - at_hand);
  seek(from + size);
  return at_hand + size == count;
}

void Source::fail(std::string_view what, std::uint64_t offset, std::string_view expected) const {
  xgrad::fail("{}: {} at byte {}, expected {}", label_, what, offset, expected);
}

}  // namespace xgrad::io
