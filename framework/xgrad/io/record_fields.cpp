#include "xgrad/io/record_fields.h"

#include <algorithm>

#include "xgrad/core/format.h"

namespace xgrad::io {

namespace {

constexpr std::string_view kDtypes = "float32, float64, int64, int32, uint8 or bool";

}  // namespace

Kind read_kind(JsonScanner& scanner) {
  constexpr std::string_view expected = "\"parameter\", \"buffer\" or \"state\"";
  scanner.peek(expected);
  const std::uint64_t offset = scanner.source().offset();
  const std::string name = scanner.string(expected);
  for (Kind kind : {Kind::Parameter, Kind::Buffer, Kind::State}) {
    if (name == kind_name(kind)) return kind;
  }
  scanner.source().fail(fmt::format("unknown kind \"{}\"", name.substr(0, 80)), offset, expected);
}

ScalarType read_dtype(JsonScanner& scanner) {
  scanner.peek(kDtypes);
  const std::uint64_t offset = scanner.source().offset();
  const std::string name = scanner.string(kDtypes);
  const ScalarType dtype = dtype_of_name(name);
  if (dtype == ScalarType::Undefined) {
    scanner.source().fail(fmt::format("unknown dtype \"{}\"", name.substr(0, 80)), offset, kDtypes);
  }
  return dtype;
}

Dims read_shape(JsonScanner& scanner) {
  Dims shape;
  scanner.array("an array of sizes", [&] {
    scanner.peek("a size");
    const std::uint64_t offset = scanner.source().offset();
    const std::int64_t size = scanner.integer("a size");
    if (size < 0) {
      scanner.source().fail(fmt::format("negative size {}", size), offset, "a size of 0 or more");
    }
    if (shape.size() == kHighestRank) {
      scanner.source().fail("too many dimensions", offset, fmt::format("at most {}", kHighestRank));
    }
    shape.push_back(size);
  });
  return shape;
}

std::uint32_t read_crc(JsonScanner& scanner, std::uint64_t& offset) {
  constexpr std::string_view expected = "a crc32 from 0 to 4294967295";
  scanner.peek(expected);
  offset = scanner.source().offset();
  const std::int64_t crc = scanner.integer(expected);
  if (crc < 0 || crc > 0xFFFFFFFFLL) scanner.source().fail("out-of-range number", offset, expected);
  return static_cast<std::uint32_t>(crc);
}

std::int64_t checked_bytes(const Dims& shape, ScalarType dtype) {
  std::int64_t bytes = static_cast<std::int64_t>(elementSize(dtype));
  bool empty = false;
  for (std::int64_t size : shape) {
    empty = empty || size == 0;
    if (__builtin_mul_overflow(bytes, std::max<std::int64_t>(size, 1), &bytes)) return -1;
  }
  return empty ? 0 : bytes;
}

void check_bytes(JsonScanner& scanner, const Record& record, std::uint64_t offset) {
  if (checked_bytes(record.shape, record.dtype) >= 0) return;
  scanner.source().fail(
      fmt::format("shape {} of \"{}\" overflows", IntArrayRef(record.shape), record.name), offset,
      "fewer than 2^63 bytes");
}

void check_bools(const Source& source, const Record& record, std::uint64_t offset) {
  if (record.dtype != kBool) return;
  const std::byte* const end = record.data + record.bytes();
  const std::byte* const wrong =
      std::find_if(record.data, end, [](std::byte value) { return value > std::byte{1}; });
  if (wrong == end) return;
  source.fail(fmt::format("byte {} in \"{}\"", static_cast<int>(*wrong), record.name),
              offset + static_cast<std::uint64_t>(wrong - record.data), "0 or 1 for bool");
}

}  // namespace xgrad::io
