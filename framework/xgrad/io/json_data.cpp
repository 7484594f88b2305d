#include "xgrad/io/json_data.h"

#include <algorithm>

#include "xgrad/core/format.h"
#include "xgrad/io/base64.h"

namespace xgrad::io {

namespace {

// Fails unless `least` more bytes of text are left.
void need_text(JsonScanner& scanner, const Record& record, std::uint64_t least) {
  if (scanner.source().left() >= least) return;
  scanner.fail(fmt::format("not enough data for \"{}\"", record.name),
               fmt::format("at least {} bytes of text for {} elements, {} are left in the file",
                           least, record.numel(), scanner.source().left()));
}

[[noreturn]] void wrong_count(JsonScanner& scanner, const Record& record, std::string_view given) {
  scanner.fail(fmt::format("data of \"{}\" has {} elements", record.name, given),
               fmt::format("{} for shape {}", record.numel(), IntArrayRef(record.shape)));
}

std::string number_name(ScalarType dtype) {
  return dtype == kBool ? "0 or 1" : fmt::format("a number of {}", dtype_name(dtype));
}

// One element by the slow path: white space, strings, errors, the edges of chunks.
template <class T>
void read_element(JsonScanner& scanner, const std::string& expected, T& value) {
  if constexpr (std::is_floating_point_v<T>) {
    if (scanner.peek(expected) == '"') {
      const std::uint64_t offset = scanner.source().offset();
      const std::string text = scanner.string(expected);
      if (!read_non_finite(text, value)) {
        scanner.source().fail(fmt::format("bad number \"{}\"", text.substr(0, 40)), offset,
                              "\"NaN\", \"Infinity\" or \"-Infinity\"");
      }
      return;
    }
  }
  scanner.peek(expected);
  value = scanner.number<T>(expected);
}

template <class T>
void read_decimals(JsonScanner& scanner, const Record& record, T* out) {
  const auto count = static_cast<std::size_t>(record.numel());
  const std::string expected = number_name(record.dtype);
  Source& source = scanner.source();
  std::size_t done = 0;
  while (done < count) {
    source.need(kLongestToken + 1);  // fills the whole chunk when it runs low
    if (source.limit() - source.here() > static_cast<std::ptrdiff_t>(kLongestToken)) {
      const char* p = source.here();
      done += read_numbers(p, source.limit() - kLongestToken, out + done, count - done);
      source.advance_to(p);
      if (done == count) break;  // after a comma, though no element may follow: the check below
    }
    if (scanner.peek(expected) == ']') {
      wrong_count(scanner, record, std::to_string(done));
    }
    read_element(scanner, expected, out[done++]);
    if (done == count) return;
    if (scanner.peek("',' or ']'") == ']') wrong_count(scanner, record, std::to_string(done));
    scanner.expect(',', "',' or ']'");
  }
  if (count != 0) {
    if (scanner.peek(expected) == ']') scanner.unexpected("a number after ','");
    wrong_count(scanner, record, "more");
  }
}

void read_array(JsonScanner& scanner, Record& record) {
  scanner.expect('[', "'['");
  const auto count = static_cast<std::uint64_t>(record.numel());
  need_text(scanner, record, count == 0 ? 1 : 2 * count);
  record.owner = allocate(record.bytes());
  record.data = static_cast<const std::byte*>(record.owner.get());
  dispatch(record.dtype, [&]<class T>(T) {
    read_decimals(scanner, record, static_cast<T*>(record.owner.get()));
  });
  const char after = scanner.peek("']'");
  if (after == ',' || (count == 0 && after != ']')) wrong_count(scanner, record, "more");
  scanner.expect(']', "']'");
}

void read_base64(JsonScanner& scanner, Record& record) {
  Source& source = scanner.source();
  const std::size_t bytes = record.bytes();
  if (scanner.peek("a base64 string") != '"') scanner.unexpected("a base64 string");
  const std::uint64_t start = source.offset();
  source.advance_to(source.here() + 1);
  need_text(scanner, record, base64_size(bytes) + 1);
  record.owner = allocate(bytes);
  auto* out = static_cast<std::byte*>(record.owner.get());
  record.data = out;

  const auto bad = [&](std::uint64_t offset) {
    source.fail("bad base64", offset,
                fmt::format("{} characters for {} bytes", base64_size(bytes), bytes));
  };
  std::size_t groups = bytes / 3;  // whole ones
  while (groups != 0) {
    if (!source.need(4)) scanner.truncated("base64");
    const auto at_hand = static_cast<std::size_t>(source.limit() - source.here()) / 4;
    const std::size_t now = std::min(groups, at_hand);
    const std::size_t right = base64_decode(source.here(), now * 4, out);
    if (right != now * 4) bad(source.offset() + right);
    source.advance_to(source.here() + now * 4);
    out += now * 3;
    groups -= now;
  }
  if (bytes % 3 != 0) {
    if (!source.need(4)) scanner.truncated("base64");
    if (!base64_decode_last(source.here(), bytes % 3, out)) bad(source.offset());
    source.advance_to(source.here() + 4);
  }
  if (!source.need(1)) scanner.truncated("'\"'");
  if (*source.here() != '"') bad(source.offset());
  source.advance_to(source.here() + 1);
  if (record.dtype == kBool) {
    const std::byte* const end = record.data + bytes;
    if (std::any_of(record.data, end, [](std::byte value) { return value > std::byte{1}; })) {
      source.fail(fmt::format("bad bool in \"{}\"", record.name), start, "bytes of 0 or 1");
    }
  }
}

}  // namespace

void read_data(JsonScanner& scanner, Record& record) {
  constexpr std::string_view expected = "'[' or {\"base64\": ...}";
  const char first = scanner.peek(expected);
  if (first == '[') return read_array(scanner, record);
  bool found = false;
  const std::uint64_t offset = scanner.source().offset();
  scanner.object(expected, [&](const std::string& key) {
    if (key != "base64") {
      scanner.source().fail(fmt::format("unknown key \"{}\"", key), scanner.key_offset(),
                            "\"base64\"");
    }
    read_base64(scanner, record);
    found = true;
  });
  if (!found) scanner.source().fail("missing key \"base64\"", offset, expected);
}

}  // namespace xgrad::io
