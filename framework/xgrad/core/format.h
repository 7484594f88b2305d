// check(condition, "format {}", args...): the one way in which sources raise an Error.
// Private to the library's sources: public headers do not include fmt.
#pragma once

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "xgrad/core/array_ref.h"
#include "xgrad/core/error.h"

namespace xgrad {

template <class... Args>
[[noreturn]] void fail(fmt::format_string<Args...> format, Args&&... args) {
  fail(fmt::format(format, std::forward<Args>(args)...));
}

template <class... Args>
void check(bool condition, fmt::format_string<Args...> format, Args&&... args) {
  if (!condition) [[unlikely]] {
    fail(fmt::format(format, std::forward<Args>(args)...));
  }
}

template <class... Args>
void check_index(bool condition, fmt::format_string<Args...> format, Args&&... args) {
  if (!condition) [[unlikely]] {
    fail_index(fmt::format(format, std::forward<Args>(args)...));
  }
}

// "2x3" for messages that name several shapes; "0-d" for a scalar.
std::string shape_text(IntArrayRef sizes);

}  // namespace xgrad
