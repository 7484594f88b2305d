#include "xgrad/io/json_scanner.h"

#include <algorithm>
#include <cstring>

#include "xgrad/core/format.h"
#include "xgrad/io/utf8.h"

namespace xgrad::io {

namespace {

bool is_space(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }

std::string printable(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x20 && byte < 0x7F ? fmt::format("'{}'", c) : fmt::format("byte 0x{:02x}", byte);
}

}  // namespace

char JsonScanner::peek(std::string_view expected) {
  for (;;) {
    const char* p = source_.here();
    while (p != source_.limit() && is_space(*p)) ++p;
    source_.advance_to(p);
    if (p != source_.limit()) return *p;
    if (!source_.need(1)) truncated(expected);
  }
}

bool JsonScanner::accept(char c, std::string_view expected) {
  if (peek(expected) != c) return false;
  source_.advance_to(source_.here() + 1);
  return true;
}

void JsonScanner::unexpected(std::string_view expected) {
  if (!source_.need(1)) truncated(expected);
  fail("unexpected " + printable(*source_.here()), expected);
}

void JsonScanner::expect(char c, std::string_view expected) {
  if (!accept(c, expected)) unexpected(expected);
}

void JsonScanner::end() {
  while (source_.need(1)) {
    if (!is_space(*source_.here())) fail("trailing bytes", "the end of the file");
    source_.advance_to(source_.here() + 1);
  }
}

void JsonScanner::open(char bracket, std::string_view expected) {
  expect(bracket, expected);
  if (++depth_ > kDeepest) {
    source_.fail("nesting too deep", source_.offset() - 1, fmt::format("at most {}", kDeepest));
  }
}

bool JsonScanner::next_member(bool& first, std::unordered_set<std::string>& keys,
                              std::string& key) {
  if (first) {
    if (accept('}', "a key or '}'")) return false;
  } else {
    if (accept('}', "',' or '}'")) return false;
    expect(',', "',' or '}'");
  }
  first = false;
  if (peek("a key") != '"') unexpected("a key");
  key_offset_ = source_.offset();
  key = string("a key");
  if (!keys.insert(key).second) {
    source_.fail(fmt::format("duplicate key \"{}\"", key), key_offset_, "each key once");
  }
  const std::uint64_t offset = key_offset_;
  expect(':', "':'");
  key_offset_ = offset;
  return true;
}

bool JsonScanner::next_element(bool& first) {
  if (first) {
    first = false;
    return !accept(']', "an element or ']'");
  }
  if (accept(']', "',' or ']'")) return false;
  expect(',', "',' or ']'");
  return true;
}

std::string JsonScanner::string(std::string_view expected, bool keep) {
  if (peek(expected) != '"') unexpected(expected);
  const std::uint64_t start = source_.offset();
  source_.advance_to(source_.here() + 1);
  std::string text;
  for (;;) {
    if (!source_.need(1)) truncated("'\"'");
    const char* p = source_.here();
    while (p != source_.limit() && *p != '"' && *p != '\\' &&
           static_cast<signed char>(*p) >= 0x20) {
      ++p;  // plain ASCII; UTF-8 is negative
    }
    if (!keep) text.clear();
    text.append(source_.here(), p);
    source_.advance_to(p);
    if (text.size() > kLongestText) {
      source_.fail("string too long", start, fmt::format("at most {} bytes", kLongestText));
    }
    if (p == source_.limit()) continue;
    if (*p == '"') {
      source_.advance_to(p + 1);
      return text;
    }
    if (*p == '\\') {
      escape(text);
    } else if (static_cast<unsigned char>(*p) >= 0x80) {
      utf8(text);
    } else {
      fail("unexpected " + printable(*p), "control characters as \\u escapes");
    }
  }
}

void JsonScanner::escape(std::string& text) {
  if (!source_.need(2)) truncated("an escape");
  const char c = source_.here()[1];
  if (c == 'u') return unicode(text);
  constexpr std::string_view names = "\"\\/bfnrt", values = "\"\\/\b\f\n\r\t";
  const std::size_t i = names.find(c);
  if (i == std::string_view::npos)
    fail("bad escape", "one of \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\u");
  text += values[i];
  source_.advance_to(source_.here() + 2);
}

unsigned JsonScanner::hex4() {
  if (!source_.need(6)) truncated("four hexadecimal digits");
  unsigned code = 0;
  for (int i = 2; i < 6; ++i) {
    const char c = source_.here()[i];
    const auto lower = static_cast<char>(c | 0x20);
    if (c >= '0' && c <= '9') {
      code = code * 16 + static_cast<unsigned>(c - '0');
    } else if (lower >= 'a' && lower <= 'f') {
      code = code * 16 + static_cast<unsigned>(lower - 'a' + 10);
    } else {
      fail("bad escape", "four hexadecimal digits");
    }
  }
  return code;
}

void JsonScanner::unicode(std::string& text) {
  unsigned code = hex4();
  if (code >= 0xDC00 && code < 0xE000) fail("bad escape", "the first half of a surrogate pair");
  if (code >= 0xD800 && code < 0xDC00) {
    source_.advance_to(source_.here() + 6);
    if (!source_.need(6)) truncated("the second half of a surrogate pair");
    const bool escaped = source_.here()[0] == '\\' && source_.here()[1] == 'u';
    const unsigned low = escaped ? hex4() : 0;
    if (low < 0xDC00 || low >= 0xE000) fail("bad escape", "the second half of a surrogate pair");
    code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
  }
  source_.advance_to(source_.here() + 6);
  const auto put = [&](unsigned byte) { text += static_cast<char>(byte); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xC0 | code >> 6);
    put(0x80 | (code & 63));
  } else if (code < 0x10000) {
    put(0xE0 | code >> 12);
    put(0x80 | (code >> 6 & 63));
    put(0x80 | (code & 63));
  } else {
    put(0xF0 | code >> 18);
    put(0x80 | (code >> 12 & 63));
    put(0x80 | (code >> 6 & 63));
    put(0x80 | (code & 63));
  }
}

void JsonScanner::utf8(std::string& text) {
  source_.need(4);
  const auto at_hand = static_cast<std::size_t>(source_.limit() - source_.here());
  const std::size_t size = utf8_character({source_.here(), std::min<std::size_t>(at_hand, 4)});
  if (size == 0) fail("invalid UTF-8", "UTF-8");
  text.append(source_.here(), size);
  source_.advance_to(source_.here() + size);
}

template <class T>
T JsonScanner::number(std::string_view expected) {
  source_.need(kLongestToken);
  const char* p = source_.here();
  T result{};
  const Parsed parsed = read_number(p, result);
  // Zeros follow the end of what is at hand, so a number never runs over it; if it touches the end
  // and the file goes on, the token was longer than any number needs to be.
  if (parsed == Parsed::Bad) {
    if (!source_.need(1)) truncated(expected);
    // A number that breaks off with the file is a truncation.
    const char* end = source_.here();
    while (end != source_.limit() && *end != 0 && std::strchr("+-.0123456789eE", *end) != nullptr) {
      ++end;
    }
    const bool at_end = end == source_.limit() && source_.left() < kLongestToken;
    if (at_end && end != source_.here() && std::strchr("+-.eE", end[-1]) != nullptr) {
      truncated(expected);
    }
    const bool numeric =
        *source_.here() == '-' || (*source_.here() >= '0' && *source_.here() <= '9');
    if (!numeric) unexpected(expected);
    fail("bad number", expected);
  }
  if (parsed == Parsed::OutOfRange) fail("out-of-range number", expected);
  if (static_cast<std::size_t>(p - source_.here()) >= kLongestToken) {
    fail("number too long", fmt::format("at most {} characters", kLongestToken));
  }
  source_.advance_to(p);
  return result;
}
template float JsonScanner::number(std::string_view);
template double JsonScanner::number(std::string_view);
template std::int64_t JsonScanner::number(std::string_view);
template std::int32_t JsonScanner::number(std::string_view);
template std::uint8_t JsonScanner::number(std::string_view);
template bool JsonScanner::number(std::string_view);

std::int64_t JsonScanner::integer(std::string_view expected) {
  peek(expected);
  return number<std::int64_t>(expected);
}

void JsonScanner::literal(std::string_view word, std::string_view expected) {
  for (std::size_t i = 0; i < word.size(); ++i) {
    if (!source_.need(1)) truncated(expected);
    if (*source_.here() != word[i]) unexpected(expected);
    source_.advance_to(source_.here() + 1);
  }
}

Value JsonScanner::value() {
  constexpr std::string_view expected = "a value";
  switch (peek(expected)) {
    case '{': {
      Value::Object members;
      object(expected, [&](const std::string& key) {
        members.push_back({key, Value()});
        members.back().value = value();
      });
      return Value(std::move(members));
    }
    case '[': {
      Value::Array values;
      array(expected, [&] { values.push_back(value()); });
      return Value(std::move(values));
    }
    case '"':
      return Value(string(expected));
    case 't':
      literal("true", expected);
      return Value(true);
    case 'f':
      literal("false", expected);
      return Value(false);
    case 'n':
      literal("null", expected);
      return Value();
    default:
      break;
  }
  source_.need(kLongestToken);
  const char* p = source_.here();
  while (*p == '-' || (*p >= '0' && *p <= '9')) ++p;
  if (*p == '.' || *p == 'e' || *p == 'E') return Value(number<double>(expected));
  return Value(number<std::int64_t>(expected));
}

void JsonScanner::skip() {
  constexpr std::string_view expected = "a value";
  switch (peek(expected)) {
    case '{':
      object(expected, [&](const std::string&) { skip(); });
      return;
    case '[':
      array(expected, [&] { skip(); });
      return;
    case '"':
      string(expected, false);
      return;
    default:
      value();
      return;
  }
}

}  // namespace xgrad::io
