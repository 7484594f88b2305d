// JsonText: JSON text on its way to a sink, through one buffer of fixed size.
// Private to the library's sources.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "xgrad/io/sink.h"
#include "xgrad/io/value.h"

namespace xgrad::io {

class JsonText {
 public:
  static constexpr std::size_t kBuffer = std::size_t{1} << 18;

  // `label` begins every error.
  explicit JsonText(Sink& sink, std::string label = "checkpoint")
      : sink_(sink), label_(std::move(label)), buffer_(new char[kBuffer]), cursor_(buffer_.get()) {}

  // As it is.
  JsonText& put(std::string_view text);
  // In quotes, escaped. Error for text that is not UTF-8 (a file must be readable by everybody) or
  // longer than JsonScanner reads.
  JsonText& string(std::string_view text);
  // Compact; members in their order or sorted by key.
  // Error above 64 levels, `depth` outer ones included.
  JsonText& value(const Value& value, bool sorted = false, int depth = 0);
  template <class T>
  JsonText& number(T value);
  // "a,b,c" without brackets.
  template <class T>
  JsonText& numbers(const T* data, std::size_t count);
  JsonText& base64(const std::byte* data, std::size_t bytes);

  void flush();

 private:
  // Makes room for `bytes` at the cursor.
  void reserve(std::size_t bytes) {
    if (static_cast<std::size_t>(buffer_.get() + kBuffer - cursor_) < bytes) flush();
  }

  Sink& sink_;
  std::string label_;
  std::unique_ptr<char[]> buffer_;
  char* cursor_;
};

}  // namespace xgrad::io
