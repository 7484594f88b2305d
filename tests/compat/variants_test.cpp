// Methods and functions with arguments of another kind than usual: against
// tests/golden/variants.json (made by tests/golden/make_variants.py), finite differences, and wrong
// use.
#include "nn/golden_rows.h"

namespace {

using namespace xgrad;
using namespace xgrad::testing;
using Catch::Matchers::Equals;

template <class... Tensors>
Inputs list(const std::tuple<Tensors...>& tensors) {
  return std::apply([](const auto&... each) { return Inputs{each...}; }, tensors);
}

Tensor solved(const Inputs& x, bool left, bool adjoint) {
  const auto [lu, pivots] = linalg_lu_factor(x[0]);
  return linalg_lu_solve(lu, pivots, x[1], left, adjoint);
}

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
      {"cholesky_ex", [](const Inputs& x) { return std::get<0>(linalg_cholesky_ex((x[0] + x[0].mT()) / 2)); }},
      {"inv_ex", [](const Inputs& x) { return std::get<0>(linalg_inv_ex(x[0])); }},
      {"solve_ex", [](const Inputs& x) { return std::get<0>(linalg_solve_ex(x[0], x[1])); }},
      {"lu", [](const Inputs& x) { return list(linalg_lu(x[0])); }},
      {"lu_solve_adjoint", [](const Inputs& x) { return solved(x, true, true); }},
      {"lu_solve_right", [](const Inputs& x) { return solved(x, false, false); }},
      {"householder_product", [](const Inputs& x) { return linalg_householder_product(x[0], x[1]); }},
      {"ormqr", [](const Inputs& x) { return x[0].ormqr(x[1], x[2]); }},
      {"ormqr_right", [](const Inputs& x) { return ormqr(x[0], x[1], x[2], false, true); }},
      {"geqrf", [](const Inputs& x) { return list(geqrf(x[0])); }},
      {"tensorsolve", [](const Inputs& x) { return linalg_tensorsolve(x[0], x[1]); }},
      {"tensorsolve_dims", [](const Inputs& x) { return linalg_tensorsolve(x[0], x[1], 0); }},
      {"tensorinv", [](const Inputs& x) { return linalg_tensorinv(x[0], 1); }},
      {"linalg_vander", [](const Inputs& x) { return linalg_vander(x[0], 4); }},
      {"cond_None", [](const Inputs& x) { return linalg_cond(x[0]); }},
      {"cond_1", [](const Inputs& x) { return linalg_cond(x[0], 1); }},
      {"cond_-1", [](const Inputs& x) { return linalg_cond(x[0], -1); }},
      {"cond_2", [](const Inputs& x) { return linalg_cond(x[0], 2); }},
      {"cond_-2", [](const Inputs& x) { return linalg_cond(x[0], -2); }},
      {"cond_inf", [](const Inputs& x) { return linalg_cond(x[0], std::numeric_limits<double>::infinity()); }},
      {"cond_fro", [](const Inputs& x) { return linalg_cond(x[0], "fro"); }},
      {"cond_nuc", [](const Inputs& x) { return linalg_cond(x[0], "nuc"); }},
      {"pinv_tolerances", [](const Inputs& x) { return linalg_pinv(x[0], nullopt, tensor({1e-3, 1e-5}, kDouble)); }},
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

TEST_CASE("singular matrices are told one by one, and are errors only where they are asked to be") {
  const Tensor x = tensor({1.0, 2.0, 2.0, 4.0, 2.0, 1.0, 1.0, 3.0}, kDouble).view({2, 2, 2});
  const Tensor good = x[1], told = tensor({2, 0}, kInt);
  const auto [lower, bad_minor] = linalg_cholesky_ex(x);
  REQUIRE(bad_minor.equal(told));
  REQUIRE(lower[1].equal(cholesky(good)));
  REQUIRE_THAT(error_of([&] { linalg_cholesky_ex(x, false, true); }),
               Equals("cholesky: matrix 0 is not positive-definite, the leading minor of order 2 "
                      "is not"));
  const auto [inverted, singular] = linalg_inv_ex(x);
  REQUIRE(singular.equal(told));
  REQUIRE(inverted[0].isinf().all().item<bool>());
  REQUIRE(inverted[1].equal(inverse(good)));
  REQUIRE_THAT(error_of([&] { linalg_inv_ex(x, true); }), Equals("inverse: matrix 0 is singular"));
  const auto [lu, pivots, zero] = linalg_lu_factor_ex(x);
  REQUIRE(zero.equal(told));
  REQUIRE(lu[0].equal(tensor({{2.0, 4.0}, {0.5, 0.0}}, kDouble)));
  REQUIRE_THAT(error_of([&] { linalg_lu_factor_ex(x, true, true); }),
               Equals("linalg_lu_factor: matrix 0 has zero at U[1, 1]"));
  REQUIRE(std::get<2>(linalg_lu(x))[0].equal(tensor({{2.0, 4.0}, {0.0, 0.0}}, kDouble)));
  const auto [solution, unsolved] = linalg_solve_ex(x, ones({2, 2, 1}, kDouble));
  REQUIRE(unsolved.equal(told));
  REQUIRE(!solution[0].isfinite().any().item<bool>());
  REQUIRE_THAT(solution[1], Near(tensor({{0.4}, {0.2}}, kDouble), 1e-12));
  for (const Tensor& b : {ones({2, 1}, kDouble), ones({2, 2}, kDouble), ones({2}, kDouble)}) {
    const Tensor y = std::get<0>(linalg_solve_ex(x, b));
    REQUIRE(!y[0].isfinite().any().item<bool>());
    REQUIRE(y[1].isfinite().all().item<bool>());
  }
  REQUIRE(linalg_cond(x, 1)[0].isinf().item<bool>());
  REQUIRE(linalg_matrix_rank(x, tensor({4.0, 1.5}, kDouble)).equal(tensor({1, 1})));
  REQUIRE(linalg_matrix_rank(x, tensor({6.0, 1.0}, kDouble)).equal(tensor({0, 2})));
}

TEST_CASE("linear algebra says what does not fit") {
  REQUIRE_THAT(error_of([] { linalg_vander(ones(2), 1); }),
               Equals("linalg_vander: N is 1, expected more than 1"));
  REQUIRE_THAT(error_of([] {
                 linalg_tensorinv(ones({2, 3}), 1);
               }),
               Equals("linalg_tensorinv: the first 1 dims of [2, 3] have 2 elements, the others 3, "
                      "expected as many"));
  REQUIRE_THAT(error_of([] {
                 linalg_householder_product(ones({2, 3}), ones(2));
               }),
               Equals("linalg_householder_product: matrices are 2 by 3, expected at least as many "
                      "rows"));
  REQUIRE_THAT(error_of([] {
                 linalg_cond(ones({2, 2}), 3);
               }),
               Equals("linalg_cond: p is 3, expected 1, -1, 2, -2, inf, -inf, fro or nuc"));
}
