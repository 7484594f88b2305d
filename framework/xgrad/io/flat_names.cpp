#include "xgrad/io/flat_names.h"

#include <unordered_map>

#include "xgrad/core/format.h"
#include "xgrad/io/checksum.h"
#include "xgrad/io/json_reader.h"
#include "xgrad/io/json_text.h"

namespace xgrad::io {

namespace {

std::string flat_name(const std::string& section, const std::string& name) {
  return section == "model" ? name : section + "/" + name;
}

Kind kind_of(const Value& entry, const std::string& name, const std::string& label) {
  const std::string& text = entry.at("kind").as_string();
  for (Kind kind : {Kind::Parameter, Kind::Buffer, Kind::State}) {
    if (text == kind_name(kind)) return kind;
  }
  fail("{}: unknown kind \"{}\" of \"{}\", expected \"parameter\", \"buffer\" or \"state\"", label,
       text, name);
}

}  // namespace

std::vector<FlatRecord> flatten(const Document& document, const std::string& label) {
  std::vector<FlatRecord> flat;
  std::unordered_map<std::string, const Record*> seen;
  for (const Section& section : document.sections) {
    for (const Record& record : section.records) {
      if (!record.alias_of.empty()) continue;
      std::string name = flat_name(section.name, record.name);
      check(seen.emplace(name, &record).second,
            "{}: two tensors would be called \"{}\" in this format, expected different names",
            label, name);
      flat.push_back({std::move(name), &record});
    }
  }
  return flat;
}

std::string sidecar_text(const Document& document, const std::string& label) {
  Value sections = Value::object();
  for (const Section& section : document.sections) {
    Value::Object entries;
    for (const Record& record : section.records) {
      Value entry = Value::object();
      entry["kind"] = kind_name(record.kind);
      if (!record.alias_of.empty()) entry["alias_of"] = record.alias_of;
      entries.push_back({record.name, std::move(entry)});
    }
    sections[section.name] = Value(std::move(entries));
  }
  Value sidecar = Value::object();
  sidecar["version"] = 1;
  sidecar["metadata"] = document.metadata;
  sidecar["sections"] = std::move(sections);
  sidecar["crc32"] = document_checksum(document, label);
  StringSink sink;
  JsonText(sink, label).value(sidecar).flush();
  return sink.take();
}

Document assemble(std::vector<Record> flat, const std::string& text, const std::string& label) {
  const Value sidecar = parse_json_value(text, label + ": xgrad.checkpoint");
  std::unordered_map<std::string, Record*> by_name;
  for (Record& record : flat) by_name.emplace(record.name, &record);
  Document document;
  std::int64_t crc = 0;
  try {
    const std::int64_t version = sidecar.at("version").as_int();
    check(version == 1, "unknown version {}, expected version 1: a newer xgrad wrote this file",
          version);
    crc = sidecar.at("crc32").as_int();
    document.metadata = sidecar.at("metadata");
    for (const auto& [name, entries] : sidecar.at("sections").as_object()) {
      document.sections.push_back({name, {}});
      Section& section = document.sections.back();
      for (const auto& [record_name, entry] : entries.as_object()) {
        Record record;
        const Value* alias = entry.find("alias_of");
        if (alias == nullptr) {
          const auto found = by_name.find(flat_name(name, record_name));
          check(found != by_name.end(), "tensor \"{}\" of section \"{}\" is missing", record_name,
                name);
          record = std::move(*found->second);
          by_name.erase(found);
        } else {
          record.alias_of = alias->as_string();
        }
        record.name = record_name;
        record.kind = kind_of(entry, record_name, label);
        section.records.push_back(std::move(record));
      }
    }
    check(by_name.empty(), "tensor \"{}\" is not described",
          by_name.empty() ? std::string() : by_name.begin()->first);
  } catch (const Error& error) {
    fail("{}: damaged xgrad.checkpoint: {}", label, error.what());
  }
  check(document.metadata.is_object(), "{}: metadata is {}, expected object", label,
        type_name(document.metadata.type()));
  resolve_aliases(document, label);
  const std::uint32_t computed = document_checksum(document, label);
  check(crc == computed, "{}: crc32 {} does not match the document, expected {}", label, crc,
        computed);
  document.is_checksummed = true;
  return document;
}

Document assemble(std::vector<Record> flat) {
  Document document;
  document.section("model").records = std::move(flat);
  return document;
}

}  // namespace xgrad::io
