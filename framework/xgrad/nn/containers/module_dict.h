// ModuleDict: modules by name, in the order in which they came, registered but not called.
//
//   ModuleDict heads;  heads->insert("a", Linear(3, 4));  heads["a"]->as<Linear>()->forward(x);
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "xgrad/nn/cloneable.h"
#include "xgrad/nn/pimpl.h"

namespace xgrad::nn {

class ModuleDictImpl : public Cloneable<ModuleDictImpl> {
 public:
  using Modules = OrderedDict<std::string, std::shared_ptr<Module>>;
  using Iterator = Modules::Iterator;
  using ConstIterator = Modules::ConstIterator;

  ModuleDictImpl() = default;
  explicit ModuleDictImpl(
      const std::vector<std::pair<std::string, std::shared_ptr<Module>>>& modules) {
    update(modules);
  }
  explicit ModuleDictImpl(const Modules& modules) { update(modules); }

  void reset() override {}
  std::shared_ptr<Module> clone(const optional<Device>& device = nullopt) const override;
  void pretty_print(std::ostream& stream) const override;

  // Adds the module, or puts it in the place of that of the same name.
  void insert(const std::string& key, std::shared_ptr<Module> module);
  template <class M>
  void insert(const std::string& key, const ModuleHolder<M>& holder) {
    insert(key, std::shared_ptr<Module>(holder.ptr()));
  }
  void update(const std::vector<std::pair<std::string, std::shared_ptr<Module>>>& modules) {
    for (const auto& [key, module] : modules) insert(key, module);
  }
  template <class Container>
  void update(const Container& container) {
    for (const auto& item : container) insert(item.key(), item.value());
  }
  // Removes the module and returns it. Errors, here and below: no such key.
  std::shared_ptr<Module> pop(const std::string& key);
  void clear();

  std::vector<std::pair<std::string, std::shared_ptr<Module>>> items() const {
    return modules_.pairs();
  }
  std::vector<std::string> keys() const { return modules_.keys(); }
  std::vector<std::shared_ptr<Module>> values() const { return modules_.values(); }
  Iterator begin() { return modules_.begin(); }
  ConstIterator begin() const { return modules_.begin(); }
  Iterator end() { return modules_.end(); }
  ConstIterator end() const { return modules_.end(); }
  std::size_t size() const noexcept { return modules_.size(); }
  bool empty() const noexcept { return modules_.is_empty(); }
  bool contains(const std::string& key) const noexcept { return modules_.contains(key); }

  std::shared_ptr<Module> operator[](const std::string& key) const { return modules_[key]; }
  // Errors, too: a module of another type.
  template <class T>
  contained_t<T>& at(const std::string& key) {
    auto* typed = modules_[key]->template as<T>();
    if (!typed) fail_type(key, typeid(contained_t<T>));
    return *typed;
  }
  template <class T>
  const contained_t<T>& at(const std::string& key) const {
    return const_cast<ModuleDictImpl*>(this)->at<T>(key);
  }

 private:
  [[noreturn]] void fail_type(const std::string& key, const std::type_info& wanted) const;

  Modules modules_{"module"};
};
XGRAD_MODULE(ModuleDict);

}  // namespace xgrad::nn
