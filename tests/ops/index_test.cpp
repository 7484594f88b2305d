// Indexing against PyTorch. The expected texts are repr() of the results of the same calls in
// PyTorch 1.13, printed by
//   print(repr(y[1:, [0, 2]]))
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

TEST_CASE("index gives what PyTorch's brackets give", "[index]") {
  using namespace indexing;
  const Tensor x = arange(6).view({2, 3}), y = arange(24).view({2, 3, 4});
  const std::vector<Case> cases = {
      // clang-format off
      {show(y.index({0})),
       R"(tensor([[ 0,  1,  2,  3],
        [ 4,  5,  6,  7],
        [ 8,  9, 10, 11]]))"},
      {show(y.index({-1, 1})),
       R"(tensor([16, 17, 18, 19]))"},
      {show(y.index({1, 2, 3})),
       R"(tensor(23))"},
      {show(y.index({Slice(), 1})),
       R"(tensor([[ 4,  5,  6,  7],
        [16, 17, 18, 19]]))"},
      {show(y.index({Slice(1, None), Slice(None, 2)})),
       R"(tensor([[[12, 13, 14, 15],
         [16, 17, 18, 19]]]))"},
      {show(y.index({Slice(None, None, 2)})),
       R"(tensor([[[ 0,  1,  2,  3],
         [ 4,  5,  6,  7],
         [ 8,  9, 10, 11]]]))"},
      {show(y.index({Slice(-2, 100, 1), 0, Slice(1, -1)})),
       R"(tensor([[ 1,  2],
        [13, 14]]))"},
      {show(y.index({Slice(5, 2)})),
       R"(tensor([], size=(0, 3, 4), dtype=torch.int64))"},
      {show(y.index({Ellipsis, 0})),
       R"(tensor([[ 0,  4,  8],
        [12, 16, 20]]))"},
      {show(y.index({"...", 1, Slice(2, None)})),
       R"(tensor([[ 6,  7],
        [18, 19]]))"},
      {show(y.index({0, Ellipsis})),
       R"(tensor([[ 0,  1,  2,  3],
        [ 4,  5,  6,  7],
        [ 8,  9, 10, 11]]))"},
      {show(y.index({None, 0, None})),
       R"(tensor([[[[ 0,  1,  2,  3],
          [ 4,  5,  6,  7],
          [ 8,  9, 10, 11]]]]))"},
      {show(x.index({Ellipsis, None})),
       R"(tensor([[[0],
         [1],
         [2]],

        [[3],
         [4],
         [5]]]))"},
      {show(tensor(5).index({None})),
       R"(tensor([5]))"},
      {show(tensor(5).index({Ellipsis})),
       R"(tensor(5))"},
      {show(x.index({true})),
       R"(tensor([[[0, 1, 2],
         [3, 4, 5]]]))"},
      {show(x.index({false})),
       R"(tensor([], size=(0, 2, 3), dtype=torch.int64))"},
      {show(x.index({tensor(true)})),
       R"(tensor([[[0, 1, 2],
         [3, 4, 5]]]))"},
      {show(tensor(5).index({tensor(false)})),
       R"(tensor([], dtype=torch.int64))"},
      {show(x.index({true, tensor({1, 0, 1})})),
       R"(tensor([[3, 4, 5],
        [0, 1, 2],
        [3, 4, 5]]))"},
      {show(x.index({tensor(1)})),
       R"(tensor([3, 4, 5]))"},
      {show(x.index({Slice(), tensor(1, kInt32)})),
       R"(tensor([1, 4]))"},
      {show(x.index({tensor({1, 0, -1})})),
       R"(tensor([[3, 4, 5],
        [0, 1, 2],
        [3, 4, 5]]))"},
      {show(x.index({Slice(), tensor({2, 0})})),
       R"(tensor([[2, 0],
        [5, 3]]))"},
      {show(x.index({tensor({{0, 1}, {1, 1}})})),
       R"(tensor([[[0, 1, 2],
         [3, 4, 5]],

        [[3, 4, 5],
         [3, 4, 5]]]))"},
      {show(x.index({tensor({0, 1}), tensor({2, 1})})),
       R"(tensor([2, 4]))"},
      {show(x.index({tensor({{0}, {1}}), tensor({2, 1})})),
       R"(tensor([[2, 1],
        [5, 4]]))"},
      {show(y.index({tensor({0, 1}), Slice(), tensor({3, 0})})),
       R"(tensor([[ 3,  7, 11],
        [12, 16, 20]]))"},
      {show(y.index({Slice(), tensor({0, 2}), tensor({3, 0})})),
       R"(tensor([[ 3,  8],
        [15, 20]]))"},
      {show(y.index({0, Slice(), tensor({3, 0})})),
       R"(tensor([[ 3,  0],
        [ 7,  4],
        [11,  8]]))"},
      {show(y.index({tensor({1, 0}), 1, tensor({3, 0})})),
       R"(tensor([19,  4]))"},
      {show(y.index({tensor({1, 0}), None, tensor({2, 0})})),
       R"(tensor([[[20, 21, 22, 23]],

        [[ 0,  1,  2,  3]]]))"},
      {show(y.index({Ellipsis, tensor({1, 3}), None})),
       R"(tensor([[[[ 1],
          [ 3]],

         [[ 5],
          [ 7]],

         [[ 9],
          [11]]],


        [[[13],
          [15]],

         [[17],
          [19]],

         [[21],
          [23]]]]))"},
      {show(x.index({x.gt(2)})),
       R"(tensor([3, 4, 5]))"},
      {show(x.index({x.gt(9)})),
       R"(tensor([], dtype=torch.int64))"},
      {show(y.index({tensor({true, false})})),
       R"(tensor([[[ 0,  1,  2,  3],
         [ 4,  5,  6,  7],
         [ 8,  9, 10, 11]]]))"},
      {show(y.index({Slice(), tensor({true, false, true})})),
       R"(tensor([[[ 0,  1,  2,  3],
         [ 8,  9, 10, 11]],

        [[12, 13, 14, 15],
         [20, 21, 22, 23]]]))"},
      {show(y.index({x.eq(4)})),
       R"(tensor([[16, 17, 18, 19]]))"},
      {show(y.index({x.gt(3), Slice(1, 3)})),
       R"(tensor([[17, 18],
        [21, 22]]))"},
      {show(y.index({Ellipsis, tensor({true, false, true, true})})),
       R"(tensor([[[ 0,  2,  3],
         [ 4,  6,  7],
         [ 8, 10, 11]],

        [[12, 14, 15],
         [16, 18, 19],
         [20, 22, 23]]]))"},
      {show(x.index({tensor({1, 0}, kUInt8)})),
       R"(tensor([[0, 1, 2]]))"},
      {show(y.index({tensor({true, true}), tensor({1, 2})})),
       R"(tensor([[ 4,  5,  6,  7],
        [20, 21, 22, 23]]))"},
      {show(x.index({zeros({0}, kInt64)})),
       R"(tensor([], size=(0, 3), dtype=torch.int64))"},
      {show(x.t().index({tensor({2, 0})})),
       R"(tensor([[2, 5],
        [0, 3]]))"},
      {show(x.t().index({Slice(), tensor({1, 1})})),
       R"(tensor([[3, 3],
        [4, 4],
        [5, 5]]))"},
      {show(x[tensor({1, 1})]),
       R"(tensor([[3, 4, 5],
        [3, 4, 5]]))"},
      {show(x[1][2]),
       R"(tensor(5))"},
      {show(x[tensor(1)]),
       R"(tensor([3, 4, 5]))"},
      // clang-format on
  };
  for (const Case& each : cases) CHECK(each.text == each.expected);
}

TEST_CASE("numbers, slices, None and an ellipsis give a view; index tensors a copy", "[index]") {
  using namespace indexing;
  const Tensor x = zeros({2, 3}, kInt64);
  x.index({0, Slice(1, None)}).fill_(5);
  x.index({Ellipsis}).narrow(1, 0, 1).add_(1);
  x.index({tensor({0, 1})}).fill_(100);
  CHECK(show(x) == "tensor([[1, 5, 5],\n        [1, 0, 0]])");
  CHECK_FALSE(x.index({Slice()}).is_same(x));
}

TEST_CASE("index_put_ writes where index reads", "[index]") {
  using namespace indexing;
  const auto put = [](std::initializer_list<TensorIndex> indices, const Tensor& value) {
    const Tensor x = zeros({2, 3});
    x.index_put_(indices, value);
    return show(x);
  };
  CHECK(put({0}, tensor({1.0, 2.0, 3.0})) == "tensor([[1., 2., 3.],\n        [0., 0., 0.]])");
  CHECK(put({Slice(), 1}, tensor(4)) == "tensor([[0., 4., 0.],\n        [0., 4., 0.]])");
  CHECK(put({Ellipsis}, ones({1, 1, 3})) == "tensor([[1., 1., 1.],\n        [1., 1., 1.]])");
  CHECK(put({tensor({1, 0})}, tensor({{1.0}, {2.0}})) ==
        "tensor([[2., 2., 2.],\n        [1., 1., 1.]])");
  CHECK(put({tensor({1, 0}), tensor({0, -1})}, tensor({5.0, 6.0})) ==
        "tensor([[0., 0., 6.],\n        [5., 0., 0.]])");
  CHECK(put({Slice(), tensor({0, 2})}, ones({1, 2, 2})) ==
        "tensor([[1., 0., 1.],\n        [1., 0., 1.]])");
  CHECK(put({tensor({0, 0}), 1}, tensor({7.0, 8.0})) ==
        "tensor([[0., 8., 0.],\n        [0., 0., 0.]])");
  CHECK(put({true}, tensor(2.0)) == "tensor([[2., 2., 2.],\n        [2., 2., 2.]])");
  CHECK(put({false}, tensor(2.0)) == "tensor([[0., 0., 0.],\n        [0., 0., 0.]])");
  CHECK(put({tensor({{true, false, true}, {false, true, false}})}, tensor({1.0, 2.0, 3.0})) ==
        "tensor([[1., 0., 2.],\n        [0., 3., 0.]])");
  const Tensor x = arange(6).view({2, 3});
  x.index_put_({x.gt(2)}, 0.0);
  x.t().index_put_({0}, -1);
  CHECK(show(x) == "tensor([[-1,  1,  2],\n        [-1,  0,  0]])");
}

TEST_CASE("index_put with accumulate adds every value, also of equal places", "[index]") {
  const Tensor x = zeros({3}), places = tensor({0, 2, 0});
  CHECK(show(index_put(x, {places}, tensor({1.0, 2.0, 3.0}), true)) == "tensor([4., 0., 2.])");
  CHECK(show(index_put(x, {places}, tensor({1.0, 2.0, 3.0}))) == "tensor([3., 0., 2.])");
  CHECK(show(x) == "tensor([0., 0., 0.])");
  index_put_(x, std::vector<Tensor>{places}, tensor(1.0), true);
  CHECK(show(x) == "tensor([2., 0., 1.])");
  index_put_(x, {indexing::Slice(1, 3)}, tensor(1.0), true);
  CHECK(show(x) == "tensor([2., 1., 2.])");
}

TEST_CASE("leading dims of size 1 are dropped of an index's values, but not of what is copied",
          "[index]") {
  const Tensor x = zeros({3});
  x.index_put_({0}, ones({1, 1}));
  x.index_put_({indexing::Slice(1)}, full({1, 2}, 2.));
  CHECK_THAT(x, Near(tensor({1., 2., 2.}), 0));
  CHECK(error_of([&] {
          x.copy_(ones({1, 3}));
        }) == "copy_: shape [1, 3] does not broadcast to [3], which has fewer dims");
  CHECK_THROWS_AS(x[0] = ones({1}), Error);
}

TEST_CASE("gradients of index add up where places repeat", "[index]") {
  using namespace indexing;
  const Tensor x = ones({2, 3}, requires_grad());
  (x.index({tensor({0, 1, 0})}) * tensor({{1.0}, {2.0}, {3.0}})).sum().backward();
  CHECK(show(x.grad()) == "tensor([[4., 4., 4.],\n        [2., 2., 2.]])");
  x.mutable_grad() = Tensor();
  (x.index({Slice(), tensor({2, 0}), None}) * 2).sum().backward();
  CHECK(show(x.grad()) == "tensor([[2., 0., 2.],\n        [2., 0., 2.]])");
}

TEST_CASE("index_put_ hands the gradient of what it wrote to the values", "[index]") {
  const Tensor w = ones({3}, requires_grad()), v = ones({1}, requires_grad()), x = w * 2;
  x.index_put_({tensor({0, 2})}, v);
  (x * tensor({1.0, 2.0, 3.0})).sum().backward();
  CHECK(show(w.grad()) == "tensor([0., 4., 0.])");
  CHECK(show(v.grad()) == "tensor([4.])");

  w.mutable_grad() = v.mutable_grad() = Tensor();
  const Tensor base = w * 2, view = base.slice(0, 1);  // through a view: the base's history follows
  view.index_put_({tensor({1})}, v.squeeze());
  (base * tensor({1.0, 2.0, 3.0})).sum().backward();
  CHECK(show(w.grad()) == "tensor([2., 4., 0.])");
  CHECK(show(v.grad()) == "tensor([3.])");
}

TEST_CASE("index_put_ of a leaf is refused while recording", "[index]") {
  const Tensor w = ones({3}, requires_grad());
  CHECK(error_of([&] { w.index_put_({tensor({0})}, tensor(2.0)); }) ==
        "index_put_: a leaf that requires grad is used in an in-place op; do it under NoGradGuard "
        "or on a copy");
  NoGradGuard no_grad;
  w.index_put_({tensor({0})}, tensor(2.0));
  CHECK(show(w) == "tensor([2., 1., 1.], requires_grad=True)");
}

TEST_CASE("indexing refuses what does not fit, and says why", "[index]") {
  using namespace indexing;
  const Tensor x = arange(6).view({2, 3});
  CHECK_THROWS_AS(x.index({2}), IndexError);
  CHECK(error_of([&] { x.index({2}); }) == "index: index 2 is out of range for dim 0 of size 2");
  CHECK(error_of([&] {
          x.index({0, -4});
        }) == "index: index -4 is out of range for dim 1 of size 3");
  CHECK(error_of([&] {
          x.index({tensor({0, 2})});
        }) == "index: index 2 is out of range for dim 0 of size 2");
  CHECK(error_of([&] {
          x.index({Slice(), tensor({0, -4})});
        }) == "index: index -4 is out of range for dim 1 of size 3");
  CHECK(error_of([&] {
          x.index({0, 0, 0});
        }) == "index: 3 dims are indexed, but the tensor of shape [2, 3] has 2");
  CHECK(error_of([&] {
          x.index({tensor({0, 1}), tensor({0, 1, 2})});
        }) == "index: index tensors of shapes [2] and [3] do not broadcast");
  CHECK(error_of([&] {
          x.index({tensor({0.0, 1.0})});
        }) == "index: an index tensor is float32, expected int64, bool or uint8");
  CHECK(error_of([&] {
          x.index({ones({2, 2}, kBool)});
        }) ==
        "index: the mask has shape [2, 2], expected [2, 3] from dim 0 of a tensor of shape [2, 3]");
  CHECK(error_of([&] { x.index({Slice(None, None, -1)}); }) ==
        "index: the slice's step is -1, expected at least 1");
  CHECK(error_of([&] { Slice(0, 1, 0); }) == "Slice: the step is 0, expected another number");
  CHECK(error_of([&] { x.index({"."}); }) == "TensorIndex: '.' is not an index, expected \"...\"");
  CHECK(error_of([&] { x.index({Tensor()}); }) == "index: an index tensor is undefined");
  CHECK(error_of([&] {
          x.index_put_({tensor({0, 1})}, arange(2));
        }) == "index_put_: values of shape [2] do not broadcast to the [2, 3] that is indexed");
  CHECK(error_of([&] {
          x.index_put_({tensor({0, 1})}, tensor(1.5));
        }) == "index_put_: the values are float32, expected the tensor's int64");
  CHECK(error_of([&] {
          x.index_put_({tensor({0, 9})}, tensor(1));
        }) == "index_put_: index 9 is out of range for dim 0 of size 2");
  CHECK(show(x) == "tensor([[0, 1, 2],\n        [3, 4, 5]])");
}

TEST_CASE("an accessor reads and writes elements through the tensor's strides", "[index]") {
  const Tensor x = arange(6, kFloat32).view({2, 3}).t();
  const auto a = x.accessor<float, 2>();
  CHECK(a.size(0) == 3);
  CHECK(a.stride(1) == 3);
  CHECK(a[2][1] == 5);
  a[0][1] = 9;
  CHECK(a[0].data()[3] == 9);
  CHECK(x.select(1, 1).accessor<float, 1>()[0] == 9);
  CHECK(error_of([&] { x.accessor<float, 1>(); }) ==
        "accessor: the tensor has shape [3, 2], expected 1 dims");
  CHECK(error_of([&] { x.accessor<double, 2>(); }) ==
        "data_ptr: the tensor holds float32, expected float64");
}

}  // namespace xgrad::testing
