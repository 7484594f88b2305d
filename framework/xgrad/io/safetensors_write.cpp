#include <algorithm>

#include "xgrad/core/format.h"
#include "xgrad/io/atomic_file.h"
#include "xgrad/io/flat_names.h"
#include "xgrad/io/json_text.h"
#include "xgrad/io/safetensors.h"

namespace xgrad::io {

namespace {

const char* safetensors_name(ScalarType dtype) {
  switch (dtype) {
    case kDouble:
      return "F64";
    case kFloat:
      return "F32";
    case kLong:
      return "I64";
    case kInt:
      return "I32";
    case kByte:
      return "U8";
    default:
      return "BOOL";
  }
}

std::string header_of(const std::vector<FlatRecord>& flat, const Document& document,
                      const std::string& label) {
  StringSink sink;
  JsonText text(sink, label);
  // "format" is what Hugging Face's loaders ask for; "xgrad.version" betrays a damaged key of its
  // neighbour, and the reverse.
  text.put("{\"__metadata__\":{\"format\":\"pt\",\"xgrad.version\":\"1\",\"xgrad.checkpoint\":");
  text.string(sidecar_text(document, label)).put("}");
  std::size_t offset = 0;
  for (const FlatRecord& one : flat) {
    const Record& record = *one.record;
    text.put(",").string(one.name).put(":{\"dtype\":\"").put(safetensors_name(record.dtype));
    text.put(fmt::format("\",\"shape\":[{}],\"data_offsets\":[{},{}]}}",
                         fmt::join(record.shape.begin(), record.shape.end(), ","), offset,
                         offset + record.bytes()));
    offset += record.bytes();
  }
  text.put("}").flush();
  std::string header = sink.take();
  header.resize((header.size() + 7) / 8 * 8, ' ');  // so that the data begins aligned
  return header;
}

}  // namespace

void write_safetensors(Sink& sink, const Document& document, const std::string& label) {
  check_document(document, label);
  std::vector<FlatRecord> flat = flatten(document, label);
  for (const FlatRecord& one : flat) {
    check(one.name != "__metadata__",
          "{}: a tensor is called \"__metadata__\", expected any other name: safetensors keeps it "
          "for itself",
          label);
  }
  // Wide elements first, so that every tensor is aligned for its dtype.
  std::stable_sort(flat.begin(), flat.end(), [](const FlatRecord& a, const FlatRecord& b) {
    return elementSize(a.record->dtype) > elementSize(b.record->dtype);
  });
  const std::string header = header_of(flat, document, label);
  check(header.size() <= kSafetensorsHeader, "{}: header is {} bytes, expected at most {}", label,
        header.size(), kSafetensorsHeader);
  unsigned char size[8];
  for (std::size_t i = 0; i < 8; ++i)
    size[i] = static_cast<unsigned char>(header.size() >> (8 * i));
  sink.write(size, 8);
  sink.write(header.data(), header.size());
  for (const FlatRecord& one : flat) sink.write(one.record->data, one.record->bytes());
}

void write_safetensors(const std::string& path, const Document& document) {
  check_document(document, "checkpoint " + path);
  AtomicFile file("checkpoint", path);
  write_safetensors(file, document, "checkpoint " + path);
  file.commit();
}

}  // namespace xgrad::io
