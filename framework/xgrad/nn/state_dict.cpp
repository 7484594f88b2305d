// state_dict(), and access to registered tensors and modules by dotted name.
#include <algorithm>
#include <map>

#include "xgrad/core/format.h"
#include "xgrad/nn/module_state.h"
#include "xgrad/nn/names.h"

namespace xgrad::nn {

std::vector<ModuleState::Slot> ModuleState::slots(const Module& module, const std::string& prefix) {
  std::vector<Slot> slots;
  module.visit(
      [&](const std::string& name, const Module& owner) {
        for (const auto& item : owner.parameters_) {
          slots.push_back({join_name(name, item.key()), const_cast<Tensor*>(&*item), false});
        }
        for (const auto& item : owner.buffers_) {
          if (owner.volatile_buffers_.contains(item.key())) continue;
          slots.push_back({join_name(name, item.key()), const_cast<Tensor*>(&*item), true});
        }
      },
      prefix, nullptr);
  return slots;
}

Module::TensorDict Module::state_dict(const std::string& prefix) const {
  // As in Python, where prefixes end in their dot: "net." and "net" both name "net.weight".
  const std::string base = prefix.ends_with('.') ? prefix.substr(0, prefix.size() - 1) : prefix;
  TensorDict state("name");
  std::set<const TensorImpl*> listed;
  for (const auto& slot : ModuleState::slots(*this, base)) {
    if (!slot.tensor->defined() || !listed.insert(slot.tensor->impl()).second) continue;
    state.insert(slot.name, slot.tensor->detach());
  }
  return state;
}

OrderedDict<std::string, std::string> Module::tied_names() const {
  OrderedDict<std::string, std::string> tied("name");
  std::map<const TensorImpl*, std::string> first;
  for (const auto& slot : ModuleState::slots(*this)) {
    if (!slot.tensor->defined()) continue;
    const auto [found, fresh] = first.insert({slot.tensor->impl(), slot.name});
    if (!fresh) tied.insert(slot.name, found->second);
  }
  return tied;
}

// The module of a dotted name.
Module& Module::descendant(const char* op, const std::string& path) {
  Module* module = this;
  for (std::size_t start = 0; start < path.size();) {
    const std::size_t end = std::min(path.find('.', start), path.size());
    const std::string name = path.substr(start, end - start);
    const auto* child = module->children_.find(name);
    check(child != nullptr, "{} \"{}\": {} has no submodule '{}'{}", op, path, module->name(), name,
          suggestion(name, module->children_.keys()));
    module = child->get();
    start = end + 1;
  }
  return *module;
}

// "a.b.weight" to the module of "a.b", and "weight".
std::pair<Module*, std::string> Module::owner_of(const char* op, const std::string& path) {
  const std::size_t dot = path.rfind('.');
  if (dot == std::string::npos) return {this, path};
  return {&descendant(op, path.substr(0, dot)), path.substr(dot + 1)};
}

Tensor& Module::get_parameter(const std::string& name) {
  const auto [owner, own_name] = owner_of("get_parameter", name);
  Tensor* found = owner->parameters_.find(own_name);
  check(found != nullptr, "get_parameter \"{}\": {} has no such parameter{}", name, owner->name(),
        suggestion(own_name, owner->parameters_.keys()));
  return *found;
}

Tensor& Module::get_buffer(const std::string& name) {
  const auto [owner, own_name] = owner_of("get_buffer", name);
  Tensor* found = owner->buffers_.find(own_name);
  check(found != nullptr, "get_buffer \"{}\": {} has no such buffer{}", name, owner->name(),
        suggestion(own_name, owner->buffers_.keys()));
  return *found;
}

std::shared_ptr<Module> Module::get_submodule(const std::string& name) {
  return descendant("get_submodule", name).shared_from_this_checked();
}

Tensor& Module::set_parameter(const std::string& name, Tensor tensor) {
  const auto [owner, own_name] = owner_of("set_parameter", name);
  Tensor* slot = owner->parameters_.find(own_name);
  check(slot != nullptr, "set_parameter \"{}\": {} has no such parameter{}", name, owner->name(),
        suggestion(own_name, owner->parameters_.keys()));
  // Trained as what it replaces; a tensor that requires gradients already (tied weights) stays as
  // it is.
  const bool trained = !slot->defined() || slot->requires_grad();
  if (tensor.defined() && trained) tensor.set_requires_grad(true);
  *slot = std::move(tensor);
  return *slot;
}

Tensor& Module::set_buffer(const std::string& name, Tensor tensor) {
  const auto [owner, own_name] = owner_of("set_buffer", name);
  Tensor* slot = owner->buffers_.find(own_name);
  check(slot != nullptr, "set_buffer \"{}\": {} has no such buffer{}", name, owner->name(),
        suggestion(own_name, owner->buffers_.keys()));
  *slot = std::move(tensor);
  return *slot;
}

}  // namespace xgrad::nn
