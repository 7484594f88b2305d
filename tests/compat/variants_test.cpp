// Methods and functions with arguments of another kind than usual: against
// tests/golden/variants.json (made by tests/golden/make_variants.py), finite differences, and wrong
// use.
#include "nn/golden_rows.h"

namespace {

using namespace xgrad;
using namespace xgrad::testing;
using Catch::Matchers::Equals;

std::vector<NnRow> rows() {
  // clang-format off
  return {
      {"round_decimals", [](const Inputs& x) { return round(x[0], 2); }},
      {"round_tens", [](const Inputs& x) { return x[0].clone().round_(-1); }},
      {"angle", [](const Inputs& x) { return x[0].angle(); }},
      {"clamp_in_place", [](const Inputs& x) { return x[0].clone().clamp_(x[1], x[2]); }},
      {"clamp_min_in_place", [](const Inputs& x) { return x[0].clone().clamp_min_(x[1]); }},
      {"clamp_max_in_place", [](const Inputs& x) { return x[0].clone().clamp_max_(x[1]); }},
      {"lerp_in_place", [](const Inputs& x) { return x[0].clone().lerp_(x[1], x[2]); }},
      {"div_floor_in_place", [](const Inputs& x) { return x[0].clone().divide_(x[1], "floor"); }},
      {"xlogy_scalar", [](const Inputs& x) { return x[0].clone().xlogy_(3.5) + x[0].xlogy(2); }},
      {"ldexp_in_place", [](const Inputs& x) { return x[0].clone().ldexp_(x[1]); }},
      {"polygamma_in_place", [](const Inputs& x) { return x[0].clone().polygamma_(1); }},
      {"mvlgamma_in_place", [](const Inputs& x) { return x[0].clone().mvlgamma_(2); }},
      {"norm_dtype", [](const Inputs& x) { return x[0].norm(3, 1, true, kDouble); }},
      {"quantile_method", [](const Inputs& x) { return x[0].quantile(tensor({0.25, 0.6}, kDouble), 1); }},
      {"quantile_higher", [](const Inputs& x) { return x[0].quantile(0.3, 1, true, "higher"); }},
      {"diff_ends", [](const Inputs& x) { return x[0].diff(1, 1, x[1], x[2]); }},
      {"narrow_tensor", [](const Inputs& x) { return x[0].narrow(0, tensor(2), 3); }},
      {"tensor_split_tensor", [](const Inputs& x) { return x[0].tensor_split(tensor({1, 3})); }},
  };
  // clang-format on
}

}  // namespace

TEST_CASE("rarer arguments give PyTorch's values and gradients") {
  const nlohmann::json golden = read_golden("variants.json");
  std::size_t checked = 0;
  for (const NnRow& row : rows()) {
    check_row(golden, row);
    ++checked;
  }
  REQUIRE(checked == golden.size());
}

TEST_CASE("rarer arguments say what is wrong with them") {
  const Tensor x = arange(6);
  REQUIRE_THAT(error_of([&] { x.round(2); }),
               Equals("round: decimals are not defined for dtype int64, expected a floating one"));
  REQUIRE_THAT(error_of([&] { x.narrow(0, tensor(2.0), 3); }),
               Equals("narrow: start is float32 of shape [], expected an integer of shape []"));
  REQUIRE_THAT(error_of([&] { x.tensor_split(tensor(2.0)); }),
               Equals("tensor_split: the indices are float32, expected int64"));
  REQUIRE_THAT(error_of([&] { x.tensor_split(tensor({{4}})); }),
               Equals("tensor_split: the indices have shape [1, 1], expected at most 1 dim"));
  REQUIRE_THAT(error_of([&] { x.set_(arange(3.0), 0, {3}); }),
               Equals("set_: the source is float32, expected int64"));
  REQUIRE_THAT(error_of([&] {
                 x.resize_({2, 3}, MemoryFormat::Preserve);
               }),
               Equals("resize_: the memory format is preserve, expected one"));
}

TEST_CASE("integers and their bits change in place") {
  const Tensor x = tensor({5, 6});
  REQUIRE(x.clone().bitwise_and_(4).equal(tensor({4, 4})));
  REQUIRE(x.clone().__ior__(8).equal(tensor({13, 14})));
  REQUIRE(x.clone().__ixor__(x).equal(tensor({0, 0})));
  REQUIRE(x.clone().__ilshift__(2).equal(tensor({20, 24})));
  REQUIRE(x.__rshift__(1).equal(tensor({2, 3})));
  REQUIRE(x.clone().subtract_(2).equal(tensor({3, 4})));
  REQUIRE(x.subtract(2, 3).equal(tensor({-1, 0})));
  REQUIRE(x.clone().div_(4, "floor").equal(tensor({1, 1})));
  REQUIRE(x.argsort(true, 0, true).equal(tensor({1, 0})));
  REQUIRE(tensor({1, -2}).angle().equal(tensor({0.0, 3.14159265358979323846})));
}

TEST_CASE("a tensor takes another storage, shape or order in place") {
  const Tensor x = arange(6.0), source = arange(9.0);
  REQUIRE(x.clone().set_().sizes() == IntArrayRef({0}));
  const Tensor window = x.clone().set_(source, 2, {2, 2}, {3, 1});
  REQUIRE(window.equal(tensor({{2.0, 3.0}, {5.0, 6.0}})));
  REQUIRE(window.is_alias_of(source));
  REQUIRE(x.clone().set_(source, 2, {2, 2}).equal(tensor({{2.0, 3.0}, {4.0, 5.0}})));
  const Tensor image = arange(24.0).resize_({1, 2, 3, 4}, MemoryFormat::ChannelsLast);
  REQUIRE(image.strides() == IntArrayRef({24, 1, 8, 2}));
  REQUIRE(empty({2}).resize_as_(image, MemoryFormat::Preserve).strides() == image.strides());
  REQUIRE(empty({2}).resize_as_(image).strides() == IntArrayRef({24, 12, 4, 1}));
  REQUIRE(x.new_empty_strided({2, 3}, {1, 2}).strides() == IntArrayRef({1, 2}));
  REQUIRE(x.to(kCPU, kLong, false, false, MemoryFormat::Contiguous).dtype() == kLong);
  REQUIRE(x.tensor_split({2, 4})[1].equal(arange(2.0, 4.0)));
}

TEST_CASE("a tensor is real, and nowhere but on the CPU") {
  const Tensor x = ones({2, 3});
  REQUIRE(x.conj().is_same(x));
  REQUIRE(x.resolve_conj().is_same(x));
  REQUIRE(x.resolve_neg().is_same(x));
  REQUIRE(x.matrix_H().sizes() == IntArrayRef({3, 2}));
  REQUIRE(!(x.is_conj() || x.is_neg() || x.is_mps() || x.is_xpu() || x.is_mkldnn()));
  REQUIRE(!(x.is_nested() || x.is_sparse_csr() || x.has_names() || x.is_pinned(kCPU)));
}
