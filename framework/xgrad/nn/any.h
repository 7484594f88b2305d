// AnyModule: any module that has a forward(), its type known at run time only.
//
//   AnyModule any(xgrad::nn::Linear(3, 4));
//   xgrad::Tensor y = any.forward(xgrad::ones({2, 3}));
//   auto out = any.forward<std::tuple<Tensor, Tensor>>(x, state);   // other results by their type
//   any.get<xgrad::nn::Linear>()->weight;
//
// Copies share the module. Arguments and results must have exactly the types (less const and &)
// that forward() has. Source: torch::nn::AnyModule.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "xgrad/nn/any_module_holder.h"
#include "xgrad/nn/any_value.h"
#include "xgrad/nn/module.h"
#include "xgrad/nn/pimpl.h"

namespace xgrad::nn {

class AnyModule {
 public:
  AnyModule() = default;
  template <class M>
  explicit AnyModule(std::shared_ptr<M> module) : content_(hold_any(std::move(module))) {}
  template <class M>
  explicit AnyModule(const ModuleHolder<M>& holder) : AnyModule(holder.ptr()) {}
  template <class M, class = std::enable_if_t<is_module<M>>>
  explicit AnyModule(M&& module)
      : AnyModule(std::make_shared<std::decay_t<M>>(std::forward<M>(module))) {}
  template <class M>
  AnyModule& operator=(std::shared_ptr<M> module) {
    return *this = AnyModule(std::move(module));
  }

  bool is_empty() const noexcept { return content_ == nullptr; }
  // Errors of all that follows: there is no module.
  AnyModule clone(optional<Device> device = nullopt) const;

  // Errors: a wrong number of arguments, or one of a wrong type.
  template <class... Args>
  AnyValue any_forward(Args&&... args) {
    std::array<AnyValue, sizeof...(Args)> values{AnyValue(std::forward<Args>(args))...};
    return content().forward(values);
  }
  AnyValue any_forward(std::span<AnyValue> arguments) { return content().forward(arguments); }
  // Errors: forward() returns another type.
  template <class Return = Tensor, class... Args>
  Return forward(Args&&... args) {
    AnyValue value = any_forward(std::forward<Args>(args)...);
    if (Return* result = value.template try_get<Return>()) return std::move(*result);
    fail_result(typeid(Return), value.type_info());
  }

  // The module as a `LinearImpl&`, or as a `Linear`. Errors: it is none.
  template <class T, class = std::enable_if_t<is_module<T>>>
  T& get() {
    return *ptr<T>();
  }
  template <class T, class = std::enable_if_t<is_module<T>>>
  const T& get() const {
    return *ptr<T>();
  }
  template <class T, class Contained = typename T::ContainedType>
  T get() const {
    return T(ptr<Contained>());
  }
  const std::shared_ptr<Module>& ptr() const { return content().module; }
  template <class T, class = std::enable_if_t<is_module<T>>>
  std::shared_ptr<T> ptr() const {
    auto typed = std::dynamic_pointer_cast<T>(ptr());
    if (!typed) fail_type(typeid(T));
    return typed;
  }
  // The module's own type.
  const std::type_info& type_info() const {
    const Module& module = *ptr();
    return typeid(module);
  }

 private:
  AnyModulePlaceholder& content() const {
    if (!content_) fail_empty();
    return *content_;
  }
  [[noreturn]] static void fail_empty();
  [[noreturn]] void fail_type(const std::type_info& wanted) const;
  [[noreturn]] void fail_result(const std::type_info& wanted, const std::type_info& given) const;

  std::shared_ptr<AnyModulePlaceholder> content_;
};

// A module with a name, for `Sequential({{"fc", Linear(3, 4)}, {"relu", ReLU()}})`.
class NamedAnyModule {
 public:
  NamedAnyModule(std::string name, AnyModule module)
      : name_(std::move(name)), module_(std::move(module)) {}
  template <class M>
  NamedAnyModule(std::string name, std::shared_ptr<M> module)
      : NamedAnyModule(std::move(name), AnyModule(std::move(module))) {}
  template <class M>
  NamedAnyModule(std::string name, const ModuleHolder<M>& holder)
      : NamedAnyModule(std::move(name), AnyModule(holder)) {}
  template <class M, class = std::enable_if_t<is_module<M>>>
  NamedAnyModule(std::string name, M&& module)
      : NamedAnyModule(std::move(name), AnyModule(std::forward<M>(module))) {}

  const std::string& name() const noexcept { return name_; }
  AnyModule& module() noexcept { return module_; }
  const AnyModule& module() const noexcept { return module_; }

 private:
  std::string name_;
  AnyModule module_;
};

}  // namespace xgrad::nn
