// The drop-in under a program in the manner of libtorch's note "Tensor indexing API". Compiles
// against libtorch too.
#include <torch/torch.h>

#include <catch2/catch.hpp>

namespace {

using namespace torch::indexing;

torch::Tensor grid() { return torch::arange(24, torch::kFloat).view({2, 3, 4}); }

TEST_CASE("index reads with integers, slices, None and an ellipsis") {
  auto x = grid();
  REQUIRE(x.index({0}).equal(x[0]));
  REQUIRE(x.index({0, 1, 2}).item<float>() == 6);
  REQUIRE(x.index({1, Slice(), 2}).equal(torch::tensor({14., 18., 22.})));
  REQUIRE(x.index({Slice(), Slice(1, None)}).sizes() == torch::IntArrayRef({2, 2, 4}));
  REQUIRE(x.index({Slice(), Slice(None, -1), Slice(None, None, 2)}).sizes() ==
          torch::IntArrayRef({2, 2, 2}));
  REQUIRE(x.index({Ellipsis, 0}).equal(x.select(2, 0)));
  REQUIRE(x.index({"...", -1}).equal(x.select(-1, -1)));
  REQUIRE(x.index({None, 0}).sizes() == torch::IntArrayRef({1, 3, 4}));
  REQUIRE(x.index({Slice(0, x.size(0) - 1), None}).sizes() == std::vector<int64_t>{1, 1, 3, 4});
}

TEST_CASE("index reads with tensors and masks") {
  auto x = grid();
  auto rows = torch::tensor({2, 0, 2});
  REQUIRE(x.index({0, rows}).equal(torch::stack({x[0][2], x[0][0], x[0][2]})));
  REQUIRE(x.index({Slice(), rows, rows}).sizes() == torch::IntArrayRef({2, 3}));
  REQUIRE(x.index({x > 20}).equal(torch::tensor({21., 22., 23.})));
  std::vector<TensorIndex> indices{1, Slice(), torch::tensor({0, 3})};
  REQUIRE(x.index(indices).sizes() == torch::IntArrayRef({3, 2}));
}

TEST_CASE("index_put_ writes what index reads") {
  auto x = grid();
  x.index_put_({0, 0, 0}, 7);
  x.index_put_({1, Slice(), 2}, -1.5);
  x.index_put_({0, 1}, torch::full({4}, 9.0));
  x.index_put_({x > 20}, 0);
  x.index_put_({0, torch::tensor({2})}, x[0][1].clone());
  REQUIRE(x[0][0][0].item<int>() == 7);
  REQUIRE(x.index({1, Slice(), 2}).sum().item<double>() == -4.5);
  REQUIRE(x[0][2].equal(torch::full({4}, 9.0)));
  REQUIRE(x.max().item<float>() == 20);
}

TEST_CASE("assigning to an indexed tensor writes through, to a name rebinds it") {
  auto x = torch::zeros({2, 3});
  auto row = x[0];
  x[0] = torch::ones(3);
  x[1][2] = 4.;
  x[1][2] += 10.;
  x[1][0] = x[1][2];
  x.slice(1, 1, 2) = 5;
  x.index({1, 0}) = 2;
  REQUIRE(x.equal(torch::tensor({{1., 5., 1.}, {2., 5., 14.}})));
  row = torch::zeros(3);
  REQUIRE(x[0].sum().item<float>() == 7);
  x.narrow(0, 0, 1).copy_(x.narrow(0, 1, 1));
  REQUIRE(x[0].equal(x[1]));
}

TEST_CASE("a gradient flows back through indexing") {
  auto x = torch::zeros({2, 3}, torch::requires_grad());
  (x.index({Slice(), 0}).sum() * 2 + x.index({1, torch::tensor({0, 0, 2})}).sum()).backward();
  REQUIRE(x.grad().equal(torch::tensor({{2., 0., 0.}, {4., 0., 1.}})));
}

TEST_CASE("an accessor reads and writes elements") {
  auto x = torch::zeros({2, 2});
  auto a = x.accessor<float, 2>();
  for (int64_t i = 0; i < a.size(0); ++i) a[i][i] = 1.f + static_cast<float>(i);
  REQUIRE(x.equal(torch::tensor({{1., 0.}, {0., 2.}})));
}

TEST_CASE("an index out of range is a c10::Error") {
  auto x = grid();
  REQUIRE_THROWS_AS(x[2], c10::Error);
  REQUIRE_THROWS_AS(x.index({0, 0, 0, 0}), c10::Error);
  REQUIRE_THROWS_AS(x.index({torch::tensor({5})}), c10::Error);
}

}  // namespace
