// xgrad inspect: what is in a checkpoint.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iostream>
#include <vector>

#include "elements.h"
#include "verbs.h"
#include "xgrad/io/json_writer.h"
#include "xgrad/io/records.h"

namespace cli {
namespace {

using xgrad::io::Document;
using xgrad::io::Record;
using xgrad::io::Section;
using xgrad::io::Value;

Value shape_value(const Record& record) {
  Value shape = Value::array();
  for (const std::int64_t size : record.shape) shape.push_back(size);
  return shape;
}

Value as_value(const Record& record) {
  Value entry = Value::object();
  entry["kind"] = kind_name(record.kind);
  if (!record.alias_of.empty()) entry["alias_of"] = record.alias_of;
  entry["dtype"] = xgrad::dtype_name(record.dtype);
  entry["shape"] = shape_value(record);
  entry["bytes"] = record.bytes();
  const Statistics statistics = statistics_of(record);
  entry["min"] = statistics.min;
  entry["mean"] = statistics.mean;
  entry["max"] = statistics.max;
  entry["non_finite"] = statistics.non_finite;
  return entry;
}

Value as_value(const std::string& file, const Document& document) {
  Value result = Value::object();
  result["file"] = file;
  result["metadata"] = document.metadata;
  result["sections"] = Value::object();
  for (const Section& section : document.sections) {
    Value& entries = result["sections"][section.name];
    entries = Value::object();
    for (const Record& record : section.records) entries[record.name] = as_value(record);
  }
  return result;
}

constexpr std::size_t kColumns = 9;
using Row = std::array<std::string, kColumns>;

std::string number_text(const Value& value) {
  if (value.is_null()) return "-";
  if (value.type() == Value::Type::Int) return std::to_string(value.as_int());
  return fmt::format("{:.4g}", value.as_double());
}

Row row_of(const Record& record) {
  if (!record.alias_of.empty()) {
    return {name_text(record.name), kind_name(record.kind),
            "tied to " + name_text(record.alias_of)};
  }
  const Statistics statistics = statistics_of(record);
  return {name_text(record.name),
          kind_name(record.kind),
          xgrad::dtype_name(record.dtype),
          shape_text(record.shape),
          size_text(record.bytes()),
          number_text(statistics.min),
          number_text(statistics.mean),
          number_text(statistics.max),
          std::to_string(statistics.non_finite)};
}

// In characters: each has one byte that is not a continuation in UTF-8.
std::size_t length(const std::string& text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

// The same with long texts (a generator's state), lists and objects (an optimizer's parameters)
// cut short.
Value abridged(const Value& value) {
  constexpr std::size_t longest_text = 60, most = 8;
  switch (value.type()) {
    case Value::Type::String: {
      const std::string& text = value.as_string();
      if (text.size() <= longest_text) return value;
      std::size_t end = longest_text;
      while ((text[end] & 0xC0) == 0x80) --end;
      return text.substr(0, end) + fmt::format("... {} bytes", text.size());
    }
    case Value::Type::Array: {
      Value list = Value::array();
      for (const Value& element : value.as_array()) {
        if (list.size() == most) {
          list.push_back(fmt::format("... {} elements", value.size()));
          break;
        }
        list.push_back(abridged(element));
      }
      return list;
    }
    case Value::Type::Object: {
      Value object = Value::object();
      for (const Value::Member& member : value.as_object()) {
        if (object.size() == most) {
          object["..."] = fmt::format("{} members", value.size());
          break;
        }
        object[member.key] = abridged(member.value);
      }
      return object;
    }
    default:
      return value;
  }
}

void print_metadata(const Value& metadata) {
  if (metadata.size() == 0) return;
  std::cout << "\nmetadata:\n";
  for (const Value::Member& member : metadata.as_object()) {
    std::cout << "  " << name_text(member.key) << ": " << to_json(abridged(member.value)) << '\n';
  }
}

void print_table(const Section& section) {
  std::vector<Row> rows = {
      {"name", "kind", "dtype", "shape", "size", "min", "mean", "max", "non-finite"}};
  for (const Record& record : section.records) rows.push_back(row_of(record));
  std::array<std::size_t, kColumns> widths{};
  for (const Row& row : rows) {
    if (row[3].empty()) continue;  // tied: its text goes over several columns
    for (std::size_t i = 0; i < kColumns; ++i) widths[i] = std::max(widths[i], length(row[i]));
  }
  for (const Row& row : rows) widths[0] = std::max(widths[0], length(row[0]));
  std::cout << '\n' << name_text(section.name) << ":\n";
  for (const Row& row : rows) {
    std::string line = " ";
    for (std::size_t i = 0; i < kColumns; ++i) {
      const bool is_number = i >= 4;
      line += is_number ? fmt::format(" {:>{}}", row[i], widths[i] + 1)
                        : fmt::format(" {:<{}}", row[i], widths[i] + 1);
    }
    line.erase(line.find_last_not_of(' ') + 1);
    std::cout << line << '\n';
  }
}

}  // namespace

int inspect(const std::string& file, bool as_json) {
  const Document document = xgrad::io::read_document(file);
  if (as_json) {
    std::cout << to_json(as_value(file, document)) << '\n';
    return 0;
  }
  std::cout << file << ": " << content_text(document) << '\n';
  print_metadata(document.metadata);
  for (const Section& section : document.sections) {
    if (!section.records.empty()) print_table(section);
  }
  return 0;
}

}  // namespace cli
