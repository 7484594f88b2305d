#include <algorithm>
#include <utility>

#include "xgrad/core/format.h"
#include "xgrad/io/flat_names.h"
#include "xgrad/io/json_scanner.h"
#include "xgrad/io/record_fields.h"
#include "xgrad/io/safetensors.h"

namespace xgrad::io {

namespace {

constexpr std::string_view kDtypes = "F64, F32, I64, I32, U8 or BOOL";

ScalarType dtype_of(std::string_view name) {
  constexpr std::pair<std::string_view, ScalarType> names[] = {{"F64", kDouble}, {"F32", kFloat},
                                                               {"I64", kLong},   {"I32", kInt},
                                                               {"U8", kByte},    {"BOOL", kBool}};
  for (const auto& [known, dtype] : names) {
    if (name == known) return dtype;
  }
  return ScalarType::Undefined;
}

class Reader {
 public:
  explicit Reader(Source& source) : source_(source), scanner_(source) {}

  Document read() {
    read_header();
    check_layout();
    for (Entry& entry : entries_) read_bytes(entry);
    std::vector<Record> flat;
    for (Entry& entry : entries_) flat.push_back(std::move(entry.record));
    const Value* version = metadata_.find("xgrad.version");
    const Value* sidecar = metadata_.find("xgrad.checkpoint");
    if (version == nullptr && sidecar == nullptr) {
      Document document = assemble(std::move(flat));
      document.metadata = std::move(metadata_);
      return document;
    }
    // Ours, whatever has become of the other key.
    if (version == nullptr || sidecar == nullptr || version->as_string() != "1") {
      source_.fail("damaged or newer __metadata__", metadata_offset_,
                   "\"xgrad.version\": \"1\" and \"xgrad.checkpoint\"");
    }
    return assemble(std::move(flat), sidecar->as_string(), source_.label());
  }

 private:
  struct Entry {
    Record record;
    std::uint64_t begin = 0, end = 0;  // in the data
    std::uint64_t offset = 0;          // of the entry in the file
  };

  void read_header() {
    unsigned char length[8];
    if (!source_.read(length, 8))
      source_.fail("truncated file", source_.size(), "8 bytes of length");
    std::uint64_t size = 0;
    for (std::size_t i = 8; i-- > 0;) size = size << 8 | length[i];
    if (size > kSafetensorsHeader) {
      source_.fail(fmt::format("header of {} bytes", size), 0,
                   fmt::format("at most {}", kSafetensorsHeader));
    }
    data_ = 8 + size;
    if (data_ > source_.size()) {
      source_.fail("truncated file", source_.size(), fmt::format("a header of {} bytes", size));
    }
    if (!source_.need(1) || *source_.here() != '{') scanner_.unexpected("'{'");
    scanner_.object("'{'", [&](const std::string& name) {
      if (name == "__metadata__") {
        read_metadata();
      } else {
        read_entry(name);
      }
    });
    while (source_.offset() < data_) {
      source_.need(1);
      if (*source_.here() != ' ') scanner_.unexpected("spaces up to the end of the header");
      source_.advance_to(source_.here() + 1);
    }
    if (source_.offset() > data_) {
      source_.fail("header runs over its length", source_.offset(),
                   fmt::format("its end at byte {}", data_));
    }
  }

  void read_metadata() {
    metadata_offset_ = scanner_.key_offset();
    Value::Object members;
    scanner_.object("an object of strings", [&](const std::string& key) {
      members.push_back({key, scanner_.string("a string")});
    });
    metadata_ = Value(std::move(members));
  }

  void read_entry(const std::string& name) {
    Entry entry;
    entry.record.name = name;
    entry.offset = scanner_.key_offset();
    bool dtype = false, shape = false, offsets = false;
    scanner_.object("an object", [&](const std::string& key) {
      if (key == "dtype") {
        scanner_.peek(kDtypes);
        const std::uint64_t offset = source_.offset();
        const std::string text = scanner_.string(kDtypes);
        entry.record.dtype = dtype_of(text);
        if (entry.record.dtype == ScalarType::Undefined) {
          source_.fail(fmt::format("unknown dtype \"{}\"", text.substr(0, 80)), offset, kDtypes);
        }
        dtype = true;
      } else if (key == "shape") {
        entry.record.shape = read_shape(scanner_);
        shape = true;
      } else if (key == "data_offsets") {
        read_offsets(entry);
        offsets = true;
      } else {
        source_.fail(fmt::format("unknown key \"{}\"", key.substr(0, 80)), scanner_.key_offset(),
                     "\"dtype\", \"shape\" or \"data_offsets\"");
      }
    });
    const char* missing = !dtype ? "dtype" : !shape ? "shape" : !offsets ? "data_offsets" : nullptr;
    if (missing != nullptr) {
      source_.fail(fmt::format("missing key \"{}\" of \"{}\"", missing, name), entry.offset,
                   "\"dtype\", \"shape\" and \"data_offsets\"");
    }
    check_bytes(scanner_, entry.record, entry.offset);
    if (entry.end - entry.begin != entry.record.bytes()) {
      source_.fail(
          fmt::format("\"{}\" has {} bytes of data", name, entry.end - entry.begin), entry.offset,
          fmt::format("{} for shape {}", entry.record.bytes(), IntArrayRef(entry.record.shape)));
    }
    entries_.push_back(std::move(entry));
  }

  void read_offsets(Entry& entry) {
    constexpr std::string_view expected = "two offsets, the end not before the beginning";
    std::int64_t values[2] = {0, 0};
    std::size_t count = 0;
    scanner_.peek(expected);
    const std::uint64_t offset = source_.offset();
    scanner_.array(expected, [&] {
      const std::int64_t value = scanner_.integer(expected);
      if (count < 2) values[count] = value;
      ++count;
    });
    if (count != 2 || values[0] < 0 || values[1] < values[0]) {
      source_.fail("bad data_offsets", offset, expected);
    }
    entry.begin = static_cast<std::uint64_t>(values[0]);
    entry.end = static_cast<std::uint64_t>(values[1]);
  }

  // The tensors must cover the data exactly.
  void check_layout() {
    std::vector<const Entry*> order;
    for (const Entry& entry : entries_) order.push_back(&entry);
    std::sort(order.begin(), order.end(), [](const Entry* a, const Entry* b) {
      return std::pair(a->begin, a->end) < std::pair(b->begin, b->end);
    });
    std::uint64_t end = 0;
    for (const Entry* entry : order) {
      if (entry->begin != end) {
        source_.fail(fmt::format("{} \"{}\"", entry->begin < end ? "overlap before" : "hole before",
                                 entry->record.name),
                     entry->offset, fmt::format("its data at {}", end));
      }
      end = entry->end;
    }
    if (end > source_.size() - data_) {
      source_.fail("truncated file", source_.size(), fmt::format("{} bytes of data", end));
    }
    if (end < source_.size() - data_) {
      source_.fail("trailing bytes", data_ + end, "the end of the file");
    }
  }

  void read_bytes(Entry& entry) {
    Record& record = entry.record;
    record.owner = allocate(record.bytes());
    record.data = static_cast<const std::byte*>(record.owner.get());
    source_.seek(data_ + entry.begin);
    if (!source_.read(record.owner.get(), record.bytes())) {
      source_.fail("truncated file", source_.size(), "the file to stay as it was");
    }
    check_bools(source_, record, data_ + entry.begin);
  }

  Source& source_;
  JsonScanner scanner_;
  std::uint64_t data_ = 0;  // offset of the data in the file
  std::vector<Entry> entries_;
  Value metadata_ = Value::object();
  std::uint64_t metadata_offset_ = 0;
};

}  // namespace

Document read_safetensors(const std::string& path) {
  Source source = Source::open("checkpoint " + path, path);
  return Reader(source).read();
}

Document parse_safetensors(std::string_view content, const std::string& name) {
  Source source("checkpoint " + name, content);
  return Reader(source).read();
}

}  // namespace xgrad::io
