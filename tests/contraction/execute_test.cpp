#include <catch2/catch.hpp>
#include <cmath>

#include "reference.h"
#include "xgrad/contraction/plan.h"
#include "xgrad/core/instruction_set.h"
#include "xgrad/core/parallel.h"

using namespace xgrad;
using namespace xgrad::contraction;
using namespace xgrad::contraction::test;

namespace {

using Random = std::mt19937;

int below(Random& random, int n) { return std::uniform_int_distribution<int>(0, n - 1)(random); }

// One or two operands over up to six labels, some repeated within an operand, output labels in any
// order.
Equation random_equation(Random& random, int largest) {
  const int operands = below(random, 3) == 0 ? 1 : 2;
  const int labels = 1 + below(random, 6);
  std::vector<Dims> shapes;
  std::vector<Labels> inputs;
  std::vector<std::int64_t> sizes;
  for (int l = 0; l < labels; ++l) {
    sizes.push_back(
        below(random, 40) == 0 ? 0 : 1 + below(random, below(random, 3) == 0 ? largest : 7));
  }
  // Nested loops must stay affordable.
  for (auto& size : sizes) {
    while (numel_of(sizes) > 60000 && size > 3) size = (size + 1) / 2;
  }
  std::vector<bool> used(static_cast<std::size_t>(labels), false);
  for (int i = 0; i < operands; ++i) {
    Labels list;
    for (int l = 0; l < labels; ++l) {
      if (below(random, 3) != 0) list.push_back(l);
      if (below(random, 12) == 0) list.push_back(l);
    }
    std::shuffle(list.begin(), list.end(), random);
    Dims shape;
    for (int l : list) {
      shape.push_back(sizes[static_cast<std::size_t>(l)]);
      used[static_cast<std::size_t>(l)] = true;
    }
    shapes.push_back(shape);
    inputs.push_back(list);
  }
  Labels output;
  for (int l = 0; l < labels; ++l) {
    if (used[static_cast<std::size_t>(l)] && below(random, 2) == 0) output.push_back(l);
    if (used[static_cast<std::size_t>(l)] && below(random, 20) == 0) output.push_back(l);
  }
  std::shuffle(output.begin(), output.end(), random);
  const std::vector<IntArrayRef> refs(shapes.begin(), shapes.end());
  return parse(inputs, output, refs);
}

// Sets every element that the output labels reach.
template <class T>
void fill_reached(const Equation& equation, Array<T>& output, T value) {
  std::vector<std::int64_t> sizes(equation.sizes.size(), 1);
  for (int label : equation.output) {
    sizes[static_cast<std::size_t>(label)] = equation.sizes[static_cast<std::size_t>(label)];
  }
  for_each_position(sizes, [&](const auto& position) {
    output.data[static_cast<std::size_t>(
        output.base + offset_of(equation.output, output.strides, position))] = value;
  });
}

template <class T, class W>
void check_equation(const Equation& equation, Random& random, bool accumulate, double alpha) {
  std::vector<Array<T>> inputs;
  for (std::size_t i = 0; i < equation.inputs.size(); ++i) {
    inputs.push_back(random_layout<T>(equation.input_shape(i), random, false));
    for (auto& value : inputs.back().data) value = static_cast<T>(below(random, 7) - 3);
  }
  Array<T> output = random_layout<T>(equation.output_shape(), random, true);
  // What a repeated output label does not reach must stay as it was.
  const bool keep = accumulate || equation.repeats_output();
  for (auto& value : output.data) value = keep ? static_cast<T>(below(random, 5)) : T(77);
  if (!accumulate) fill_reached(equation, output, T(0));
  std::vector<W> expected(output.data.begin(), output.data.end());
  reference<T, W>(equation, inputs, output.strides, expected.data() + output.base,
                  static_cast<W>(alpha));
  if (!accumulate) fill_reached(equation, output, T(55));

  std::vector<IntArrayRef> strides;
  for (const auto& input : inputs) strides.push_back(input.strides);
  const PlanPtr p = plan(equation, scalar_type_of<T>(), strides, output.strides);
  contract(*p, inputs[0].data.data() + inputs[0].base,
           inputs.size() > 1 ? inputs[1].data.data() + inputs[1].base : nullptr,
           output.data.data() + output.base, alpha, accumulate);
  bool same = true;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    // Small integers: every sum is exact, also in float.
    if (static_cast<T>(expected[i]) != output.data[i]) same = false;
  }
  INFO(equation.text() << " sizes " << ::Catch::Detail::stringify(equation.sizes) << " kernel "
                       << toString(p->kernel) << " accumulate " << accumulate);
  REQUIRE(same);
}

}  // namespace

TEST_CASE("contract agrees with nested loops on random equations, layouts and element types",
          "[contraction]") {
  for (InstructionSet set : available_instruction_sets()) {
    set_instruction_set(set);
    Random random(7);
    for (int i = 0; i < 500; ++i) {
      const Equation equation = random_equation(random, i % 10 == 0 ? 300 : 40);
      const bool accumulate = below(random, 3) == 0;
      const double alpha = below(random, 3) == 0 ? 2 : 1;
      INFO("instruction set " << toString(set) << ", round " << i);
      check_equation<float, double>(equation, random, accumulate, alpha);
      check_equation<double, double>(equation, random, accumulate, alpha);
      if (i % 4 == 0) {
        check_equation<std::int64_t, std::int64_t>(equation, random, accumulate, alpha);
        check_equation<std::int32_t, std::int32_t>(equation, random, accumulate, alpha);
        check_equation<std::uint8_t, std::uint8_t>(equation, random, accumulate, alpha);
      }
    }
  }
  set_instruction_set(available_instruction_sets().back());
}

TEST_CASE(
    "contract agrees with nested loops on matrix products of every layout around the tile sizes",
    "[contraction]") {
  Random random(3);
  const std::vector<std::int64_t> around{1,  2,  5,  6,  7,  11, 12, 13, 15,
                                         16, 17, 24, 31, 32, 33, 48, 63, 65};
  const char* layouts[] = {"ij,jk->ik", "ji,jk->ik", "ij,kj->ik",
                           "ji,kj->ik", "ij,jk->ki", "ji,kj->ki"};
  for (InstructionSet set : available_instruction_sets()) {
    set_instruction_set(set);
    for (int round = 0; round < 300; ++round) {
      const auto pick = [&] {
        return around[static_cast<std::size_t>(below(random, static_cast<int>(around.size())))];
      };
      const std::int64_t m = pick(), n = pick(), k = pick();
      for (const char* text : layouts) {
        const Dims a = text[0] == 'i' ? Dims{m, k} : Dims{k, m},
                   b = text[3] == 'j' ? Dims{k, n} : Dims{n, k};
        const Equation equation = parse(text, {{a, b}});
        check_equation<float, double>(equation, random, round % 2 == 0, 1);
        check_equation<double, double>(equation, random, round % 2 == 0, 1);
      }
    }
  }
  set_instruction_set(available_instruction_sets().back());
}

TEST_CASE("contract agrees with nested loops where blocks of depth, rows and columns are several",
          "[contraction]") {
  Random random(5);
  for (const auto& [m, n, k] :
       {std::array<std::int64_t, 3>{700, 90, 1000}, {70, 1200, 500}, {33, 65, 3000}}) {
    const Equation equation = parse("ij,jk->ik", {{Dims{m, k}, Dims{k, n}}});
    check_equation<float, double>(equation, random, false, 1);
    check_equation<double, double>(equation, random, true, 2);
  }
}

TEST_CASE("contract agrees with nested loops where two operands and the output lie three ways",
          "[contraction]") {
  struct Case {
    const char* text;
    Dims a, b;
  };
  Random random(13);
  for (InstructionSet set : available_instruction_sets()) {
    set_instruction_set(set);
    for (const Case& c : {Case{"mpq,nqp->mn", {40, 20, 20}, {36, 20, 20}},
                          Case{"mpq,nqp->mn", {10, 3, 401}, {7, 401, 3}},
                          Case{"mk,kyx->mxy", {40, 30}, {30, 90, 70}},
                          Case{"akdbc,jk->cjbda", {12, 9, 4, 3, 20}, {10, 9}},
                          Case{"bmji,cakm->kjicba", {6, 9, 4, 11}, {5, 24, 6, 9}},
                          Case{"srqp,ap->srqa", {9, 8, 30, 40}, {24, 40}}}) {
      const Equation equation = parse(c.text, {{c.a, c.b}});
      INFO(c.text << ", instruction set " << toString(set));
      // As the operands usually lie, and in any other way.
      const Dims a_strides = contiguous_strides(c.a), b_strides = contiguous_strides(c.b),
                 c_shape = equation.output_shape(), c_strides = contiguous_strides(c_shape);
      std::vector<double> a(static_cast<std::size_t>(numel_of(c.a))),
          b(static_cast<std::size_t>(numel_of(c.b))),
          out(static_cast<std::size_t>(numel_of(c_shape)));
      for (auto* values : {&a, &b}) {
        for (double& value : *values) value = below(random, 7) - 3;
      }
      contract(*plan(equation, kDouble, {{a_strides, b_strides}}, c_strides), a.data(), b.data(),
               out.data());
      std::vector<double> expected(out.size(), 0);
      for_each_position(equation.sizes, [&](const auto& position) {
        expected[static_cast<std::size_t>(offset_of(equation.output, c_strides, position))] +=
            a[static_cast<std::size_t>(offset_of(equation.inputs[0], a_strides, position))] *
            b[static_cast<std::size_t>(offset_of(equation.inputs[1], b_strides, position))];
      });
      CHECK(out == expected);
      check_equation<float, double>(equation, random, true, 2);
    }
  }
  set_instruction_set(available_instruction_sets().back());
}

TEST_CASE("contract gives the same bits with one thread and with several", "[contraction]") {
  const Equation equation = parse("bij,bjk->bik", {{Dims{3, 300, 500}, Dims{3, 500, 400}}});
  const Equation dot = parse("i,i->", {{Dims{300000}, Dims{300000}}});
  Random random(11);
  std::vector<float> a(3 * 300 * 500), b(3 * 500 * 400), one(3 * 300 * 400), several(one.size());
  for (auto* values : {&a, &b}) {
    for (auto& value : *values) value = std::normal_distribution<float>()(random);
  }
  const Dims a_strides{150000, 500, 1}, b_strides{200000, 400, 1}, c_strides{120000, 400, 1},
      unit{1};
  const PlanPtr p = plan(equation, kFloat, {{a_strides, b_strides}}, c_strides);
  const PlanPtr q = plan(dot, kFloat, {{unit, unit}}, {});
  const int threads = get_num_threads();
  float sum_one = 0, sum_several = 0;
  set_num_threads(1);
  contract(*p, a.data(), b.data(), one.data());
  contract(*q, a.data(), b.data(), &sum_one);
  set_num_threads(4);
  contract(*p, a.data(), b.data(), several.data());
  contract(*q, a.data(), b.data(), &sum_several);
  set_num_threads(threads);
  CHECK(one == several);
  CHECK(sum_one == sum_several);
}

namespace {

template <class T>
void check_bits_by_threads(const Equation& equation, Random& random, IntArrayRef a_strides,
                           IntArrayRef b_strides, IntArrayRef c_strides) {
  const auto size = [&](const Labels& labels) {
    std::size_t count = 1;
    for (const int label : labels)
      count *= static_cast<std::size_t>(equation.sizes[static_cast<std::size_t>(label)]);
    return count;
  };
  std::vector<T> a(size(equation.inputs[0])), b(size(equation.inputs[1])),
      one(size(equation.output)), several(one.size());
  for (auto* values : {&a, &b}) {
    for (auto& value : *values) value = std::normal_distribution<T>()(random);
  }
  const PlanPtr p = plan(equation, scalar_type_of<T>(), {{a_strides, b_strides}}, c_strides);
  set_num_threads(1);
  contract(*p, a.data(), b.data(), one.data());
  for (const int threads : {2, 3, 5}) {
    set_num_threads(threads);
    contract(*p, a.data(), b.data(), several.data());
    CHECK(one == several);
  }
}

}  // namespace

TEST_CASE("products of few columns agree with nested loops, and give the same bits in pieces",
          "[contraction]") {
  Random random(17);
  const int threads = get_num_threads();
  const std::int64_t sizes[][3] = {
      {700, 3, 300}, {700, 17, 300}, {700, 33, 300}, {1589, 33, 60}, {180, 225, 194}};
  for (const char* text :
       {"ij,jk->ik", "ji,jk->ik", "ij,kj->ik", "ji,kj->ik", "ij,jk->ki", "ji,kj->ki"}) {
    for (const auto& [m, n, k] : sizes) {
      CAPTURE(text, m, n, k);
      const Dims a_shape = text[0] == 'i' ? Dims{m, k} : Dims{k, m},
                 b_shape = text[3] == 'j' ? Dims{k, n} : Dims{n, k},
                 c_shape = text[7] == 'i' ? Dims{m, n} : Dims{n, m};
      const Equation equation = parse(text, {{a_shape, b_shape}});
      set_num_threads(4);
      if (m == 700) check_equation<float, double>(equation, random, n == 17, 2);
      const Dims a = contiguous_strides(a_shape), b = contiguous_strides(b_shape),
                 c = contiguous_strides(c_shape);
      check_bits_by_threads<float>(equation, random, a, b, c);
      check_bits_by_threads<double>(equation, random, a, b, c);
    }
  }
  set_num_threads(threads);
}

TEST_CASE("products of every small size agree with nested loops", "[contraction]") {
  Random random(18);
  const std::int64_t sizes[] = {1, 2, 3, 4, 5, 7, 8, 9, 10, 12, 15, 16, 17, 33};
  for (const char* text : {"ij,jk->ik", "ji,kj->ik", "ij,jk->ki", "ji,jk->ki", "ji,kj->ki"}) {
    for (const std::int64_t m : sizes) {
      for (const std::int64_t n : sizes) {
        CAPTURE(text, m, n);
        const Dims a_shape = text[0] == 'i' ? Dims{m, 6} : Dims{6, m},
                   b_shape = text[3] == 'j' ? Dims{6, n} : Dims{n, 6};
        check_equation<float, double>(parse(text, {{a_shape, b_shape}}), random, m % 2 == 1, 1);
      }
    }
  }
}

TEST_CASE("operands that lie across each other agree with nested loops", "[contraction]") {
  Random random(19);
  const std::int64_t sizes[][3] = {{70, 90, 3}, {33, 65, 2}, {8, 8, 9}, {1, 40, 5}, {300, 9, 1}};
  for (const char* text :
       {"ij,ji->ij", "ij,ji->ji", "ij,ji->", "ij,ji->i", "ij,ji->j", "kij,kji->kij", "kij,kji->k",
        "ijk,kji->ikj", "ijk,jik->ij", "ijk,kji->", "ijk,kji->j", "kij,ji->kij", "ijk,ji->k"}) {
    for (const auto& [i, j, k] : sizes) {
      CAPTURE(text, i, j, k);
      const auto shape_of = [&, i = i, j = j, k = k](std::string_view labels) {
        Dims shape;
        for (const char label : labels) shape.push_back(label == 'i' ? i : label == 'j' ? j : k);
        return shape;
      };
      const std::string_view equation = text;
      const std::size_t comma = equation.find(','), arrow = equation.find('-');
      const Dims a = shape_of(equation.substr(0, comma)),
                 b = shape_of(equation.substr(comma + 1, arrow - comma - 1));
      check_equation<float, double>(parse(text, {{a, b}}), random, i % 2 == 1, 2);
    }
  }
}

TEST_CASE("contract of bools asks whether any product is true", "[contraction]") {
  const bool a[] = {true, false, false, false}, b[] = {false, true, true, true};
  bool c[4] = {};
  const Equation equation = parse("ij,jk->ik", {{Dims{2, 2}, Dims{2, 2}}});
  const Dims strides{2, 1};
  contract(*plan(equation, kBool, {{strides, strides}}, strides), a, b, c);
  CHECK_FALSE(c[0]);
  CHECK(c[1]);
  CHECK_FALSE(c[2]);
  CHECK_FALSE(c[3]);
}

TEST_CASE("contract writes zeros where it sums over nothing, and nothing where it accumulates",
          "[contraction]") {
  const Equation equation = parse("ij,jk->ik", {{Dims{2, 0}, Dims{0, 2}}});
  float c[] = {1, 2, 3, 4};
  const Dims a{1, 1}, b{2, 1};
  const PlanPtr p = plan(equation, kFloat, {{a, b}}, b);
  contract(*p, nullptr, nullptr, c, 1, true);
  CHECK(c[3] == 4);
  contract(*p, nullptr, nullptr, c);
  CHECK((c[0] == 0 && c[1] == 0 && c[2] == 0 && c[3] == 0));
}
