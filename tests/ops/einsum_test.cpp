// einsum through the public API: the PyTorch page's calls, random equations against nested loops,
// and the gradient as text.
#include <catch2/catch.hpp>
#include <random>

#include "support/matchers.h"
#include "xgrad/xgrad.h"

namespace xgrad::testing {
namespace {

// The definition: a loop over all labels of "a,b->c".
Tensor reference(const std::vector<std::string>& inputs, const std::string& output,
                 const std::vector<Tensor>& operands) {
  std::string labels;
  std::vector<std::int64_t> sizes;
  for (std::size_t o = 0; o < inputs.size(); ++o) {
    for (std::size_t d = 0; d < inputs[o].size(); ++d) {
      const std::size_t at = labels.find(inputs[o][d]);
      const std::int64_t size = operands[o].size(static_cast<std::int64_t>(d));
      if (at == std::string::npos) {
        labels += inputs[o][d];
        sizes.push_back(size);
      } else if (sizes[at] == 1) {
        sizes[at] = size;
      }
    }
  }
  std::vector<std::int64_t> shape;
  for (const char label : output) shape.push_back(sizes[labels.find(label)]);
  Tensor result = zeros(shape, kFloat64);
  std::vector<std::int64_t> index(labels.size(), 0);
  for (const std::int64_t size : sizes) {
    if (size == 0) return result;
  }
  for (;;) {
    double product = 1;
    for (std::size_t o = 0; o < inputs.size(); ++o) {
      Tensor element = operands[o];
      for (const char label : inputs[o]) {
        const std::size_t at = labels.find(label);
        element = element[element.size(0) == 1 ? 0 : index[at]];
      }
      product *= element.item<double>();
    }
    Tensor place = result;
    for (const char label : output) place = place[index[labels.find(label)]];
    place.fill_(place.item<double>() + product);
    std::size_t d = 0;
    while (d < index.size() && ++index[d] == sizes[d]) index[d++] = 0;
    if (d == index.size()) return result;
  }
}

}  // namespace

TEST_CASE("the calls of PyTorch's einsum page work forward and backward", "[ops]") {
  manual_seed(0);
  const TensorOptions options = dtype(kFloat64).requires_grad(true);
  const Tensor square = randn({4, 4}, options), x = randn({5}, options), y = randn({4}, options);
  const Tensor As = randn({3, 2, 5}, options), Bs = randn({3, 5, 4}, options),
               A = randn({2, 3, 4, 5}, options);
  const Tensor l = randn({2, 5}, options), r = randn({2, 4}, options),
               W = randn({3, 5, 4}, options);

  CHECK_THAT(einsum("ii", {square}), Near(square.diagonal().sum(), 1e-12));
  CHECK_THAT(einsum("ii->i", {square}), Near(square.diagonal(), 0));
  CHECK_THAT(einsum("i,j->ij", {x, y}), Near(x.unsqueeze(1) * y, 1e-15));
  const Tensor product = einsum("bij,bjk->bik", {As, Bs});
  CHECK_THAT(product, Near(bmm(As, Bs), 0));
  CHECK_THAT(einsum(As, {Ellipsis, 0, 1}, Bs, {Ellipsis, 1, 2}, {Ellipsis, 0, 2}),
             Near(product, 1e-14));
  CHECK(einsum("...ij->...ji", {A}).sizes() == IntArrayRef({2, 3, 5, 4}));
  CHECK_THAT(einsum("bn,anm,bm->ba", {l, W, r}),
             Near(reference({"bn", "anm", "bm"}, "ba", {l, W, r}), 1e-12));

  using autograd::variable_list;
  const auto checked = [](const char* equation, const variable_list& inputs) {
    const auto f = [equation](const variable_list& in) {
      return variable_list{einsum(equation, in)};
    };
    CHECK_NOTHROW(autograd::gradcheck(f, inputs));
    CHECK_NOTHROW(autograd::gradgradcheck(f, inputs));
  };
  checked("ii", {square});
  checked("ii->i", {square});
  checked("i,j->ij", {x, y});
  checked("bij,bjk->bik", {As, Bs});
  checked("...ij->...ji", {A});
  checked("bn,anm,bm->ba", {l, W, r});
  checked("i->ii", {y});
  checked("ij->", {l});
}

TEST_CASE("einsum equals nested loops on random equations, with its gradients", "[ops]") {
  std::mt19937 random(7);
  const auto below = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
  manual_seed(7);
  for (int round = 0; round < 150; ++round) {
    const int count = 1 + below(3);
    std::int64_t sizes[5];
    for (std::int64_t& size : sizes) size = below(12) == 0 ? 0 : 1 + below(3);
    std::vector<std::string> inputs;
    std::string used, output;
    std::vector<Tensor> operands;
    for (int o = 0; o < count; ++o) {
      std::string labels;
      std::vector<std::int64_t> shape;
      for (int d = below(4); d > 0; --d) {
        const int label = below(5);
        labels += static_cast<char>('a' + label);
        shape.push_back(sizes[label]);
        if (used.find(labels.back()) == std::string::npos) used += labels.back();
      }
      Tensor operand = randn(shape, kFloat64);
      if (operand.dim() >= 2 && below(2) == 0) {  // other strides, the same elements
        operand = operand.transpose(0, 1).contiguous().transpose(0, 1);
      }
      operands.push_back(operand.requires_grad_());
      inputs.push_back(labels);
    }
    for (const char label : used) {
      if (below(2) == 0) output += label;
    }
    std::shuffle(output.begin(), output.end(), random);
    std::string equation;
    for (int o = 0; o < count; ++o)
      equation += (o == 0 ? "" : ",") + inputs[static_cast<std::size_t>(o)];
    equation += "->" + output;
    INFO(equation);
    CHECK_THAT(einsum(equation, operands), Near(reference(inputs, output, operands), 1e-12));
    const auto f = [&](const autograd::variable_list& in) {
      return autograd::variable_list{einsum(equation, in)};
    };
    CHECK_NOTHROW(autograd::gradcheck(f, operands));
    if (round % 10 == 0) CHECK_NOTHROW(autograd::gradgradcheck(f, operands));
  }
}

TEST_CASE("einsum works on every dtype and promotes", "[ops]") {
  const Tensor a = arange(6).view({2, 3}), b = arange(6).view({3, 2});
  CHECK_THAT(einsum("ij,jk->ik", {a, b}), Identical(tensor({{10, 13}, {28, 40}})));
  CHECK_THAT(einsum("ij,jk->ik", {a.to(kInt), b.to(kInt)}),
             Identical(tensor({{10, 13}, {28, 40}}, kInt)));
  CHECK(einsum("ij,jk->ik", {a, b.to(kFloat)}).scalar_type() == kFloat);
  CHECK_THAT(einsum("ij,j->i", {tensor({{true, false}, {false, false}}), tensor({true, true})}),
             Identical(tensor({true, false})));
}

TEST_CASE("einsum broadcasts ellipsis dims and size-1 labels", "[ops]") {
  const Tensor a = randn({4, 1, 2, 3}), b = randn({5, 3, 2});
  CHECK(einsum("...ij,...jk->...ik", {a, b}).sizes() == IntArrayRef({4, 5, 2, 2}));
  CHECK(einsum("...ij,...jk", {a, b}).sizes() == IntArrayRef({4, 5, 2, 2}));
  CHECK_THAT(einsum("...->", {a}), Near(a.sum(), 1e-5));
  CHECK_THAT(einsum("ij,ij->ij", {ones({1, 3}), full({2, 3}, 2.)}), Near(full({2, 3}, 2.), 0));
}

TEST_CASE("einsum with accumulation adds while it multiplies", "[ops]") {
  const Tensor x = randn({3, 4}, kFloat64), w = randn({2, 4}, kFloat64),
               bias = randn({2}, kFloat64);
  CHECK_THAT(einsum_add(bias, "bi,oi->bo", {x, w}, 0.5, 2),
             Near(0.5 * bias + 2 * matmul(x, w.t()), 1e-12));
}

TEST_CASE("einsum's errors name equation, label, operand and shapes", "[ops]") {
  const Tensor a = zeros({2, 3}), b = zeros({4, 5});
  CHECK(error_of([&] {
          einsum("ij,jk->ik", {a, b});
        }) == "einsum \"ij,jk->ik\": label 'j' is 3 in operand 0 (2x3) but 4 in operand 1 (4x5)");
  for (const char* wrong :
       {"ij->ij->i", "i.j", "ij->k", "ij,jk", "i", "ijk", "i1", "..ij", "ij...->i...j->", ""}) {
    INFO(wrong);
    const std::string error = error_of([&] { einsum(wrong, {a}); });
    CHECK(error.find("einsum \"" + std::string(wrong) + "\": ") == 0);
  }
  CHECK(error_of([&] { einsum("ij", {Tensor()}); }) ==
        "Tensor: the tensor is undefined, expected one with elements");
  CHECK(error_of([&] {
          einsum(a, {0, -3});
        }) == "einsum: label -3 in sublist 0 is negative, expected at least 0");
}

TEST_CASE("einsum_path shows the order and what it costs", "[ops]") {
  const contraction::Path path =
      einsum_path("ij,jk,kl->il", {zeros({100, 2}), zeros({2, 100}), zeros({100, 3})});
  CHECK(path.steps.size() == 2);
  CHECK(path.flops < path.naive_flops);
  CHECK(path.table().find("jk,kl->jl") != std::string::npos);
}

TEST_CASE("einsum follows a path of one's own", "[ops]") {
  const std::vector<Tensor> operands{randn({3, 4}, kFloat64), randn({4, 5}, kFloat64),
                                     randn({5, 2}, kFloat64)};
  const Tensor expected = einsum("ij,jk,kl->il", operands);
  CHECK_THAT(einsum("ij,jk,kl->il", operands, {0, 1, 0, 1}), Near(expected, 1e-12));
  CHECK_THAT(einsum("ij,jk,kl->il", operands, std::nullopt), Near(expected, 0));
  CHECK_THAT(einsum("ij,jk,kl->il", operands, contraction::PathMethod::greedy),
             Near(expected, 1e-12));
  CHECK(error_of([&] {
          einsum("ij,jk,kl->il", operands, {0, 1});
        }) == "einsum: the path has 2 positions, expected 4, two for each product of 3 operands");
}

// Bytes that a call takes from the allocator at once, beside its result; blocks up to 1 KiB are not
// counted.
double measured_extra(const std::string& equation, TensorList operands,
                      const contraction::PathOptions& options = {}) {
  einsum(equation, operands, options);  // plans are made
  memory::reset_peak();
  const double before = static_cast<double>(memory::stats().current_bytes);
  const Tensor result = einsum(equation, operands, options);
  return static_cast<double>(memory::stats().peak_bytes) - before -
         static_cast<double>(result.nbytes());
}

TEST_CASE("a contraction takes no memory but its packing buffers", "[ops]") {
  const NoGradGuard no_gradients;
  const int threads = get_num_threads();
  set_num_threads(1);
  struct Case {
    const char* equation;
    Dims a, b;
  };
  // Among them transposed operands and results, which other libraries copy first.
  for (const Case& c :
       {Case{"ij,jk->ik", {300, 400}, {400, 500}}, Case{"ji,kj->ki", {400, 300}, {500, 400}},
        Case{"akdbc,jk->cjbda", {24, 20, 12, 12, 20}, {24, 20}},
        Case{"bmji,cakm->kjicba", {8, 20, 8, 20}, {8, 24, 8, 20}},
        Case{"bthd,bshd->bhts", {4, 64, 8, 32}, {4, 64, 8, 32}}, Case{"ij,jk->ik", {8, 8}, {8, 8}},
        Case{"bij,bkj->bik", {64, 40, 50}, {64, 30, 50}}}) {
    INFO(c.equation);
    const std::vector<Tensor> operands{randn(c.a), randn(c.b)};
    const contraction::Path path = einsum_path(c.equation, operands);
    CHECK(path.peak_bytes == path.steps[0].scratch_bytes);
    const double largest =
        static_cast<double>(std::max(operands[0].nbytes(), operands[1].nbytes()));
    CHECK(path.peak_bytes < std::max(1.5 * largest, 1e6));
    CHECK_THAT(measured_extra(c.equation, operands), Catch::WithinAbs(path.peak_bytes, 4096));
  }
  set_num_threads(threads);
}

TEST_CASE("the memory that einsum_path predicts is what a call of many operands takes", "[ops]") {
  const NoGradGuard no_gradients;
  const int threads = get_num_threads();
  set_num_threads(1);
  // To a number, so that the result's own memory does not matter.
  const std::vector<Tensor> operands{randn({200, 300}), randn({300, 250}), randn({250, 400}),
                                     randn({400, 200})};
  for (const contraction::PathMethod method :
       {contraction::PathMethod::optimal, contraction::PathMethod::left_to_right}) {
    const contraction::Path path = einsum_path("ab,bc,cd,da->", operands, method);
    CHECK_THAT(measured_extra("ab,bc,cd,da->", operands, method),
               Catch::WithinAbs(path.peak_bytes, 4096));
  }
  set_num_threads(threads);
}

}  // namespace xgrad::testing
