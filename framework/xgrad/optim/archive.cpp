// Optimizers, and what they consist of, in archives.
#include "xgrad/io/archive.h"

#include "xgrad/optim/optimizer.h"

namespace xgrad::optim {

namespace {

void write_fields(const HasFields& object, serialize::OutputArchive& archive) {
  io::StateDict state;
  save_fields(const_cast<HasFields&>(object), state.values, state, "");
  // Without a prefix the names of tensors begin with the dot.
  for (auto& [name, tensor] : state.tensors) name = name.substr(name.find_first_not_of('.'));
  archive.write(state);
}

void read_fields(HasFields& object, const serialize::InputArchive& archive) {
  const io::StateDict state = archive.state_dict();
  TensorsByName tensors;
  for (const auto& [name, tensor] : state.tensors) tensors["." + name] = tensor;
  load_fields(object, state.values, tensors, "", Tensor(), "archive");
}

}  // namespace

void OptimizerParamState::serialize(serialize::OutputArchive& archive) const {
  write_fields(*this, archive);
}
void OptimizerParamState::serialize(serialize::InputArchive& archive) {
  read_fields(*this, archive);
}
void OptimizerOptions::serialize(serialize::OutputArchive& archive) const {
  write_fields(*this, archive);
}
void OptimizerOptions::serialize(serialize::InputArchive& archive) { read_fields(*this, archive); }

void Optimizer::save(serialize::OutputArchive& archive) const { archive.write(state_dict()); }
void Optimizer::load(serialize::InputArchive& archive) { load_state_dict(archive.state_dict()); }

}  // namespace xgrad::optim
