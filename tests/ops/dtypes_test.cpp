// Which dtypes ops take, and of which dtype the result is: PyTorch 1.13's answers to the same
// calls.
#include <catch2/catch.hpp>

#include "support/matchers.h"
#include "xgrad/xgrad.h"

namespace xgrad::testing {

TEST_CASE("one summed operand of whole numbers is int64 after einsum", "[ops][dtypes]") {
  const Tensor b = tensor({{0, 1, 1}}).to(kBool);
  CHECK_THAT(einsum("ij->i", {b}), Near(tensor({2}), 0));
  CHECK(einsum("ij->i", {b}).dtype() == kInt64);
  CHECK(einsum("...j->...", {b.to(kUInt8)}).dtype() == kInt64);
  CHECK(einsum("ij->", {b.to(kInt32)}).dtype() == kInt64);
  CHECK(einsum(b, {0, 1}, {1}).dtype() == kInt64);
  CHECK(einsum("ij->ji", {b}).dtype() == kBool);
  CHECK(einsum("ii->i", {b.slice(1, 0, 1)}).dtype() == kBool);
}

}  // namespace xgrad::testing
