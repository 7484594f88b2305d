// write_json: a document as a JSON checkpoint (FORMAT.md), streamed through one bounded buffer.
//
//   io::write_json("m.json", document, {.base64_from = 4096});
//
// The file is replaced whole or not at all (atomic_file.h). Errors: `checkpoint m.json: ...` for
// documents that cannot be written (duplicate names, ties to nothing, missing data) and for every
// failure of the system.
#pragma once

#include <cstdint>
#include <limits>
#include <string>

#include "xgrad/io/document.h"
#include "xgrad/io/sink.h"

namespace xgrad::io {

struct JsonOptions {
  // Tensors of at least this many elements are written as base64 of their little-endian bytes, the
  // others as decimals that read back exactly. Record::encoding overrides it for one tensor.
  std::int64_t base64_from = std::numeric_limits<std::int64_t>::max();
};

void write_json(const std::string& path, const Document& document, const JsonOptions& options = {});
// `label` begins every error.
void write_json(Sink& sink, const Document& document, const JsonOptions& options = {},
                const std::string& label = "checkpoint");
std::string to_json(const Document& document, const JsonOptions& options = {});

// A metadata value as compact JSON, keys in their order; and with sorted keys, the form that the
// checksum of a document is taken of.
std::string to_json(const Value& value);
std::string canonical_json(const Value& value, const std::string& label = "checkpoint");

}  // namespace xgrad::io
