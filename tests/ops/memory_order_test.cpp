// The memory order of results: PyTorch's strides, which decide what view() accepts afterwards and
// in which order random numbers are filled in. All numbers are PyTorch 1.13's answers to the same
// calls on zeros, e.g. torch.zeros(2, 3, 4).transpose(0, 1).flip(0).stride().
#include <catch2/catch.hpp>

#include "support/matchers.h"
#include "xgrad/xgrad.h"

namespace xgrad::testing {
namespace {

using indexing::Ellipsis, indexing::None, indexing::Slice;
using Strides = std::vector<std::int64_t>;

struct Row {
  const char* name;
  Tensor (*call)(const Tensor& x);
  // Of the result for x [3, 2, 4], a transposed tensor; [2, 3, 4], one with all dims reversed;
  // [2, 3, 4, 5], a channels-last one.
  Strides transposed, reversed, channels_last;
};

const std::vector<Row>& rows() {
  // clang-format off
  static const std::vector<Row> rows = {
    {"flip", [](const Tensor& x) { return x.flip({0}); }, {4, 12, 1}, {1, 2, 6}, {60, 1, 15, 3}},
    {"sort", [](const Tensor& x) { return std::get<0>(x.sort(0)); }, {4, 12, 1}, {1, 2, 6}, {60, 1, 15, 3}},
    {"argsort", [](const Tensor& x) { return x.argsort(-1); }, {4, 12, 1}, {1, 2, 6}, {60, 1, 15, 3}},
    {"masked_fill", [](const Tensor& x) { return x.masked_fill(x > 0, 1); }, {8, 4, 1}, {12, 4, 1}, {60, 20, 5, 1}},
    {"tril", [](const Tensor& x) { return x.tril(); }, {8, 4, 1}, {12, 4, 1}, {60, 20, 5, 1}},
    {"scatter", [](const Tensor& x) { return x.scatter(0, zeros_like(x, kLong), x); }, {8, 4, 1}, {12, 4, 1}, {60, 20, 5, 1}},
    {"index_add", [](const Tensor& x) { return x.index_add(0, tensor({0}), x.slice(0, 0, 1)); }, {8, 4, 1}, {12, 4, 1}, {60, 20, 5, 1}},
    {"index_copy", [](const Tensor& x) { return x.index_copy(0, tensor({0}), x.slice(0, 0, 1)); }, {8, 4, 1}, {12, 4, 1}, {60, 20, 5, 1}},
    {"index_fill", [](const Tensor& x) { return x.index_fill(0, tensor({0}), 1); }, {4, 12, 1}, {1, 2, 6}, {60, 1, 15, 3}},
    {"masked_scatter", [](const Tensor& x) { return x.masked_scatter(x > 0, x); }, {8, 4, 1}, {12, 4, 1}, {60, 20, 5, 1}},
    {"index [t]", [](const Tensor& x) { return x.index({tensor({0, 1, 0})}); }, {8, 4, 1}, {12, 1, 3}, {60, 1, 15, 3}},
    {"index [:, t]", [](const Tensor& x) { return x.index({Slice(), tensor({0, 1})}); }, {8, 4, 1}, {1, 2, 4}, {40, 20, 5, 1}},
    {"index [t, None, t]", [](const Tensor& x) { return x.index({tensor({0, 1}), None, tensor({0, 1})}); }, {4, 4, 1}, {4, 1, 1}, {20, 1, 5, 1}},
    {"index [None, t]", [](const Tensor& x) { return x.index({None, tensor({0, 1})}); }, {16, 8, 4, 1}, {24, 12, 1, 3}, {120, 60, 1, 15, 3}},
    {"index [..., t]", [](const Tensor& x) { return x.index({Ellipsis, tensor({{0, 1}, {1, 0}}).t()}); }, {4, 12, 1, 2}, {4, 8, 1, 2}, {48, 4, 12, 1, 2}},
    {"quantile", [](const Tensor& x) { return quantile(x, 0.5, 1, true); }, {4, 4, 1}, {4, 4, 1}, {20, 20, 5, 1}},
    {"quantile of several q", [](const Tensor& x) { return quantile(x, tensor({0.1, 0.5}), 0); }, {1, 8, 2}, {1, 8, 2}, {1, 40, 10, 2}},
    {"unique_dim", [](const Tensor& x) { return std::get<0>(unique_dim(x, -1)); }, {1, 3, 6}, {1, 2, 6}, {1, 8, 2, 24}},
    {"clone of a slice", [](const Tensor& x) { return x.slice(2, 0, 100, 2).clone(); }, {2, 6, 1}, {1, 2, 6}, {30, 1, 15, 3}},
    {"empty_like of a slice", [](const Tensor& x) { return empty_like(x.slice(1, 0, 100, 2)); }, {4, 24, 1}, {1, 2, 4}, {40, 1, 10, 2}},
    {"stack", [](const Tensor& x) { return stack({x, x}); }, {24, 8, 4, 1}, {24, 12, 4, 1}, {120, 60, 1, 15, 3}},
    {"stack along 1", [](const Tensor& x) { return stack({x, x}, 1); }, {16, 8, 4, 1}, {24, 12, 4, 1}, {120, 3, 1, 30, 6}},
    {"stack along the last", [](const Tensor& x) { return stack({x, x}, -1); }, {16, 8, 2, 1}, {24, 8, 2, 1}, {120, 40, 10, 2, 1}},
    {"cat", [](const Tensor& x) { return cat({x, x}, 1); }, {16, 4, 1}, {24, 4, 1}, {120, 1, 30, 6}},
    {"roll", [](const Tensor& x) { return x.roll(1, 0); }, {8, 4, 1}, {12, 4, 1}, {60, 1, 15, 3}},
    {"constant_pad_nd", [](const Tensor& x) { return constant_pad_nd(x, {1, 1}); }, {12, 6, 1}, {18, 6, 1}, {84, 1, 21, 3}},
    {"prelu", [](const Tensor& x) { return prelu(x, tensor({0.1})); }, {8, 4, 1}, {12, 4, 1}, {60, 1, 15, 3}},
  };
  // clang-format on
  return rows;
}

}  // namespace

TEST_CASE("results lie in memory as PyTorch's do", "[ops][strides]") {
  const Tensor transposed = zeros({2, 3, 4}).transpose(0, 1),
               reversed = zeros({4, 3, 2}).permute({2, 1, 0}),
               channels_last = zeros({2, 3, 4, 5}).contiguous(MemoryFormat::ChannelsLast);
  for (const Row& row : rows()) {
    INFO(row.name);
    CHECK(row.call(transposed).strides().vec() == row.transposed);
    CHECK(row.call(reversed).strides().vec() == row.reversed);
    CHECK(row.call(channels_last).strides().vec() == row.channels_last);
  }
}

TEST_CASE("the order does not change the values", "[ops][strides]") {
  const Tensor x = randn({4, 3, 2}).permute({2, 1, 0}), same = x.contiguous();
  for (const Row& row : rows()) {
    if (std::string(row.name).starts_with("empty_like")) continue;  // uninitialized
    INFO(row.name);
    CHECK_THAT(row.call(x), Identical(row.call(same)));
  }
}

TEST_CASE("a new dim of size 1 has a dense stride, a wider one none", "[ops][strides]") {
  CHECK(zeros({5}).expand({3, 1, 5}).strides().vec() == Strides({0, 5, 1}));
  CHECK(zeros({5}).expand({1, 5}).strides().vec() == Strides({5, 1}));
  CHECK(error_of([] {
          zeros({2, 1}).expand({2, -2});
        }) == "expand: size -2 at dim 1 of [2, -2] is negative, expected at least -1");
}

TEST_CASE("repeat_interleave is never a view", "[ops][strides]") {
  const Tensor x = zeros({1, 3});
  for (const std::int64_t repeats : {1, 2}) {
    const Tensor y = x.repeat_interleave(repeats, 0);
    CHECK(y.is_contiguous());
    y.add_(1);
  }
  CHECK_THAT(x, Identical(zeros({1, 3})));
}

TEST_CASE("resize_ keeps the storage and reads it row by row", "[ops][strides]") {
  const Tensor x = arange(6).view({2, 3}).t();
  const void* before = x.data_ptr();
  x.resize_({2, 2});
  CHECK_THAT(x, Identical(tensor({{0, 1}, {2, 3}})));
  CHECK(x.data_ptr() == before);
  x.resize_({2, 4});
  CHECK_THAT(x.view({-1}).slice(0, 0, 6), Identical(arange(6)));
}

TEST_CASE("view as another dtype reads the same bytes", "[ops][strides]") {
  CHECK_THAT(tensor({1.0, 2.0}, kFloat).view(kLong), Identical(tensor({4611686019492741120})));
  CHECK_THAT(tensor({1.0}, kDouble).view(kInt), Identical(tensor({0, 1072693248}, kInt)));
  const Tensor x = zeros({2, 6}, kFloat), y = x.slice(1, 2, 4).view(kDouble);
  CHECK(y.sizes() == IntArrayRef({2, 1}));
  CHECK(y.strides() == IntArrayRef({3, 1}));
  y.fill_(1);
  CHECK(x.count_nonzero().item<int>() == 2);
  CHECK(error_of([&] { x.slice(1, 1, 3).view(kDouble); }) ==
        "view: the storage offset of 1 float32 is no whole number of float64");
  CHECK(error_of([] { zeros({}).view(kDouble); }) ==
        "view: float64 has elements of another size than float32, expected a tensor whose last dim "
        "is contiguous, got shape [] with strides []");
}

}  // namespace xgrad::testing
