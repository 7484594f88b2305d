// ModuleList: modules by position, registered but not called.
//
//   ModuleList layers;  layers->push_back(Linear(3, 4));  layers->at<LinearImpl>(0).weight;
//   for (const auto& layer : *layers) x = layer->as<Linear>()->forward(x);
#pragma once

#include <concepts>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "xgrad/nn/cloneable.h"
#include "xgrad/nn/pimpl.h"

namespace xgrad::nn {

class ModuleListImpl : public Cloneable<ModuleListImpl> {
 public:
  using Iterator = std::vector<std::shared_ptr<Module>>::iterator;
  using ConstIterator = std::vector<std::shared_ptr<Module>>::const_iterator;

  ModuleListImpl() = default;
  template <class... Modules>
  requires(sizeof...(Modules) > 1 || !(std::is_base_of_v<ModuleListImpl, std::decay_t<Modules>> ||
                                       ...)) explicit ModuleListImpl(Modules&&... modules) {
    (push_back(std::forward<Modules>(modules)), ...);
  }

  void reset() override {}
  std::shared_ptr<Module> clone(const optional<Device>& device = nullopt) const override;
  void pretty_print(std::ostream& stream) const override;

  void push_back(std::shared_ptr<Module> module);
  template <class M>
  void push_back(const ModuleHolder<M>& holder) {
    push_back(std::shared_ptr<Module>(holder.ptr()));
  }
  template <class M, class = std::enable_if_t<is_module<M>>>
  void push_back(M&& module) {
    push_back(std::make_shared<std::decay_t<M>>(std::forward<M>(module)));
  }
  template <class Container>
  void extend(const Container& container) {
    for (const auto& module : container) push_back(module);
  }
  // Before `index`; later ones move up. Errors: an index beyond the end.
  void insert(std::size_t index, std::shared_ptr<Module> module);
  template <class M>
  void insert(std::size_t index, const ModuleHolder<M>& holder) {
    insert(index, std::shared_ptr<Module>(holder.ptr()));
  }
  template <class M, class = std::enable_if_t<is_module<M>>>
  void insert(std::size_t index, M&& module) {
    insert(index, std::make_shared<std::decay_t<M>>(std::forward<M>(module)));
  }

  Iterator begin() { return modules_.begin(); }
  ConstIterator begin() const { return modules_.begin(); }
  Iterator end() { return modules_.end(); }
  ConstIterator end() const { return modules_.end(); }
  std::size_t size() const noexcept { return modules_.size(); }
  bool is_empty() const noexcept { return modules_.empty(); }

  // Errors: no such position; of at(): a module of another type.
  template <class T>
  contained_t<T>& at(std::size_t index) {
    auto typed = ptr<T>(index);
    if (!typed) fail_type(index, typeid(contained_t<T>));
    return *typed;
  }
  template <class T>
  const contained_t<T>& at(std::size_t index) const {
    return const_cast<ModuleListImpl*>(this)->at<T>(index);
  }
  std::shared_ptr<Module> ptr(std::size_t index) const;
  // Null if the module is of another type.
  template <class T>
  std::shared_ptr<contained_t<T>> ptr(std::size_t index) const {
    return std::dynamic_pointer_cast<contained_t<T>>(ptr(index));
  }
  template <std::integral Index>
  std::shared_ptr<Module> operator[](Index index) const {
    return ptr(static_cast<std::size_t>(index));
  }

 private:
  [[noreturn]] void fail_type(std::size_t index, const std::type_info& wanted) const;

  std::vector<std::shared_ptr<Module>> modules_;
};
XGRAD_MODULE(ModuleList);

}  // namespace xgrad::nn
