#include "xgrad/io/records.h"

#include "xgrad/core/format.h"
#include "xgrad/io/json_reader.h"
#include "xgrad/io/npy.h"
#include "xgrad/io/safetensors.h"

namespace xgrad::io {
namespace {

bool ends_with(const std::string& text, std::string_view end) {
  return text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

}  // namespace

Record to_record(const std::string& name, Kind kind, const Tensor& tensor) {
  Record record;
  record.name = name;
  record.kind = kind;
  const Tensor rows = tensor.detach().contiguous();
  record.dtype = rows.scalar_type();
  record.shape = rows.sizes();
  record.data = static_cast<const std::byte*>(rows.data_ptr());
  record.owner = std::make_shared<Tensor>(rows);
  return record;
}

Tensor to_tensor(const Record& record) {
  Ref<TensorImpl> impl = TensorImpl::make();
  impl->dtype = record.dtype;
  impl->storage = StorageImpl::adopt(const_cast<std::byte*>(record.data), record.bytes(),
                                     [owner = record.owner](void*) {});
  impl->set_geometry(record.shape, contiguous_strides(record.shape));
  return Tensor(std::move(impl));
}

void write_section(Section& section, const TensorDict& tensors,
                   const std::function<Kind(const std::string&)>& kind_of) {
  for (const auto& item : tensors)
    section.records.push_back(to_record(item.key(), kind_of(item.key()), item.value()));
}

TensorDict read_section(const Section& section) {
  TensorDict tensors;
  for (const Record& record : section.records) tensors.insert(record.name, to_tensor(record));
  return tensors;
}

void write_state(Document& document, const std::string& name, const StateDict& state) {
  Section& section = document.section(name);
  for (const auto& [key, tensor] : state.tensors)
    section.records.push_back(to_record(key, Kind::State, tensor));
  document.metadata["state"][name] = state.values;
}

StateDict read_state(const Document& document, const std::string& name, const std::string& label) {
  const Value* states = document.metadata.find("state");
  const Value* values = states != nullptr ? states->find(name) : nullptr;
  check(values != nullptr, "{}: it has no state '{}'", label, name);
  StateDict state;
  state.values = *values;
  if (const Section* section = document.find(name)) {
    for (const Record& record : section->records) state.add(record.name, to_tensor(record));
  }
  return state;
}

void write_document(const std::string& path, const Document& document, const JsonOptions& json) {
  if (ends_with(path, ".safetensors")) return write_safetensors(path, document);
  if (ends_with(path, ".npz")) return write_npz(path, document);
  write_json(path, document, json);
}

Document read_document(const std::string& path) {
  if (ends_with(path, ".safetensors")) return read_safetensors(path);
  if (ends_with(path, ".npz")) return read_npz(path);
  return read_json(path);
}

}  // namespace xgrad::io
