#include "xgrad/io/json_text.h"

#include <algorithm>
#include <array>
#include <exception>
#include <memory>
#include <utility>
#include <vector>

#include "xgrad/core/format.h"
#include "xgrad/core/parallel.h"
#include "xgrad/io/base64.h"
#include "xgrad/io/json_scanner.h"
#include "xgrad/io/number.h"
#include "xgrad/io/utf8.h"

namespace xgrad::io {

void JsonText::flush() {
  sink_.write(buffer_.get(), static_cast<std::size_t>(cursor_ - buffer_.get()));
  cursor_ = buffer_.get();
}

JsonText& JsonText::put(std::string_view text) {
  if (text.size() > kBuffer) {
    flush();
    sink_.write(text.data(), text.size());
    return *this;
  }
  reserve(text.size());
  cursor_ = std::copy(text.begin(), text.end(), cursor_);
  return *this;
}

JsonText& JsonText::string(std::string_view text) {
  check(text.size() <= JsonScanner::kLongestText,
        "{}: a name or text of {} bytes, expected at most {}", label_, text.size(),
        JsonScanner::kLongestText);
  check(is_utf8(text), "{}: a name or text is not UTF-8, expected UTF-8", label_);
  put("\"");
  std::size_t plain = 0;  // text[plain, i) needs no escape
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\') continue;
    put(text.substr(plain, i - plain));
    plain = i + 1;
    if (c == '"' || c == '\\') {
      const char escaped[] = {'\\', c};
      put({escaped, 2});
    } else if (c == '\n') {
      put("\\n");
    } else {
      put(fmt::format("\\u{:04x}", static_cast<int>(c)));
    }
  }
  return put(text.substr(plain)).put("\"");
}

template <class T>
JsonText& JsonText::number(T value) {
  reserve(kLongestNumber);
  cursor_ = write_number(cursor_, value);
  return *this;
}
template JsonText& JsonText::number(std::int64_t);

namespace {

constexpr std::size_t kBlock = 4096, kAtOnce = 8;  // numbers in a block, blocks in a batch

// The texts of up to kAtOnce * kBlock numbers.
struct Batch {
  static constexpr std::size_t kRoom =
      kBlock * 26 + kLongestNumber + 1;  // 25 characters at most, and a comma
  std::unique_ptr<char[]> texts{new char[kRoom * kAtOnce]};
  std::array<std::size_t, kAtOnce> sizes{};
  std::size_t blocks = 0;

  // Of numbers [first, stop), with a comma behind unless it is the last block.
  template <class T>
  void format(std::size_t i, const T* first, const T* stop, bool is_last) {
    char* const text = &texts[i * kRoom];
    char* out = write_numbers(text, text + kRoom, first, stop);
    if (!is_last) *out++ = ',';
    sizes[i] = static_cast<std::size_t>(out - text);
  }
  void write(Sink& sink) const {
    for (std::size_t i = 0; i < blocks; ++i) sink.write(&texts[i * kRoom], sizes[i]);
  }
};

// Formatting is all arithmetic, 21 ns a float, and writing is copying, 6 ns a float. So long arrays
// are cut into blocks that several cores format at a time, while one writes those that are ready.
// The text does not depend on their number.
template <class T>
void write_long(Sink& sink, const T* data, const T* last) {
  Batch batches[2];
  Batch *ready = &batches[0], *next = &batches[1];
  while (data != last || ready->blocks != 0) {
    const std::size_t now = std::min(kBlock * kAtOnce, static_cast<std::size_t>(last - data));
    next->blocks = (now + kBlock - 1) / kBlock;
    std::exception_ptr failure;  // of the sink: none may leave parallel_for
    const auto pieces = static_cast<std::int64_t>(next->blocks) + 1;
    parallel_for(0, pieces, 1, [&](std::int64_t begin, std::int64_t end) {
      for (auto piece = static_cast<std::size_t>(begin); piece < static_cast<std::size_t>(end);
           ++piece) {
        if (piece != 0) {
          const T* const stop = data + std::min(now, piece * kBlock);
          next->format(piece - 1, data + (piece - 1) * kBlock, stop, stop == last);
          continue;
        }
        try {
          ready->write(sink);
        } catch (...) {
          failure = std::current_exception();
        }
      }
    });
    if (failure) std::rethrow_exception(failure);
    data += now;
    std::swap(ready, next);
  }
}

}  // namespace

template <class T>
JsonText& JsonText::numbers(const T* data, std::size_t count) {
  const T* const last = data + count;
  if (count >= 4 * kBlock) {
    flush();
    write_long(sink_, data, last);
    return *this;
  }
  while (data != last) {
    reserve(kLongestNumber + 1);
    cursor_ = write_numbers(cursor_, buffer_.get() + kBuffer, data, last);
  }
  return *this;
}
template JsonText& JsonText::numbers(const float*, std::size_t);
template JsonText& JsonText::numbers(const double*, std::size_t);
template JsonText& JsonText::numbers(const std::int64_t*, std::size_t);
template JsonText& JsonText::numbers(const std::int32_t*, std::size_t);
template JsonText& JsonText::numbers(const std::uint8_t*, std::size_t);
template JsonText& JsonText::numbers(const bool*, std::size_t);

JsonText& JsonText::base64(const std::byte* data, std::size_t bytes) {
  constexpr std::size_t block = kBuffer / 8 / 3 * 3;  // whole groups: only the last is padded
  for (std::size_t i = 0; i < bytes; i += block) {
    const std::size_t size = std::min(block, bytes - i);
    reserve(base64_size(size));
    cursor_ = base64_encode(data + i, size, cursor_);
  }
  return *this;
}

JsonText& JsonText::value(const Value& value, bool sorted, int depth) {
  check(depth < JsonScanner::kDeepest || !(value.is_array() || value.is_object()),
        "{}: metadata is nested too deep, expected at most {} levels", label_,
        JsonScanner::kDeepest);
  switch (value.type()) {
    case Value::Type::Null:
      return put("null");
    case Value::Type::Bool:
      return put(value.as_bool() ? "true" : "false");
    case Value::Type::Int:
      return number(value.as_int());
    case Value::Type::String:
      return string(value.as_string());
    case Value::Type::Double: {
      char digits[kLongestNumber];
      const std::string_view text(
          digits, static_cast<std::size_t>(write_number(digits, value.as_double()) - digits));
      put(text);
      // What looks like an integer would come back as one.
      return text.find_first_not_of("-0123456789") == std::string_view::npos ? put(".0") : *this;
    }
    case Value::Type::Array: {
      put("[");
      bool first = true;
      for (const Value& element : value.as_array()) {
        if (!first) put(",");
        first = false;
        this->value(element, sorted, depth + 1);
      }
      return put("]");
    }
    case Value::Type::Object:
      break;
  }
  std::vector<const Value::Member*> members;
  for (const Value::Member& member : value.as_object()) members.push_back(&member);
  std::vector<const Value::Member*> by_key = members;
  std::sort(by_key.begin(), by_key.end(),
            [](const auto* a, const auto* b) { return a->key < b->key; });
  for (std::size_t i = 1; i < by_key.size(); ++i) {
    check(by_key[i - 1]->key != by_key[i]->key,
          "{}: duplicate key \"{}\" in metadata, expected each key once", label_, by_key[i]->key);
  }
  put("{");
  bool first = true;
  for (const Value::Member* member : sorted ? by_key : members) {
    if (!first) put(",");
    first = false;
    string(member->key).put(":").value(member->value, sorted, depth + 1);
  }
  return put("}");
}

}  // namespace xgrad::io
