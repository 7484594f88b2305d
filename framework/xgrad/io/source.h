// Source: the bytes of a file, or of memory, a chunk at a time. Private to the library's sources.
//
// Reading by chunks keeps memory at the size of the chunk whatever the size of the file, and, other
// than a mapped file, survives a file that another process cuts short.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace xgrad::io {

class Source {
 public:
  static constexpr std::size_t kChunk = std::size_t{1} << 18;
  // Zero bytes that follow limit(), so that a parser may look a token ahead without checks.
  static constexpr std::size_t kPadding = 64;

  // The regular file at `path`. `label` begins every error ("checkpoint m.json").
  static Source open(const std::string& label, const std::string& path);
  // Borrows the memory.
  Source(const std::string& label, std::string_view memory, std::size_t chunk = kChunk);
  Source(Source&& other) noexcept;
  Source& operator=(Source&&) = delete;
  ~Source();

  // What is at hand: [here(), limit()).
  const char* here() const { return here_; }
  const char* limit() const { return limit_; }
  void advance_to(const char* position) { here_ = position; }
  // Makes at least `count` bytes at hand, which may move here(); false if the file has fewer left
  // (they are at hand then). `count` is at most the chunk.
  bool need(std::size_t count) {
    return static_cast<std::size_t>(limit_ - here_) >= count || refill(count);
  }

  std::uint64_t size() const { return size_; }
  std::uint64_t offset() const { return offset_of(here_); }
  std::uint64_t offset_of(const char* position) const {
    return base_ + static_cast<std::uint64_t>(position - buffer_.get());
  }
  std::uint64_t left() const { return size_ - offset(); }
  void seek(std::uint64_t offset);
  // Copies `count` bytes to `out`; false, if the file ends before.
  bool read(void* out, std::size_t count);

  const std::string& label() const { return label_; }
  // Throws `<label>: <what> at byte <offset>, expected <expected>`.
  [[noreturn]] void fail(std::string_view what, std::uint64_t offset,
                         std::string_view expected) const;

 private:
  Source(const std::string& label, int file, std::string_view memory, std::uint64_t size,
         std::size_t chunk);
  bool refill(std::size_t count);
  std::size_t read_at(std::uint64_t offset, char* out, std::size_t count) const;

  std::string label_;
  int file_;
  std::string_view memory_;
  std::uint64_t size_;
  std::size_t chunk_;
  std::unique_ptr<char[]> buffer_;
  std::uint64_t base_ = 0;  // offset of the buffer's first byte in the file
  const char* here_;
  const char* limit_;
};

}  // namespace xgrad::io
