// Safetensors: the format that PyTorch's world exchanges weights in, on the same records as JSON.
//
//   io::write_safetensors("m.safetensors", document);
//   io::Document document = io::read_safetensors("m.safetensors");
//
// Source: https://github.com/huggingface/safetensors (README, "Format"): a little-endian uint64 n,
// a JSON header of n bytes (name -> dtype, shape, data_offsets), then the tensors' bytes without
// overlap or hole. Files of ours also carry kinds, ties, sections, metadata and a checksum under
// "xgrad.checkpoint" in `__metadata__` (FORMAT.md); a foreign file becomes one section "model" of
// parameters, its `__metadata__` the document's. Dtypes: F64, F32, I64, I32, U8, BOOL.
#pragma once

#include <string>
#include <string_view>

#include "xgrad/io/document.h"
#include "xgrad/io/sink.h"

namespace xgrad::io {

// Longest header, in bytes.
constexpr std::uint64_t kSafetensorsHeader = 100'000'000;

// Whole or not at all, errors `checkpoint <path>: ...`, as for JSON.
void write_safetensors(const std::string& path, const Document& document);
void write_safetensors(Sink& sink, const Document& document,
                       const std::string& label = "checkpoint");

Document read_safetensors(const std::string& path);
Document parse_safetensors(std::string_view content, const std::string& name = "<memory>");

}  // namespace xgrad::io
