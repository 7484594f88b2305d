// read_idx: an array in the IDX format, the files that MNIST and Fashion-MNIST come in,
// plain or gzipped.
//
//   data::IdxArray images = data::read_idx("train-images-idx3-ubyte.gz");
//   images.shape == Dims{60000, 28, 28};
//
// Source: http://yann.lecun.com/exdb/mnist (the end of the page): two zero bytes, a type code, the
// number of dimensions, each size as big-endian uint32, then the elements, big-endian.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "xgrad/core/dims.h"

namespace xgrad::data {

enum class IdxType : std::uint8_t {
  UInt8 = 0x08,
  Int8 = 0x09,
  Int16 = 0x0B,
  Int32 = 0x0C,
  Float32 = 0x0D,
  Float64 = 0x0E
};
std::size_t idx_element_size(IdxType type);  // in bytes

struct IdxArray {
  IdxType type = IdxType::UInt8;
  Dims shape;
  std::vector<std::byte> bytes;  // row-major, in the byte order of this machine
};

// Gzip is told by the file's first bytes, not by its name. Errors:
// `idx <path>: <what> at byte <n>, expected <what>` for anything that is not exactly one array; of
// a gzipped file the byte is that of the decompressed data, unless the compression itself is
// damaged.
IdxArray read_idx(const std::string& path);
// From memory; `name` stands for the path in errors.
IdxArray parse_idx(std::string_view content, const std::string& name = "<memory>");

}  // namespace xgrad::data
