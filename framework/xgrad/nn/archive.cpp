// Modules in archives.
#include "xgrad/io/archive.h"

#include "xgrad/nn/module.h"

namespace xgrad {

namespace nn {

void Module::save(serialize::OutputArchive& archive) const {
  const TensorDict parameters = named_parameters();
  for (const auto& item : state_dict()) {
    archive.write(item.key(), item.value(), !parameters.contains(item.key()));
  }
}

void Module::load(serialize::InputArchive& archive) {
  TensorDict state("name");
  for (const auto& [name, tensor] : archive.state_dict().tensors) state.insert(name, tensor);
  load_state_dict(state, io::LoadOptions().allow_unexpected(true), "archive");
}

}  // namespace nn

}  // namespace xgrad
