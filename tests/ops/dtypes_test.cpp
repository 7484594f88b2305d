// Which dtypes ops take, and of which dtype the result is: PyTorch 1.13's answers to the same
// calls.
#include <catch2/catch.hpp>

#include "support/matchers.h"
#include "xgrad/xgrad.h"

namespace xgrad::testing {

TEST_CASE("products of matrices and vectors are not defined for bool", "[ops][dtypes]") {
  const Tensor v = ones({2}, kBool), m = ones({2, 2}, kBool), b = ones({1, 2, 2}, kBool);
  CHECK(error_of([&] { m.mm(m); }) == "mm: not defined for bool, expected numbers");
  CHECK_THROWS_AS(v.dot(v), Error);
  CHECK_THROWS_AS(m.mv(v), Error);
  CHECK_THROWS_AS(b.bmm(b), Error);
  CHECK_THROWS_AS(b.matmul(v), Error);
  CHECK_THROWS_AS(addmm(m, m, m), Error);
  CHECK_THROWS_AS(inner(v, v), Error);
  CHECK_THROWS_AS(tensordot(m, m, {1}, {0}), Error);
  CHECK_THROWS_AS(linear(m, m), Error);
  CHECK_THROWS_AS(chain_matmul({m, m}), Error);
  CHECK(outer(v, v).dtype() == kBool);
  const Tensor i = ones({2, 2}, kInt64);
  CHECK_THAT(i.mm(i), Near(full({2, 2}, 2), 0));
}

TEST_CASE("addmm adds the dtype of its matrices only", "[ops][dtypes]") {
  const Tensor m = ones({2, 2}), d = m.to(kFloat64);
  CHECK(error_of([&] { addmm(d, m, m); }) ==
        "addmm: got float32 to add to float64, expected the same dtype");
  CHECK_THROWS_AS(addbmm(d, m.unsqueeze(0), m.unsqueeze(0)), Error);
  CHECK_THROWS_AS(linear(m, m, d[0]), Error);
  CHECK_NOTHROW(addr(d, m[0], m[0]));
}

TEST_CASE("order statistics, traces and areas are not defined for bool", "[ops][dtypes]") {
  const Tensor v = ones({2}, kBool), f = ones({2});
  CHECK(error_of([&] { v.median(); }) == "median: not defined for bool, expected numbers");
  CHECK_THROWS_AS(v.median(0), Error);
  CHECK_THROWS_AS(v.nanmedian(), Error);
  CHECK_THROWS_AS(v.kthvalue(1), Error);
  CHECK_THROWS_AS(v.view({1, 2}).trace(), Error);
  CHECK_THROWS_AS(cov(v), Error);
  CHECK_THROWS_AS(trapezoid(v), Error);
  CHECK_THROWS_AS(trapezoid(f, v), Error);
  CHECK_THROWS_AS(cumulative_trapezoid(v), Error);
  CHECK_THROWS_AS(v.scatter_reduce(0, tensor({0, 1}), v, "mean"), Error);
  CHECK_NOTHROW(v.scatter_reduce(0, tensor({0, 1}), v, "sum"));
  CHECK_THROWS_AS(glu(arange(4)), Error);
}

TEST_CASE("losses of differences need a floating operand", "[ops][dtypes]") {
  const Tensor f = tensor({0.5, 0.25}), i = tensor({0, 1}), b = i.to(kBool);
  CHECK(error_of([&] { smooth_l1_loss(i, i, 0); }) ==
        "smooth_l1_loss: not defined for int64 and int64, expected a floating dtype");
  CHECK_THROWS_AS(smooth_l1_loss(i, i, 0, 0), Error);
  CHECK_THROWS_AS(smooth_l1_loss(b, b), Error);
  CHECK_THROWS_AS(mse_loss(i, i, 0), Error);
  CHECK(error_of([&] { huber_loss(i, f); }) ==
        "huber_loss: input is int64, expected a floating dtype");
  CHECK_THROWS_AS(huber_loss(b, f), Error);
  CHECK_THAT(huber_loss(f, b, 0), Near(tensor({0.125, 0.28125}), 1e-7));
  CHECK_THAT(smooth_l1_loss(b, f, 0, 0), Near(tensor({0.5, 0.75}), 1e-7));
}

TEST_CASE("losses of probabilities have the dtype that PyTorch gives them", "[ops][dtypes]") {
  const Tensor f = tensor({0.5, 0.25}), d = f.to(kFloat64), i = tensor({0, 1});
  CHECK(error_of([&] { binary_cross_entropy_with_logits(f, i); }) ==
        "binary_cross_entropy_with_logits: target is int64, expected a floating dtype");
  CHECK(binary_cross_entropy_with_logits(d, f).dtype() == kFloat32);
  CHECK(binary_cross_entropy_with_logits(f, d).dtype() == kFloat64);
  CHECK(binary_cross_entropy_with_logits(f, f, d).dtype() == kFloat32);
  CHECK(binary_cross_entropy_with_logits(f, f, {}, d).dtype() == kFloat32);
  CHECK(error_of([&] { kl_div(f, i); }) ==
        "kl_div: input is float32 and target int64, expected floating dtypes");
  CHECK(soft_margin_loss(f, d).dtype() == kFloat32);
  CHECK(soft_margin_loss(f, i.to(kBool)).dtype() == kFloat32);
  CHECK_THROWS_AS(soft_margin_loss(i, f), Error);
}

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
