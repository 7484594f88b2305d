// torch::save and torch::load are xgrad's, and so are archives (xgrad/io/archive.h); here are the
// forms that take functions or memory, and the operators.
#pragma once

#include <functional>
#include <sstream>
#include <string>

#include "c10/util/Exception.h"
#include "torch/namespaces.h"
#include "xgrad/io/archive.h"
#include "xgrad/io/save.h"

namespace xgrad {

// Through a function that takes bytes and returns how many it took.
template <class T>
void save(const T& value, const std::function<std::size_t(const void*, std::size_t)>& write) {
  std::ostringstream stream;
  save(value, stream);
  const std::string text = std::move(stream).str();
  TORCH_CHECK(write(text.data(), text.size()) == text.size(), "save: not all of ", text.size(),
              " bytes were taken");
}
template <class T>
void load(T& value, const char* data, std::size_t size, optional<Device> device = nullopt) {
  std::istringstream stream(std::string(data, size));
  load(value, stream, device);
}
template <class T>
void load(T& value, const std::function<std::size_t(std::uint64_t, void*, std::size_t)>& read,
          const std::function<std::size_t()>& size, optional<Device> device = nullopt) {
  std::string text(size(), '\0');
  text.resize(read(0, text.data(), text.size()));
  load(value, text.data(), text.size(), device);
}

inline serialize::OutputArchive& operator<<(serialize::OutputArchive& archive,
                                            const Tensor& tensor) {
  archive.write("0", tensor);
  return archive;
}
inline serialize::InputArchive& operator>>(serialize::InputArchive& archive, Tensor& tensor) {
  archive.read("0", tensor);
  return archive;
}
namespace nn {
inline serialize::OutputArchive& operator<<(serialize::OutputArchive& archive,
                                            const std::shared_ptr<Module>& module) {
  module->save(archive);
  return archive;
}
inline serialize::InputArchive& operator>>(serialize::InputArchive& archive,
                                           const std::shared_ptr<Module>& module) {
  module->load(archive);
  return archive;
}
}  // namespace nn
namespace optim {
inline serialize::OutputArchive& operator<<(serialize::OutputArchive& archive,
                                            const Optimizer& optimizer) {
  optimizer.save(archive);
  return archive;
}
inline serialize::InputArchive& operator>>(serialize::InputArchive& archive, Optimizer& optimizer) {
  optimizer.load(archive);
  return archive;
}
}  // namespace optim

}  // namespace xgrad
