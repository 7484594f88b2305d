// read_json: a JSON checkpoint (FORMAT.md) as a document.
//
//   io::Document document = io::read_json("m.json");
//   const io::Record* weight = document.find("model")->find("fc.weight");
//
// Numbers go straight from the text into buffers of their dtype, so reading takes the memory of the
// tensors and a fixed buffer. Nothing is returned unless all of it is right; every error is
// `checkpoint m.json: <what> at byte <n>, expected <what>`.
#pragma once

#include <string>
#include <string_view>

#include "xgrad/io/document.h"

namespace xgrad::io {

Document read_json(const std::string& path);
// From memory; `name` stands for the path in errors.
Document parse_json(std::string_view text, const std::string& name = "<memory>");

// One JSON value, such as the metadata that other formats carry as text.
Value parse_json_value(std::string_view text, const std::string& label);

}  // namespace xgrad::io
