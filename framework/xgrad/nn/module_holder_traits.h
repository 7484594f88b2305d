// What is a module holder (`Linear`) and what the module in it (`LinearImpl`), told by type alone.
#pragma once

#include <type_traits>

namespace xgrad::nn {

class Module;

struct ModuleHolderIndicator {};

template <class T>
constexpr bool is_module_holder = std::is_base_of_v<ModuleHolderIndicator, std::decay_t<T>>;

template <class T>
struct ContainedBy {
  using type = T;
};
template <class T>
requires is_module_holder<T>
struct ContainedBy<T> {
  using type = typename std::decay_t<T>::ContainedType;
};
// LinearImpl for both Linear and LinearImpl.
template <class T>
using contained_t = typename ContainedBy<T>::type;

template <class T>
constexpr bool is_module = std::is_base_of_v<Module, std::decay_t<T>>;

}  // namespace xgrad::nn
