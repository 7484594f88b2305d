// save() and load(): one thing to a file or a stream and back, as torch::save and torch::load.
//
//   xgrad::save(net, "m.json");   // a module, holder or shared_ptr; an optimizer; a tensor
//   xgrad::load(net, "m.json");
//
// Files are JSON checkpoints (or .safetensors, .npz by extension) of one part, streams are JSON.
// Errors: as load_checkpoint.
#pragma once

#include <iosfwd>

#include "xgrad/io/checkpoint.h"

namespace xgrad {

namespace io {
// The section that a lone object goes to: modules to "model", others to "state".
template <class T>
Part lone_part(const T& value) {
  auto& object = const_cast<T&>(value);
  if constexpr (ModuleLike<T> || PointsToModule<T>) {
    return Part("model", object);
  } else {
    return Part("state", object);
  }
}
void write_stream(std::ostream& stream, const Document& document);
Document read_stream(std::istream& stream);
Document tensors_document(const std::vector<Tensor>& tensors);
std::vector<Tensor> tensors_of(const Document& document, const std::string& label);
}  // namespace io

template <class T>
void save(const T& value, const std::string& path) {
  io::write_document(path, io::make_document({io::lone_part(value)}, {}));
}
template <class T>
void save(const T& value, std::ostream& stream) {
  io::write_stream(stream, io::make_document({io::lone_part(value)}, {}));
}
// `device` may be given as in libtorch; it can only be the CPU.
template <class T>
void load(T& value, const std::string& path, optional<Device> device = nullopt) {
  if (device && !device->is_cpu())
    fail("load: device " + device->str() + " is not available, expected cpu");
  io::restore(io::read_document(path), {io::lone_part(value)}, "checkpoint " + path, {});
}
template <class T>
void load(T& value, std::istream& stream, optional<Device> device = nullopt) {
  if (device && !device->is_cpu())
    fail("load: device " + device->str() + " is not available, expected cpu");
  io::restore(io::read_stream(stream), {io::lone_part(value)}, "checkpoint <stream>", {});
}

// A tensor gets the saved elements, whatever its shape was; its handles and its requires_grad stay.
// An undefined one is made, and a list is added to, as in libtorch. Errors: another dtype.
void save(const Tensor& tensor, const std::string& path);
void save(const Tensor& tensor, std::ostream& stream);
void load(Tensor& tensor, const std::string& path, optional<Device> device = nullopt);
void load(Tensor& tensor, std::istream& stream, optional<Device> device = nullopt);
void save(const std::vector<Tensor>& tensors, const std::string& path);
void save(const std::vector<Tensor>& tensors, std::ostream& stream);
void load(std::vector<Tensor>& tensors, const std::string& path, optional<Device> device = nullopt);
void load(std::vector<Tensor>& tensors, std::istream& stream, optional<Device> device = nullopt);

}  // namespace xgrad
