// TORCH_CHECK and its relatives, and str().
//
//   TORCH_CHECK(x.dim() == 2, "expected a matrix, got ", x.sizes());   // throws c10::Error
#pragma once

#include <iostream>
#include <sstream>
#include <string>

#include "c10/macros/Macros.h"
#include "torch/namespaces.h"

namespace xgrad {

using ValueError = Error;
using TypeError = Error;
using NotImplementedError = Error;

// Everything given, printed one after the other.
template <class... Args>
std::string str(const Args&... args) {
  if constexpr (sizeof...(Args) == 0) {
    return {};
  } else {
    std::ostringstream text;
    (text << ... << args);
    return text.str();
  }
}

namespace detail {

// The message of a failed check: the user's own, or what was expected and where.
inline std::string check_message(const char* condition, const char* file, int line,
                                 const std::string& message) {
  return message.empty()
             ? str("expected ", condition, " to be true, but got false at ", file, ":", line)
             : message;
}
inline void warn(const char* file, int line, const std::string& message) {
  std::cerr << str("[W ", file, ":", line, "] Warning: ", message, "\n");
}

}  // namespace detail
}  // namespace xgrad

// An `if` without `do`, as in libtorch: programs leave out the semicolon.
#define XGRAD_CHECK_WITH(fail, condition, ...)                                   \
  if (!(condition)) [[unlikely]] {                                               \
    ::xgrad::fail(::xgrad::detail::check_message(#condition, __FILE__, __LINE__, \
                                                 ::xgrad::str(__VA_ARGS__)));    \
  }
#define TORCH_CHECK(condition, ...) XGRAD_CHECK_WITH(fail, condition __VA_OPT__(, ) __VA_ARGS__)
#define TORCH_CHECK_INDEX(condition, ...) \
  XGRAD_CHECK_WITH(fail_index, condition __VA_OPT__(, ) __VA_ARGS__)
#define TORCH_CHECK_VALUE(condition, ...) \
  XGRAD_CHECK_WITH(fail, condition __VA_OPT__(, ) __VA_ARGS__)
#define TORCH_CHECK_TYPE(condition, ...) \
  XGRAD_CHECK_WITH(fail, condition __VA_OPT__(, ) __VA_ARGS__)
#define TORCH_CHECK_NOT_IMPLEMENTED(condition, ...) \
  XGRAD_CHECK_WITH(fail, condition __VA_OPT__(, ) __VA_ARGS__)
#define TORCH_CHECK_EQ(a, b) \
  TORCH_CHECK((a) == (b), "Check failed: ", #a " == " #b, " (", a, " vs. ", b, ")")
#define TORCH_CHECK_NE(a, b) \
  TORCH_CHECK((a) != (b), "Check failed: ", #a " != " #b, " (", a, " vs. ", b, ")")
#define TORCH_CHECK_LT(a, b) \
  TORCH_CHECK((a) < (b), "Check failed: ", #a " < " #b, " (", a, " vs. ", b, ")")
#define TORCH_CHECK_LE(a, b) \
  TORCH_CHECK((a) <= (b), "Check failed: ", #a " <= " #b, " (", a, " vs. ", b, ")")
#define TORCH_CHECK_GT(a, b) \
  TORCH_CHECK((a) > (b), "Check failed: ", #a " > " #b, " (", a, " vs. ", b, ")")
#define TORCH_CHECK_GE(a, b) \
  TORCH_CHECK((a) >= (b), "Check failed: ", #a " >= " #b, " (", a, " vs. ", b, ")")
// The pointer itself, if it is not null.
#define TORCH_CHECK_NOTNULL(value)                                          \
  [&]() -> decltype(auto) {                                                 \
    TORCH_CHECK((value) != nullptr, "Check failed: " #value " != nullptr"); \
    return (value);                                                         \
  }()
#define TORCH_INTERNAL_ASSERT(condition, ...) \
  XGRAD_CHECK_WITH(fail, condition __VA_OPT__(, ) __VA_ARGS__)
#ifdef NDEBUG
#define TORCH_INTERNAL_ASSERT_DEBUG_ONLY(condition, ...) \
  while (false) TORCH_INTERNAL_ASSERT(condition __VA_OPT__(, ) __VA_ARGS__)
#else
#define TORCH_INTERNAL_ASSERT_DEBUG_ONLY(condition, ...) \
  TORCH_INTERNAL_ASSERT(condition __VA_OPT__(, ) __VA_ARGS__)
#endif
#define AT_ASSERT(condition, ...) TORCH_INTERNAL_ASSERT(condition __VA_OPT__(, ) __VA_ARGS__)
#define AT_ASSERTM(condition, ...) TORCH_INTERNAL_ASSERT(condition __VA_OPT__(, ) __VA_ARGS__)
#define AT_ERROR(...) ::xgrad::fail(::xgrad::str(__VA_ARGS__))
#define AT_INDEX_ERROR(...) ::xgrad::fail_index(::xgrad::str(__VA_ARGS__))
#define TORCH_WARN(...) ::xgrad::detail::warn(__FILE__, __LINE__, ::xgrad::str(__VA_ARGS__))
#define TORCH_WARN_ONCE(...)               \
  do {                                     \
    static const bool xgrad_warned = [&] { \
      TORCH_WARN(__VA_ARGS__);             \
      return true;                         \
    }();                                   \
    static_cast<void>(xgrad_warned);       \
  } while (false)
#define AT_WARN(...) TORCH_WARN(__VA_ARGS__)
