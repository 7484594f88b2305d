// In-place changes: what PyTorch allows, on views and non-leaves, and what it refuses. Values
// checked against PyTorch 1.13.
#include <catch2/catch.hpp>

#include "support/matchers.h"
#include "xgrad/xgrad.h"

namespace xgrad::testing {

TEST_CASE("a leaf that requires grad is not changed while recording", "[autograd]") {
  const Tensor x = ones({2}, requires_grad());
  CHECK(error_of([&] { x.add_(1); }) ==
        "add_: a leaf that requires grad is used in an in-place op; do it under NoGradGuard or on "
        "a copy");
  CHECK(error_of([&] { x[0] = 1; }) ==
        "fill_: a view of a leaf that requires grad is used in an in-place op; do it under "
        "NoGradGuard or on a copy");
  const NoGradGuard no_grad;
  x.add_(1);
  CHECK(x[0].item<double>() == 2);
}

TEST_CASE("in-place ops on results differentiate", "[autograd]") {
  const Tensor x = tensor({1., 2.}, dtype(kFloat64).requires_grad(true));
  Tensor y = x * 3;
  y.mul_(x);
  y.exp_();
  (y + x).sum().backward();
  // exp(3 x^2) + x
  CHECK_THAT(x.grad(), Near((6 * x * (3 * x * x).exp() + 1).detach(), 1e-12));
  Tensor z = x * 3;
  z.mul_(z);  // the factor that backward needs is gone
  CHECK(error_of([&] { z.sum().backward(); }).find("was changed in place") != std::string::npos);
}

TEST_CASE("writing into a view gives its base the history", "[autograd]") {
  const Tensor x = tensor({2., 3.}, dtype(kFloat64).requires_grad(true));
  const Tensor buffer = zeros({2, 2}, kFloat64);
  buffer[0] = x * x;
  buffer[1].copy_(x);
  CHECK(buffer.requires_grad());
  (buffer * tensor({{1., 10.}, {100., 1000.}}, kFloat64)).sum().backward();
  CHECK_THAT(x.grad(), Near(tensor({4. + 100, 60. + 1000}, kFloat64), 1e-12));
}

TEST_CASE("a change of the base is seen by gradients of its older views", "[autograd]") {
  const Tensor x = ones({3}, dtype(kFloat64).requires_grad(true));
  const Tensor y = x * 2;
  const Tensor view = y.narrow(0, 0, 2);
  y.mul_(5);
  view.sum().backward();
  CHECK_THAT(x.grad(), Near(tensor({10., 10., 0.}, kFloat64), 0));
}

TEST_CASE("views of views write through to the base", "[autograd]") {
  const Tensor x = tensor({1., 2., 3., 4.}, dtype(kFloat64).requires_grad(true));
  const Tensor y = x * 1;
  y.view({2, 2}).t()[0].mul_(10);  // elements 0 and 2
  CHECK_THAT(y, Near(tensor({10., 2., 30., 4.}, kFloat64), 0));
  y.pow(2).sum().backward();
  CHECK_THAT(x.grad(), Near(tensor({200., 4., 600., 8.}, kFloat64), 1e-12));
}

TEST_CASE("a saved tensor that was changed is an error, one that was not saved is none",
          "[autograd]") {
  const Tensor x = ones({2}, requires_grad());
  Tensor a = x * 2;
  const Tensor product = a * a;
  a.add_(1);
  CHECK(error_of([&] { product.sum().backward(); })
            .find("MulBackward0: a tensor saved for backward (float32 [2], output 0 of "
                  "MulBackward1) was "
                  "changed in place") == 0);

  Tensor b = x * 2;
  const Tensor sum = b + b;  // add saves nothing
  b.add_(1);
  sum.sum().backward();
  CHECK_THAT(x.grad(), Near(full({2}, 4.), 0));
}

TEST_CASE("what an in-place op keeps of its result is the tensor itself", "[autograd]") {
  const Tensor x = tensor({0.5, 1.5}, dtype(kFloat64).requires_grad(true));
  for (Tensor& (Tensor::*op)() const :
       {&Tensor::exp_, &Tensor::sigmoid_, &Tensor::tanh_, &Tensor::relu_, &Tensor::sqrt_}) {
    Tensor y = x * 1;
    (y.*op)();
    y.mul_(2);
    CHECK(error_of([&] { y.sum().backward(); }).find("its own output) was changed in place") !=
          std::string::npos);
    Tensor z = x * 1;
    (z.slice(0, 1).*op)();
    const Tensor direct = autograd::grad({z.square().sum()}, {x})[0];
    const Tensor tail = x.slice(0, 1) * 1, applied = (tail.*op)();
    const Tensor expected = autograd::grad({applied.square().sum()}, {x})[0];
    CHECK_THAT(direct.slice(0, 1), Near(expected.slice(0, 1), 1e-12));
    CHECK(direct[0].item<double>() == 1);
  }
  Tensor y = x * 1;
  leaky_relu_(y, -0.5).mul_(2).sum().backward();  // of a negative slope the input is kept
  CHECK_THAT(x.grad(), Near(full({2}, 2., kFloat64), 0));
  const Tensor inverse = (x / 2).erfinv_().mul_(2);  // keeps its input
  CHECK_NOTHROW(inverse.sum().backward());
}

TEST_CASE("an input that overlaps the changed tensor in part is refused", "[autograd]") {
  const Tensor x = arange(9, kFloat).view({3, 3});
  CHECK(error_of([&] { x.add_(x.t()); }) ==
        "add_: an input of shape [3, 3] shares memory with the tensor of shape [3, 3] that the "
        "result goes into; clone() the input first");
  const auto refused = [](auto&& change) {
    return error_of(change).find("shares memory with the tensor") != std::string::npos;
  };
  CHECK(refused([&] { x.copy_(x.t()); }));
  CHECK(refused([&] { x.slice(0, 1).mul_(x.slice(0, 0, 2)); }));
  CHECK(refused([&] { x.slice(0, 1).copy_(x.slice(0, 0, 2)); }));
  CHECK(refused([&] { x.div_(x[0]); }));
  CHECK(refused([&] { x.eq_(x.t()); }));
  CHECK(refused([&] { x.addcmul_(x, x.t()); }));
  CHECK(refused([&] { x.pow_(x.t()); }));
  CHECK(refused([&] { x.bernoulli_(x.t() / 9).bernoulli_(x.t()); }));
  Tensor turned = x.t();
  CHECK(refused([&] { add_out(turned, x, x); }));
  x.copy_(arange(9, kFloat).view({3, 3}));
  // All of it in the same order is fine, and so are other parts; with holes it is not looked at.
  x.add_(x.view({3, 3}));
  x[0].add_(x[1]);
  x.copy_(x);
  x.fill_(x[2][2]);
  x.select(1, 0).add_(x.select(0, 0));
  CHECK_THAT(x, Near(tensor({{32., 16., 16.}, {32., 16., 16.}, {32., 16., 16.}}), 0));
}

TEST_CASE("changes through data() are not noticed", "[autograd]") {
  const Tensor x = ones({2}, requires_grad());
  const Tensor y = (x * x).sum();
  x.data().mul_(3);
  y.backward();
  CHECK_THAT(x.grad(), Near(full({2}, 6.), 0));
}

TEST_CASE("overwriting ends a history", "[autograd]") {
  const Tensor x = ones({2}, requires_grad());
  Tensor y = x * 2;
  y.zero_();
  y.sum().backward();
  CHECK_THAT(x.grad(), Near(zeros({2}), 0));
  Tensor z = x * 3;
  z[0].fill_(7);
  z.sum().backward();
  CHECK_THAT(x.grad(), Near(tensor({0., 3.}), 0));
}

TEST_CASE("in-place view ops keep the history", "[autograd]") {
  const Tensor x = ones({2, 3}, requires_grad());
  Tensor y = x * 2;
  y.t_().unsqueeze_(0);
  CHECK(y.sizes() == IntArrayRef({1, 3, 2}));
  (y * arange(6, kFloat).view({1, 3, 2})).sum().backward();
  CHECK_THAT(x.grad(), Near(2 * arange(6, kFloat).view({3, 2}).t(), 0));
}

TEST_CASE("gradients through in-place writes have gradients", "[autograd]") {
  const auto f = [](const autograd::variable_list& in) {
    const Tensor y = in[0] * in[0];
    y[1].mul_(in[1]);
    y.narrow(1, 0, 1).exp_();
    return autograd::variable_list{y};
  };
  manual_seed(4);
  const autograd::variable_list inputs{randn({2, 3}, dtype(kFloat64).requires_grad(true)),
                                       randn({3}, dtype(kFloat64).requires_grad(true))};
  CHECK_NOTHROW(autograd::gradcheck(f, inputs));
  CHECK_NOTHROW(autograd::gradgradcheck(f, inputs));
}

TEST_CASE("a mask that was changed since is noticed", "[autograd]") {
  const Tensor x = ones({3}, requires_grad());
  const Tensor mask = ones({3}, kBool), chosen = x.masked_select(mask);
  mask.zero_();
  CHECK(error_of([&] { chosen.sum().backward(); }).find("was changed in place") !=
        std::string::npos);
}

TEST_CASE("l1_loss does not need its input any more", "[autograd]") {
  const Tensor x = tensor({1., -2.}, dtype(kFloat64).requires_grad(true)), a = x * 1;
  const Tensor loss = l1_loss(a, zeros({2}, kFloat64));
  a.mul_(2);
  loss.backward();
  CHECK_THAT(x.grad(), Near(tensor({0.5, -0.5}, kFloat64), 0));
}

TEST_CASE("an expanded tensor with a history is not changed in place", "[autograd]") {
  const Tensor leaf = tensor({{1., 2., 3.}}, dtype(kFloat64).requires_grad(true));
  const Tensor expanded = (leaf * 1).expand({4, 3});
  CHECK_THROWS_AS(expanded.masked_fill_(expanded.detach() > 1.5, 0), Error);
  CHECK_THROWS_AS(expanded.tril_(), Error);
  const Tensor plain = ones({1, 3}).expand({2, 3});
  plain.masked_fill_(plain > 0, 5);
  CHECK_THAT(plain, Near(full({2, 3}, 5.), 0));
}

TEST_CASE("an undefined operand of an in-place op is an error", "[autograd]") {
  const Tensor x = ones({2}), undefined;
  CHECK_THROWS_AS(x.atan2_(undefined), Error);
  CHECK_THROWS_AS(x.lerp_(undefined, 0.5), Error);
  CHECK_THROWS_AS(x.addcmul_(undefined, x), Error);
  CHECK_THAT(x, Near(ones({2}), 0));
}

TEST_CASE("copysign and frexp notice a change of what they keep", "[autograd]") {
  const Tensor x = tensor({3., -4.}, dtype(kFloat64).requires_grad(true));
  const Tensor y = x.copysign(tensor({1., 1.}, kFloat64));
  y.mul_(2);
  CHECK_THROWS_AS(y.sum().backward(), Error);
  const auto [mantissa, exponent] = frexp(x);
  exponent.zero_();
  CHECK_THROWS_AS(mantissa.sum().backward(), Error);
}

}  // namespace xgrad::testing
