// Joining and cutting against PyTorch. The expected texts are repr() of the results of the same
// calls in PyTorch 1.13, printed by
//   print(repr(torch.cat([x, x], 1)))
#include <catch2/catch.hpp>
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

TEST_CASE("cat, stack, split and grids give what PyTorch gives", "[shape]") {
  const Tensor x = arange(6).view({2, 3}), v = tensor({1.0, 2.0, 3.0});
  const std::vector<Case> cases = {
      // clang-format off
      {show(cat({x, x})),
       R"(tensor([[0, 1, 2],
        [3, 4, 5],
        [0, 1, 2],
        [3, 4, 5]]))"},
      {show(cat({x, x}, -1)),
       R"(tensor([[0, 1, 2, 0, 1, 2],
        [3, 4, 5, 3, 4, 5]]))"},
      {show(cat({x, x.to(kFloat32)}, 1)),
       R"(tensor([[0., 1., 2., 0., 1., 2.],
        [3., 4., 5., 3., 4., 5.]]))"},
      {show(cat({zeros({0}), x})),
       R"(tensor([[0., 1., 2.],
        [3., 4., 5.]]))"},
      {show(cat({zeros({0}, kInt64), x.t()}, 1)),
       R"(tensor([[0, 3],
        [1, 4],
        [2, 5]]))"},
      {show(cat({x, x.narrow(1, 0, 1)}, 1)),
       R"(tensor([[0, 1, 2, 0],
        [3, 4, 5, 3]]))"},
      {show(cat({zeros({0}), zeros({0})})),
       R"(tensor([]))"},
      {show(cat({x.eq(0), x})),
       R"(tensor([[1, 0, 0],
        [0, 0, 0],
        [0, 1, 2],
        [3, 4, 5]]))"},
      {show(stack({x, x})),
       R"(tensor([[[0, 1, 2],
         [3, 4, 5]],

        [[0, 1, 2],
         [3, 4, 5]]]))"},
      {show(stack({x, x.add(10)}, 1)),
       R"(tensor([[[ 0,  1,  2],
         [10, 11, 12]],

        [[ 3,  4,  5],
         [13, 14, 15]]]))"},
      {show(stack({x, x}, -1)),
       R"(tensor([[[0, 0],
         [1, 1],
         [2, 2]],

        [[3, 3],
         [4, 4],
         [5, 5]]]))"},
      {show(stack({tensor(1), tensor(2.5)})),
       R"(tensor([1.0000, 2.5000]))"},
      {show(stack({x.t(), x.t()}, 2)),
       R"(tensor([[[0, 0],
         [3, 3]],

        [[1, 1],
         [4, 4]],

        [[2, 2],
         [5, 5]]]))"},
      {show(hstack({tensor(1.0), ones({2})})),
       R"(tensor([1., 1., 1.]))"},
      {show(vstack({v, v})),
       R"(tensor([[1., 2., 3.],
        [1., 2., 3.]]))"},
      {show(dstack({v, v})),
       R"(tensor([[[1., 1.],
         [2., 2.],
         [3., 3.]]]))"},
      {show(column_stack({v, ones({3, 2})})),
       R"(tensor([[1., 1., 1.],
        [2., 1., 1.],
        [3., 1., 1.]]))"},
      {show(block_diag({ones({2}), ones({2, 2}), tensor(1)})),
       R"(tensor([[1., 1., 0., 0., 0.],
        [0., 0., 1., 1., 0.],
        [0., 0., 1., 1., 0.],
        [0., 0., 0., 0., 1.]]))"},
      {show(atleast_2d(v)),
       R"(tensor([[1., 2., 3.]]))"},
      {show(atleast_3d(x)),
       R"(tensor([[[0],
         [1],
         [2]],

        [[3],
         [4],
         [5]]]))"},
      {show(atleast_1d(tensor(4))),
       R"(tensor([4]))"},
      {show(chunk(arange(5), 3)),
       R"(tensor([0, 1])
tensor([2, 3])
tensor([4]))"},
      {show(chunk(arange(7), 4)),
       R"(tensor([0, 1])
tensor([2, 3])
tensor([4, 5])
tensor([6]))"},
      {show(chunk(zeros({0}), 2)),
       R"(tensor([])
tensor([]))"},
      {show(x.chunk(2, 1)),
       R"(tensor([[0, 1],
        [3, 4]])
tensor([[2],
        [5]]))"},
      {show(split(arange(5), 2)),
       R"(tensor([0, 1])
tensor([2, 3])
tensor([4]))"},
      {show(x.split({1, 2}, 1)),
       R"(tensor([[0],
        [3]])
tensor([[1, 2],
        [4, 5]]))"},
      {show(zeros({0}).split(0)),
       R"(tensor([]))"},
      {show(tensor_split(arange(5), 3)),
       R"(tensor([0, 1])
tensor([2, 3])
tensor([4]))"},
      {show(tensor_split(arange(5), {1, 7, 3})),
       R"(tensor([0])
tensor([1, 2, 3, 4])
tensor([], dtype=torch.int64)
tensor([3, 4]))"},
      {show(x.unbind()),
       R"(tensor([0, 1, 2])
tensor([3, 4, 5]))"},
      {show(x.unbind(1)),
       R"(tensor([0, 3])
tensor([1, 4])
tensor([2, 5]))"},
      {show(meshgrid({v, tensor({4.0, 5.0})})),
       R"(tensor([[1., 1.],
        [2., 2.],
        [3., 3.]])
tensor([[4., 5.],
        [4., 5.],
        [4., 5.]]))"},
      {show(meshgrid({v, tensor({4.0, 5.0})}, "xy")),
       R"(tensor([[1., 2., 3.],
        [1., 2., 3.]])
tensor([[4., 4., 4.],
        [5., 5., 5.]]))"},
      {show(meshgrid({v, tensor(2.0), tensor({7.0})}, "xy")),
       R"(tensor([[[1.],
         [2.],
         [3.]]])
tensor([[[2.],
         [2.],
         [2.]]])
tensor([[[7.],
         [7.],
         [7.]]]))"},
      {show(cartesian_prod({tensor({1, 2}), tensor({3, 4, 5})})),
       R"(tensor([[1, 3],
        [1, 4],
        [1, 5],
        [2, 3],
        [2, 4],
        [2, 5]]))"},
      {show(combinations(arange(4))),
       R"(tensor([[0, 1],
        [0, 2],
        [0, 3],
        [1, 2],
        [1, 3],
        [2, 3]]))"},
      {show(combinations(arange(3), 2, true)),
       R"(tensor([[0, 0],
        [0, 1],
        [0, 2],
        [1, 1],
        [1, 2],
        [2, 2]]))"},
      {show(combinations(arange(4), 3)),
       R"(tensor([[0, 1, 2],
        [0, 1, 3],
        [0, 2, 3],
        [1, 2, 3]]))"},
      {show(combinations(arange(2), 3)),
       R"(tensor([], size=(0, 3), dtype=torch.int64))"},
      {show(combinations(arange(3), 0)),
       R"(tensor([], dtype=torch.int64))"},
      {show(combinations(arange(3), 1)),
       R"(tensor([[0],
        [1],
        [2]]))"},
      {show(broadcast_tensors({v, x.narrow(1, 0, 1)})),
       R"(tensor([[1., 2., 3.],
        [1., 2., 3.]])
tensor([[0, 0, 0],
        [3, 3, 3]]))"},
      // clang-format on
  };
  for (const Case& each : cases) CHECK(each.text == each.expected);
}

TEST_CASE("the parts of a tensor are views of it", "[shape]") {
  const Tensor x = arange(6).view({2, 3});
  x.chunk(3, 1)[1].fill_(-1);
  x.unbind()[0][0] = 9;
  x.split(2, 1)[1].add_(100);
  CHECK(show(x) == "tensor([[  9,  -1, 102],\n        [  3,  -1, 105]])");
  CHECK(x.unbind(1)[2].is_view());
}

TEST_CASE("cat joins large rows on several threads", "[shape]") {
  const Tensor a = arange(600000, kFloat32).view({3, 200000}), b = a.neg();
  const Tensor y = cat({a, b}, 1), z = cat({a, b});
  CHECK_THAT(y.narrow(1, 0, 200000), Identical(a));
  CHECK_THAT(y.narrow(1, 200000, 200000), Identical(b));
  CHECK_THAT(z.narrow(0, 3, 3), Identical(b));
  CHECK_THAT(cat({a.t(), b.t()}), Identical(y.t().contiguous()));
}

TEST_CASE("the gradient of a part reaches its place, and zeros the others", "[shape]") {
  const Tensor x = arange(6, kFloat64).view({2, 3}).requires_grad_();
  const std::vector<Tensor> parts = x.split({1, 2}, 1);
  (parts[1] * tensor({{1.0, 2.0}, {3.0, 4.0}}, kFloat64)).sum().backward();
  CHECK(show(x.grad()) == "tensor([[0., 1., 2.],\n        [0., 3., 4.]], dtype=torch.float64)");
  x.mutable_grad() = Tensor();
  (x.unbind(1)[2] * 5).sum().backward();
  CHECK(show(x.grad()) == "tensor([[0., 0., 5.],\n        [0., 0., 5.]], dtype=torch.float64)");
  CHECK(show(parts[0]) ==
        "tensor([[0.],\n        [3.]], dtype=torch.float64, grad_fn=<SplitWithSizesBackward0>)");
}

TEST_CASE("a part changed in place changes the whole and its gradient", "[shape]") {
  const Tensor x = tensor({1.0, 2.0, 3.0, 4.0}).requires_grad_();
  const Tensor y = x * 1;
  y.narrow(0, 0, 2).mul_(10);
  y.sum().backward();
  CHECK(show(y.detach()) == "tensor([10., 20.,  3.,  4.])");
  CHECK(show(x.grad()) == "tensor([10., 10.,  1.,  1.])");
}

TEST_CASE("cat and stack send each input its part of the gradient", "[shape]") {
  const Tensor a = ones({2}, requires_grad()), b = ones({1}, dtype(kFloat64).requires_grad(true));
  (cat({a, zeros({0}), b}) * tensor({1.0, 2.0, 3.0})).sum().backward();
  CHECK(show(a.grad()) == "tensor([1., 2.])");
  CHECK(show(b.grad()) == "tensor([3.], dtype=torch.float64)");
  const Tensor c = ones({2}, requires_grad());
  (stack({c, c}, 1) * tensor({{1.0, 2.0}, {3.0, 4.0}})).sum().backward();
  CHECK(show(c.grad()) == "tensor([3., 7.])");
}

TEST_CASE("joining and cutting refuse what does not fit, and say why", "[shape]") {
  const Tensor x = zeros({2, 3});
  CHECK(error_of([&] { cat(TensorList()); }) == "cat: got no tensors, expected at least one");
  CHECK(error_of([&] { cat({tensor(1.0)}); }) ==
        "cat: tensor 0 is 0-d, expected at least 1 dim; use stack");
  CHECK(error_of([&] {
          cat({x, zeros({2, 4})});
        }) == "cat: tensor 1 has shape [2, 4], expected the first one's [2, 3] but along dim 0");
  CHECK(error_of([&] {
          cat({x, zeros({2})});
        }) == "cat: tensor 1 has shape [2], expected as many dims as the first one's [2, 3]");
  CHECK(error_of([&] { cat({x, x}, 2); }) == "cat: dim 2 is out of range, expected -2 to 1");
  CHECK(error_of([&] {
          stack({x, x.t()});
        }) == "stack: tensor 1 has shape [3, 2], expected the first one's [2, 3]");
  CHECK(error_of([&] { x.chunk(0); }) == "chunk: the number of chunks is 0, expected at least 1");
  CHECK(error_of([&] { x.split(0); }) == "split: the size is 0, but dim 0 has 2 elements");
  CHECK(error_of([&] { x.split(-1); }) == "split: the size is -1, expected at least 0");
  CHECK(error_of([&] {
          x.split({1, 1}, 1);
        }) == "split_with_sizes: the sizes [1, 1] have sum 2, expected 3, the size of dim 1");
  CHECK(error_of([&] {
          x.split({-1, 4}, 1);
        }) == "split_with_sizes: size -1 in [-1, 4] is negative");
  CHECK(error_of([&] { tensor(1.0).unbind(); }) ==
        "unbind: the tensor is 0-d, expected at least 1 dim");
  CHECK(error_of([&] { meshgrid({x}); }) ==
        "meshgrid: tensor 0 has shape [2, 3], expected a vector");
  CHECK(error_of([&] { meshgrid({zeros({2})}, "yx"); }) ==
        "meshgrid: indexing 'yx' is unknown, expected ij or xy");
  CHECK(error_of([&] {
          broadcast_tensors({x, zeros({2})});
        }) == "broadcast_tensors: shape [2] does not broadcast to [2, 3], that of those before");
  CHECK(error_of([&] { combinations(zeros({3}), -1); }) ==
        "combinations: r is -1, expected at least 0");
  CHECK(error_of([&] {
          block_diag({zeros({1, 1, 1})});
        }) == "block_diag: tensor 0 has shape [1, 1, 1], expected at most 2 dims");
}

TEST_CASE("a 0-d tensor is expanded without strides", "[shape]") {
  const Tensor x = tensor(1.5);
  CHECK(x.expand({1}).strides() == IntArrayRef({0}));
  CHECK(x.expand({2, 1}).strides() == IntArrayRef({0, 0}));
  CHECK(ones({1}).expand({1, 1}).strides() == IntArrayRef({1, 1}));
}

}  // namespace xgrad::testing
