#include "xgrad/io/archive.h"

#include <algorithm>
#include <cstring>
#include <set>
#include <sstream>

#include "xgrad/autograd/grad_mode.h"
#include "xgrad/core/format.h"
#include "xgrad/io/records.h"
#include "xgrad/io/save.h"

namespace xgrad::serialize {

using io::Value;

namespace {

// Tensors and nested archives have names of their own; a value is anything else.
Value to_value(const std::string& key, const IValue& value) {
  if (value.isNone()) return {};
  if (value.isDouble()) return value.toDouble();
  if (value.isInt()) return value.toInt();
  if (value.isBool()) return value.toBool();
  if (value.isString()) return value.toStringRef();
  Value list = Value::array();
  if (value.isIntList()) {
    for (const std::int64_t item : value.toIntVector()) list.push_back(item);
  } else {
    check(value.isDoubleList(),
          "OutputArchive::write \"{}\": the value is of a kind that cannot be "
          "written, expected a number, a bool, a string or a list of numbers",
          key);
    for (const double item : value.toDoubleVector()) list.push_back(item);
  }
  return list;
}

IValue to_ivalue(const Value& value) {
  switch (value.type()) {
    case Value::Type::Null:
      return {};
    case Value::Type::Bool:
      return value.as_bool();
    case Value::Type::Int:
      return value.as_int();
    case Value::Type::Double:
      return value.as_double();
    case Value::Type::String:
      return value.as_string();
    default:
      break;
  }
  const Value::Array& items = value.as_array();
  const bool whole = std::all_of(items.begin(), items.end(),
                                 [](const Value& item) { return item.type() == Value::Type::Int; });
  if (whole) {
    std::vector<std::int64_t> list;
    for (const Value& item : items) list.push_back(item.as_int());
    return list;
  }
  std::vector<double> list;
  for (const Value& item : items) list.push_back(item.as_double());
  return list;
}

}  // namespace

struct OutputArchive::Contents {
  struct Entry {
    Tensor tensor;
    io::Kind kind;
  };
  std::vector<std::pair<std::string, Entry>> tensors;
  Value values = Value::object();
  std::vector<std::pair<std::string, std::shared_ptr<Contents>>> nested;
  std::set<std::string> names;
  bool is_state = false;  // holds a state and nothing else

  void take_name(const std::string& key) {
    check(names.insert(key).second, "OutputArchive::write: '{}' is written twice", key);
  }
  void collect(const std::string& prefix, std::vector<std::pair<std::string, Entry>>& all,
               Value& all_values) const {
    for (const auto& [key, entry] : tensors) all.emplace_back(prefix + key, entry);
    if (values.size() != 0) {
      for (const Value::Member& member : values.as_object()) {
        all_values[prefix + member.key] = member.value;
      }
    }
    for (const auto& [key, contents] : nested)
      contents->collect(prefix + key + ".", all, all_values);
  }
};

OutputArchive::OutputArchive() : contents_(std::make_shared<Contents>()) {}

void OutputArchive::write(const std::string& key, const Tensor& tensor, bool is_buffer) {
  contents_->take_name(key);
  if (!tensor.defined()) {
    contents_->values[key] = Value();  // read() gives an undefined tensor
    return;
  }
  contents_->tensors.push_back({key, {tensor, is_buffer ? io::Kind::Buffer : io::Kind::Parameter}});
}
void OutputArchive::write(const std::string& key, const IValue& value) {
  if (value.isTensor()) return write(key, value.toTensor(), true);
  contents_->take_name(key);
  contents_->values[key] = to_value(key, value);
}
void OutputArchive::write(const std::string& key, OutputArchive& nested) {
  contents_->take_name(key);
  contents_->nested.emplace_back(key, nested.contents_);
}
void OutputArchive::write(const io::StateDict& state) {
  contents_->is_state = contents_->names.empty();
  for (const auto& [key, tensor] : state.tensors) {
    contents_->take_name(key);
    contents_->tensors.push_back({key, {tensor, io::Kind::State}});
  }
  for (const Value::Member& member : state.values.as_object()) {
    contents_->take_name(member.key);
    contents_->values[member.key] = member.value;
  }
}

io::StateDict OutputArchive::state_dict() const {
  io::StateDict state;
  std::vector<std::pair<std::string, Contents::Entry>> all;
  contents_->collect("", all, state.values);
  for (auto& [key, entry] : all) state.add(key, entry.tensor);
  return state;
}

io::Document OutputArchive::document() const {
  io::Document document;
  document.metadata["user"] = Value::object();
  if (contents_->is_state) {
    document.section("state");
    io::write_state(document, "state", state_dict());
    return document;
  }
  std::vector<std::pair<std::string, Contents::Entry>> all;
  Value values = Value::object();
  contents_->collect("", all, values);
  io::Section& section = document.section("model");
  for (const auto& [key, entry] : all) {
    section.records.push_back(io::to_record(key, entry.kind, entry.tensor));
  }
  if (values.size() != 0) document.metadata["archive"] = values;
  return document;
}

void OutputArchive::save_to(const std::string& path) { io::write_document(path, document()); }
void OutputArchive::save_to(std::ostream& stream) { io::write_stream(stream, document()); }
void OutputArchive::save_to(
    const std::function<std::size_t(const void*, std::size_t)>& write_bytes) {
  std::ostringstream stream;
  save_to(stream);
  const std::string text = std::move(stream).str();
  check(write_bytes(text.data(), text.size()) == text.size(),
        "OutputArchive::save_to: not all of {} bytes were taken", text.size());
}

InputArchive::InputArchive() : state_(std::make_shared<io::StateDict>()) {}

// A document of one section is that section; the parts of others have their names.
void InputArchive::take(const io::Document& document, const std::string& label) {
  auto state = std::make_shared<io::StateDict>();
  const bool alone = document.sections.size() == 1;
  for (const io::Section& section : document.sections) {
    const std::string prefix = alone ? "" : section.name + ".";
    for (const io::Record& record : section.records) {
      Tensor tensor = io::to_tensor(record);
      if (record.kind == io::Kind::Parameter && tensor.is_floating_point()) tensor.requires_grad_();
      state->add(prefix + record.name, tensor);
    }
  }
  if (alone && document.sections[0].name == "state") {
    *state = io::read_state(document, "state", label);
  } else if (const Value* values = document.metadata.find("archive")) {
    state->values = *values;
  }
  state_ = std::move(state);
  label_ = label;
}

void InputArchive::load_from(const std::string& path, optional<Device> device) {
  check(!device || device->is_cpu(), "load: device {} is not available, expected cpu",
        device ? device->str() : "");
  take(io::read_document(path), "checkpoint " + path);
}
void InputArchive::load_from(std::istream& stream, optional<Device> device) {
  check(!device || device->is_cpu(), "load: device {} is not available, expected cpu",
        device ? device->str() : "");
  take(io::read_stream(stream), "checkpoint <stream>");
}
void InputArchive::load_from(const char* data, std::size_t size, optional<Device> device) {
  std::istringstream stream(std::string(data, size));
  load_from(stream, device);
}
void InputArchive::load_from(
    const std::function<std::size_t(std::uint64_t, void*, std::size_t)>& read_bytes,
    const std::function<std::size_t()>& size, optional<Device> device) {
  std::string text(size(), '\0');
  text.resize(read_bytes(0, text.data(), text.size()));
  load_from(text.data(), text.size(), device);
}

bool InputArchive::try_read(const std::string& key, Tensor& tensor, bool) {
  const Tensor* found = state_->find(key);
  if (found == nullptr) {
    const Value* value = state_->values.find(key);
    if (value == nullptr || !value->is_null()) return false;
    tensor = Tensor();
    return true;
  }
  if (!tensor.defined()) {
    tensor = *found;
    return true;
  }
  check(tensor.scalar_type() == found->scalar_type(), "{}: '{}' is {}, expected {}", label_, key,
        dtype_name(found->scalar_type()), dtype_name(tensor.scalar_type()));
  const NoGradGuard no_grad;
  tensor.set_data(found->detach());
  return true;
}
bool InputArchive::try_read(const std::string& key, IValue& value) {
  if (const Tensor* tensor = state_->find(key)) {
    value = *tensor;
    return true;
  }
  const Value* found = state_->values.find(key);
  if (found == nullptr || found->is_object()) return false;
  value = to_ivalue(*found);
  return true;
}
bool InputArchive::try_read(const std::string& key, InputArchive& nested) {
  auto part = std::make_shared<io::StateDict>();
  const std::string prefix = key + ".";
  for (const auto& [name, tensor] : state_->tensors) {
    if (name.starts_with(prefix)) part->add(name.substr(prefix.size()), tensor);
  }
  for (const Value::Member& member : state_->values.as_object()) {
    if (member.key.starts_with(prefix)) {
      part->values[member.key.substr(prefix.size())] = member.value;
    }
  }
  if (part->tensors.empty() && part->values.size() == 0) return false;
  nested.state_ = std::move(part);
  nested.label_ = label_ + ": " + key;
  return true;
}

void InputArchive::read(const std::string& key, Tensor& tensor, bool is_buffer) {
  check(try_read(key, tensor, is_buffer), "{}: there is no tensor '{}'", label_, key);
}
void InputArchive::read(const std::string& key, IValue& value) {
  check(try_read(key, value), "{}: there is no value '{}'", label_, key);
}
void InputArchive::read(const std::string& key, InputArchive& nested) {
  // An archive that holds nothing leaves no trace.
  if (!try_read(key, nested)) nested = InputArchive();
}

std::vector<std::string> InputArchive::keys() const {
  std::vector<std::string> keys;
  const auto add = [&](const std::string& name) {
    const std::string key = name.substr(0, name.find('.'));
    if (std::find(keys.begin(), keys.end(), key) == keys.end()) keys.push_back(key);
  };
  for (const auto& [name, tensor] : state_->tensors) add(name);
  for (const Value::Member& member : state_->values.as_object()) add(member.key);
  return keys;
}

io::StateDict InputArchive::state_dict() const { return *state_; }

}  // namespace xgrad::serialize
