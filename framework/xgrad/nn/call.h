// call_module(module, arguments...): forward() with the module's hooks around it, and with its name
// told to anomaly mode. What holders, Sequential and AnyModule call.
#pragma once

#include <tuple>
#include <type_traits>
#include <utility>

#include "xgrad/autograd/anomaly.h"
#include "xgrad/nn/module.h"

namespace xgrad::nn {

// Tells anomaly mode, where it is on, which module is being called: "Net.head.1 (LogImpl)".
class CallScope {
 public:
  explicit CallScope(const Module& module) {
    if (autograd::AnomalyMode::is_enabled()) [[unlikely]] {
      enter(module);
    }
  }
  CallScope(const CallScope&) = delete;
  CallScope& operator=(const CallScope&) = delete;
  ~CallScope() {
    if (entered_) [[unlikely]] {
      leave();
    }
  }

 private:
  void enter(const Module& module);
  void leave() noexcept;

  bool entered_ = false;
};

template <class T>
constexpr bool is_tensor = std::is_same_v<std::decay_t<T>, Tensor>;

// Runs the hooks on the result: a tensor, or the first one of a tuple that begins with one.
template <class Output>
void hook_output(Module& module, const Tensor& input, Output& output) {
  if constexpr (is_tensor<Output>) {
    output = module.run_hooks(input, output);
  } else if constexpr (requires { requires is_tensor<std::tuple_element_t<0, Output>>; }) {
    std::get<0>(output) = module.run_hooks(input, std::get<0>(output));
  }
}

template <class M, class Head, class... Tail>
auto call_hooked(M& module, Head&& head, Tail&&... tail) {
  if constexpr (is_tensor<Head>) {
    const Tensor input = module.run_pre_hooks(head);
    auto output = module.forward(input, std::forward<Tail>(tail)...);
    hook_output(module, input, output);
    return output;
  } else {
    auto output = module.forward(std::forward<Head>(head), std::forward<Tail>(tail)...);
    hook_output(module, Tensor(), output);
    return output;
  }
}

template <class M, class... Args>
decltype(auto) call_module(M& module, Args&&... args) {
  using Result = decltype(module.forward(std::forward<Args>(args)...));
  if constexpr (std::is_base_of_v<Module, M>) {
    const CallScope scope(module);
    if constexpr (!std::is_reference_v<Result> && !std::is_void_v<Result> && sizeof...(Args) > 0) {
      if (module.has_forward_hooks()) [[unlikely]] {
        return static_cast<Result>(call_hooked(module, std::forward<Args>(args)...));
      }
    }
    return module.forward(std::forward<Args>(args)...);
  } else {
    return module.forward(std::forward<Args>(args)...);
  }
}

}  // namespace xgrad::nn
