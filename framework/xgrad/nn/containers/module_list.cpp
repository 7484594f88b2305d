#include "xgrad/nn/containers/module_list.h"

#include <algorithm>
#include <ostream>

#include "xgrad/core/format.h"

namespace xgrad::nn {

void ModuleListImpl::pretty_print(std::ostream& stream) const { stream << "torch::nn::ModuleList"; }

void ModuleListImpl::push_back(std::shared_ptr<Module> module) {
  register_module(std::to_string(size()), module);
  modules_.push_back(std::move(module));
}

void ModuleListImpl::insert(std::size_t index, std::shared_ptr<Module> module) {
  check_index(index <= size(), "ModuleList::insert: index {} is out of range, expected at most {}",
              index, size());
  push_back(std::move(module));
  std::rotate(begin() + static_cast<std::ptrdiff_t>(index), end() - 1, end());
  for (std::size_t i = index; i < size(); ++i) replace_module(std::to_string(i), modules_[i]);
}

std::shared_ptr<Module> ModuleListImpl::clone(const optional<Device>& device) const {
  CloneScope scope(device);
  auto copy = std::make_shared<ModuleListImpl>();
  for (const auto& module : modules_) copy->push_back(scope.clone_once(module));
  scope.end(*copy, *this);
  return copy;
}

std::shared_ptr<Module> ModuleListImpl::ptr(std::size_t index) const {
  check_index(index < size(), "ModuleList: index {} is out of range, expected less than {}", index,
              size());
  return modules_[index];
}

void ModuleListImpl::fail_type(std::size_t index, const std::type_info& wanted) const {
  fail("ModuleList::at: module {} is a {}, expected a {}", index, modules_[index]->name(),
       type_name(wanted));
}

}  // namespace xgrad::nn
