// ATen's helpers and c10's macros for those who write functions of their own.
#include <catch2/catch.hpp>
#include <functional>

#include "support/matchers.h"
#include "torch/torch.h"

namespace {

using namespace xgrad::testing;
using Catch::Matchers::Equals;

class Alone {
 public:
  Alone() = default;
  AT_DISALLOW_COPY_AND_ASSIGN(Alone);
};
static_assert(!std::is_copy_constructible_v<Alone>);

}  // namespace

TEST_CASE("shapes broadcast by hand") {
  REQUIRE(at::infer_size({2, 1, 4}, {3, 1}) == std::vector<std::int64_t>{2, 3, 4});
  REQUIRE(at::infer_size({}, {0}) == std::vector<std::int64_t>{0});
  REQUIRE_THAT(error_of([] {
                 at::infer_size({2, 3}, {2, 4});
               }),
               Equals("infer_size: shapes [2, 3] and [2, 4] do not broadcast: sizes 3 and 4 at "
                      "dim 1"));
  REQUIRE(at::are_expandable({2, 1}, {5}));
  REQUIRE(at::is_expandable_to({3, 1}, {2, 3, 4}));
  REQUIRE(!at::is_expandable_to({2, 3, 4}, {3, 4}));
  const auto [a, b] = at::expand_outplace(torch::ones({2, 1}), torch::zeros({3}));
  REQUIRE(a->sizes() == at::IntArrayRef({2, 3}));
  REQUIRE((*b).sizes() == at::IntArrayRef({2, 3}));
  REQUIRE(at::sum_to(torch::ones({2, 3}), {3}).equal(torch::full(3, 2.0)));
  REQUIRE(at::maybe_wrap_dim(-1, 3) == 2);
  REQUIRE(at::maybe_wrap_dim(0, 0) == 0);
}

TEST_CASE("a range is reduced in pieces, in their order") {
  const auto join = [](std::string a, const std::string& b) { return a + b; };
  const std::string text = at::parallel_reduce(
      0, 10, 3, std::string(),
      [](std::int64_t first, std::int64_t last, std::string) {
        return std::to_string(first) + "-" + std::to_string(last) + " ";
      },
      join);
  REQUIRE(text == "0-3 3-6 6-9 9-10 ");
}

TEST_CASE("the macros of c10 do what they say") {
  int value = 3;
  int* const pointer = &value;
  REQUIRE(*TORCH_CHECK_NOTNULL(pointer) == 3);
  const int* const none = nullptr;
  REQUIRE_THAT(error_of([&] { TORCH_CHECK_NOTNULL(none); }),
               Equals("Check failed: none != nullptr"));
  REQUIRE(std::string(C10_STRINGIZE(C10_CONCATENATE(a, b))) == "ab");
  const torch::Tensor index = torch::tensor({1, 2});
  std::int64_t sum = 0;
  AT_DISPATCH_INDEX_TYPES(index.scalar_type(), "sum", [&] {
    for (std::int64_t i = 0; i < 2; ++i) sum += index.data_ptr<index_t>()[i];
  });
  REQUIRE(sum == 3);
  AT_DISPATCH_FLOATING_TYPES_AND(torch::kHalf, torch::kDouble, "size",
                                 [&] { REQUIRE(sizeof(scalar_t) == 8); });
  c10::SmallVector<std::int64_t, 4> sizes = {1, 2};
  sizes.push_back(3);
  REQUIRE(torch::ones(sizes).numel() == 6);
}
