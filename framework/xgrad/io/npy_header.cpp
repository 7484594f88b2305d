#include "xgrad/io/npy_header.h"

#include <charconv>
#include <utility>

#include "xgrad/core/format.h"
#include "xgrad/io/record_fields.h"

namespace xgrad::io {

namespace {

constexpr std::string_view kMagic = "\x93NUMPY";
constexpr std::pair<std::string_view, ScalarType> kDescriptions[] = {
    {"<f4", kFloat}, {"<f8", kDouble}, {"<i8", kLong},
    {"<i4", kInt},   {"|u1", kByte},   {"|b1", kBool}};

// The few forms that numpy writes: {'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }
class Dictionary {
 public:
  Dictionary(std::string_view text, const ByteStream& stream) : text_(text), stream_(stream) {}

  NpyHeader parse() {
    NpyHeader header;
    bool descr = false, order = false, shape = false;
    expect('{');
    while (!accept('}')) {
      const std::string_view key = quoted();
      expect(':');
      if (key == "descr" && !std::exchange(descr, true)) {
        header.dtype = dtype();
      } else if (key == "fortran_order" && !std::exchange(order, true)) {
        header.fortran_order = boolean();
      } else if (key == "shape" && !std::exchange(shape, true)) {
        header.shape = this->shape();
      } else {
        fail(fmt::format("unknown or repeated key '{}'", key.substr(0, 40)));
      }
      if (!accept(',')) {
        expect('}');
        break;
      }
    }
    skip_spaces();
    if (!text_.empty()) fail("trailing bytes in the header");
    if (!descr || !order || !shape) fail("missing key in the header");
    return header;
  }

 private:
  [[noreturn]] void fail(std::string_view what) const {
    stream_.fail("npy header: " + std::string(what),
                 "{'descr': ..., 'fortran_order': ..., 'shape': ...} before it");
  }

  void skip_spaces() {
    while (!text_.empty() && (text_[0] == ' ' || text_[0] == '\n')) text_.remove_prefix(1);
  }

  bool accept(char c) {
    skip_spaces();
    if (text_.empty() || text_[0] != c) return false;
    text_.remove_prefix(1);
    return true;
  }

  void expect(char c) {
    if (!accept(c)) fail(fmt::format("no '{}' where it belongs", c));
  }

  std::string_view quoted() {
    skip_spaces();
    if (text_.empty() || (text_[0] != '\'' && text_[0] != '"')) fail("no string where it belongs");
    const std::size_t end = text_.find(text_[0], 1);
    if (end == std::string_view::npos) fail("string without an end");
    const std::string_view result = text_.substr(1, end - 1);
    text_.remove_prefix(end + 1);
    return result;
  }

  ScalarType dtype() {
    const std::string_view description = quoted();
    for (const auto& [name, dtype] : kDescriptions) {
      if (name == description) return dtype;
    }
    stream_.fail(fmt::format("npy header: unknown descr '{}'", description.substr(0, 40)),
                 "'<f4', '<f8', '<i8', '<i4', '|u1' or '|b1' before it");
  }

  bool boolean() {
    skip_spaces();
    for (const bool value : {false, true}) {
      const std::string_view word = value ? "True" : "False";
      if (!text_.starts_with(word)) continue;
      text_.remove_prefix(word.size());
      return value;
    }
    fail("no True or False where it belongs");
  }

  Dims shape() {
    Dims sizes;
    expect('(');
    while (!accept(')')) {
      skip_spaces();
      std::int64_t size = -1;
      const auto [end, error] = std::from_chars(text_.data(), text_.data() + text_.size(), size);
      if (error != std::errc() || size < 0) fail("bad size in the shape");
      if (sizes.size() == kHighestRank) fail("too many dimensions");
      text_.remove_prefix(static_cast<std::size_t>(end - text_.data()));
      sizes.push_back(size);
      if (!accept(',')) {
        expect(')');
        break;
      }
    }
    return sizes;
  }

  std::string_view text_;
  const ByteStream& stream_;
};

}  // namespace

std::string npy_header_text(ScalarType dtype, const Dims& shape) {
  std::string_view description;
  for (const auto& [name, type] : kDescriptions) {
    if (type == dtype) description = name;
  }
  std::string sizes;
  for (std::size_t i = 0; i < shape.size(); ++i)
    sizes += fmt::format("{}{},", i == 0 ? "" : " ", shape[i]);
  if (shape.size() > 1) sizes.pop_back();  // only a tuple of one ends in a comma
  std::string text =
      fmt::format("{{'descr': '{}', 'fortran_order': False, 'shape': ({}), }}", description, sizes);
  // 10 bytes of magic, version and length come before, a line end behind.
  text.append((64 - (text.size() + 11) % 64) % 64, ' ');
  text += '\n';
  std::string header(kMagic);
  header +=
      {'\1', '\0', static_cast<char>(text.size() & 0xFF), static_cast<char>(text.size() >> 8)};
  return header + text;
}

NpyHeader read_npy_header(ByteStream& stream) {
  char magic[8];
  if (stream.read(magic, 8) != 8)
    stream.fail("truncated npy header", "8 bytes of magic and version");
  if (std::string_view(magic, 6) != kMagic) stream.fail("bad npy magic", "\\x93NUMPY before it");
  const int version = magic[6];
  if (version < 1 || version > 3 || magic[7] != 0) {
    stream.fail(fmt::format("unknown npy version {}.{}", version, static_cast<int>(magic[7])),
                "1.0, 2.0 or 3.0 before it");
  }
  unsigned char length[4] = {};
  const std::size_t digits = version == 1 ? 2 : 4;
  if (stream.read(length, digits) != digits) stream.fail("truncated npy header", "its length");
  std::size_t size = 0;
  for (std::size_t i = 4; i-- > 0;) size = size << 8 | length[i];
  if (size > std::size_t{1} << 20) {  // numpy's own limit is 10,000
    stream.fail(fmt::format("npy header of {} bytes", size), "at most 1048576");
  }
  std::string text(size, '\0');
  if (stream.read(text.data(), size) != size) {
    stream.fail("truncated npy header", fmt::format("{} bytes", size));
  }
  return Dictionary(text, stream).parse();
}

}  // namespace xgrad::io
