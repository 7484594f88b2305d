// What the checksums of a checkpoint cover (FORMAT.md). Private to the library's sources.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "xgrad/io/document.h"

namespace xgrad::io {

// Of one tensor: its section, name, kind, dtype, shape and tie, then its bytes; `as_decimals` takes
// every NaN for the one that decimals give back.
std::uint32_t record_checksum(std::string_view section, const Record& record,
                              bool as_decimals = false);

// Of the whole document: metadata, names and order of sections, and the records' checksums. Fed in
// the order of the file.
class DocumentChecksum {
 public:
  DocumentChecksum();
  void add_section(std::string_view name);
  void add_record(std::uint32_t checksum);
  // `label` begins the error for metadata that cannot be written.
  std::uint32_t finish(const Value& metadata, const std::string& label) const;

 private:
  std::uint32_t crc_;
};

// The same, of a document in memory; reads all of its data.
std::uint32_t document_checksum(const Document& document, const std::string& label);

}  // namespace xgrad::io
