// Gathering and scattering against PyTorch. The expected texts are repr() of the results of the
// same calls in PyTorch 1.13, printed by
//   print(repr(f.gather(0, index)))
#include <catch2/catch.hpp>
#include <cmath>
#include <sstream>

#include "support/matchers.h"
#include "xgrad/xgrad.h"

namespace xgrad::testing {
namespace {

std::string show(const Tensor& tensor) {
  std::ostringstream out;
  out << tensor;
  return out.str();
}

std::string show(const std::vector<Tensor>& tensors) {
  std::string text;
  for (const Tensor& tensor : tensors) text += (text.empty() ? "" : "\n") + show(tensor);
  return text;
}

struct Case {
  std::string text, expected;
};

}  // namespace

TEST_CASE("gather, scatter, masks and embeddings give what PyTorch gives", "[gather]") {
  const Tensor x = arange(6).view({2, 3}), y = arange(24).view({2, 3, 4}),
               v = tensor({1.0, 2.0, 3.0}), f = x.to(kFloat32);
  const std::vector<Case> cases = {
      // clang-format off
      {show(f.gather(0, tensor({{0, 1, 1}}))),
       R"(tensor([[0., 4., 5.]]))"},
      {show(f.gather(1, tensor({{2, 0}, {1, 1}}))),
       R"(tensor([[2., 0.],
        [4., 4.]]))"},
      {show(f.gather(-1, tensor({{2}}))),
       R"(tensor([[2.]]))"},
      {show(f.t().gather(0, tensor({{2, 0}}))),
       R"(tensor([[2., 3.]]))"},
      {show(tensor(3.0).gather(0, tensor(0))),
       R"(tensor(3.))"},
      {show(tensor({3.0}).gather(0, tensor(0))),
       R"(tensor(3.))"},
      {show(f.gather(0, zeros({0, 5}, kInt64))),
       R"(tensor([], size=(0, 5)))"},
      {show(f.gather(1, tensor({{0, 1}, {2, 0}}).t())),
       R"(tensor([[0., 2.],
        [4., 3.]]))"},
      {show(f.scatter(0, tensor({{0, 1, 1}}), tensor({{7.0, 8.0, 9.0}}))),
       R"(tensor([[7., 1., 2.],
        [3., 8., 9.]]))"},
      {show(f.scatter(1, tensor({{2}, {0}}), 5)),
       R"(tensor([[0., 1., 5.],
        [5., 4., 5.]]))"},
      {show(f.scatter(1, tensor({{0}}), ones({2, 3}))),
       R"(tensor([[1., 1., 2.],
        [3., 4., 5.]]))"},
      {show(scatter(f, 0, tensor({{0, 1, 1}}), ones({1, 3}), "add")),
       R"(tensor([[1., 1., 2.],
        [3., 5., 6.]]))"},
      {show(scatter(f, 0, tensor({{0, 1, 1}}), 5, "multiply")),
       R"(tensor([[ 0.,  1.,  2.],
        [ 3., 20., 25.]]))"},
      {show(f.scatter_add(1, tensor({{0, 0}, {2, 0}}), ones({2, 2}))),
       R"(tensor([[2., 1., 2.],
        [4., 4., 6.]]))"},
      {show(zeros({3}).scatter_add(0, tensor({0, 1, 0}), v)),
       R"(tensor([4., 2., 0.]))"},
      {show(f.clone().scatter_(1, tensor({{1}, {1}}), -1)),
       R"(tensor([[ 0., -1.,  2.],
        [ 3., -1.,  5.]]))"},
      {show(f.take_along_dim(tensor({{1}}), 1)),
       R"(tensor([[1.],
        [4.]]))"},
      {show(f.take_along_dim(tensor({1, 5}))),
       R"(tensor([1., 5.]))"},
      {show(f.take_along_dim(tensor({{1, 0, 1}}), 0)),
       R"(tensor([[3., 1., 5.]]))"},
      {show(f.index_select(0, tensor({1, 1, 0}))),
       R"(tensor([[3., 4., 5.],
        [3., 4., 5.],
        [0., 1., 2.]]))"},
      {show(f.index_select(1, tensor({2}, kInt32))),
       R"(tensor([[2.],
        [5.]]))"},
      {show(f.index_select(0, tensor(1))),
       R"(tensor([[3., 4., 5.]]))"},
      {show(tensor(4.0).index_select(0, tensor({0}))),
       R"(tensor(4.))"},
      {show(f.t().index_select(1, tensor({1, 0}))),
       R"(tensor([[3., 0.],
        [4., 1.],
        [5., 2.]]))"},
      {show(y.index_select(1, tensor({2, 0}))),
       R"(tensor([[[ 8,  9, 10, 11],
         [ 0,  1,  2,  3]],

        [[20, 21, 22, 23],
         [12, 13, 14, 15]]]))"},
      {show(f.index_add(0, tensor({0, 0}), ones({2, 3}))),
       R"(tensor([[2., 3., 4.],
        [3., 4., 5.]]))"},
      {show(f.index_add(1, tensor({2, 0}), ones({2, 2}), 2)),
       R"(tensor([[2., 1., 4.],
        [5., 4., 7.]]))"},
      {show(tensor(1.0).index_add(0, tensor({0}), tensor({2.0}))),
       R"(tensor(3.))"},
      {show(ones({3}).index_add(0, tensor(0), tensor(1.0))),
       R"(tensor([2., 1., 1.]))"},
      {show(ones({3}, kInt64).index_add(0, tensor({0}), tensor({3}), 2.5)),
       R"(tensor([7, 1, 1]))"},
      {show(f.index_copy(0, tensor({1, 0}), f)),
       R"(tensor([[3., 4., 5.],
        [0., 1., 2.]]))"},
      {show(f.index_copy(1, tensor({1}), ones({2, 1}))),
       R"(tensor([[0., 1., 2.],
        [3., 1., 5.]]))"},
      {show(ones({3}).index_copy(0, tensor({0}), tensor(2.0))),
       R"(tensor([2., 1., 1.]))"},
      {show(f.index_fill(0, tensor({-1}), 2)),
       R"(tensor([[0., 1., 2.],
        [2., 2., 2.]]))"},
      {show(f.index_fill(1, tensor({0, 2}), 9)),
       R"(tensor([[9., 1., 9.],
        [9., 4., 9.]]))"},
      {show(index_fill(f, 1, tensor(1), tensor(4.0))),
       R"(tensor([[0., 4., 2.],
        [3., 4., 5.]]))"},
      {show(f.take(tensor({{0, -1}}))),
       R"(tensor([[0., 5.]]))"},
      {show(f.t().take(tensor({1, 2}))),
       R"(tensor([3., 1.]))"},
      {show(f.put(tensor({0, -1}), tensor({9.0, 8.0}))),
       R"(tensor([[9., 1., 2.],
        [3., 4., 8.]]))"},
      {show(f.t().put(tensor({1, 1}), tensor({9.0, 8.0}), true)),
       R"(tensor([[ 0., 20.],
        [ 1.,  4.],
        [ 2.,  5.]]))"},
      {show(f.masked_fill(f.gt(2), -1)),
       R"(tensor([[ 0.,  1.,  2.],
        [-1., -1., -1.]]))"},
      {show(f.masked_fill(tensor({true, false, true}), INFINITY)),
       R"(tensor([[inf, 1., inf],
        [inf, 4., inf]]))"},
      {show(v.masked_fill(f.gt(2), tensor(7))),
       R"(tensor([[1., 2., 3.],
        [7., 7., 7.]]))"},
      {show(x.masked_fill(x.gt(2), 2.5)),
       R"(tensor([[0, 1, 2],
        [2, 2, 2]]))"},
      {show(f.t().masked_fill(f.t().lt(3), 9)),
       R"(tensor([[9., 3.],
        [9., 4.],
        [9., 5.]]))"},
      {show(f.clone().masked_fill_(tensor({{true}, {false}}), 0)),
       R"(tensor([[0., 0., 0.],
        [3., 4., 5.]]))"},
      {show(f.masked_select(f.gt(2))),
       R"(tensor([3., 4., 5.]))"},
      {show(v.masked_select(tensor({{true, false, true}, {false, false, true}}))),
       R"(tensor([1., 3., 3.]))"},
      {show(f.t().masked_select(f.t().ne(1))),
       R"(tensor([0., 3., 4., 2., 5.]))"},
      {show(zeros({3}).masked_scatter(tensor({true, false, true}), v)),
       R"(tensor([1., 0., 2.]))"},
      {show(zeros({3}).masked_scatter(ones({2, 3}, kBool), arange(7, kFloat32))),
       R"(tensor([[0., 1., 2.],
        [3., 4., 5.]]))"},
      {show(x.nonzero()),
       R"(tensor([[0, 1],
        [0, 2],
        [1, 0],
        [1, 1],
        [1, 2]]))"},
      {show(nonzero(tensor({{0.0, 1.5}, {NAN, 0.0}}))),
       R"(tensor([[0, 1],
        [1, 0]]))"},
      {show(tensor(3.0).nonzero()),
       R"(tensor([], size=(1, 0), dtype=torch.int64))"},
      {show(tensor(0.0).nonzero()),
       R"(tensor([], size=(0, 0), dtype=torch.int64))"},
      {show(where(x)),
       R"(tensor([0, 0, 1, 1, 1])
tensor([1, 2, 0, 1, 2]))"},
      {show(where(tensor(3))),
       R"(tensor([0]))"},
      {show(x.argwhere()),
       R"(tensor([[0, 1],
        [0, 2],
        [1, 0],
        [1, 1],
        [1, 2]]))"},
      {show(one_hot(tensor({0, 2}))),
       R"(tensor([[1, 0, 0],
        [0, 0, 1]]))"},
      {show(one_hot(tensor({{0}, {1}}), 3)),
       R"(tensor([[[1, 0, 0]],

        [[0, 1, 0]]]))"},
      {show(one_hot(tensor(1))),
       R"(tensor([0, 1]))"},
      {show(one_hot(zeros({0}, kInt64), 3)),
       R"(tensor([], size=(0, 3), dtype=torch.int64))"},
      {show(embedding(f, tensor({{1, 0}, {1, 1}}))),
       R"(tensor([[[3., 4., 5.],
         [0., 1., 2.]],

        [[3., 4., 5.],
         [3., 4., 5.]]]))"},
      {show(embedding(f, tensor(1, kInt32))),
       R"(tensor([3., 4., 5.]))"},
      // clang-format on
  };
  for (const Case& each : cases) CHECK(each.text == each.expected);
}

TEST_CASE("scatter, index_add and masks change a tensor in place, views too", "[gather]") {
  const Tensor x = zeros({2, 3});
  x.t().scatter_(0, tensor({{0, 2}}), tensor({{1.0, 2.0}}));
  CHECK(show(x) == "tensor([[1., 0., 0.],\n        [0., 0., 2.]])");
  x.select(0, 0).scatter_add_(0, tensor({0, 0}), ones({2}));
  x.index_add_(1, tensor({1}), ones({2, 1}), -1);
  CHECK(show(x) == "tensor([[ 3., -1.,  0.],\n        [ 0., -1.,  2.]])");
  x.index_copy_(0, tensor({1}), x.narrow(0, 0, 1).clone());
  x.index_fill_(1, tensor({-1}), 8);
  x.masked_fill_(x.eq(3), tensor(4.0));
  CHECK(show(x) == "tensor([[ 4., -1.,  8.],\n        [ 4., -1.,  8.]])");
}

TEST_CASE("an in-place scatter hands the gradient of what it wrote to its source", "[gather]") {
  const Tensor w = ones({3}, requires_grad()), s = ones({3}, requires_grad()), x = w * 2;
  x.scatter_(0, tensor({2, 0}), s);  // the index is shorter than the source
  (x * tensor({1.0, 2.0, 3.0})).sum().backward();
  CHECK(show(w.grad()) == "tensor([0., 4., 0.])");
  CHECK(show(s.grad()) == "tensor([3., 1., 0.])");
  w.mutable_grad() = Tensor();
  const Tensor y = w * 2;
  y.slice(0, 1).masked_fill_(tensor({true, false}), 5);
  (y * tensor({1.0, 2.0, 3.0})).sum().backward();
  CHECK(show(w.grad()) == "tensor([2., 0., 6.])");
}

TEST_CASE("a filled value gets the sum of its places' gradients", "[gather]") {
  const Tensor value = tensor(1.0).requires_grad_(), x = zeros({3}, requires_grad());
  (x.masked_fill(tensor({true, false, true}), value) * tensor({1.0, 2.0, 3.0})).sum().backward();
  CHECK(show(value.grad()) == "tensor(4.)");
  CHECK(show(x.grad()) == "tensor([0., 2., 0.])");
  value.mutable_grad() = Tensor();
  (index_fill(x, 0, tensor({1, 1}), value) * tensor({1.0, 2.0, 3.0})).sum().backward();
  CHECK(show(value.grad()) == "tensor(2.)");
}

TEST_CASE("embedding adds the gradients of a row, and none to the padding", "[gather]") {
  const Tensor w = ones({3, 2}, requires_grad());
  embedding(w, tensor({{0, 0}, {1, 2}}), 1).sum().backward();
  CHECK(show(w.grad()) == "tensor([[2., 2.],\n        [0., 0.],\n        [1., 1.]])");
  w.mutable_grad() = Tensor();
  embedding(w, tensor({0, 0, 1, 2}), 1, true).sum().backward();
  CHECK(show(w.grad()) == "tensor([[1., 1.],\n        [0., 0.],\n        [1., 1.]])");
}

TEST_CASE("large tables are gathered and scattered on several threads as on one", "[gather]") {
  const Tensor table = arange(1000 * 64, kFloat32).view({1000, 64}),
               index = arange(5000).remainder(1000);
  const Tensor rows = table.index_select(0, index);
  CHECK_THAT(rows.narrow(0, 4000, 1000), Identical(table));
  CHECK_THAT(zeros({1000, 64}).index_add(0, index, rows), Identical(table * 5));
  const Tensor wide = index.unsqueeze(1).expand({5000, 64});
  CHECK_THAT(table.gather(0, wide), Identical(rows));
  CHECK_THAT(zeros({1000, 64}).scatter_add(0, wide, rows), Identical(table * 5));
  CHECK_THAT(table.masked_fill(table.gt(100), 0).sum(), Near(tensor(5050.0), 0));
}

TEST_CASE("gathering and scattering refuse what does not fit, and say why", "[gather]") {
  const Tensor f = arange(6, kFloat32).view({2, 3});
  CHECK_THROWS_AS(f.gather(0, tensor({{0, 2}})), IndexError);
  CHECK(error_of([&] {
          f.gather(0, tensor({{0, 2}}));
        }) == "gather: index 2 is out of range for dim 0 of size 2");
  CHECK(error_of([&] { f.gather(1, tensor({{-1}})); }) ==
        "gather: index -1 is out of range for dim 1 of size 3");
  CHECK(error_of([&] { f.gather(0, tensor({0})); }) ==
        "gather: the index has shape [1], expected as many dims as the tensor's [2, 3]");
  CHECK(error_of([&] {
          f.gather(0, zeros({1, 4}, kInt64));
        }) ==
        "gather: the index of shape [1, 4] is larger at dim 1 than the tensor of shape [2, 3]");
  CHECK(error_of([&] {
          f.gather(0, zeros({1, 1}, kInt32));
        }) == "gather: the index is int32, expected int64");
  CHECK(error_of([&] {
          f.scatter(0, tensor({{0, 1, 1}}), ones({1, 2}));
        }) ==
        "scatter: the index of shape [1, 3] is larger at dim 1 than the source of shape [1, 2]");
  CHECK(error_of([&] {
          f.scatter(0, tensor({{0}}), ones({1, 1}, kFloat64));
        }) == "scatter: the source is float64, expected the tensor's float32");
  CHECK(error_of([&] { scatter(f, 0, tensor({{0}}), 1, "mean"); }) ==
        "scatter: reduce 'mean' is unknown, expected add or multiply");
  CHECK(error_of([&] {
          f.scatter_(0, tensor({{0, 5}}), 1);
        }) == "scatter_: index 5 is out of range for dim 0 of size 2");
  CHECK(error_of([&] { f.index_select(0, tensor({2})); }) ==
        "index_select: index 2 is out of range for dim 0 of size 2");
  CHECK(error_of([&] { f.index_select(0, tensor({-1})); }) ==
        "index_select: index -1 is out of range for dim 0 of size 2");
  CHECK(error_of([&] { f.index_select(0, tensor({{0}})); }) ==
        "index_select: the index has shape [1, 1], expected a vector");
  CHECK(error_of([&] { f.index_select(0, tensor({0.0})); }) ==
        "index_select: the index is float32, expected int64 or int32");
  CHECK(error_of([&] {
          f.index_add_(0, tensor({0, 2}), f.clone());
        }) == "index_add_: index 2 is out of range for dim 0 of size 2");
  CHECK(error_of([&] { f.index_add(0, tensor({0}), f); }) ==
        "index_add: the source has shape [2, 3], expected [1, 3] for 1 indices along dim 0 of a "
        "tensor of shape [2, 3]");
  CHECK(error_of([&] { f.index_fill_(0, tensor({-3}), 1); }) ==
        "index_fill_: index -3 is out of range for dim 0 of size 2");
  CHECK(error_of([&] { f.take(tensor({6})); }) ==
        "take: index 6 is out of range for a tensor of 6 elements");
  CHECK(error_of([&] { zeros({0}).take(tensor({0})); }) ==
        "take: the tensor of shape [0] has no elements to index");
  CHECK(error_of([&] {
          f.put(tensor({0, 1}), tensor({1.0}));
        }) == "put: the source has 1 elements, expected 2, one for each index");
  CHECK(error_of([&] { f.masked_fill(f, 1); }) ==
        "masked_fill: the mask is float32, expected bool");
  CHECK(error_of([&] { f.masked_fill(f.gt(0), ones({1})); }) ==
        "masked_fill: the value has shape [1], expected a 0-d tensor");
  CHECK(error_of([&] { arange(3).masked_fill_(ones({3}, kBool), INFINITY); }) ==
        "masked_fill_: the value inf does not fit dtype int64");
  CHECK(error_of([&] {
          zeros({3}).masked_fill_(ones({2, 3}, kBool), 1);
        }) == "masked_fill_: the mask of shape [2, 3] does not broadcast to the tensor's [3]");
  CHECK(error_of([&] { zeros({3}).masked_scatter(ones({3}, kBool), ones({2})); }) ==
        "masked_scatter: the mask chooses 3 elements, but the source of shape [2] has only 2");
  CHECK(error_of([&] {
          one_hot(tensor({0, 2}), 2);
        }) == "one_hot: class 2 is out of range for 2 classes");
  CHECK(error_of([&] { one_hot(tensor({-1})); }) == "one_hot: class -1 is negative");
  CHECK(error_of([&] { one_hot(zeros({0}, kInt64)); }) ==
        "one_hot: the number of classes of an empty tensor is unknown, expected num_classes");
  CHECK(error_of([&] { embedding(f, tensor({2})); }) ==
        "embedding: index 2 is out of range for dim 0 of size 2");
  CHECK(error_of([&] { embedding(f.select(0, 0), tensor({2})); }) ==
        "embedding: the weight has shape [3], expected 2 dims");
  CHECK(show(f) == "tensor([[0., 1., 2.],\n        [3., 4., 5.]])");
}

TEST_CASE("scatter_reduce combines what comes to one place", "[ops]") {
  const Tensor x = tensor({{1.0, 4.5}, {5.0, 0.0}}, kDouble), index = tensor({{0, 0}, {0, 1}}),
               source = tensor({{1.5, 4.5}, {-2.0, 3.0}}, kDouble);
  struct {
    const char* reduce;
    Tensor with_self, without;
  } const rows[] = {
      {"sum", tensor({{0.5, 9.0}, {5.0, 3.0}}), tensor({{-0.5, 4.5}, {5.0, 3.0}})},
      {"prod", tensor({{-3.0, 20.25}, {5.0, 0.0}}), tensor({{-3.0, 4.5}, {5.0, 3.0}})},
      {"mean", tensor({{0.5 / 3, 4.5}, {5.0, 1.5}}), tensor({{-0.25, 4.5}, {5.0, 3.0}})},
      {"amax", tensor({{1.5, 4.5}, {5.0, 3.0}}), tensor({{1.5, 4.5}, {5.0, 3.0}})},
      {"amin", tensor({{-2.0, 4.5}, {5.0, 0.0}}), tensor({{-2.0, 4.5}, {5.0, 3.0}})},
  };
  for (const auto& [reduce, with_self, without] : rows) {
    INFO(reduce);
    for (const bool include_self : {true, false}) {
      const Tensor expected = include_self ? with_self : without;
      CHECK_THAT(scatter_reduce(x, 0, index, source, reduce, include_self),
                 Near(expected.to(kDouble), 1e-6));
      CHECK_THAT(x.clone().scatter_reduce_(0, index, source, reduce, include_self),
                 Near(expected.to(kDouble), 1e-6));
      const auto f = [&, kind = reduce](const std::vector<Tensor>& in) {
        return std::vector<Tensor>{scatter_reduce(in[0], 0, index, in[1], kind, include_self)};
      };
      manual_seed(1);
      const TensorOptions options = dtype(kDouble).requires_grad(true);
      CHECK_NOTHROW(autograd::gradcheck(f, {randn({2, 2}, options), randn({2, 3}, options)}));
    }
  }
  // Three equal extremes share the gradient; NaN wins.
  const Tensor self = tensor({2.0}).requires_grad_(), twins = tensor({2.0, 2.0}).requires_grad_();
  self.scatter_reduce(0, tensor({0, 0}), twins, "amax").backward(ones({1}));
  CHECK_THAT(self.grad(), Near(full({1}, 1.0 / 3), 1e-6));
  CHECK_THAT(twins.grad(), Near(full({2}, 1.0 / 3), 1e-6));
  CHECK(tensor({1.0})
            .scatter_reduce(0, tensor({0, 0}), tensor({double(NAN), 2.0}), "amin")
            .isnan()
            .item<bool>());
  CHECK(error_of([&] { scatter_reduce(x, 0, index, source, "max"); }) ==
        "scatter_reduce: reduce 'max' is unknown, expected sum, prod, mean, amax or amin");
}

TEST_CASE("index_reduce combines slices", "[ops]") {
  const Tensor x = ones({3, 2}), index = tensor({2, 2});
  const Tensor source = tensor({{2.0, 3.0}, {4.0, 5.0}});
  CHECK(x.index_reduce(0, index, source, "prod")
            .equal(tensor({{1.0, 1.0}, {1.0, 1.0}, {8.0, 15.0}})));
  CHECK(x.clone()
            .index_reduce_(0, index, source, "mean", false)
            .equal(tensor({{1.0, 1.0}, {1.0, 1.0}, {3.0, 4.0}})));
  CHECK(error_of([&] { index_reduce(x, 0, index, source, "sum"); }) ==
        "index_reduce: reduce 'sum' is unknown, expected prod, mean, amax or amin");
  CHECK(error_of([&] { index_reduce(x, 1, index, source, "prod"); }) ==
        "index_reduce: the source has shape [2, 2], expected [3, 2]");
}

TEST_CASE("scatter_ reduces by name; t() and count_nonzero", "[ops]") {
  const Tensor x = full({3}, 2.), index = tensor({0, 0, 2});
  CHECK_THAT(x.clone().scatter_(0, index, tensor({3., 4., 5.}), "multiply"),
             Near(tensor({24., 2., 10.}), 0));
  CHECK_THAT(x.scatter(0, index, 1, "add"), Near(tensor({4., 2., 3.}), 0));
  CHECK(tensor({{0., 1.}, {2., 3.}}).count_nonzero(IntArrayRef({0, 1})).item<int>() == 3);
  CHECK(ones({2, 3}, requires_grad()).t().grad_fn()->name() == "TBackward0");
}

}  // namespace xgrad::testing
