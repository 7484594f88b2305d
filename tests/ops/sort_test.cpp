// Sorting, searching, different elements and histograms, against the standard library and PyTorch's
// answers at the edges.
#include "xgrad/ops/sort.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <numeric>

#include "support/matchers.h"
#include "xgrad/ops/histogram.h"
#include "xgrad/ops/search.h"
#include "xgrad/ops/unique.h"
#include "xgrad/xgrad.h"

namespace xgrad::testing {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN(),
                 kInf = std::numeric_limits<double>::infinity();

// The positions that sort a line stably, by the standard library.
std::vector<std::int64_t> stable_order(const Tensor& line, bool descending) {
  const Tensor values = line.to(kDouble).contiguous();
  const double* x = values.data_ptr<double>();
  std::vector<std::int64_t> order(static_cast<std::size_t>(line.numel()));
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](std::int64_t a, std::int64_t b) {
    return descending ? x[a] > x[b] : x[a] < x[b];
  });
  return order;
}

}  // namespace

TEST_CASE("a stable sort is stable in both directions for all dtypes, short and long",
          "[ops][sort]") {
  for (const ScalarType type : {kFloat, kDouble, kLong, kInt, kByte, kBool}) {
    for (const std::int64_t n : {1, 2, 17, 1023, 1024, 5000}) {
      for (const bool descending : {false, true}) {
        INFO(type << " n " << n << (descending ? " descending" : ""));
        Tensor x = randint(0, 200, {n}, kLong);
        if (type != kByte && type != kBool) x = x - 100;
        x = x.to(type);
        const auto [values, indices] = x.sort(true, 0, descending);
        const Tensor expected = tensor(stable_order(x, descending));
        CHECK_THAT(indices, Identical(expected));
        CHECK_THAT(values, Identical(x.index_select(0, expected)));
      }
    }
  }
}

TEST_CASE("sort works along any dim of any strides", "[ops][sort]") {
  const Tensor x = randn({3, 40, 4});
  const auto [values, indices] = x.sort(1);
  CHECK_THAT(std::get<0>(x.transpose(1, 2).sort(2)).transpose(1, 2), Identical(values));
  CHECK_THAT(x.gather(1, indices), Identical(values));
  CHECK((values.narrow(1, 1, 39) >= values.narrow(1, 0, 39)).all().item<bool>());
  CHECK_THAT(x.argsort(1), Identical(indices));
  CHECK_THAT(x.msort(), Identical(std::get<0>(x.sort(0))));
  CHECK(zeros({0, 3}).argsort(0).sizes() == IntArrayRef({0, 3}));
}

TEST_CASE("NaN is the largest and signed zeros are equal", "[ops][sort]") {
  CHECK_THAT(std::get<1>(tensor({3., kNan, 1., -kInf}).sort()), Identical(tensor({3, 2, 0, 1})));
  CHECK_THAT(std::get<1>(tensor({3., kNan, 1., kNan, kInf}).sort(-1, true)),
             Identical(tensor({1, 3, 4, 0, 2})));
  CHECK_THAT(std::get<1>(tensor({0., -0., -kNan, 0.}).sort()), Identical(tensor({0, 1, 3, 2})));
  CHECK_THAT(std::get<0>(tensor({1., kNan, 3.}).topk(2)), Near(tensor({kNan, 3.}), 0));
  CHECK_THAT(std::get<0>(tensor({1., kNan, 3.}).topk(2, 0, false)), Near(tensor({1., 3.}), 0));
}

TEST_CASE("topk is the head of sort", "[ops][sort]") {
  const Tensor x = randint(0, 50, {6, 300}, kLong);
  for (const std::int64_t k : {0, 1, 5, 18, 19, 150, 300}) {
    for (const bool largest : {false, true}) {
      const auto [values, indices] = x.topk(k, 1, largest);
      const Tensor sorted = std::get<0>(x.sort(1, largest));
      CHECK_THAT(values, Identical(sorted.narrow(1, 0, k).contiguous()));
      CHECK_THAT(x.gather(1, indices), Identical(values));
    }
  }
  CHECK(error_of([] { ones({2}).topk(3); }) == "topk: k is 3, expected 0 to 2, the size of dim 0");
  CHECK(error_of([] { ones({2}).topk(-1); }) ==
        "topk: k is -1, expected 0 to 2, the size of dim 0");
  CHECK(error_of([] { ones({2}, kBool).topk(1); }) == "topk: not defined for dtype bool");
}

TEST_CASE("of equals PyTorch's are chosen, in its order", "[ops][sort]") {
  const Tensor x = (arange(20) * 37).remainder(5);
  CHECK_THAT(
      x.argsort(),
      Identical(tensor({0, 5, 15, 10, 18, 3, 13, 8, 1, 16, 11, 6, 9, 14, 4, 19, 12, 7, 17, 2})));
  CHECK_THAT(
      x.argsort(-1, true),
      Identical(tensor({2, 17, 7, 12, 19, 4, 14, 9, 1, 16, 11, 6, 8, 13, 3, 18, 10, 15, 5, 0})));
  CHECK_THAT(std::get<1>(x.topk(3)), Identical(tensor({17, 7, 12})));
  CHECK_THAT(std::get<1>(x.topk(3, 0, false)), Identical(tensor({5, 10, 15})));
  CHECK_THAT(std::get<1>(x.topk(12)),
             Identical(tensor({2, 17, 7, 12, 19, 4, 14, 9, 1, 16, 11, 6})));
  CHECK_THAT(std::get<1>(x.topk(5, 0, true, false)), Identical(tensor({17, 7, 12, 2, 19})));
  const std::vector<std::int64_t> ranks = {1, 4, 5, 9, 13, 20}, places = {10, 0, 8, 11, 14, 12};
  for (std::size_t i = 0; i < ranks.size(); ++i)
    CHECK(std::get<1>(x.kthvalue(ranks[i])).item<std::int64_t>() == places[i]);
  CHECK(std::get<1>(x.median(0)).item<int>() == 6);
  CHECK(std::get<1>(x.mode()).item<int>() == 10);
  CHECK(std::get<1>((arange(40) * 7).remainder(4).mode()).item<int>() == 16);
  CHECK_THAT(std::get<1>(tensor({kNan, kNan}).mode()), Identical(tensor(0)));
}

TEST_CASE("gradients of sort and topk go back to where the values came from", "[ops][sort]") {
  const Tensor x = tensor({3., 1., 2.}).set_requires_grad(true), weights = tensor({10., 20., 30.});
  (std::get<0>(x.sort()) * weights).sum().backward();
  CHECK_THAT(x.grad(), Near(tensor({30., 10., 20.}), 0));
  x.mutable_grad().reset();
  (std::get<0>(x.topk(2)) * weights.narrow(0, 0, 2)).sum().backward();
  CHECK_THAT(x.grad(), Near(tensor({10., 0., 20.}), 0));
  CHECK_FALSE(std::get<1>(x.sort()).requires_grad());
}

TEST_CASE("unique gives values, inverse and counts", "[ops][sort]") {
  const auto [values, inverse, counts] = unique(tensor({{2, 1}, {1, 3}}), true, true, true);
  CHECK_THAT(values, Identical(tensor({1, 2, 3})));
  CHECK_THAT(inverse, Identical(tensor({{1, 0}, {0, 2}})));
  CHECK_THAT(counts, Identical(tensor({2, 1, 1})));
  CHECK(std::get<1>(_unique2(tensor({1, 1}))).numel() == 0);
  CHECK(std::get<0>(unique(tensor({kNan, 1., kNan}))).numel() == 3);
  CHECK_THAT(std::get<0>(unique(tensor({true, false, true}))), Identical(tensor({false, true})));
  CHECK(std::get<0>(unique(zeros({0}))).numel() == 0);
  const auto [runs, of, lengths] = unique_consecutive(tensor({1, 1, 2, 1}), true, true);
  CHECK_THAT(runs, Identical(tensor({1, 2, 1})));
  CHECK_THAT(of, Identical(tensor({0, 0, 1, 2})));
  CHECK_THAT(lengths, Identical(tensor({2, 1, 1})));
}

TEST_CASE("unique_dim compares slices", "[ops][sort]") {
  const Tensor x = tensor({{2, 1}, {1, 5}, {2, 1}, {1, 4}});
  const auto [values, inverse, counts] = unique_dim(x, 0, true, true, true);
  CHECK_THAT(values, Identical(tensor({{1, 4}, {1, 5}, {2, 1}})));
  CHECK_THAT(inverse, Identical(tensor({2, 1, 2, 0})));
  CHECK_THAT(counts, Identical(tensor({1, 1, 2})));
  CHECK_THAT(std::get<0>(unique_dim(x.t(), 1)), Identical(tensor({{1, 1, 2}, {4, 5, 1}})));
  const auto consecutive = unique_consecutive(tensor({{1, 1, 2, 1}, {1, 1, 3, 1}}), true, false, 1);
  CHECK_THAT(std::get<0>(consecutive), Identical(tensor({{1, 2, 1}, {1, 3, 1}})));
  CHECK(std::get<0>(unique_dim(ones({0, 3}), 0)).sizes() == IntArrayRef({0, 3}));
  // Inverse and counts are there unasked, but not of a vector along dim 0.
  CHECK_THAT(std::get<1>(unique_dim(x, 0)), Identical(tensor({2, 1, 2, 0})));
  CHECK_THAT(std::get<2>(unique_consecutive(x, false, false, 0)), Identical(ones({4}, kLong)));
  CHECK_THAT(std::get<2>(unique_consecutive(tensor({7, 7}), false, false, -1)),
             Identical(tensor({2})));
  CHECK(std::get<2>(unique_consecutive(tensor({7, 7}), false, false, 0)).numel() == 0);
  CHECK(error_of([] {
          unique_dim(ones({2, 0}), 0);
        }) == "unique_dim: dim 1 of [2, 0] has size 0, only dim 0 may");
}

TEST_CASE("searchsorted and bucketize find places on both sides", "[ops][sort]") {
  const Tensor x = tensor({1., 3., 3., 5.});
  CHECK_THAT(searchsorted(x, tensor({3., 0., 9., kNan})), Identical(tensor({1, 0, 4, 4})));
  CHECK_THAT(searchsorted(x, tensor({3., 0., 9., kNan}), false, true),
             Identical(tensor({3, 0, 4, 4})));
  CHECK_THAT(searchsorted(x, tensor({3.}), false, false, "right"), Identical(tensor({3})));
  CHECK(searchsorted(tensor({1, 3, 5}), 3.5).item<int>() == 2);
  CHECK(searchsorted(x, tensor({{3}})).sizes() == IntArrayRef({1, 1}));
  const Tensor rows = tensor({{1., 2.}, {10., 20.}});
  CHECK_THAT(searchsorted(rows, tensor({{2., 5., 0.}, {10., 11., 30.}})),
             Identical(tensor({{1, 2, 0}, {0, 1, 2}})));
  CHECK_THAT(
      searchsorted(tensor({5., 3., 1.}), tensor({3.}), false, false, nullopt, tensor({2, 1, 0})),
      Identical(tensor({1})));
  CHECK_THAT(bucketize(tensor({{3., 0.}}), tensor({1., 3.}), true),
             Identical(tensor({{1, 0}}, kInt)));
  CHECK(error_of([&] {
          searchsorted(rows, ones({3, 1}));
        }) ==
        "searchsorted: a sequence of shape [2, 2] does not go with values of shape [3, 1], "
        "expected one dim or the same leading dims");
  CHECK(error_of([&] { searchsorted(x, ones({1}), false, true, "left"); }) ==
        "searchsorted: side is left, but right is true");
  CHECK(error_of([&] {
          searchsorted(x, ones({1}), false, false, nullopt, tensor({0, 1, 2, 4}));
        }) == "searchsorted: the sorter has a position outside 0 to 3");
  CHECK(error_of([&] { bucketize(1., rows); }) ==
        "bucketize: the boundaries have 2 dims, expected 1");
}

TEST_CASE("histograms count as PyTorch's", "[ops][sort]") {
  CHECK_THAT(tensor({1., 2., 1.}).histc(4), Near(tensor({2., 0., 0., 1.}), 0));
  CHECK_THAT(tensor({1., 1., 1.}).histc(4), Near(tensor({0., 0., 3., 0.}), 0));
  CHECK_THAT(tensor({1., kNan, 3., 4.}).histc(4, 1, 3), Near(tensor({1., 0., 0., 1.}), 0));
  CHECK_THAT(zeros({0}).histc(4), Near(zeros({4}), 0));
  CHECK_THAT(tensor({1, 2, 1}).bincount(), Identical(tensor({0, 2, 1})));
  CHECK_THAT(tensor({1, 0}).bincount(tensor({0.5, 2.}), 3), Near(tensor({2., 0.5, 0.}), 0));
  CHECK(tensor({1}).bincount(tensor({1})).dtype() == kDouble);
  CHECK_THAT(zeros({0}, kLong).bincount(nullopt, 2), Identical(zeros({2}, kLong)));
  CHECK(error_of([] {
          tensor({-1, 2}).bincount();
        }) == "bincount: element 0 is -1, expected at least 0");
  CHECK(error_of([] {
          tensor({1., 2.}).bincount();
        }) == "bincount: not defined for dtype float32, expected integers");
  CHECK(error_of([] {
          tensor({1, 2}).histc(3);
        }) == "histc: not defined for dtype int64, expected a floating one");
  CHECK(error_of([] { tensor({1.}).histc(0); }) == "histc: bins is 0, expected at least 1");
}

}  // namespace xgrad::testing
