// Ops that write into a given tensor, and questions about tensors and types.
#include <catch2/catch.hpp>

#include "support/matchers.h"
#include "xgrad/xgrad.h"

namespace xgrad::testing {
namespace {

TEST_CASE("add_out writes into the tensor that is there") {
  Tensor out = zeros({2}, kDouble);
  const void* data = out.data_ptr();
  CHECK(add_out(out, ones({2}), full({2}, 2.0), 3).is_same(out));
  CHECK(out.equal(full({2}, 7.0, kDouble)));
  CHECK(out.data_ptr() == data);
}

TEST_CASE("add_out gives the result's shape to another one") {
  Tensor out = empty({0});
  add_out(out, ones({2, 1}), ones({3}));
  CHECK(out.equal(full({2, 3}, 2.0)));
}

TEST_CASE("out may be an operand") {
  Tensor x = arange(3, kFloat);
  mul_out(x, x, x);
  CHECK(x.equal(tensor({0.0, 1.0, 4.0})));
  Tensor m = ones({2, 2});
  mm_out(m, m, m);
  CHECK(m.equal(full({2, 2}, 2.0)));
}

TEST_CASE("cat_out and stack_out write lists") {
  Tensor out = empty({0});
  CHECK(cat_out(out, {ones({1}), zeros({1})}).equal(tensor({1.0, 0.0})));
  CHECK(stack_out(out, {ones({1}), zeros({1})}).sizes() == std::vector<std::int64_t>{2, 1});
}

TEST_CASE("an out that cannot take the result is refused") {
  Tensor undefined, integers = zeros({2}, kLong), recorded = zeros({2}, requires_grad());
  const Tensor x = ones({2});
  CHECK_THROWS_WITH(add_out(undefined, x, x),
                    "add_out: out is undefined, expected a tensor to write to");
  CHECK_THROWS_WITH(div_out(integers, x, x),
                    "div_out: out is int64, expected to hold a result of float32");
  CHECK_THROWS_WITH(
      sub_out(recorded, x, x),
      "sub_out: out= cannot be differentiated, expected tensors that do not require grad");
}

TEST_CASE("result_type follows PyTorch's promotion") {
  const Tensor f = ones({2}), i = ones({2}, kInt), scalar = tensor(1.0, kDouble);
  CHECK(result_type(f, i) == kFloat);
  CHECK(result_type(f, scalar) == kFloat);
  CHECK(result_type(i, scalar) == kDouble);
  CHECK(result_type(i, 2) == kInt);
  CHECK(result_type(2.5, i) == kFloat);
  CHECK(result_type(Scalar(true), Scalar(3)) == kLong);
}

TEST_CASE("can_cast allows what an in-place op may write") {
  CHECK(can_cast(kInt, kFloat));
  CHECK(can_cast(kDouble, kFloat));
  CHECK(can_cast(kLong, kByte));
  CHECK_FALSE(can_cast(kFloat, kLong));
  CHECK_FALSE(can_cast(kLong, kBool));
  CHECK(can_cast(kBool, kBool));
}

TEST_CASE("is_nonzero asks a tensor of one element") {
  CHECK(is_nonzero(tensor({{2}})));
  CHECK_FALSE(is_nonzero(tensor(0.0)));
  CHECK_THROWS_WITH(is_nonzero(ones({2})),
                    "is_nonzero: the tensor has 2 elements, expected exactly one");
}

}  // namespace
}  // namespace xgrad::testing
