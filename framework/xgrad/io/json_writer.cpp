#include "xgrad/io/json_writer.h"

#include "xgrad/core/format.h"
#include "xgrad/io/atomic_file.h"
#include "xgrad/io/checksum.h"
#include "xgrad/io/json_text.h"

namespace xgrad::io {

namespace {

bool is_base64(const Record& record, const JsonOptions& options) {
  return record.encoding == Encoding::Base64 ||
         (record.encoding == Encoding::Default && record.numel() >= options.base64_from);
}

void put_data(JsonText& text, const Record& record, bool base64) {
  if (base64) {
    text.put("{\"base64\": \"").base64(record.data, record.bytes()).put("\"}");
    return;
  }
  text.put("[");
  dispatch(record.dtype, [&]<class T>(T) {
    text.numbers(reinterpret_cast<const T*>(record.data), static_cast<std::size_t>(record.numel()));
  });
  text.put("]");
}

std::uint32_t put_record(JsonText& text, const std::string& section, const Record& record,
                         const JsonOptions& options) {
  const bool base64 = is_base64(record, options);
  text.string(record.name).put(": {\"kind\": \"").put(kind_name(record.kind)).put("\", ");
  if (!record.alias_of.empty()) {
    text.put("\"alias_of\": ").string(record.alias_of);
  } else {
    text.put("\"dtype\": \"").put(dtype_name(record.dtype)).put("\", \"shape\": [");
    text.put(fmt::format("{}", fmt::join(record.shape.begin(), record.shape.end(), ", ")));
    text.put("], \"data\": ");
    put_data(text, record, base64);
  }
  const std::uint32_t checksum = record_checksum(section, record, !base64);
  text.put(", \"crc32\": ").number(std::int64_t{checksum}).put("}");
  return checksum;
}

std::string value_text(const Value& value, bool sorted, const std::string& label) {
  StringSink sink;
  JsonText text(sink, label);
  text.value(value, sorted).flush();
  return sink.take();
}

}  // namespace

void write_json(Sink& sink, const Document& document, const JsonOptions& options,
                const std::string& label) {
  check_document(document, label);
  JsonText text(sink, label);
  DocumentChecksum checksum;
  text.put("{\n  \"format\": \"xgrad.checkpoint\",\n  \"version\": 1,\n  \"metadata\": ");
  text.value(document.metadata, false, 1).put(",\n  \"sections\": {");
  const char* section_end = "";
  for (const Section& section : document.sections) {
    checksum.add_section(section.name);
    text.put(section_end).put("\n    ").string(section.name).put(": {");
    section_end = ",";
    const char* record_end = "";
    for (const Record& record : section.records) {
      text.put(record_end).put("\n      ");
      record_end = ",";
      checksum.add_record(put_record(text, section.name, record, options));
    }
    text.put(section.records.empty() ? "}" : "\n    }");
  }
  text.put(document.sections.empty() ? "},\n" : "\n  },\n");
  text.put("  \"crc32\": ")
      .number(std::int64_t{checksum.finish(document.metadata, label)})
      .put("\n}\n");
  text.flush();
}

void write_json(const std::string& path, const Document& document, const JsonOptions& options) {
  check_document(document, "checkpoint " + path);  // before anything is created
  AtomicFile file("checkpoint", path);
  write_json(file, document, options, "checkpoint " + path);
  file.commit();
}

std::string to_json(const Document& document, const JsonOptions& options) {
  StringSink sink;
  write_json(sink, document, options);
  return sink.take();
}

std::string to_json(const Value& value) { return value_text(value, false, "checkpoint"); }
std::string canonical_json(const Value& value, const std::string& label) {
  return value_text(value, true, label);
}

}  // namespace xgrad::io
