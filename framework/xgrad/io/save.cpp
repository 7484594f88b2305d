#include "xgrad/io/save.h"

#include <array>
#include <istream>
#include <ostream>

#include "xgrad/autograd/grad_mode.h"
#include "xgrad/core/format.h"
#include "xgrad/io/json_reader.h"
#include "xgrad/io/json_writer.h"

namespace xgrad {

namespace io {
namespace {

class StreamSink final : public Sink {
 public:
  explicit StreamSink(std::ostream& stream) : stream_(stream) {}
  void write(const void* data, std::size_t bytes) override {
    stream_.write(static_cast<const char*>(data), static_cast<std::streamsize>(bytes));
    check(static_cast<bool>(stream_), "save: the stream refused {} bytes", bytes);
  }

 private:
  std::ostream& stream_;
};

}  // namespace

void write_stream(std::ostream& stream, const Document& document) {
  StreamSink sink(stream);
  write_json(sink, document);
  // Until then a stream may only have kept the bytes.
  check(static_cast<bool>(stream.flush()), "save: the stream cannot be flushed");
}

Document read_stream(std::istream& stream) {
  check(!stream.fail(), "load: the stream cannot be read, expected an open one");
  std::string text;
  std::array<char, 1 << 16> block;
  // Past the stream's own state, so that it can be rewound and read again.
  while (const std::streamsize size = stream.rdbuf()->sgetn(block.data(), block.size())) {
    text.append(block.data(), static_cast<std::size_t>(size));
  }
  return parse_json(text, "<stream>");
}

Document tensors_document(const std::vector<Tensor>& tensors) {
  Document document;
  Section& section = document.section("tensors");
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    check(tensors[i].defined(), "save: tensor {} is undefined", i);
    Record record = to_record(
        std::to_string(i), tensors[i].requires_grad() ? Kind::Parameter : Kind::State, tensors[i]);
    section.records.push_back(std::move(record));
  }
  return document;
}

std::vector<Tensor> tensors_of(const Document& document, const std::string& label) {
  const Section* section = document.find("tensors");
  check(section != nullptr, "{}: it has no section 'tensors'", label);
  std::vector<Tensor> tensors;
  for (const Record& record : section->records) {
    tensors.push_back(to_tensor(record));
    if (record.kind == Kind::Parameter && tensors.back().is_floating_point())
      tensors.back().requires_grad_();
  }
  return tensors;
}

}  // namespace io

namespace {

Tensor only_one(std::vector<Tensor> tensors, const std::string& label) {
  check(tensors.size() == 1, "{}: it holds {} tensors, expected 1", label, tensors.size());
  return tensors[0];
}

void check_device(const optional<Device>& device) {
  check(!device || device->is_cpu(), "load: device {} is not available, expected cpu",
        device ? device->str() : "");
}

// Where a tensor was, its handles, and its requires_grad, stay.
void take_values(Tensor& tensor, Tensor loaded) {
  if (!tensor.defined()) {
    tensor = std::move(loaded);
    return;
  }
  check(tensor.scalar_type() == loaded.scalar_type(), "load: the checkpoint holds {}, expected {}",
        dtype_name(loaded.scalar_type()), dtype_name(tensor.scalar_type()));
  const NoGradGuard no_grad;
  tensor.set_data(loaded.detach());
}

void append(std::vector<Tensor>& tensors, std::vector<Tensor> loaded) {
  for (Tensor& tensor : loaded) tensors.push_back(std::move(tensor));
}

}  // namespace

void save(const Tensor& tensor, const std::string& path) {
  io::write_document(path, io::tensors_document({tensor}));
}
void save(const Tensor& tensor, std::ostream& stream) {
  io::write_stream(stream, io::tensors_document({tensor}));
}
void load(Tensor& tensor, const std::string& path, optional<Device> device) {
  check_device(device);
  const std::string label = "checkpoint " + path;
  take_values(tensor, only_one(io::tensors_of(io::read_document(path), label), label));
}
void load(Tensor& tensor, std::istream& stream, optional<Device> device) {
  check_device(device);
  const std::string label = "checkpoint <stream>";
  take_values(tensor, only_one(io::tensors_of(io::read_stream(stream), label), label));
}
void save(const std::vector<Tensor>& tensors, const std::string& path) {
  io::write_document(path, io::tensors_document(tensors));
}
void save(const std::vector<Tensor>& tensors, std::ostream& stream) {
  io::write_stream(stream, io::tensors_document(tensors));
}
void load(std::vector<Tensor>& tensors, const std::string& path, optional<Device> device) {
  check_device(device);
  append(tensors, io::tensors_of(io::read_document(path), "checkpoint " + path));
}
void load(std::vector<Tensor>& tensors, std::istream& stream, optional<Device> device) {
  check_device(device);
  append(tensors, io::tensors_of(io::read_stream(stream), "checkpoint <stream>"));
}

}  // namespace xgrad
