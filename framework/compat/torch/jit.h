// TorchScript is not supported: whatever uses it fails to compile, with a sentence that says so.
#pragma once

#include <cstdlib>
#include <memory>
#include <vector>

#include "torch/namespaces.h"

namespace xgrad {

namespace detail {
template <class...>
inline constexpr bool torchscript_is_supported = false;
}  // namespace detail

#define XGRAD_NO_TORCHSCRIPT(...)                                                            \
  static_assert(::xgrad::detail::torchscript_is_supported<__VA_ARGS__>,                      \
                "xgrad does not support TorchScript (torch::jit): define the module in C++ " \
                "and load its weights with torch::load")

namespace jit {

using xgrad::IValue;

class Module {
 public:
  template <class T = void>
  Module() {
    XGRAD_NO_TORCHSCRIPT(T);
  }
  IValue forward(std::vector<IValue>);
  void eval();
  void train(bool = true);
  template <class... Args>
  void to(Args&&...);
};
namespace script {
using jit::Module;
}  // namespace script

template <class... Args>
Module load(Args&&...) {
  XGRAD_NO_TORCHSCRIPT(Args...);
  std::abort();
}
template <class... Args>
std::shared_ptr<Module> compile(Args&&...) {
  XGRAD_NO_TORCHSCRIPT(Args...);
  std::abort();
}

}  // namespace jit

template <class... Args>
IValue pickle_load(Args&&...) {
  XGRAD_NO_TORCHSCRIPT(Args...);
  std::abort();
}
template <class... Args>
std::vector<char> pickle_save(Args&&...) {
  XGRAD_NO_TORCHSCRIPT(Args...);
  std::abort();
}

}  // namespace xgrad

// The containers of TorchScript's values.
namespace c10 {
template <class Key, class Value>
struct Dict {
  XGRAD_NO_TORCHSCRIPT(Key);
};
template <class T>
struct List {
  XGRAD_NO_TORCHSCRIPT(T);
};
namespace impl {
using GenericDict = Dict<xgrad::IValue, xgrad::IValue>;
using GenericList = List<xgrad::IValue>;
}  // namespace impl
}  // namespace c10

#undef XGRAD_NO_TORCHSCRIPT
