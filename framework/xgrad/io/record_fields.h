// The fields of a tensor's entry, from JSON: kind, dtype, shape, checksum. Private to the library's
// sources; shared by the readers of JSON checkpoints and of safetensors.
#pragma once

#include <cstdint>
#include <string_view>

#include "xgrad/io/document.h"
#include "xgrad/io/json_scanner.h"

namespace xgrad::io {

constexpr std::size_t kHighestRank = 64;

Kind read_kind(JsonScanner& scanner);
ScalarType read_dtype(JsonScanner& scanner);
// Sizes from 0 on, at most 64 of them.
Dims read_shape(JsonScanner& scanner);
// Sets `offset` to where it stands.
std::uint32_t read_crc(JsonScanner& scanner, std::uint64_t& offset);

// The bytes of shape x dtype, or -1 if they (or those of the shape with its zeros as ones, which
// strides are made of) do not fit 63 bits.
std::int64_t checked_bytes(const Dims& shape, ScalarType dtype);
// Fails for the record that stands at `offset` if its bytes overflow.
void check_bytes(JsonScanner& scanner, const Record& record, std::uint64_t offset);

// Fails if a bool record, whose bytes stand at `offset` in the file, holds anything but 0 and 1.
void check_bools(const Source& source, const Record& record, std::uint64_t offset);

}  // namespace xgrad::io
