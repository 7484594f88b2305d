// ModuleHolder and XGRAD_MODULE: `Linear` is a handle that shares a `LinearImpl`.
//
//   struct NetImpl : xgrad::nn::Module { ... };
//   XGRAD_MODULE(Net);          // class Net, a holder of NetImpl
//   Net net(3, 4);              // makes a NetImpl(3, 4)
//   Net later = nullptr;        // empty until assigned
//   net->parameters();  net(x);
//
// Copies of a holder share the module. <xgrad/xgrad.h> declares a holder of each layer, so it is
// made of what is cheap to compile: the owner is a pointer to Module in all. Source:
// torch::nn::ModuleHolder.
#pragma once

#include <memory>
#include <ostream>
#include <type_traits>
#include <utility>

#include "xgrad/nn/call.h"
#include "xgrad/nn/module.h"
#include "xgrad/nn/module_holder_traits.h"

namespace xgrad::nn {

[[noreturn]] void fail_empty_holder();

template <class Contained>
class ModuleHolder : ModuleHolderIndicator {
 public:
  using ContainedType = Contained;

  ModuleHolder() {
    static_assert(
        std::is_default_constructible_v<Contained>,
        "this module has no default constructor; `= nullptr` makes an empty holder of it");
    if constexpr (std::is_default_constructible_v<Contained>) own(new Contained);
  }
  ModuleHolder(std::nullptr_t) {}
  ModuleHolder(std::shared_ptr<Contained> module)
      : module_(module.get()), owner_(std::move(module)) {}
  // The arguments of the module's constructor.
  template <class Head, class... Tail,
            class = std::enable_if_t<sizeof...(Tail) != 0 ||
                                     !(is_module_holder<Head> &&
                                       std::is_same_v<contained_t<std::decay_t<Head>>, Contained>)>>
  explicit ModuleHolder(Head&& head, Tail&&... tail) {
    own(new Contained(std::forward<Head>(head), std::forward<Tail>(tail)...));
  }

  explicit operator bool() const noexcept { return owner_ != nullptr; }
  bool is_empty() const noexcept { return owner_ == nullptr; }
  // Errors of all that follows: the holder is empty.
  Contained* operator->() { return get(); }
  const Contained* operator->() const { return get(); }
  Contained& operator*() { return *get(); }
  const Contained& operator*() const { return *get(); }
  Contained* get() {
    if (owner_ == nullptr) fail_empty_holder();
    return module_;
  }
  const Contained* get() const {
    if (owner_ == nullptr) fail_empty_holder();
    return module_;
  }
  std::shared_ptr<Contained> ptr() const {
    if (owner_ == nullptr) fail_empty_holder();
    return std::shared_ptr<Contained>(owner_, module_);
  }

  // forward(), with the module's hooks around it.
  template <class... Args, class M = Contained>
  auto operator()(Args&&... args) -> decltype(std::declval<M&>().forward(std::declval<Args>()...)) {
    return call_module(*get(), std::forward<Args>(args)...);
  }
  template <class Index>
  decltype(auto) operator[](Index&& index) {
    return (*get())[std::forward<Index>(index)];
  }

 private:
  void own(Contained* module) {
    owner_.reset(module);
    module_ = module;
  }

  Contained* module_ = nullptr;  // the owner's module; of no meaning without an owner
  std::shared_ptr<Module> owner_;
};

template <class Contained>
std::ostream& operator<<(std::ostream& stream, const ModuleHolder<Contained>& holder) {
  return stream << *holder;
}

}  // namespace xgrad::nn

#define XGRAD_MODULE_IMPL(Name, ImplType)                    \
  class Name : public ::xgrad::nn::ModuleHolder<ImplType> {  \
   public:                                                   \
    using ::xgrad::nn::ModuleHolder<ImplType>::ModuleHolder; \
    using Impl [[maybe_unused]] = ImplType;                  \
  }
#define XGRAD_MODULE(Name) XGRAD_MODULE_IMPL(Name, Name##Impl)

#define TORCH_MODULE_IMPL(Name, ImplType) XGRAD_MODULE_IMPL(Name, ImplType)
#define TORCH_MODULE(Name) XGRAD_MODULE(Name)
