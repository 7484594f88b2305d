// Error: what every caller's mistake throws.
//
//   try { xgrad::einsum("ij,jk->ik", {a, b}); }
//   catch (const xgrad::Error& error) { std::cerr << error.what(); }
//
// Messages follow one grammar: `op: what is wrong, what was expected, what was given`.
#pragma once

#include <stdexcept>
#include <string>

namespace xgrad {

class Error : public std::runtime_error {
 public:
  explicit Error(const std::string& message) : std::runtime_error(message) {}
  const char* what_without_backtrace() const noexcept { return what(); }
  std::string msg() const { return what(); }
  std::string backtrace() const { return {}; }  // none is taken
};

// An index or class label outside its range; derives from Error, as in libtorch.
class IndexError : public Error {
 public:
  using Error::Error;
};

// Throws Error(message). Out of line, so that a check costs its caller one compare and one call.
[[noreturn]] void fail(const std::string& message);
[[noreturn]] void fail_index(const std::string& message);

}  // namespace xgrad
