#include "xgrad/io/json_reader.h"

#include <optional>

#include "xgrad/core/format.h"
#include "xgrad/io/checksum.h"
#include "xgrad/io/json_data.h"
#include "xgrad/io/json_scanner.h"
#include "xgrad/io/record_fields.h"

namespace xgrad::io {

namespace {

class Reader {
 public:
  explicit Reader(Source& source) : scanner_(source) {}

  Document read() {
    const std::uint64_t start = scanner_.source().offset();
    bool format = false, version = false, sections = false;
    std::optional<std::uint32_t> crc;
    std::uint64_t crc_offset = 0;
    scanner_.object("a JSON object", [&](const std::string& key) {
      if (key == "format") {
        read_format();
        format = true;
      } else if (key == "version") {
        read_version();
        version = true;
      } else if (key == "metadata") {
        if (scanner_.peek("an object") != '{') scanner_.unexpected("an object");
        document_.metadata = scanner_.value();
      } else if (key == "sections") {
        read_sections();
        sections = true;
      } else if (key == "crc32") {
        crc = read_crc(scanner_, crc_offset);
      } else {
        unknown(key, "\"format\", \"version\", \"metadata\", \"sections\" or \"crc32\"");
      }
    });
    scanner_.end();
    require(format, "format", start);
    require(version, "version", start);
    require(sections, "sections", start);
    require(crc.has_value(), "crc32", start);
    resolve_aliases(document_, scanner_.source().label());
    const std::uint32_t computed = checksum_.finish(document_.metadata, scanner_.source().label());
    if (*crc != computed) {
      scanner_.source().fail(fmt::format("crc32 {} does not match the document", *crc), crc_offset,
                             std::to_string(computed));
    }
    document_.is_checksummed = true;
    return std::move(document_);
  }

 private:
  void require(bool present, std::string_view key, std::uint64_t object) {
    if (!present) {
      scanner_.source().fail(fmt::format("missing key \"{}\"", key), object,
                             fmt::format("\"{}\" in this object", key));
    }
  }

  [[noreturn]] void unknown(const std::string& key, std::string_view expected) {
    scanner_.source().fail(fmt::format("unknown key \"{}\"", key.substr(0, 80)),
                           scanner_.key_offset(), expected);
  }

  void read_format() {
    scanner_.peek("\"xgrad.checkpoint\"");
    const std::uint64_t offset = scanner_.source().offset();
    const std::string format = scanner_.string("\"xgrad.checkpoint\"");
    if (format != "xgrad.checkpoint") {
      scanner_.source().fail(fmt::format("unknown format \"{}\"", format.substr(0, 80)), offset,
                             "\"xgrad.checkpoint\"");
    }
  }

  void read_version() {
    scanner_.peek("a version");
    const std::uint64_t offset = scanner_.source().offset();
    const std::int64_t version = scanner_.integer("a version");
    if (version != 1) {
      scanner_.source().fail(fmt::format("unknown version {}", version), offset,
                             "version 1: a newer xgrad wrote this file");
    }
  }

  void read_sections() {
    scanner_.object("an object of sections", [&](const std::string& name) {
      document_.sections.push_back({name, {}});
      checksum_.add_section(name);
      scanner_.object("an object of tensors",
                      [&](const std::string& record) { read_record(record); });
    });
  }

  void read_record(const std::string& name) {
    Section& section = document_.sections.back();
    scanner_.peek("an object");
    const std::uint64_t start = scanner_.source().offset();
    Record record;
    record.name = name;
    bool kind = false, dtype = false, shape = false, data = false, alias = false;
    std::optional<std::uint64_t> postponed;  // where data stood before its dtype and shape
    std::optional<std::uint32_t> crc;
    std::uint64_t crc_offset = 0;
    scanner_.object("an object", [&](const std::string& key) {
      if (key == "kind") {
        record.kind = read_kind(scanner_);
        kind = true;
      } else if (key == "dtype") {
        record.dtype = read_dtype(scanner_);
        dtype = true;
      } else if (key == "shape") {
        record.shape = read_shape(scanner_);
        shape = true;
      } else if (key == "alias_of") {
        scanner_.peek("a name");
        const std::uint64_t offset = scanner_.source().offset();
        record.alias_of = scanner_.string("a name");
        if (record.alias_of.empty()) scanner_.source().fail("empty name", offset, "a name");
        alias = true;
      } else if (key == "crc32") {
        crc = read_crc(scanner_, crc_offset);
      } else if (key != "data") {
        unknown(key, "\"kind\", \"dtype\", \"shape\", \"data\", \"alias_of\" or \"crc32\"");
      } else if (data = true; dtype && shape) {
        check_bytes(scanner_, record, start);
        read_data(scanner_, record);
      } else {
        scanner_.peek("data");
        postponed = scanner_.source().offset();
        scanner_.skip();
      }
    });
    require(kind, "kind", start);
    if (alias && (dtype || shape || data)) {
      scanner_.source().fail(fmt::format("\"{}\" is tied but has data", name), start,
                             "either \"alias_of\" or \"dtype\", \"shape\" and \"data\"");
    }
    if (!alias) {
      require(dtype, "dtype", start);
      require(shape, "shape", start);
      require(data, "data", start);
    }
    require(crc.has_value(), "crc32", start);
    if (postponed) {
      const std::uint64_t after = scanner_.source().offset();
      scanner_.source().seek(*postponed);
      check_bytes(scanner_, record, start);
      read_data(scanner_, record);
      scanner_.source().seek(after);
    }
    const std::uint32_t computed = record_checksum(section.name, record);
    if (*crc != computed) {
      scanner_.source().fail(fmt::format("crc32 {} does not match \"{}\"", *crc, name), crc_offset,
                             std::to_string(computed));
    }
    checksum_.add_record(computed);
    section.records.push_back(std::move(record));
  }

  JsonScanner scanner_;
  Document document_;
  DocumentChecksum checksum_;
};

}  // namespace

Document read_json(const std::string& path) {
  Source source = Source::open("checkpoint " + path, path);
  return Reader(source).read();
}

Document parse_json(std::string_view text, const std::string& name) {
  Source source("checkpoint " + name, text);
  return Reader(source).read();
}

Value parse_json_value(std::string_view text, const std::string& label) {
  Source source(label, text);
  JsonScanner scanner(source);
  Value value = scanner.value();
  scanner.end();
  return value;
}

}  // namespace xgrad::io
