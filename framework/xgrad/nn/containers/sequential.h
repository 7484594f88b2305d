// Sequential: modules called one after the other.
//
//   Sequential net(Linear(784, 64), ReLU(), Linear(64, 10));
//   Sequential named({{"fc", Linear(3, 4)}, {"relu", ReLU()}});
//   net->push_back(Functional(xgrad::log_softmax, 1, xgrad::nullopt));
//   Tensor y = net->forward(x);            // or net(x)
//
// The first module takes all arguments; each other one what the one before it returned. Source:
// torch::nn::Sequential.
#pragma once

#include <array>
#include <concepts>
#include <initializer_list>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "xgrad/nn/any.h"
#include "xgrad/nn/cloneable.h"

namespace xgrad::nn {

class SequentialImpl : public Cloneable<SequentialImpl> {
 public:
  using Iterator = std::vector<AnyModule>::iterator;
  using ConstIterator = std::vector<AnyModule>::const_iterator;

  SequentialImpl() = default;
  // Holders, module objects, shared pointers to modules, AnyModules.
  template <class... Modules>
  requires(sizeof...(Modules) > 1 || !(std::is_base_of_v<SequentialImpl, std::decay_t<Modules>> ||
                                       ...)) explicit SequentialImpl(Modules&&... modules) {
    modules_.reserve(sizeof...(Modules));
    (push_back(std::forward<Modules>(modules)), ...);
  }
  explicit SequentialImpl(OrderedDict<std::string, AnyModule>&& modules) {
    for (auto& item : modules) push_back(item.key(), std::move(item.value()));
  }
  explicit SequentialImpl(std::initializer_list<NamedAnyModule> modules) {
    for (const auto& item : modules) push_back(item.name(), item.module());
  }

  void reset() override {}
  std::shared_ptr<Module> clone(const optional<Device>& device = nullopt) const override;
  void pretty_print(std::ostream& stream) const override;

  // Errors: no module, or one that cannot take what comes.
  template <class Return = Tensor, class... Args>
  Return forward(Args&&... args) {
    std::array<AnyValue, sizeof...(Args)> values{AnyValue(std::forward<Args>(args))...};
    AnyValue result = any_forward(values);
    if (Return* found = result.template try_get<Return>()) return std::move(*found);
    fail_result(typeid(Return), result.type_info());
  }
  AnyValue any_forward(std::span<AnyValue> arguments);

  // Appends a module, named by its position where no name is given.
  void push_back(std::string name, AnyModule module);
  void push_back(AnyModule module) { push_back(next_name(), std::move(module)); }
  template <class M>
  void push_back(std::shared_ptr<M> module) {
    push_back(next_name(), AnyModule(std::move(module)));
  }
  template <class M>
  void push_back(std::string name, std::shared_ptr<M> module) {
    push_back(std::move(name), AnyModule(std::move(module)));
  }
  template <class M>
  void push_back(const ModuleHolder<M>& holder) {
    push_back(next_name(), AnyModule(holder));
  }
  template <class M>
  void push_back(std::string name, const ModuleHolder<M>& holder) {
    push_back(std::move(name), AnyModule(holder));
  }
  template <class M, class = std::enable_if_t<is_module<M>>>
  void push_back(M&& module) {
    push_back(next_name(), AnyModule(std::forward<M>(module)));
  }
  template <class M, class = std::enable_if_t<is_module<M>>>
  void push_back(std::string name, M&& module) {
    push_back(std::move(name), AnyModule(std::forward<M>(module)));
  }
  template <class Container>
  void extend(const Container& container) {
    for (const auto& module : container) push_back(module);
  }

  Iterator begin() { return modules_.begin(); }
  ConstIterator begin() const { return modules_.begin(); }
  Iterator end() { return modules_.end(); }
  ConstIterator end() const { return modules_.end(); }
  std::size_t size() const noexcept { return modules_.size(); }
  bool is_empty() const noexcept { return modules_.empty(); }

  // Errors: no such position, or a module of another type.
  template <class T>
  contained_t<T>& at(std::size_t index) {
    return *ptr<contained_t<T>>(index);
  }
  template <class T>
  const contained_t<T>& at(std::size_t index) const {
    return *ptr<contained_t<T>>(index);
  }
  std::shared_ptr<Module> ptr(std::size_t index) const { return module_at(index).ptr(); }
  template <class T>
  std::shared_ptr<contained_t<T>> ptr(std::size_t index) const {
    return module_at(index).template ptr<contained_t<T>>();
  }
  template <std::integral Index>
  std::shared_ptr<Module> operator[](Index index) const {
    return ptr(static_cast<std::size_t>(index));
  }

 private:
  std::string next_name() const { return std::to_string(modules_.size()); }
  const AnyModule& module_at(std::size_t index) const;
  [[noreturn]] void fail_result(const std::type_info& wanted, const std::type_info& given) const;

  std::vector<std::string> names_;
  std::vector<AnyModule> modules_;
};

class Sequential : public ModuleHolder<SequentialImpl> {
 public:
  using ModuleHolder<SequentialImpl>::ModuleHolder;
  using Impl = SequentialImpl;
  Sequential() = default;
  Sequential(std::initializer_list<NamedAnyModule> modules)
      : ModuleHolder(std::make_shared<SequentialImpl>(modules)) {}
};

}  // namespace xgrad::nn
