// How AnyModule calls a forward() whose type it forgot. Private to any.h.
#pragma once

#include <array>
#include <memory>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include "xgrad/nn/any_value.h"
#include "xgrad/nn/call.h"
#include "xgrad/nn/module.h"

namespace xgrad::nn {

struct AnyModulePlaceholder {
  explicit AnyModulePlaceholder(std::shared_ptr<Module> held) : module(std::move(held)) {}
  virtual ~AnyModulePlaceholder() = default;
  virtual AnyValue forward(std::span<AnyValue> arguments) = 0;
  // The same for another module of the same type.
  virtual std::shared_ptr<AnyModulePlaceholder> with(std::shared_ptr<Module> other) const = 0;

  std::shared_ptr<Module> module;

 protected:
  // The arguments, filled up from the module's defaults. Errors: too few or too many.
  std::vector<AnyValue> with_defaults(std::span<AnyValue> given, std::size_t expected) const;
  [[noreturn]] void fail_argument(std::size_t position, const std::type_info& wanted,
                                  const std::type_info& given) const;
};

template <class M, class... Args>
struct AnyModuleHolder final : AnyModulePlaceholder {
  explicit AnyModuleHolder(std::shared_ptr<M> held)
      : AnyModulePlaceholder(held), typed(held.get()) {}

  AnyValue forward(std::span<AnyValue> arguments) override {
    if (arguments.size() == sizeof...(Args)) [[likely]] {
      return call(arguments, std::index_sequence_for<Args...>());
    }
    std::vector<AnyValue> all = with_defaults(arguments, sizeof...(Args));
    return call(all, std::index_sequence_for<Args...>());
  }
  std::shared_ptr<AnyModulePlaceholder> with(std::shared_ptr<Module> other) const override {
    auto same = std::dynamic_pointer_cast<M>(other);
    return same ? std::make_shared<AnyModuleHolder>(std::move(same)) : nullptr;
  }

 private:
  template <std::size_t... I>
  AnyValue call([[maybe_unused]] std::span<AnyValue> arguments, std::index_sequence<I...>) {
    return AnyValue(call_module(*typed, argument<Args>(arguments[I], I)...));
  }
  template <class T>
  decltype(auto) argument(AnyValue& value, std::size_t position) const {
    auto* found = value.template try_get<std::decay_t<T>>();
    if (found == nullptr) fail_argument(position, typeid(T), value.type_info());
    if constexpr (std::is_lvalue_reference_v<T>) {
      return static_cast<T>(*found);
    } else {
      return std::move(*found);
    }
  }

  M* typed;
};

// A module that takes any arguments itself, as Sequential does.
template <class M>
struct ErasedModuleHolder final : AnyModulePlaceholder {
  explicit ErasedModuleHolder(std::shared_ptr<M> held)
      : AnyModulePlaceholder(held), typed(held.get()) {}
  AnyValue forward(std::span<AnyValue> arguments) override {
    const CallScope scope(*typed);
    return typed->any_forward(arguments);
  }
  std::shared_ptr<AnyModulePlaceholder> with(std::shared_ptr<Module> other) const override {
    auto same = std::dynamic_pointer_cast<M>(other);
    return same ? std::make_shared<ErasedModuleHolder>(std::move(same)) : nullptr;
  }

  M* typed;
};

[[noreturn]] void fail_empty_holder();

template <class M, class C, class Return, class... Args>
std::shared_ptr<AnyModulePlaceholder> hold(std::shared_ptr<M> module, Return (C::*)(Args...)) {
  static_assert(!std::is_void_v<Return>, "AnyModule needs a forward() that returns something");
  return std::make_shared<AnyModuleHolder<M, Args...>>(std::move(module));
}
template <class M, class C, class Return, class... Args>
std::shared_ptr<AnyModulePlaceholder> hold(std::shared_ptr<M> module,
                                           Return (C::*)(Args...) const) {
  static_assert(!std::is_void_v<Return>, "AnyModule needs a forward() that returns something");
  return std::make_shared<AnyModuleHolder<M, Args...>>(std::move(module));
}

template <class M>
std::shared_ptr<AnyModulePlaceholder> hold_any(std::shared_ptr<M> module) {
  static_assert(std::is_base_of_v<Module, M>, "AnyModule holds what derives from nn::Module");
  if (!module) fail_empty_holder();
  if constexpr (requires { &M::forward; }) {
    return hold(std::move(module), &M::forward);
  } else {
    static_assert(
        requires(std::span<AnyValue> values) { module->any_forward(values); },
        "AnyModule needs one forward() that is no template");
    return std::make_shared<ErasedModuleHolder<M>>(std::move(module));
  }
}

}  // namespace xgrad::nn
