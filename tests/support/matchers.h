// REQUIRE_THAT(y, Near(expected, 1e-9)): one matcher for tensors,
// naming the first element that differs.
#pragma once

#include <catch2/catch.hpp>
#include <string>

#include "xgrad/core/error.h"
#include "xgrad/core/tensor.h"

namespace xgrad::testing {

// Same shape, and |x - expected| <= tolerance * max(1, |expected|); NaN matches NaN.
class Near : public Catch::MatcherBase<Tensor> {
 public:
  Near(const Tensor& expected, double tolerance) : expected_(expected), tolerance_(tolerance) {}
  bool match(const Tensor& actual) const override;
  std::string describe() const override { return difference_; }

 private:
  Tensor expected_;
  double tolerance_;
  mutable std::string difference_;
};

// Same shape, dtype and bits.
class Identical : public Catch::MatcherBase<Tensor> {
 public:
  explicit Identical(const Tensor& expected) : expected_(expected) {}
  bool match(const Tensor& actual) const override;
  std::string describe() const override { return difference_; }

 private:
  Tensor expected_;
  mutable std::string difference_;
};

// The text of the Error that the call throws; a failure if it throws none.
template <class F>
std::string error_of(const F& call) {
  try {
    call();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

}  // namespace xgrad::testing
