#include "xgrad/io/checksum.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string>

#include "xgrad/core/format.h"
#include "xgrad/io/base64.h"
#include "xgrad/io/json_writer.h"

namespace xgrad::io {

namespace {

std::uint32_t of_text(std::string_view text, std::uint32_t crc) {
  return crc32_of(text.data(), text.size(), crc);
}

// A NaN of another sign or payload (x86 makes negative ones) comes back from decimals as the quiet
// positive one, so that one is counted.
template <class T>
std::uint32_t of_decimals(const T* data, std::size_t count, std::uint32_t crc) {
  std::array<T, 1024> block;
  for (std::size_t i = 0; i < count; i += block.size()) {
    const std::size_t size = std::min(block.size(), count - i);
    for (std::size_t j = 0; j < size; ++j) {
      const T value = data[i + j];
      block[j] = std::isnan(value) ? std::numeric_limits<T>::quiet_NaN() : value;
    }
    crc = crc32_of(block.data(), size * sizeof(T), crc);
  }
  return crc;
}

}  // namespace

std::uint32_t record_checksum(std::string_view section, const Record& record, bool as_decimals) {
  std::string dtype, shape;
  const bool tied = !record.alias_of.empty();
  if (!tied) {
    dtype = dtype_name(record.dtype);
    shape = fmt::format("{}", fmt::join(record.shape.begin(), record.shape.end(), ","));
  }
  const std::string header = fmt::format("{}\n{}\n{}\n{}\n{}\n{}\n", section, record.name,
                                         kind_name(record.kind), dtype, shape, record.alias_of);
  const std::uint32_t crc = of_text(header, 0);
  if (tied) return crc;
  const auto count = static_cast<std::size_t>(record.numel());
  if (as_decimals && record.dtype == kFloat) {
    return of_decimals(reinterpret_cast<const float*>(record.data), count, crc);
  }
  if (as_decimals && record.dtype == kDouble) {
    return of_decimals(reinterpret_cast<const double*>(record.data), count, crc);
  }
  return crc32_of(record.data, record.bytes(), crc);
}

DocumentChecksum::DocumentChecksum() : crc_(of_text("xgrad.checkpoint\n1\n", 0)) {}

void DocumentChecksum::add_section(std::string_view name) {
  crc_ = of_text(fmt::format("section {}\n", name), crc_);
}

void DocumentChecksum::add_record(std::uint32_t checksum) {
  crc_ = of_text(fmt::format("{}\n", checksum), crc_);
}

std::uint32_t DocumentChecksum::finish(const Value& metadata, const std::string& label) const {
  return of_text(canonical_json(metadata, label), crc_);
}

std::uint32_t document_checksum(const Document& document, const std::string& label) {
  DocumentChecksum checksum;
  for (const Section& section : document.sections) {
    checksum.add_section(section.name);
    for (const Record& record : section.records) {
      checksum.add_record(record_checksum(section.name, record));
    }
  }
  return checksum.finish(document.metadata, label);
}

}  // namespace xgrad::io
