#include "xgrad/contraction/path.h"

#include <catch2/catch.hpp>
#include <chrono>
#include <random>

#include "xgrad/core/error.h"

using namespace xgrad;
using namespace xgrad::contraction;

namespace {

Path path_of(std::string_view text, const std::vector<Dims>& shapes,
             const PathOptions& options = {}) {
  return find_path(parse(text, std::vector<IntArrayRef>(shapes.begin(), shapes.end())), 4, options);
}

std::vector<std::string> equations(const Path& path) {
  std::vector<std::string> texts;
  for (const Step& step : path.steps) texts.push_back(step.equation.text());
  return texts;
}

using Texts = std::vector<std::string>;

// A random network of `n` operands, each sharing labels with a few others.
Equation random_network(std::size_t n, unsigned seed, int largest) {
  std::mt19937 random(seed);
  const auto below = [&](std::size_t m) {
    return std::uniform_int_distribution<std::size_t>(0, m - 1)(random);
  };
  std::vector<Labels> inputs(n);
  std::vector<Dims> shapes(n);
  int label = 0;
  for (std::size_t i = 1; i < n; ++i) {
    for (int edge = 0; edge < 2; ++edge) {
      const std::size_t other = below(i);
      const auto size = static_cast<std::int64_t>(2 + below(static_cast<std::size_t>(largest)));
      for (std::size_t operand : {i, other}) {
        inputs[operand].push_back(label);
        shapes[operand].push_back(size);
      }
      ++label;
    }
  }
  return parse(inputs, Labels{}, std::vector<IntArrayRef>(shapes.begin(), shapes.end()));
}

}  // namespace

TEST_CASE("a path of one or two operands is one step", "[path]") {
  CHECK(equations(path_of("ij->ji", {{2, 3}})) == Texts{"ij->ji"});
  CHECK(equations(path_of("ij,jk->ik", {{2, 3}, {3, 4}})) == Texts{"ij,jk->ik"});
}

TEST_CASE("labels that one operand alone has are summed before the product", "[path]") {
  CHECK(equations(path_of("ijx,jk->ik", {{2, 3, 9}, {3, 4}})) == Texts{"ijx->ij", "ij,jk->ik"});
  CHECK(equations(path_of("i,j->", {{2}, {3}})) == Texts{"i->", "j->", ",->"});
  CHECK(equations(path_of("ii,ij->j", {{2, 2}, {2, 3}})) == Texts{"ii,ij->j"});
}

TEST_CASE("an optimal path of a matrix chain is the textbook's", "[path]") {
  // 10x30, 30x5, 5x60: (AB)C needs 4500 multiplications, A(BC) 27000.
  const Path path = path_of("ij,jk,kl->il", {{10, 30}, {30, 5}, {5, 60}});
  CHECK(equations(path) == Texts{"ij,jk->ik", "kl,ik->il"});
  CHECK(path.flops == 2 * 4500);
  CHECK(path.naive_flops == 3. * 10 * 30 * 5 * 60);
  CHECK(path.peak_bytes == 4. * 10 * 5);
}

TEST_CASE("a greedy or left-to-right path costs at least as much as the optimal one", "[path]") {
  for (unsigned seed = 0; seed < 30; ++seed) {
    const Equation equation = random_network(7, seed, 6);
    const double optimal = find_path(equation, 4, {PathMethod::optimal}).flops;
    CHECK(find_path(equation, 4, {PathMethod::greedy}).flops >= optimal);
    CHECK(find_path(equation, 4, {PathMethod::left_to_right}).flops >= optimal);
  }
}

TEST_CASE("a path uses every operand and every intermediate once", "[path]") {
  for (const std::size_t n : {2U, 3U, 9U, 10U, 11U, 40U}) {
    const Path path = find_path(random_network(n, 1, 4), 4);
    std::vector<int> uses(n + path.steps.size(), 0);
    for (const Step& step : path.steps) {
      ++uses[step.left];
      if (step.right != Step::kNone) ++uses[step.right];
    }
    CHECK(std::count(uses.begin(), uses.end(), 1) == static_cast<std::ptrdiff_t>(uses.size()) - 1);
    CHECK(uses.back() == 0);
  }
}

TEST_CASE("a memory limit is kept where an order keeps it, and reported where none does",
          "[path]") {
  // The cheapest order makes a 100x100 intermediate first.
  const std::vector<Dims> shapes{{100, 2}, {2, 100}, {100, 100, 3}};
  const Path free = path_of("ia,aj,ijk->k", shapes);
  CHECK(free.within_limit);
  PathOptions options;
  options.memory_limit = 4. * 100 * 2 * 3;
  const Path limited = path_of("ia,aj,ijk->k", shapes, options);
  CHECK(limited.within_limit);
  CHECK(limited.flops >= free.flops);
  CHECK(limited.peak_bytes <= options.memory_limit);
  options.memory_limit = 4;
  CHECK_FALSE(path_of("ia,aj,ijk->k", shapes, options).within_limit);
}

TEST_CASE("a network of 300 operands is planned", "[path]") {
  const Path path = find_path(random_network(300, 2, 3), 4);
  CHECK(path.steps.size() >= 299);
}

TEST_CASE("a path prints as a table, with the kernels once they are chosen", "[path]") {
  const std::vector<Dims> shapes{{10, 30}, {30, 5}, {5, 60}}, strides{{30, 1}, {5, 1}, {60, 1}};
  Path path = path_of("ij,jk,kl->il", shapes);
  choose_kernels(path, kFloat, strides);
  CHECK(
      path.table() ==
      "step  operands         FLOPs      bytes  kernel     scratch  equation\n"
      "   0  0, 1             3e+03      2e+03  direct           0  ij,jk->ik\n"
      "   1  2, 3             6e+03    3.8e+03  direct           0  kl,ik->il\n"
      "total 9e+03 FLOPs (one loop nest: 2.7e+05), at most 200 bytes beside operands and result\n");
}

TEST_CASE("a path of one's own is followed, in torch.einsum's form", "[path]") {
  const std::vector<Dims> shapes{{2, 3}, {3, 4}, {4, 5}, {5, 6}};
  CHECK(equations(path_of("ij,jk,kl,lm->im", shapes, {0, 1, 0, 1, 0, 1})) ==
        Texts{"ij,jk->ik", "kl,lm->km", "ik,km->im"});
  CHECK(equations(path_of("ij,jk,kl,lm->im", shapes, {3, 2, 1, 2, 0, 1})) ==
        Texts{"kl,lm->km", "jk,km->jm", "ij,jm->im"});
  for (const std::vector<std::int64_t>& wrong : std::vector<std::vector<std::int64_t>>{
           {}, {0, 1}, {0, 1, 0, 1, 0, 2}, {0, 0, 0, 1, 0, 1}, {-1, 0, 0, 1, 0, 1}}) {
    CHECK_THROWS_AS(path_of("ij,jk,kl,lm->im", shapes, wrong), Error);
  }
}

TEST_CASE("a single operand has no path to choose", "[path]") {
  CHECK_THROWS_WITH(path_of("ij->ji", {{2, 3}}, {0, 1}),
                    "einsum: the path has 2 positions, expected none for a single operand");
}

TEST_CASE("the memory of a path counts what a step reads beside what it makes", "[path]") {
  // ((ab bc) cd) de: at the second step ac and ad are both alive, at the last one only ad.
  const Path path =
      path_of("ab,bc,cd,de->ae", {{10, 2}, {2, 20}, {20, 30}, {30, 1}}, PathMethod::left_to_right);
  CHECK(path.steps[0].intermediate_bytes == 4. * 10 * 20);
  CHECK(path.steps[1].intermediate_bytes == 4. * (10 * 20 + 10 * 30));
  CHECK(path.steps[2].intermediate_bytes == 4. * 10 * 30);
  CHECK(path.peak_bytes == path.steps[1].intermediate_bytes);
}
