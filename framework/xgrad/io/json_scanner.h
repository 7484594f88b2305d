// JsonScanner: strict JSON (RFC 8259) from a Source, by recursive descent of the caller. Private to
// the library's sources.
//
//   scanner.object([&](const std::string& key) {
//     if (key == "version") version = scanner.integer("version");
//     else scanner.skip();
//   });
//
// Hand-written because nlohmann's lexer takes a character at a time: measured here 0.06 GB/s
// without building anything, and it cannot hand the digits of an array to a faster reader. Every
// error names the byte. Strict: UTF-8 is validated, keys are unique in each object, nesting ends
// at 64.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_set>

#include "xgrad/io/number.h"
#include "xgrad/io/source.h"
#include "xgrad/io/value.h"

namespace xgrad::io {

class JsonScanner {
 public:
  static constexpr int kDeepest = 64;
  static constexpr std::size_t kLongestText = std::size_t{1} << 26;  // of one string, in bytes

  explicit JsonScanner(Source& source) : source_(source) {}
  Source& source() { return source_; }

  // The next character that is not white space, not consumed; fails at the end of the file.
  char peek(std::string_view expected);
  // Consumes it if it is `c`.
  bool accept(char c, std::string_view expected);
  void expect(char c, std::string_view expected);
  // Fails unless only white space is left.
  void end();

  // on_key(const std::string&) for each member; it must consume the value. A key that it refuses
  // begins at byte key_offset().
  template <class F>
  void object(std::string_view expected, F&& on_key);
  // on_element() for each element.
  template <class F>
  void array(std::string_view expected, F&& on_element);
  std::uint64_t key_offset() const { return key_offset_; }

  // `expected` says what was looked for, in case it is not there.
  // `keep` false only validates, and has no limit of length.
  std::string string(std::string_view expected, bool keep = true);
  std::int64_t integer(std::string_view expected);
  Value value();
  // Validates and drops one value.
  void skip();
  // A number, with all checks but the white space in front of it.
  template <class T>
  T number(std::string_view expected);

  [[noreturn]] void fail(std::string_view what, std::string_view expected) const {
    source_.fail(what, source_.offset(), expected);
  }
  [[noreturn]] void truncated(std::string_view expected) const {
    source_.fail("truncated file", source_.size(), expected);
  }
  // Fails with the character at hand: `unexpected 'x' at byte 3, expected ...`.
  [[noreturn]] void unexpected(std::string_view expected);

 private:
  void open(char bracket, std::string_view expected);
  bool next_member(bool& first, std::unordered_set<std::string>& keys, std::string& key);
  bool next_element(bool& first);
  void escape(std::string& text);
  void unicode(std::string& text);
  unsigned hex4();
  void utf8(std::string& text);
  void literal(std::string_view word, std::string_view expected);

  Source& source_;
  int depth_ = 0;
  std::uint64_t key_offset_ = 0;
};

template <class F>
void JsonScanner::object(std::string_view expected, F&& on_key) {
  open('{', expected);
  std::unordered_set<std::string> keys;
  std::string key;
  for (bool first = true; next_member(first, keys, key);) on_key(key);
  --depth_;
}

template <class F>
void JsonScanner::array(std::string_view expected, F&& on_element) {
  open('[', expected);
  for (bool first = true; next_element(first);) on_element();
  --depth_;
}

}  // namespace xgrad::io
