// Elementwise operations on operands that lie across each other in memory: against a walk over
// their strides, one element at a time.
#include <algorithm>
#include <catch2/catch.hpp>
#include <numeric>

#include "support/matchers.h"
#include "xgrad/xgrad.h"

namespace xgrad::testing {
namespace {

// The elements of a view in row-major order.
template <class T>
std::vector<T> elements(const Tensor& x) {
  std::vector<T> result;
  std::vector<std::int64_t> index(static_cast<std::size_t>(x.dim()), 0);
  for (std::int64_t i = 0; i < x.numel(); ++i) {
    std::int64_t rest = i, offset = 0;
    for (std::int64_t d = x.dim() - 1; d >= 0; --d) {
      offset += rest % x.size(d) * x.stride(d);
      rest /= x.size(d);
    }
    result.push_back(x.data_ptr<T>()[offset]);
  }
  return result;
}

// Numbers that differ from their neighbours, in every dtype.
Tensor numbers(IntArrayRef shape, ScalarType type, std::int64_t start = 0) {
  std::int64_t count = 1;
  for (const std::int64_t size : shape) count *= size;
  const Tensor x = (arange(start, start + count, kLong) * 37).remainder(type == kBool ? 2 : 101);
  return x.to(type).view(shape);
}

template <class T, class F>
void check_against_walk(const Tensor& result, const Tensor& a, const Tensor& b, const F& f) {
  const std::vector<T> x = elements<T>(a), y = elements<T>(b), z = elements<T>(result);
  REQUIRE(z.size() == x.size());
  std::size_t wrong = 0;
  for (std::size_t i = 0; i < x.size(); ++i) wrong += z[i] != static_cast<T>(f(x[i], y[i]));
  CHECK(wrong == 0);
}

const std::vector<std::vector<std::int64_t>>& shapes() {
  static const std::vector<std::vector<std::int64_t>> shapes = {
      {5, 3},   {17, 64},    {64, 17},    {65, 130},   {1, 40},
      {300, 2}, {3, 50, 40}, {40, 3, 50}, {2, 700, 3}, {2, 33, 5, 18}};
  return shapes;
}

}  // namespace

TEMPLATE_TEST_CASE("permuted operands are read where they lie", "[ops][strides]", std::uint8_t,
                   std::int32_t, std::int64_t, float, double) {
  const ScalarType type = scalar_type_of<TestType>();
  for (const auto& shape : shapes()) {
    std::vector<std::int64_t> order(shape.size());
    std::iota(order.begin(), order.end(), 0);
    do {
      CAPTURE(shape, order);
      const Tensor across = numbers(shape, type).permute(order);
      const Tensor along = numbers(across.sizes(), type, 5);
      const auto first = [](TestType a, TestType) { return a; };
      const auto sum = [](TestType a, TestType b) { return a + b; };
      check_against_walk<TestType>(across.contiguous(), across, along, first);
      check_against_walk<TestType>(along + across, along, across, sum);
      check_against_walk<TestType>(across + along, across, along, sum);

      const Tensor written = zeros(shape, type).permute(order);
      written.copy_(along);
      check_against_walk<TestType>(written, along, along, first);

      const Tensor changed = along.clone();
      changed.add_(across);
      check_against_walk<TestType>(changed, along, across, sum);

      const Tensor row = across.slice(0, 0, 1).expand_as(across);
      check_against_walk<TestType>(across + row, across, row, sum);

      const Tensor gaps = cat({across, across}, -1).slice(-1, 0, across.size(-1));
      check_against_walk<TestType>(gaps + across, gaps, across, sum);
    } while (std::next_permutation(order.begin(), order.end()));
  }
}

TEST_CASE("permuted operands of another dtype, three of them, and conditions", "[ops][strides]") {
  for (const auto& shape : shapes()) {
    CAPTURE(shape);
    std::vector<std::int64_t> reversed(shape.size());
    std::iota(reversed.rbegin(), reversed.rend(), 0);
    const Tensor x = numbers(shape, kFloat).permute(reversed), y = numbers(x.sizes(), kFloat, 3),
                 flag = numbers(shape, kBool).permute(reversed);
    const std::vector<float> a = elements<float>(x), b = elements<float>(y);
    const std::vector<bool> chosen = elements<bool>(flag);
    const std::vector<float> picked = elements<float>(where(flag, x, y));
    const std::vector<double> wide = elements<double>(x.to(kDouble));
    const std::vector<std::int64_t> whole = elements<std::int64_t>(x.to(kLong));
    const std::vector<bool> less = elements<bool>(x < y);
    const std::vector<float> fused = elements<float>(addcmul(y, x, y, 2));
    std::size_t wrong = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
      wrong += picked[i] != (chosen[i] ? a[i] : b[i]);
      wrong += wide[i] != a[i];
      wrong += whole[i] != static_cast<std::int64_t>(a[i]);
      wrong += less[i] != (a[i] < b[i]);
      wrong += fused[i] != b[i] + 2 * a[i] * b[i];
    }
    CHECK(wrong == 0);
  }
}

TEST_CASE("permuted copies of a large tensor, by several threads", "[ops][strides]") {
  const int threads = get_num_threads();
  const Tensor x = numbers({70, 90, 110}, kFloat).permute({2, 0, 1});
  set_num_threads(1);
  const Tensor one = x.contiguous();
  set_num_threads(3);
  CHECK_THAT(x.contiguous(), Identical(one));
  set_num_threads(threads);
  check_against_walk<float>(one, x, x, [](float a, float) { return a; });
}

}  // namespace xgrad::testing
