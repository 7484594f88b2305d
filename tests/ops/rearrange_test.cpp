// Rearranging against PyTorch. The expected texts are repr() of the results of the same calls in
// PyTorch 1.13, printed by
//   print(repr(x.roll(1, 0)))
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

struct Case {
  std::string text, expected;
};

}  // namespace

TEST_CASE("repeat, flip, roll, triangles and diagonals give what PyTorch gives", "[rearrange]") {
  const Tensor x = arange(6).view({2, 3}), y = arange(24).view({2, 3, 4}),
               v = tensor({1.0, 2.0, 3.0});
  const std::vector<Case> cases = {
      // clang-format off
      {show(x.repeat({2, 2})),
       R"(tensor([[0, 1, 2, 0, 1, 2],
        [3, 4, 5, 3, 4, 5],
        [0, 1, 2, 0, 1, 2],
        [3, 4, 5, 3, 4, 5]]))"},
      {show(v.repeat({2, 1})),
       R"(tensor([[1., 2., 3.],
        [1., 2., 3.]]))"},
      {show(x.repeat({2, 1, 1})),
       R"(tensor([[[0, 1, 2],
         [3, 4, 5]],

        [[0, 1, 2],
         [3, 4, 5]]]))"},
      {show(x.t().repeat({1, 2})),
       R"(tensor([[0, 3, 0, 3],
        [1, 4, 1, 4],
        [2, 5, 2, 5]]))"},
      {show(x.repeat({2, 0})),
       R"(tensor([], size=(4, 0), dtype=torch.int64))"},
      {show(tensor(3).repeat({2})),
       R"(tensor([3, 3]))"},
      {show(tile(x, {2})),
       R"(tensor([[0, 1, 2, 0, 1, 2],
        [3, 4, 5, 3, 4, 5]]))"},
      {show(x.tile({2, 1, 2})),
       R"(tensor([[[0, 1, 2, 0, 1, 2],
         [3, 4, 5, 3, 4, 5]],

        [[0, 1, 2, 0, 1, 2],
         [3, 4, 5, 3, 4, 5]]]))"},
      {show(x.repeat_interleave(2)),
       R"(tensor([0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5]))"},
      {show(x.repeat_interleave(2, 1)),
       R"(tensor([[0, 0, 1, 1, 2, 2],
        [3, 3, 4, 4, 5, 5]]))"},
      {show(x.repeat_interleave(tensor({1, 2}), 0)),
       R"(tensor([[0, 1, 2],
        [3, 4, 5],
        [3, 4, 5]]))"},
      {show(repeat_interleave(tensor({2, 0, 1}))),
       R"(tensor([0, 0, 2]))"},
      {show(x.repeat_interleave(tensor({2}))),
       R"(tensor([0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5]))"},
      {show(x.repeat_interleave(0)),
       R"(tensor([], dtype=torch.int64))"},
      {show(x.flip({0})),
       R"(tensor([[3, 4, 5],
        [0, 1, 2]]))"},
      {show(x.flip({0, 1})),
       R"(tensor([[5, 4, 3],
        [2, 1, 0]]))"},
      {show(x.flip({-1})),
       R"(tensor([[2, 1, 0],
        [5, 4, 3]]))"},
      {show(y.flip({0, 2})),
       R"(tensor([[[15, 14, 13, 12],
         [19, 18, 17, 16],
         [23, 22, 21, 20]],

        [[ 3,  2,  1,  0],
         [ 7,  6,  5,  4],
         [11, 10,  9,  8]]]))"},
      {show(x.t().flip({1})),
       R"(tensor([[3, 0],
        [4, 1],
        [5, 2]]))"},
      {show(x.flip({})),
       R"(tensor([[0, 1, 2],
        [3, 4, 5]]))"},
      {show(tensor(1).flip({0})),
       R"(tensor(1))"},
      {show(fliplr(x)),
       R"(tensor([[2, 1, 0],
        [5, 4, 3]]))"},
      {show(flipud(v)),
       R"(tensor([3., 2., 1.]))"},
      {show(x.roll(1)),
       R"(tensor([[5, 0, 1],
        [2, 3, 4]]))"},
      {show(x.roll(1, 0)),
       R"(tensor([[3, 4, 5],
        [0, 1, 2]]))"},
      {show(x.roll({1, 2}, {0, 1})),
       R"(tensor([[4, 5, 3],
        [1, 2, 0]]))"},
      {show(x.roll(-1, 1)),
       R"(tensor([[1, 2, 0],
        [4, 5, 3]]))"},
      {show(x.roll(7, 1)),
       R"(tensor([[2, 0, 1],
        [5, 3, 4]]))"},
      {show(x.rot90()),
       R"(tensor([[2, 5],
        [1, 4],
        [0, 3]]))"},
      {show(x.rot90(2)),
       R"(tensor([[5, 4, 3],
        [2, 1, 0]]))"},
      {show(x.rot90(-1)),
       R"(tensor([[3, 0],
        [4, 1],
        [5, 2]]))"},
      {show(x.rot90(4)),
       R"(tensor([[0, 1, 2],
        [3, 4, 5]]))"},
      {show(y.rot90(1, {1, 2})),
       R"(tensor([[[ 3,  7, 11],
         [ 2,  6, 10],
         [ 1,  5,  9],
         [ 0,  4,  8]],

        [[15, 19, 23],
         [14, 18, 22],
         [13, 17, 21],
         [12, 16, 20]]]))"},
      {show(x.tril()),
       R"(tensor([[0, 0, 0],
        [3, 4, 0]]))"},
      {show(x.triu()),
       R"(tensor([[0, 1, 2],
        [0, 4, 5]]))"},
      {show(x.tril(1)),
       R"(tensor([[0, 1, 0],
        [3, 4, 5]]))"},
      {show(x.triu(-1)),
       R"(tensor([[0, 1, 2],
        [3, 4, 5]]))"},
      {show(x.triu(1)),
       R"(tensor([[0, 1, 2],
        [0, 0, 5]]))"},
      {show(x.tril(-5)),
       R"(tensor([[0, 0, 0],
        [0, 0, 0]]))"},
      {show(x.triu(5)),
       R"(tensor([[0, 0, 0],
        [0, 0, 0]]))"},
      {show(x.t().tril()),
       R"(tensor([[0, 0],
        [1, 4],
        [2, 5]]))"},
      {show(y.tril(-1)),
       R"(tensor([[[ 0,  0,  0,  0],
         [ 4,  0,  0,  0],
         [ 8,  9,  0,  0]],

        [[ 0,  0,  0,  0],
         [16,  0,  0,  0],
         [20, 21,  0,  0]]]))"},
      {show(x.eq(x).triu()),
       R"(tensor([[ True,  True,  True],
        [False,  True,  True]]))"},
      {show(tril_indices(3, 4, 1)),
       R"(tensor([[0, 0, 1, 1, 1, 2, 2, 2, 2],
        [0, 1, 0, 1, 2, 0, 1, 2, 3]]))"},
      {show(triu_indices(3, 4, -1)),
       R"(tensor([[0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2],
        [0, 1, 2, 3, 0, 1, 2, 3, 1, 2, 3]]))"},
      {show(tril_indices(2, 2, -3)),
       R"(tensor([], size=(2, 0), dtype=torch.int64))"},
      {show(triu_indices(2, 2, 0)),
       R"(tensor([[0, 0, 1],
        [0, 1, 1]]))"},
      {show(v.diag()),
       R"(tensor([[1., 0., 0.],
        [0., 2., 0.],
        [0., 0., 3.]]))"},
      {show(v.diag(1)),
       R"(tensor([[0., 1., 0., 0.],
        [0., 0., 2., 0.],
        [0., 0., 0., 3.],
        [0., 0., 0., 0.]]))"},
      {show(v.diag(-1)),
       R"(tensor([[0., 0., 0., 0.],
        [1., 0., 0., 0.],
        [0., 2., 0., 0.],
        [0., 0., 3., 0.]]))"},
      {show(x.diag()),
       R"(tensor([0, 4]))"},
      {show(x.diag(1)),
       R"(tensor([1, 5]))"},
      {show(x.diag(-1)),
       R"(tensor([3]))"},
      {show(diagflat(x)),
       R"(tensor([[0, 0, 0, 0, 0, 0],
        [0, 1, 0, 0, 0, 0],
        [0, 0, 2, 0, 0, 0],
        [0, 0, 0, 3, 0, 0],
        [0, 0, 0, 0, 4, 0],
        [0, 0, 0, 0, 0, 5]]))"},
      {show(v.diag_embed()),
       R"(tensor([[1., 0., 0.],
        [0., 2., 0.],
        [0., 0., 3.]]))"},
      {show(x.diag_embed(1)),
       R"(tensor([[[0, 0, 0, 0],
         [0, 0, 1, 0],
         [0, 0, 0, 2],
         [0, 0, 0, 0]],

        [[0, 3, 0, 0],
         [0, 0, 4, 0],
         [0, 0, 0, 5],
         [0, 0, 0, 0]]]))"},
      {show(x.diag_embed(0, 0, 2)),
       R"(tensor([[[0, 0, 0],
         [3, 0, 0]],

        [[0, 1, 0],
         [0, 4, 0]],

        [[0, 0, 2],
         [0, 0, 5]]]))"},
      {show(x.diag_embed(-1, 0, 1)),
       R"(tensor([[[0, 0],
         [0, 0],
         [0, 0],
         [0, 0]],

        [[0, 3],
         [0, 0],
         [0, 0],
         [0, 0]],

        [[0, 0],
         [1, 4],
         [0, 0],
         [0, 0]],

        [[0, 0],
         [0, 0],
         [2, 5],
         [0, 0]]]))"},
      {show(zeros({3, 2}).fill_diagonal_(1)),
       R"(tensor([[1., 0.],
        [0., 1.],
        [0., 0.]]))"},
      {show(zeros({7, 3}).fill_diagonal_(2, true)),
       R"(tensor([[2., 0., 0.],
        [0., 2., 0.],
        [0., 0., 2.],
        [0., 0., 0.],
        [2., 0., 0.],
        [0., 2., 0.],
        [0., 0., 2.]]))"},
      {show(zeros({2, 7}).fill_diagonal_(2, true)),
       R"(tensor([[2., 0., 0., 0., 0., 0., 0.],
        [0., 2., 0., 0., 0., 0., 0.]]))"},
      {show(zeros({2, 2, 2}).fill_diagonal_(5)),
       R"(tensor([[[5., 0.],
         [0., 0.]],

        [[0., 0.],
         [0., 5.]]]))"},
      {show(zeros({7, 3}).fill_diagonal_(2)),
       R"(tensor([[2., 0., 0.],
        [0., 2., 0.],
        [0., 0., 2.],
        [0., 0., 0.],
        [0., 0., 0.],
        [0., 0., 0.],
        [0., 0., 0.]]))"},
      // clang-format on
  };
  for (const Case& each : cases) CHECK(each.text == each.expected);
}

TEST_CASE("triangles in place keep the other elements, of views too", "[rearrange]") {
  const Tensor x = arange(1, 10).view({3, 3});
  x.t().tril_();
  CHECK(show(x) == "tensor([[1, 2, 3],\n        [0, 5, 6],\n        [0, 0, 9]])");
  x.triu_(1);
  CHECK(show(x) == "tensor([[0, 2, 3],\n        [0, 0, 6],\n        [0, 0, 0]])");
  const Tensor w = ones({2, 2}, requires_grad()), y = w * 3;
  y.tril_();
  y.sum().backward();
  CHECK(show(w.grad()) == "tensor([[3., 0.],\n        [3., 3.]])");
}

TEST_CASE("an empty vector has triangles", "[rearrange]") {
  CHECK(zeros({0}).tril().sizes() == IntArrayRef({0}));
  CHECK(zeros({0}).triu_().sizes() == IntArrayRef({0}));
  CHECK_THROWS_AS(zeros({3}).tril(), Error);
}

TEST_CASE("fill_diagonal_ cuts the gradient of the diagonal", "[rearrange]") {
  const Tensor w = ones({2, 2}, requires_grad()), y = w * 3;
  y.fill_diagonal_(0);
  y.sum().backward();
  CHECK(show(w.grad()) == "tensor([[0., 3.],\n        [3., 0.]])");
}

TEST_CASE("the gradient of a repetition is the sum over the copies", "[rearrange]") {
  const Tensor x = tensor({1.0, 2.0}).requires_grad_();
  (x.repeat({2, 2}) * arange(8, kFloat32).view({2, 4})).sum().backward();
  CHECK(show(x.grad()) == "tensor([12., 16.])");
  x.mutable_grad() = Tensor();
  (x.repeat_interleave(tensor({3, 1})) * tensor({1.0, 2.0, 3.0, 4.0})).sum().backward();
  CHECK(show(x.grad()) == "tensor([6., 4.])");
}

TEST_CASE("rearranging refuses what does not fit, and says why", "[rearrange]") {
  const Tensor x = zeros({2, 3}), v = zeros({3});
  CHECK(error_of([&] { x.repeat({2}); }) ==
        "repeat: got 1 repeats for a tensor of shape [2, 3], expected at least as many as dims");
  CHECK(error_of([&] { x.repeat({2, -1}); }) == "repeat: repeat -1 at dim 1 is negative");
  CHECK(error_of([&] {
          x.repeat({1, std::int64_t{1} << 62});
        }) == "repeat: 4611686018427387904 repeats of 3 elements overflow");
  CHECK(error_of([&] { v.repeat_interleave(-1); }) ==
        "repeat_interleave: the number of repeats is -1, expected at least 0");
  CHECK(error_of([&] {
          v.repeat_interleave(tensor({1, 2}));
        }) ==
        "repeat_interleave: the repeats have shape [2], expected one or one for each of the 3 "
        "along dim 0");
  CHECK(error_of([&] {
          v.repeat_interleave(tensor({1, -2, 3}));
        }) == "repeat_interleave: repeat -2 at 1 is negative");
  CHECK(error_of([&] {
          v.repeat_interleave(tensor({1, 2, 3}), nullopt, 5);
        }) == "repeat_interleave: the repeats have sum 6, but output_size is 5");
  CHECK(error_of([&] { v.repeat_interleave(v); }) ==
        "repeat_interleave: the repeats are float32, expected int64 or int32");
  CHECK(error_of([&] { x.flip({0, -2}); }) == "flip: dim 0 occurs twice in [0, -2]");
  CHECK(error_of([&] { x.roll({1, 1}, 0); }) == "roll: got 2 shifts and 1 dims, expected as many");
  CHECK(error_of([&] { x.rot90(1, {1, 1}); }) == "rot90: the two dims are the same, 1 and 1");
  CHECK(error_of([&] { v.rot90(); }) ==
        "rot90: the tensor has shape [3], expected at least 2 dims");
  CHECK(error_of([&] { v.tril(); }) == "tril: the tensor has shape [3], expected at least 2 dims");
  CHECK(error_of([&] {
          zeros({1, 1, 1}).diag();
        }) == "diag: the tensor has shape [1, 1, 1], expected a vector or a matrix");
  CHECK(error_of([&] { x.diag_embed(0, 1, 1); }) ==
        "diag_embed: the two dims are the same, 1 and 1");
  CHECK(error_of([&] { v.fill_diagonal_(1); }) ==
        "fill_diagonal_: the tensor has shape [3], expected at least 2 dims");
  CHECK(error_of([&] {
          zeros({2, 3, 3}).fill_diagonal_(1);
        }) == "fill_diagonal_: the tensor has shape [2, 3, 3], expected equal sizes");
  CHECK(error_of([&] { tril_indices(-3, 4); }) ==
        "tril_indices: the matrix is [-3, 4], expected sizes of at least 0");
}

}  // namespace xgrad::testing
