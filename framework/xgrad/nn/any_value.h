// AnyValue: a value of any copyable type, given and returned by AnyModule.
//
//   AnyValue value(xgrad::ones({2}));
//   value.get<Tensor>();  value.try_get<int>() == nullptr
#pragma once

#include <any>
#include <string>
#include <type_traits>
#include <typeinfo>
#include <utility>

namespace xgrad::nn {

// The C++ name of a type, xgrad's modules as those of libtorch, which programs compare:
// "torch::nn::LinearImpl".
std::string type_name(const std::type_info& type);

class AnyValue {
 public:
  template <class T, class = std::enable_if_t<!std::is_same_v<std::decay_t<T>, AnyValue>>>
  explicit AnyValue(T&& value) : content_(std::forward<T>(value)) {}

  // Null unless the value is exactly a T.
  template <class T>
  T* try_get() {
    static_assert(std::is_same_v<T, std::decay_t<T>>, "AnyValue holds decayed types");
    return std::any_cast<T>(&content_);
  }
  // Errors: the value is not exactly a T.
  template <class T>
  T get() {
    if (T* value = try_get<T>()) return *value;
    fail_cast(typeid(T));
  }
  const std::type_info& type_info() const noexcept { return content_.type(); }

 private:
  [[noreturn]] void fail_cast(const std::type_info& wanted) const;
  std::any content_;
};

}  // namespace xgrad::nn

// In a module whose forward() has default arguments: their positions and values, so that AnyModule
// and Sequential may leave them out.
//
//   Tensor forward(Tensor x, int times = 2);
//   XGRAD_FORWARD_HAS_DEFAULT_ARGS({1, xgrad::nn::AnyValue(2)})
#define XGRAD_FORWARD_HAS_DEFAULT_ARGS(...)                                     \
  ::xgrad::nn::Module::DefaultArguments forward_default_args() const override { \
    return {__VA_ARGS__};                                                       \
  }
#define FORWARD_HAS_DEFAULT_ARGS(...) XGRAD_FORWARD_HAS_DEFAULT_ARGS(__VA_ARGS__)
