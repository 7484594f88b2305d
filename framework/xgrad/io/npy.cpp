#include "xgrad/io/npy.h"

#include <cstring>

#include "xgrad/core/format.h"
#include "xgrad/io/atomic_file.h"
#include "xgrad/io/flat_names.h"
#include "xgrad/io/npy_header.h"
#include "xgrad/io/record_fields.h"
#include "xgrad/io/zip_reader.h"
#include "xgrad/io/zip_writer.h"

namespace xgrad::io {

namespace {

constexpr std::string_view kSidecar = "xgrad.json";
constexpr std::uint64_t kLongestSidecar = 100'000'000;

// Row-major from column-major, element by element: rare, and memory-bound whatever one does.
void reorder(Record& record) {
  const std::size_t element = elementSize(record.dtype);
  const auto from = static_cast<const std::byte*>(record.owner.get());
  std::shared_ptr<void> ordered = allocate(record.bytes());
  auto* out = static_cast<std::byte*>(ordered.get());
  Dims strides(record.shape.size(), 1);
  for (std::size_t d = 1; d < strides.size(); ++d)
    strides[d] = strides[d - 1] * record.shape[d - 1];
  Dims index(record.shape.size(), 0);
  std::int64_t offset = 0;
  for (std::int64_t i = 0; i < record.numel(); ++i, out += element) {
    std::memcpy(out, from + static_cast<std::size_t>(offset) * element, element);
    for (std::size_t d = index.size(); d-- > 0;) {
      offset += strides[d];
      if (++index[d] < record.shape[d]) break;
      offset -= strides[d] * record.shape[d];
      index[d] = 0;
    }
  }
  record.owner = std::move(ordered);
}

Record read_array(ByteStream& stream, const std::string& name) {
  const NpyHeader header = read_npy_header(stream);
  Record record;
  record.name = name;
  record.dtype = header.dtype;
  record.shape = header.shape;
  const std::int64_t bytes = checked_bytes(header.shape, header.dtype);
  if (bytes < 0) {
    stream.fail(fmt::format("npy shape {} overflows", IntArrayRef(header.shape)),
                "fewer than 2^63 bytes");
  }
  if (static_cast<std::uint64_t>(bytes) != stream.left()) {
    stream.fail(fmt::format("{} bytes of npy data", stream.left()),
                fmt::format("{} for shape {}", bytes, IntArrayRef(header.shape)));
  }
  record.owner = allocate(record.bytes());
  if (stream.read(record.owner.get(), record.bytes()) != record.bytes()) {
    stream.fail("truncated npy data", fmt::format("{} bytes", bytes));
  }
  if (record.dtype == kBool) {
    const auto* values = static_cast<const unsigned char*>(record.owner.get());
    for (std::size_t i = 0; i < record.bytes(); ++i) {
      if (values[i] > 1) stream.fail("bad bool in npy data", "bytes of 0 or 1 before it");
    }
  }
  if (header.fortran_order && record.shape.size() > 1) reorder(record);
  record.data = static_cast<const std::byte*>(record.owner.get());
  return record;
}

Record read_npy(Source& source) {
  SourceStream stream(source);
  return read_array(stream, "");
}

Document read_npz(Source& source) {
  std::vector<Record> flat;
  std::string sidecar;
  bool ours = false;
  for (const ZipMember& member : read_zip_directory(source)) {
    const std::unique_ptr<ByteStream> stream = open_zip_member(source, member);
    if (member.name == kSidecar) {
      if (member.size > kLongestSidecar) {
        stream->fail("too large", fmt::format("at most {} bytes", kLongestSidecar));
      }
      sidecar.resize(static_cast<std::size_t>(member.size));
      stream->read(sidecar.data(), sidecar.size());
      ours = true;
    } else if (member.name.ends_with(".npy")) {
      flat.push_back(read_array(*stream, member.name.substr(0, member.name.size() - 4)));
    } else {
      stream->fail("not an array", "members called *.npy or xgrad.json");
    }
  }
  if (ours) return assemble(std::move(flat), sidecar, source.label());
  Document document = assemble(std::move(flat));
  document.is_checksummed = true;  // each member was
  return document;
}

}  // namespace

void write_npy(Sink& sink, const Record& record) {
  const std::string header = npy_header_text(record.dtype, record.shape);
  sink.write(header.data(), header.size());
  sink.write(record.data, record.bytes());
}

void write_npy(const std::string& path, const Record& record) {
  AtomicFile file("npy", path);
  write_npy(file, record);
  file.commit();
}

Record read_npy(const std::string& path) {
  Source source = Source::open("npy " + path, path);
  return read_npy(source);
}

Record parse_npy(std::string_view content, const std::string& name) {
  Source source("npy " + name, content);
  return read_npy(source);
}

void write_npz(Sink& sink, const Document& document, const std::string& label) {
  check_document(document, label);
  ZipWriter zip(sink, label);
  for (const FlatRecord& one : flatten(document, label)) {
    zip.add(one.name + ".npy", npy_header_text(one.record->dtype, one.record->shape),
            one.record->data, one.record->bytes());
  }
  zip.add(std::string(kSidecar), sidecar_text(document, label), nullptr, 0);
  zip.finish();
}

void write_npz(const std::string& path, const Document& document) {
  check_document(document, "checkpoint " + path);
  AtomicFile file("checkpoint", path);
  write_npz(file, document, "checkpoint " + path);
  file.commit();
}

Document read_npz(const std::string& path) {
  Source source = Source::open("checkpoint " + path, path);
  return read_npz(source);
}

Document parse_npz(std::string_view content, const std::string& name) {
  Source source("checkpoint " + name, content);
  return read_npz(source);
}

}  // namespace xgrad::io
