// GzipReader: the decompressed bytes of one gzip member in memory.
// Private to the library's sources.
//
// zlib's gzread would do, but it passes over bytes behind the member, and reads a damaged file's
// beginning without a word.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace xgrad::data {

bool is_gzip(std::string_view content);

class GzipReader {
 public:
  // Borrows the content; `label` begins every error.
  GzipReader(std::string_view content, const std::string& label);
  ~GzipReader();
  GzipReader(const GzipReader&) = delete;
  GzipReader& operator=(const GzipReader&) = delete;

  // Decompresses up to `bytes` bytes; fewer only at the end, whose checksum has been checked then.
  std::size_t read(void* out, std::size_t bytes);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace xgrad::data
