// The header of an npy file: a Python dictionary as text. Private to the library's sources.
// Source: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
#pragma once

#include <string>

#include "xgrad/core/dims.h"
#include "xgrad/core/scalar_type.h"
#include "xgrad/io/byte_stream.h"

namespace xgrad::io {

struct NpyHeader {
  ScalarType dtype = kFloat32;
  bool fortran_order = false;
  Dims shape;
};

// Magic, version and dictionary, padded to a multiple of 64 bytes; version 1.
std::string npy_header_text(ScalarType dtype, const Dims& shape);

// Versions 1 to 3. Fails through the stream.
NpyHeader read_npy_header(ByteStream& stream);

}  // namespace xgrad::io
