// Tensors and states as records of a document, and back:
// the bridge from the plain data of io/ to tensors.
#pragma once

#include <functional>

#include "xgrad/core/ordered_dict.h"
#include "xgrad/core/tensor.h"
#include "xgrad/io/document.h"
#include "xgrad/io/json_writer.h"
#include "xgrad/io/state_dict.h"

namespace xgrad::io {

using TensorDict = OrderedDict<std::string, Tensor>;

// The record borrows the tensor's elements (or a row-major copy of them, which it owns).
Record to_record(const std::string& name, Kind kind, const Tensor& tensor);
// A tensor on the record's own bytes, without a copy; it keeps them alive.
Tensor to_tensor(const Record& record);

void write_section(Section& section, const TensorDict& tensors,
                   const std::function<Kind(const std::string&)>& kind_of);
TensorDict read_section(const Section& section);
// Tensors become records of kind `state`,
// values the member `section.name` of the document's metadata "state".
void write_state(Document& document, const std::string& name, const StateDict& state);
StateDict read_state(const Document& document, const std::string& name, const std::string& label);

// By the extension: .safetensors, .npz, and JSON for all others.
void write_document(const std::string& path, const Document& document,
                    const JsonOptions& json = {});
Document read_document(const std::string& path);

}  // namespace xgrad::io
