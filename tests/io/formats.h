// The file formats as functions from a document to bytes and back, for tests that damage the bytes.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "xgrad/io/json_reader.h"
#include "xgrad/io/json_writer.h"
#include "xgrad/io/npy.h"
#include "xgrad/io/safetensors.h"

namespace sample {

namespace io = xgrad::io;

// Errors of `read` begin with "checkpoint f: ".
struct Format {
  const char* name;
  std::function<std::string(const io::Document&)> write;
  std::function<io::Document(std::string_view)> read;
};

template <class F>
std::string text_of(const F& write) {
  io::StringSink sink;
  write(sink);
  return sink.take();
}

inline const std::vector<Format>& formats() {
  using io::Document;
  using io::Sink;
  static const std::vector<Format> all = {
      {"json", [](const Document& d) { return io::to_json(d); },
       [](std::string_view text) { return io::parse_json(text, "f"); }},
      {"json with base64", [](const Document& d) { return io::to_json(d, {.base64_from = 0}); },
       [](std::string_view text) { return io::parse_json(text, "f"); }},
      {"safetensors",
       [](const Document& d) { return text_of([&](Sink& s) { io::write_safetensors(s, d); }); },
       [](std::string_view text) { return io::parse_safetensors(text, "f"); }},
      {"npz", [](const Document& d) { return text_of([&](Sink& s) { io::write_npz(s, d); }); },
       [](std::string_view text) { return io::parse_npz(text, "f"); }}};
  return all;
}

}  // namespace sample
