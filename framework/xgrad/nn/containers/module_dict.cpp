#include "xgrad/nn/containers/module_dict.h"

#include <ostream>

#include "xgrad/core/format.h"

namespace xgrad::nn {

void ModuleDictImpl::pretty_print(std::ostream& stream) const { stream << "torch::nn::ModuleDict"; }

void ModuleDictImpl::insert(const std::string& key, std::shared_ptr<Module> module) {
  if (contains(key)) {
    modules_[key] = replace_module(key, std::move(module));
  } else {
    register_module(key, module);
    modules_.insert(key, std::move(module));
  }
}

std::shared_ptr<Module> ModuleDictImpl::pop(const std::string& key) {
  std::shared_ptr<Module> module = modules_[key];
  modules_.erase(key);
  unregister_module(key);
  return module;
}

void ModuleDictImpl::clear() {
  for (const std::string& key : keys()) unregister_module(key);
  modules_.clear();
}

std::shared_ptr<Module> ModuleDictImpl::clone(const optional<Device>& device) const {
  CloneScope scope(device);
  auto copy = std::make_shared<ModuleDictImpl>();
  for (const auto& item : modules_) copy->insert(item.key(), scope.clone_once(item.value()));
  scope.end(*copy, *this);
  return copy;
}

void ModuleDictImpl::fail_type(const std::string& key, const std::type_info& wanted) const {
  fail("ModuleDict::at: module '{}' is a {}, expected a {}", key, modules_[key]->name(),
       type_name(wanted));
}

}  // namespace xgrad::nn
