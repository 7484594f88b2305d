// Document: the plain data of a checkpoint, the same for every file format.
//
//   io::Document document;
//   document.section("model").records.push_back(
//       {.name = "fc.weight", .kind = io::Kind::Parameter,
//        .dtype = kFloat32, .shape = {2, 3}, .data = pointer});
//   document.metadata["epoch"] = 3;
//   io::write_json("m.json", document);
//
// Sections ("model", "optimizer", "scheduler"...) and the records in them keep their order. Knows
// nothing of tensors, modules or optimizers, and nothing in a file can name code or types to build.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "xgrad/core/dims.h"
#include "xgrad/core/scalar_type.h"
#include "xgrad/io/value.h"

namespace xgrad::io {

enum class Kind : std::uint8_t { Parameter, Buffer, State };
const char* kind_name(Kind kind);  // "parameter", "buffer", "state"

// How a JSON file holds the data of one tensor. Default follows JsonOptions.
enum class Encoding : std::uint8_t { Default, Decimal, Base64 };

struct Record {
  std::string name;
  Kind kind = Kind::Parameter;
  ScalarType dtype = kFloat32;
  Dims shape;
  // Contiguous row-major elements, little-endian. When writing: borrowed, must live until the write
  // returns. When reading: 64-byte aligned and kept alive by `owner`.
  const std::byte* data = nullptr;
  std::shared_ptr<void> owner;
  // The name, in the same section, of the tensor that this one is tied to, or empty. When writing,
  // dtype, shape and data of a tied record are ignored; when reading they are the other tensor's.
  std::string alias_of;
  Encoding encoding = Encoding::Default;

  std::int64_t numel() const { return numel_of(shape); }
  std::size_t bytes() const { return static_cast<std::size_t>(numel()) * elementSize(dtype); }
};

struct Section {
  std::string name;
  std::vector<Record> records;

  const Record* find(std::string_view record) const;  // nullptr where absent
};

struct Document {
  std::vector<Section> sections;
  Value metadata = Value::object();
  // Where it was read: whether all contents had checksums, which then were right. Safetensors of
  // other programs have none.
  bool is_checksummed = false;

  // The section of that name, appended where absent.
  Section& section(std::string_view name);
  const Section* find(std::string_view name) const;  // nullptr where absent
};

// An uninitialized 64-byte aligned buffer as owner and pointer of a record.
std::shared_ptr<void> allocate(std::size_t bytes);

// Copies dtype, shape and data of every tied record from the record that it names. Error
// (`<label>: ...`) for duplicate names, for a tie to nothing or to another tied record.
void resolve_aliases(Document& document, const std::string& label);
// The same checks and nothing else; and that data is there and could be read again.
// What writers call first.
void check_document(const Document& document, const std::string& label);

// The dtype called `name` in our files ("float32"), Undefined where there is none.
ScalarType dtype_of_name(std::string_view name);

}  // namespace xgrad::io
