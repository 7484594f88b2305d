// How gradients are added up in .grad(): memory order, type, sharing, history.
#include <catch2/catch.hpp>

#include "support/matchers.h"
#include "xgrad/xgrad.h"

namespace xgrad::testing {
namespace {

TensorOptions doubles() { return dtype(kFloat64).requires_grad(true); }

}  // namespace

TEST_CASE("a gradient gets its leaf's memory order", "[autograd]") {
  const Tensor x = ones({2, 3}, doubles());
  x.backward(arange(6, kFloat64).view({3, 2}).t());
  CHECK(x.grad().strides() == IntArrayRef({3, 1}));
  x.backward(arange(6, kFloat64).view({2, 3}));
  CHECK_THAT(x.grad(), Near(tensor({{0., 3., 6.}, {4., 7., 10.}}, kFloat64), 0));

  const Tensor columns = ones({3, 2}, kFloat64).t().requires_grad_();
  columns.backward(arange(6, kFloat64).view({2, 3}));
  CHECK(columns.grad().strides() == IntArrayRef({1, 2}));
  CHECK_THAT(columns.grad(), Near(arange(6, kFloat64).view({2, 3}), 0));

  const Tensor gaps = ones({2, 4}, kFloat64).slice(1, 0, 4, 2).detach().requires_grad_();
  (gaps * 2).sum().backward();
  CHECK(gaps.grad().is_contiguous());

  const Tensor spread = ones({3}, doubles());
  spread.backward(ones({1}, kFloat64).expand({3}));
  CHECK(spread.grad().stride(0) == 1);
}

TEST_CASE("a gradient is nobody else's", "[autograd]") {
  const Tensor x = ones({2}, doubles()), given = ones({2}, kFloat64);
  x.backward(given);
  CHECK(x.grad().data_ptr() != given.data_ptr());
  x.grad().mul_(5);
  CHECK_THAT(given, Near(ones({2}, kFloat64), 0));
  const Tensor y = ones({2}, doubles()), z = ones({2}, doubles());
  (y + z).backward(given);
  CHECK(y.grad().data_ptr() != z.grad().data_ptr());
}

TEST_CASE("gradients are added in place, unless they are recorded", "[autograd]") {
  const Tensor x = ones({2}, doubles());
  (x * 2).sum().backward();
  const Tensor first = x.grad();
  (x * 2).sum().backward();
  CHECK(first.is_same(x.grad()));
  CHECK_THAT(first, Near(full({2}, 4., kFloat64), 0));
  (x * x).sum().backward({}, nullopt, true);
  CHECK(!first.is_same(x.grad()));
  CHECK_THAT(first, Near(full({2}, 4., kFloat64), 0));
  CHECK(x.grad().requires_grad());
  CHECK_THAT(autograd::grad({x.grad().sum()}, {x})[0], Near(full({2}, 2., kFloat64), 0));
  x.mutable_grad() = Tensor();
}

TEST_CASE("a gradient that was assigned is added to", "[autograd]") {
  const Tensor x = ones({2}, doubles());
  x.mutable_grad() = ones({2}, kFloat64);
  (x * 2).sum().backward();
  CHECK_THAT(x.grad(), Near(full({2}, 3., kFloat64), 0));
  x.mutable_grad() = ones({3}, kFloat64);
  CHECK_THROWS_AS((x * 2).sum().backward(), Error);
}

TEST_CASE("a gradient has its tensor's type, whatever came", "[autograd]") {
  const Tensor x = ones({2}, doubles());
  (x * 2).backward(ones({2}, kFloat));
  CHECK(x.grad().scalar_type() == kDouble);
  (x * 2).backward(ones({2}, kLong));
  CHECK_THAT(x.grad(), Near(full({2}, 4., kFloat64), 0));
  const Tensor scalar = tensor(2., dtype(kFloat).requires_grad(true));
  (ones({3}, kFloat64) * scalar).sum().backward();
  CHECK(scalar.grad().scalar_type() == kFloat);
  CHECK(scalar.grad().item<double>() == 3);
}

TEST_CASE("backward(inputs) adds to those alone, results among them", "[autograd]") {
  const Tensor x = ones({1}, doubles()), w = ones({1}, doubles());
  const Tensor h = x * 2, y = h * w;
  const std::vector<Tensor> some{h, w}, none, unused{ones({1}, doubles())}, plain{ones({1})};
  y.backward({}, true, false, TensorList(some));
  CHECK(!x.grad().defined());
  CHECK(h.grad().item<double>() == 1);
  CHECK(w.grad().item<double>() == 2);
  y.backward({}, true, false, TensorList(unused));
  CHECK(!unused[0].grad().defined());
  CHECK(error_of([&] { y.backward({}, true, false, TensorList(none)); }) ==
        "backward: the list of inputs is empty, expected at least one, or none given");
  CHECK(error_of([&] { y.backward({}, true, false, TensorList(plain)); }) ==
        "backward: input 0 does not require a gradient, expected one that does");
}

TEST_CASE("a tape that saved nothing may be walked again", "[autograd]") {
  const Tensor x = ones({2}, doubles());
  const Tensor y = ((x + x).view({2, 1}) * 3).transpose(0, 1).sum();
  y.backward();
  y.backward();
  CHECK_THAT(x.grad(), Near(full({2}, 12., kFloat64), 0));
  const Tensor shared = x.view({2, 1});
  shared.exp().sum().backward();
  CHECK_NOTHROW(shared.sin().sum().backward());
}

TEST_CASE("gradients outlive the tape, and the tape its tensors", "[autograd]") {
  Tensor dx;
  {
    const Tensor x = ones({2}, doubles());
    (x * 2).sum().backward();
    dx = x.grad();
  }
  CHECK_THAT(dx, Near(full({2}, 2., kFloat64), 0));
  Tensor y;
  const Tensor w = ones({2}, doubles());
  {
    const Tensor h = w * 2;
    y = (h * h).sum();
  }
  y.backward();
  CHECK_THAT(w.grad(), Near(full({2}, 8., kFloat64), 0));
}

}  // namespace xgrad::testing
