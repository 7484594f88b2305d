// Registration and what derives from it: walks, names, modes, conversion, printing.
#include "xgrad/nn/module.h"

#include <map>
#include <mutex>
#include <ostream>
#include <typeindex>

#include "xgrad/autograd/grad_mode.h"
#include "xgrad/core/format.h"
#include "xgrad/nn/clone_scope.h"
#include "xgrad/nn/names.h"
#include "xgrad/nn/rebind.h"

namespace xgrad::nn {

// Kept by type, not by module: a constructor asks when the module is only a base of what it will
// be.
const std::string& Module::name() const noexcept {
  if (name_) return *name_;
  static std::mutex mutex;
  static std::map<std::type_index, std::string> names;
  const std::lock_guard lock(mutex);
  const auto [named, is_new] = names.try_emplace(typeid(*this));
  if (is_new) named->second = type_name(typeid(*this));
  return named->second;
}

// Registration.

void Module::check_name(const char* op, const char* kind, const std::string& name) const {
  check(!name.empty(), "{}: the name is empty, expected one", op);
  check(name.find('.') == std::string::npos, "{} \"{}\": the name has a dot, expected one without",
        op, name);
  const char* taken = parameters_.contains(name) ? "parameter"
                      : buffers_.contains(name)  ? "buffer"
                      : children_.contains(name) ? "submodule"
                                                 : nullptr;
  check(taken == nullptr,
        "{} \"{}\": {} has a {} of that name already, expected a new name for the {}", op, name,
        this->name(), taken ? taken : "", kind);
}

Tensor& Module::register_parameter(std::string name, Tensor tensor, bool requires_grad) {
  check_name("register_parameter", "parameter", name);
  if (clone_source_ != nullptr) {
    if (const Tensor* source = clone_source_->parameters_.find(name)) {
      tensor = CloneScope::tensor_for(*source, tensor);
    }
  }
  if (tensor.defined()) tensor.set_requires_grad(requires_grad);
  return parameters_.insert(std::move(name), std::move(tensor));
}

Tensor& Module::register_buffer(std::string name, Tensor tensor, bool persistent) {
  check_name("register_buffer", "buffer", name);
  if (clone_source_ != nullptr) {
    if (const Tensor* source = clone_source_->buffers_.find(name)) {
      tensor = CloneScope::tensor_for(*source, tensor);
    }
  }
  if (!persistent) volatile_buffers_.insert(name);
  return buffers_.insert(std::move(name), std::move(tensor));
}

void Module::check_child(const char* op, const std::string& name, const Module* module) const {
  check(module != nullptr, "{} \"{}\": there is no module, expected one", op, name);
  std::set<const Module*> below;
  module->visit([](const std::string&, const Module&) {}, "", &below);
  check(!below.contains(this), "{} \"{}\": the module contains {} itself, expected a tree", op,
        name, this->name());
}

std::shared_ptr<Module> Module::add_child(std::string name, std::shared_ptr<Module> module) {
  check_name("register_module", "submodule", name);
  check_child("register_module", name, module.get());
  if (clone_source_ != nullptr) {
    if (const auto* source = clone_source_->children_.find(name)) {
      module = CloneScope::module_for(*source, module);
    }
  }
  return children_.insert(std::move(name), std::move(module));
}

void Module::replace_child(const std::string& name, std::shared_ptr<Module> module) {
  check(children_.contains(name), "replace_module \"{}\": {} has no such submodule{}", name,
        this->name(), suggestion(name, children_.keys()));
  check_child("replace_module", name, module.get());
  children_[name] = std::move(module);
}

void Module::unregister_module(const std::string& name) {
  check(children_.contains(name), "unregister_module \"{}\": {} has no such submodule{}", name,
        this->name(), suggestion(name, children_.keys()));
  children_.erase(name);
}

// Walks.

void Module::visit(const ConstNamedModuleApplyFunction& function, const std::string& name,
                   std::set<const Module*>* seen) const {
  if (seen != nullptr && !seen->insert(this).second) return;
  function(name, *this);
  // By position: the function may register more.
  for (std::size_t i = 0; i < children_.size(); ++i) {
    const auto child = children_[i];
    child.value()->visit(function, join_name(name, child.key()), seen);
  }
}

void Module::visit_below(const NamedModulePointerApplyFunction& function, const std::string& name,
                         std::set<const Module*>* seen) const {
  for (std::size_t i = 0; i < children_.size(); ++i) {
    const auto child = children_[i];
    if (seen != nullptr && !seen->insert(child.value().get()).second) continue;
    const std::string child_name = join_name(name, child.key());
    function(child_name, child.value());
    child.value()->visit_below(function, child_name, seen);
  }
}

std::shared_ptr<Module> Module::shared_from_this_checked() const {
  const std::shared_ptr<const Module> self = weak_from_this().lock();
  check(self != nullptr,
        "modules: {} is not held by a shared_ptr, expected make_shared or a module holder", name());
  return std::const_pointer_cast<Module>(self);
}

void Module::apply(const ModuleApplyFunction& function) {
  visit([&](const std::string&, const Module& module) { function(const_cast<Module&>(module)); },
        "", nullptr);
}
void Module::apply(const ConstModuleApplyFunction& function) const {
  visit([&](const std::string&, const Module& module) { function(module); }, "", nullptr);
}
void Module::apply(const NamedModuleApplyFunction& function, const std::string& name_prefix) {
  visit([&](const std::string& name,
            const Module& module) { function(name, const_cast<Module&>(module)); },
        name_prefix, nullptr);
}
void Module::apply(const ConstNamedModuleApplyFunction& function,
                   const std::string& name_prefix) const {
  visit(function, name_prefix, nullptr);
}
void Module::apply(const ModulePointerApplyFunction& function) const {
  function(shared_from_this_checked());
  visit_below([&](const std::string&, const std::shared_ptr<Module>& module) { function(module); },
              "", nullptr);
}
void Module::apply(const NamedModulePointerApplyFunction& function,
                   const std::string& name_prefix) const {
  function(name_prefix, shared_from_this_checked());
  visit_below(function, name_prefix, nullptr);
}

Module::TensorDict Module::named_parameters(bool recurse) const {
  TensorDict result("parameter");
  std::set<const TensorImpl*> listed;
  const auto add = [&](const std::string& prefix, const Module& module) {
    for (const auto& item : module.parameters_) {
      if (!item->defined() || !listed.insert(item->impl()).second) continue;
      result.insert(join_name(prefix, item.key()), *item);
    }
  };
  std::set<const Module*> seen;
  recurse ? visit(add, "", &seen) : add("", *this);
  return result;
}

Module::TensorDict Module::named_buffers(bool recurse, bool persistent_only) const {
  TensorDict result("buffer");
  std::set<const TensorImpl*> listed;
  const auto add = [&](const std::string& prefix, const Module& module) {
    for (const auto& item : module.buffers_) {
      if (persistent_only && module.volatile_buffers_.contains(item.key())) continue;
      if (!item->defined() || !listed.insert(item->impl()).second) continue;
      result.insert(join_name(prefix, item.key()), *item);
    }
  };
  std::set<const Module*> seen;
  recurse ? visit(add, "", &seen) : add("", *this);
  return result;
}

std::vector<Tensor> Module::parameters(bool recurse) const {
  return named_parameters(recurse).values();
}
std::vector<Tensor> Module::buffers(bool recurse) const { return named_buffers(recurse).values(); }

Module::ModuleDictionary Module::named_modules(const std::string& name_prefix,
                                               bool include_self) const {
  ModuleDictionary result("submodule");
  if (include_self) result.insert(name_prefix, shared_from_this_checked());
  std::set<const Module*> seen{this};
  visit_below([&](const std::string& name,
                  const std::shared_ptr<Module>& module) { result.insert(name, module); },
              name_prefix, &seen);
  return result;
}

std::vector<std::shared_ptr<Module>> Module::modules(bool include_self) const {
  return named_modules("", include_self).values();
}

Module::ModuleDictionary Module::named_children() const {
  ModuleDictionary result("submodule");
  std::set<const Module*> seen;
  for (const auto& child : children_) {
    if (seen.insert(child->get()).second) result.insert(child.key(), *child);
  }
  return result;
}

std::vector<std::shared_ptr<Module>> Module::children() const { return named_children().values(); }

// Modes, conversion, gradients.

void Module::train(bool on) {
  for (auto& child : children_) child.value()->train(on);
  is_training_ = on;
}

void Module::to(Dtype dtype, bool non_blocking) {
  check(isFloatingType(dtype), "Module::to: {} is no floating type, expected float32 or float64",
        dtype_name(dtype));
  for (auto& child : children_) child.value()->to(dtype, non_blocking);
  const NoGradGuard no_grad;
  const auto convert = [&](const Tensor& tensor) {
    if (!tensor.defined() || !tensor.is_floating_point() || tensor.scalar_type() == dtype) return;
    rebind_data(tensor, tensor.detach().to(dtype));
    if (tensor.grad().defined()) tensor.mutable_grad() = tensor.grad().detach().to(dtype);
  };
  for (const auto& parameter : parameters_) convert(*parameter);
  for (const auto& buffer : buffers_) convert(*buffer);
}

void Module::to(Device device, bool) {
  check(device.is_cpu(), "Module::to: device {} is not available, expected cpu", device.str());
}

void Module::to(Device device, Dtype dtype, bool non_blocking) {
  to(device, non_blocking);
  to(dtype, non_blocking);
}

void Module::zero_grad(bool set_to_none) {
  for (auto& child : children_) child.value()->zero_grad(set_to_none);
  for (const auto& parameter : parameters_) {
    if (!parameter->defined() || !parameter->grad().defined()) continue;
    Tensor& grad = parameter->mutable_grad();
    if (set_to_none) {
      grad.reset();
    } else {
      grad = grad.detach();
      grad.zero_();
    }
  }
}

// Printing.

void Module::pretty_print(std::ostream& stream) const { stream << name(); }

void Module::pretty_print_recursive(std::ostream& stream, const std::string& indentation) const {
  pretty_print(stream);
  if (children_.is_empty()) return;
  const std::string deeper = indentation + "  ";
  stream << "(\n";
  for (const auto& child : children_) {
    stream << deeper << "(" << child.key() << "): ";
    child.value()->pretty_print_recursive(stream, deeper);
    stream << '\n';
  }
  stream << indentation << ")";
}

std::ostream& operator<<(std::ostream& stream, const Module& module) {
  module.pretty_print_recursive(stream, "");
  return stream;
}

}  // namespace xgrad::nn
