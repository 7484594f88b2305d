// XGRAD_ARG(T, name): one option of an options struct, with a setter that chains and a getter.
//
//   struct LinearOptions {
//     XGRAD_ARG(std::int64_t, in_features) = 1;
//     XGRAD_ARG(bool, bias) = true;
//   };
//   auto options = LinearOptions().in_features(3).bias(false);
//   std::int64_t width = options.in_features();
//
// The value lives in a private member `name_`; what follows the macro in a class is private.
#pragma once

#include <utility>

#define XGRAD_ARG(T, name)                           \
 public:                                             \
  auto name(const T& new_##name)->decltype(*this) {  \
    this->name##_ = new_##name;                      \
    return *this;                                    \
  }                                                  \
  auto name(T&& new_##name)->decltype(*this) {       \
    this->name##_ = std::move(new_##name);           \
    return *this;                                    \
  }                                                  \
  const T& name() const noexcept { return name##_; } \
  T& name() noexcept { return name##_; }             \
                                                     \
 private:                                            \
  T name##_
