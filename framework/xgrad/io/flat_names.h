// Documents in formats that know only names and arrays (safetensors, npz): a tensor of the section
// "model" keeps its name, one of any other section is called "<section>/<name>", and everything
// that such a format has no place for (kinds, ties, sections, metadata, checksum) travels beside
// the arrays as a JSON text, the sidecar. Private to the library's sources.
#pragma once

#include <string>
#include <vector>

#include "xgrad/io/document.h"

namespace xgrad::io {

struct FlatRecord {
  std::string name;
  const Record* record;
};

// The records with data of their own, in order. Error where two get the same name.
std::vector<FlatRecord> flatten(const Document& document, const std::string& label);
std::string sidecar_text(const Document& document, const std::string& label);

// The document of flat records and their sidecar; everything is checked, the checksum included.
Document assemble(std::vector<Record> flat, const std::string& sidecar, const std::string& label);
// Of a foreign file: one section "model", all kinds Parameter, for nothing tells them apart.
Document assemble(std::vector<Record> flat);

}  // namespace xgrad::io
