#include "xgrad/contraction/equation.h"

#include <catch2/catch.hpp>

#include "xgrad/contraction/resolve.h"
#include "xgrad/core/error.h"

using namespace xgrad;
using namespace xgrad::contraction;

namespace {

Equation parsed(std::string_view text, const std::vector<Dims>& shapes) {
  return parse(text, std::vector<IntArrayRef>(shapes.begin(), shapes.end()));
}

std::string text_of(std::string_view text, const std::vector<Dims>& shapes) {
  return parsed(text, shapes).text();
}

std::string derivative_of(std::string_view text, const std::vector<Dims>& shapes,
                          std::size_t operand) {
  return derivative(parsed(text, shapes), operand).text();
}

void check_error(std::string_view text, const std::vector<Dims>& shapes,
                 const std::string& message) {
  try {
    parsed(text, shapes);
    FAIL("no error for " << text);
  } catch (const Error& error) {
    CHECK(std::string(error.what()) == message);
  }
}

}  // namespace

TEST_CASE("parse keeps an explicit output and ignores spaces", "[equation]") {
  CHECK(text_of("bij,bjk->bik", {{2, 3, 4}, {2, 4, 5}}) == "bij,bjk->bik");
  CHECK(text_of(" i j , j k -> k i ", {{3, 4}, {4, 5}}) == "ij,jk->ki");
  CHECK(text_of("->", {{}}) == "->");
  CHECK(text_of(",i->i", {{}, {2}}) == ",i->i");
}

TEST_CASE("parse sorts an implicit output A-Z before a-z and leaves out labels that occur twice",
          "[equation]") {
  CHECK(text_of("ij,jk", {{3, 4}, {4, 5}}) == "ij,jk->ik");
  CHECK(text_of("ba", {{3, 4}}) == "ba->ab");
  CHECK(text_of("bA", {{3, 4}}) == "bA->Ab");
  CHECK(text_of("ii", {{3, 3}}) == "ii->");
  CHECK(text_of("i", {{3}}) == "i->i");
}

TEST_CASE(
    "parse puts the ellipsis first in an implicit output and sums one that an explicit output "
    "lacks",
    "[equation]") {
  CHECK(text_of("b...a", {{2, 5, 6, 3}}) == "bcda->cdab");
  CHECK(text_of("...i->i", {{2, 3, 4}}) == "abi->i");
  CHECK(text_of("...ij->...ji", {{2, 3, 4}}) == "aij->aji");
  CHECK(text_of("i...->i...", {{2}}) == "i->i");
  CHECK(text_of("i->i...", {{2}}) == "i->i");
}

TEST_CASE("parse aligns ellipses of different rank at their last dimension", "[equation]") {
  CHECK(text_of("...,...->...", {{2, 3}, {3}}) == "ab,b->ab");
  CHECK(text_of("...i,...i->...", {{7, 2, 3}, {2, 3}}) == "abi,bi->ab");
}

TEST_CASE("parse drops dimensions of size 1 that broadcast and lists them", "[equation]") {
  const Equation e = parsed("bij,bjk->bik", {{1, 3, 4}, {2, 1, 5}});
  CHECK(e.text() == "ij,bk->bik");
  CHECK(e.dropped[0] == Dims{0});
  CHECK(e.dropped[1] == Dims{1});
  CHECK(e.output_shape() == Dims{2, 3, 5});
  CHECK(parsed("ij,ij->ij", {{1, 1}, {1, 1}}).dropped[0].empty());
  CHECK(parsed("...,...->...", {{2, 1}, {1, 3}}).text() == "a,b->ab");
  CHECK(parsed("ii,i->i", {{1, 1}, {4}}).dropped[0] == Dims{0, 1});
  CHECK(parsed("i,i->i", {{1}, {0}}).output_shape() == Dims{0});
}

TEST_CASE("parse takes a repeated label as a diagonal and a repeated output label as its embedding",
          "[equation]") {
  CHECK(text_of("ii->i", {{3, 3}}) == "ii->i");
  const Equation e = parsed("i->ii", {{3}});
  CHECK(e.repeats_output());
  CHECK(e.output_shape() == Dims{3, 3});
}

TEST_CASE("parse accepts sublists with any labels and an ellipsis", "[equation]") {
  const Dims a{7, 2, 3}, b{7, 3, 4};
  const std::vector<IntArrayRef> shapes{a, b};
  CHECK(parse({{kEllipsis, 0, 1}, {kEllipsis, 1, 900}}, Labels{kEllipsis, 0, 900}, shapes).text() ==
        "abc,acd->abd");
  CHECK(parse({{5, 4, 3}, {5, 3, 1}}, std::nullopt, shapes).text() == "abc,acd->db");
}

TEST_CASE("derivative puts the gradient in the operand's place", "[equation]") {
  CHECK(derivative_of("ij,jk->ik", {{2, 3}, {3, 4}}, 0) == "ik,jk->ij");
  CHECK(derivative_of("ij,jk->ik", {{2, 3}, {3, 4}}, 1) == "ij,ik->jk");
  CHECK(derivative_of("bi,oi->bo", {{2, 3}, {4, 3}}, 1) == "bi,bo->oi");
  CHECK(derivative_of("bi,oij,bj->bo", {{2, 3}, {5, 3, 4}, {2, 4}}, 1) == "bi,bo,bj->oij");
}

TEST_CASE("derivative expands labels that only the operand has and repeats those that it repeats",
          "[equation]") {
  const Equation e = derivative(parsed("i->", {{3}}), 0);
  CHECK(e.text() == "->i");
  CHECK(e.output_shape() == Dims{3});
  CHECK(derivative_of("ii->", {{3, 3}}, 0) == "->ii");
  CHECK(derivative_of("ii->i", {{3, 3}}, 0) == "i->ii");
  CHECK(derivative_of("i->ii", {{3}}, 0) == "ii->i");
  CHECK(derivative(e, 0).text() == "i->");
}

TEST_CASE("parse says what is wrong with an equation", "[equation]") {
  check_error(
      "i#j", {{2, 3}},
      "einsum \"i#j\": unexpected character '#' at position 1, labels are letters a-z and A-Z");
  check_error(
      "i1", {{2, 3}},
      "einsum \"i1\": unexpected character '1' at position 1, labels are letters a-z and A-Z");
  check_error("i->i->i", {{2}},
              "einsum \"i->i->i\": second \"->\" at position 4, at most one was expected");
  check_error("i-i", {{2}}, "einsum \"i-i\": '-' at position 1 without '>', the arrow is \"->\"");
  check_error("i.j", {{2, 3}}, "einsum \"i.j\": lone '.' at position 1, an ellipsis is three dots");
  check_error("i..", {{2, 3}}, "einsum \"i..\": lone '.' at position 1, an ellipsis is three dots");
  check_error("...i...", {{2, 3}},
              "einsum \"...i...\": operand 0 has more than one ellipsis, at most one was expected");
  check_error(
      "i->......", {{2}},
      "einsum \"i->......\": the output has more than one ellipsis, at most one was expected");
  check_error("i->i,i", {{2}},
              "einsum \"i->i,i\": ',' at position 4 in the output, one output was expected");
  check_error("ij->ik", {{2, 3}}, "einsum \"ij->ik\": output label 'k' is in no operand");
}

TEST_CASE("parse says which operands disagree with an equation", "[equation]") {
  check_error("ij,jk->ik", {{2, 3}, {4, 5}},
              "einsum \"ij,jk->ik\": label 'j' is 3 in operand 0 (2x3) but 4 in operand 1 (4x5)");
  check_error("...i,...i->i", {{2, 3}, {4, 3}},
              "einsum \"...i,...i->i\": ellipsis dimension -1 is 2 in operand 0 (2x3) but 4 in "
              "operand 1 (4x3)");
  check_error("ii->i", {{2, 3}},
              "einsum \"ii->i\": label 'i' is 2 and 3 within operand 0 (2x3), a repeated label "
              "needs equal sizes");
  check_error("ii,i->i", {{1, 3}, {3}},
              "einsum \"ii,i->i\": label 'i' is 1 and 3 within operand 0 (1x3), a repeated label "
              "needs equal sizes");
  check_error("ijk->i", {{2, 3}},
              "einsum \"ijk->i\": operand 0 (2x3) has 2 dimensions but \"ijk\" names 3");
  check_error(
      "i...jk->i", {{2, 3}},
      "einsum \"i...jk->i\": operand 0 (2x3) has 2 dimensions but \"i...jk\" names at least 3");
  check_error("ij,jk->ik", {{2, 3}},
              "einsum \"ij,jk->ik\": the equation names 2 operands but 1 was given");
  check_error("ij->ij", {{2, 3}, {3, 4}},
              "einsum \"ij->ij\": the equation names 1 operand but 2 were given");
  check_error("i->i", {}, "einsum \"i->i\": no operands were given, at least one was expected");
}

TEST_CASE("parse says what is wrong with sublists in their own form", "[equation]") {
  const Dims a{2, 3}, b{4, 5};
  const std::vector<IntArrayRef> shapes{a, b};
  CHECK_THROWS_WITH(
      parse({{0, 1}, {1, 2}}, Labels{0, 2}, shapes),
      "einsum {0, 1}, {1, 2} -> {0, 2}: label 1 is 3 in operand 0 (2x3) but 4 in operand 1 (4x5)");
  CHECK_THROWS_WITH(parse({{0, -7}, {1, 2}}, std::nullopt, shapes),
                    "einsum {0, -7}, {1, 2}: label -7 in operand 0, labels are 0 or more");
  CHECK_THROWS_WITH(parse({{0, 1}, {2, 3}}, Labels{kEllipsis, 9}, shapes),
                    "einsum {0, 1}, {2, 3} -> {..., 9}: output label 9 is in no operand");
}

TEST_CASE("resolve gives the same object for the same call and another one for other shapes",
          "[equation]") {
  const Dims a{2, 3}, b{3, 4}, c{3, 5};
  const auto first = resolve("ij,jk->ik", std::vector<IntArrayRef>{a, b}, kFloat);
  CHECK(resolve("ij,jk->ik", std::vector<IntArrayRef>{a, b}, kFloat) == first);
  CHECK(resolve("ij,jk->ik", std::vector<IntArrayRef>{a, c}, kFloat) != first);
  CHECK(resolve("ij,jk->ki", std::vector<IntArrayRef>{a, b}, kFloat)->equation.text() ==
        "ij,jk->ki");
}
