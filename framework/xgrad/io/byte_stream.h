// ByteStream: a run of bytes that can only be read onwards: a file, part of one, or what comes out
// of a decompressor. Private to the library's sources.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "xgrad/io/source.h"

namespace xgrad::io {

class ByteStream {
 public:
  virtual ~ByteStream() = default;
  // Copies up to `bytes` bytes; fewer only at the end.
  virtual std::size_t read(void* out, std::size_t bytes) = 0;
  // How many bytes are left to read; a promise of the file, checked where memory depends on it.
  virtual std::uint64_t left() const = 0;
  // Throws `<label>: <what> at byte <offset of what comes next>, expected <expected>`.
  [[noreturn]] void fail(std::string_view what, std::string_view expected) const {
    source_.fail(prefix_ + std::string(what), source_.offset(), expected);
  }

 protected:
  // `prefix` begins every error.
  explicit ByteStream(Source& source, std::string prefix = "")
      : source_(source), prefix_(std::move(prefix)) {}

  Source& source_;

 private:
  std::string prefix_;
};

// A whole source.
class SourceStream : public ByteStream {
 public:
  explicit SourceStream(Source& source) : ByteStream(source) {}
  std::size_t read(void* out, std::size_t bytes) override {
    const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(bytes, source_.left()));
    return source_.read(out, size) ? size : 0;
  }
  std::uint64_t left() const override { return source_.left(); }
};

}  // namespace xgrad::io
