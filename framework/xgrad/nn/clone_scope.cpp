#include "xgrad/nn/clone_scope.h"

#include <unordered_map>
#include <unordered_set>

#include "xgrad/core/format.h"
#include "xgrad/nn/hooks.h"
#include "xgrad/nn/rebind.h"

namespace xgrad::nn {

struct CloneScope::Memory {
  std::unordered_map<const TensorImpl*, Tensor> tensors;  // of the source, to those of the clone
  std::unordered_map<const Module*, std::shared_ptr<Module>> modules;
  // Written at the very end, since a reset() initializes what it registers.
  std::vector<std::pair<Tensor, Tensor>> copies;
  std::unordered_set<const TensorImpl*> taken;  // tensors of the clone that stand for one already
};

thread_local CloneScope::Memory* CloneScope::memory_ = nullptr;

CloneScope::CloneScope(const optional<Device>& device) : device_(device) {
  check(!device || device->is_cpu(), "clone: device {} is not available, expected cpu",
        device ? device->str() : "");
  if (memory_ == nullptr) {
    own_ = std::make_unique<Memory>();
    memory_ = own_.get();
  }
}

CloneScope::~CloneScope() {
  if (own_) memory_ = nullptr;
}

void CloneScope::begin(Module& copy, const Module& source) {
  copy.parameters_.clear();
  copy.buffers_.clear();
  copy.children_.clear();
  copy.volatile_buffers_.clear();
  copy.clone_source_ = &source;
}

namespace {

template <class Dict>
void check_same_names(const Module& module, const char* kind, const Dict& made,
                      const Dict& wanted) {
  bool same = made.size() == wanted.size();
  for (const auto& item : wanted) same = same && made.contains(item.key());
  check(same,
        "clone {}: reset() registers the {}s [{}] but the module has [{}], expected the same; "
        "register in reset(), not in the constructor",
        module.name(), kind, fmt::join(made.keys(), ", "), fmt::join(wanted.keys(), ", "));
}

// The names of `wanted` in their order: those that were made, the rest by `make`.
template <class Dict, class Make>
void follow(Dict& made, const Dict& wanted, const Make& make) {
  Dict result(made.key_description());
  for (const auto& item : wanted) {
    const auto* own = made.find(item.key());
    result.insert(item.key(), own != nullptr ? *own : make(item.value()));
  }
  made = std::move(result);
}

}  // namespace

void CloneScope::end(Module& copy, const Module& source) {
  copy.clone_source_ = nullptr;
  if (source.parametrized_) {
    const auto tensor = [](const Tensor& from) { return tensor_for(from, Tensor()); };
    follow(copy.parameters_, source.parameters_, tensor);
    follow(copy.children_, source.children_, [&](const auto& from) { return clone_once(from); });
  }
  check_same_names(source, "parameter", copy.parameters_, source.parameters_);
  check_same_names(source, "buffer", copy.buffers_, source.buffers_);
  check_same_names(source, "submodule", copy.children_, source.children_);
  copy.volatile_buffers_ = source.volatile_buffers_;
  copy.name_ = source.name_;
  copy.is_training_ = source.is_training_;
  if (source.hooks_) copy.hooks_ = std::make_shared<Module::Hooks>(*source.hooks_);
  finish();
}

void CloneScope::finish() {
  if (!own_) return;
  for (const auto& [from, to] : own_->copies) {
    rebind_data(to, from.detach().clone());
    if (to.is_leaf()) to.set_requires_grad(from.requires_grad());
  }
  own_->copies.clear();
}

Tensor CloneScope::tensor_for(const Tensor& source, const Tensor& fresh) {
  if (!source.defined()) return Tensor();
  const auto known = memory_->tensors.find(source.impl());
  if (known != memory_->tensors.end()) return known->second;
  check(fresh.impl() != source.impl(),
        "clone: reset() registers the source's own tensor {}, expected a new one",
        shape_text(source.sizes()));
  // Undefined where the source got its tensor later; taken where reset() ties what the source does
  // not.
  Tensor target = fresh;
  if (!target.defined() || memory_->taken.contains(target.impl())) target = source.detach().clone();
  memory_->taken.insert(target.impl());
  memory_->tensors.emplace(source.impl(), target);
  memory_->copies.emplace_back(source, target);
  return target;
}

std::shared_ptr<Module> CloneScope::module_for(const std::shared_ptr<Module>& source,
                                               const std::shared_ptr<Module>& fresh) {
  const auto known = memory_->modules.find(source.get());
  if (known != memory_->modules.end()) return known->second;
  check(fresh != source,
        "clone: reset() registers the source's own submodule {}, expected a new one",
        source->name());
  fresh->clone_(*source, nullopt);
  memory_->modules.emplace(source.get(), fresh);
  return fresh;
}

std::shared_ptr<Module> CloneScope::clone_once(const std::shared_ptr<Module>& source) {
  const auto known = memory_->modules.find(source.get());
  if (known != memory_->modules.end()) return known->second;
  return memory_->modules.emplace(source.get(), source->clone(device_)).first->second;
}

void CloneScope::check_type(bool same, const Module& source, const Module& target) {
  check(same, "clone: the submodule is a {} but reset() registers a {}, expected the same type",
        source.name(), target.name());
}

std::shared_ptr<Module> Module::clone(const optional<Device>&) const {
  fail("clone {}: the type derives from Module, expected Cloneable<{}>", name(), name());
}

void Module::clone_(const Module& other, const optional<Device>& device) { other.clone(device); }

}  // namespace xgrad::nn
