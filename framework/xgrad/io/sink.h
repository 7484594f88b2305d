// Sink: where a writer sends its bytes: a file or a string.
#pragma once

#include <cstddef>
#include <string>

namespace xgrad::io {

class Sink {
 public:
  virtual ~Sink() = default;
  // Takes all of them or throws Error.
  virtual void write(const void* data, std::size_t bytes) = 0;
};

class StringSink : public Sink {
 public:
  void write(const void* data, std::size_t bytes) override {
    text_.append(static_cast<const char*>(data), bytes);
  }
  const std::string& text() const { return text_; }
  std::string take() { return std::move(text_); }

 private:
  std::string text_;
};

}  // namespace xgrad::io
