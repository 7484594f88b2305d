#include "xgrad/io/document.h"

#include <algorithm>
#include <new>
#include <unordered_map>

#include "xgrad/core/format.h"
#include "xgrad/io/record_fields.h"

namespace xgrad::io {

namespace {

using Names = std::unordered_map<std::string_view, const Record*>;

Names names_of(const Section& section, const std::string& label) {
  Names names;
  for (const Record& record : section.records) {
    check(names.emplace(record.name, &record).second,
          "{}: duplicate name \"{}\" in section \"{}\", expected each name once", label,
          record.name, section.name);
  }
  return names;
}

const Record& tied_to(const Record& record, const Names& names, const Section& section,
                      const std::string& label) {
  const auto found = names.find(record.alias_of);
  check(found != names.end(),
        "{}: \"{}\" in section \"{}\" is tied to \"{}\", which is missing, expected a name of the "
        "same section",
        label, record.name, section.name, record.alias_of);
  check(found->second->alias_of.empty(),
        "{}: \"{}\" in section \"{}\" is tied to \"{}\", which is tied itself, expected a tensor "
        "with data",
        label, record.name, section.name, record.alias_of);
  return *found->second;
}

// Others come from memory that is no tensor of ours; no reader would take them.
void check_bools(const Section& section, const Record& record, const std::string& label) {
  if (record.dtype != kBool) return;
  const std::byte* const end = record.data + record.bytes();
  const std::byte* const wrong =
      std::find_if(record.data, end, [](std::byte value) { return value > std::byte{1}; });
  check(wrong == end, "{}: \"{}\" in section \"{}\" holds a bool of {}, expected 0 or 1", label,
        record.name, section.name, wrong == end ? 0 : static_cast<int>(*wrong));
}

}  // namespace

const char* kind_name(Kind kind) {
  return kind == Kind::Parameter ? "parameter" : kind == Kind::Buffer ? "buffer" : "state";
}

const Record* Section::find(std::string_view record) const {
  for (const Record& one : records) {
    if (one.name == record) return &one;
  }
  return nullptr;
}

Section& Document::section(std::string_view name) {
  for (Section& one : sections) {
    if (one.name == name) return one;
  }
  sections.push_back(Section{std::string(name), {}});
  return sections.back();
}

const Section* Document::find(std::string_view name) const {
  for (const Section& one : sections) {
    if (one.name == name) return &one;
  }
  return nullptr;
}

std::shared_ptr<void> allocate(std::size_t bytes) {
  constexpr std::align_val_t alignment{64};
  return {::operator new(bytes == 0 ? 1 : bytes, alignment),
          [](void* memory) { ::operator delete(memory, alignment); }};
}

void resolve_aliases(Document& document, const std::string& label) {
  for (Section& section : document.sections) {
    const Names names = names_of(section, label);
    for (Record& record : section.records) {
      if (record.alias_of.empty()) continue;
      const Record& source = tied_to(record, names, section, label);
      record.dtype = source.dtype;
      record.shape = source.shape;
      record.data = source.data;
      record.owner = source.owner;
    }
  }
}

void check_document(const Document& document, const std::string& label) {
  for (const Section& section : document.sections) {
    check(document.find(section.name) == &section,
          "{}: duplicate section \"{}\", expected each section once", label, section.name);
    const Names names = names_of(section, label);
    for (const Record& record : section.records) {
      if (!record.alias_of.empty()) {
        tied_to(record, names, section, label);
        continue;
      }
      check(static_cast<int>(record.dtype) < kScalarTypeCount,
            "{}: \"{}\" in section \"{}\" has a dtype that files cannot hold, expected one of "
            "float32, float64, int64, int32, uint8, bool",
            label, record.name, section.name);
      check(record.shape.size() <= kHighestRank,
            "{}: \"{}\" in section \"{}\" has {} dimensions, expected at most {}", label,
            record.name, section.name, record.shape.size(), kHighestRank);
      check(record.data != nullptr || record.numel() == 0,
            "{}: \"{}\" in section \"{}\" has no data, expected {} bytes", label, record.name,
            section.name, record.bytes());
      check_bools(section, record, label);
    }
  }
  check(document.metadata.is_object(), "{}: metadata is {}, expected object", label,
        type_name(document.metadata.type()));
}

ScalarType dtype_of_name(std::string_view name) {
  for (int i = 0; i < kScalarTypeCount; ++i) {
    const auto type = static_cast<ScalarType>(i);
    if (name == dtype_name(type)) return type;
  }
  return ScalarType::Undefined;
}

}  // namespace xgrad::io
