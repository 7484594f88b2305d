// The tape: what backward and grad return, retained graphs, higher derivatives, errors.
#include <catch2/catch.hpp>

#include "support/matchers.h"
#include "xgrad/xgrad.h"

namespace xgrad::testing {

using autograd::grad;

TEST_CASE("backward adds into the leaves and into nothing else", "[autograd]") {
  const Tensor x = tensor({1., 2.}, requires_grad()), y = tensor({3., 4.}, requires_grad());
  const Tensor z = x * y;
  z.sum().backward();
  CHECK_THAT(x.grad(), Near(y, 0));
  CHECK_THAT(y.grad(), Near(x, 0));
  CHECK(!z.grad().defined());
  CHECK(!z.is_leaf());
  CHECK(z.grad_fn()->name() == "MulBackward0");
  (x * 2).sum().backward();
  CHECK_THAT(x.grad(), Near(tensor({5., 6.}), 0));
}

TEST_CASE("a node that is used twice gets the sum of its gradients once", "[autograd]") {
  const Tensor x = tensor(3., requires_grad());
  int calls = 0;
  const Tensor y = x * x;
  y.register_hook([&](const Tensor&) { ++calls; });
  (y * y + y).backward();
  CHECK(calls == 1);
  CHECK(x.grad().item<double>() == 4 * 27 + 6);
}

TEST_CASE("a tape can be walked twice only if it was retained", "[autograd]") {
  const Tensor x = tensor(3., requires_grad());
  const Tensor y = (x * x).exp();
  y.backward({}, true);
  y.backward();
  CHECK(error_of([&] {
          y.backward();
        }).find("was walked a second time, but what it had saved was freed after the first") !=
        std::string::npos);
}

TEST_CASE("derivatives of any order come from create_graph", "[autograd]") {
  const Tensor x = tensor(2., dtype(kFloat64).requires_grad(true));
  Tensor y = x.pow(5);
  const double expected[] = {80, 160, 240, 240, 120};
  for (const double value : expected) {
    y = grad({y}, {x}, {}, nullopt, true)[0];
    CHECK(y.item<double>() == Approx(value));
  }
}

TEST_CASE("grad returns gradients without accumulating", "[autograd]") {
  const Tensor x = tensor(2., requires_grad()), y = tensor(3., requires_grad()),
               unused = tensor(1., requires_grad());
  const Tensor z = x * y;
  const auto grads = grad({z * z}, {x, z}, {}, true);
  CHECK(grads[0].item<double>() == 36);
  CHECK(grads[1].item<double>() == 12);
  CHECK(!x.grad().defined());
  CHECK(error_of([&] { grad({x * y}, {unused}); }) ==
        "grad: the outputs do not depend on input 0; pass allow_unused=true to get an undefined "
        "gradient for it");
  CHECK(!grad({x * y}, {unused}, {}, nullopt, false, true)[0].defined());
  const auto twice = grad({x * y, z}, {x, x});
  CHECK(twice[0].item<double>() == 6);
  CHECK(twice[1].item<double>() == 6);
  const Tensor h = x * 2;
  CHECK(grad({h}, {h})[0].item<double>() == 1);
  CHECK(grad({x}, {x})[0].item<double>() == 1);
  CHECK(error_of([&] { grad({x * 2}, {ones({})}, {}, nullopt, false, true); }) ==
        "grad: input 0 does not require a gradient, expected one that does");
  CHECK(error_of([&] { grad({x * 2}, {}); }) == "grad: got no inputs, expected at least one");
  CHECK(error_of([&] {
          grad({x * 2}, {x}, {ones({}), ones({})});
        }) == "grad: got 2 gradients, expected one for each of 1 outputs");
}

TEST_CASE("wrong calls of backward say what was expected", "[autograd]") {
  const Tensor x = ones({2}, requires_grad());
  CHECK(error_of([&] { (x * 2).backward(); }) ==
        "backward: output 0 has shape [2], expected one element where no gradient is given");
  CHECK(error_of([&] { (x * 2).backward(ones({3})); }) ==
        "backward: gradient 0 has shape [3], expected [2]");
  CHECK(error_of([] { ones({1}).backward(); }) ==
        "backward: output 0 does not require a gradient and was made by no recorded op");
  CHECK(error_of([] { ones({1}, kLong).requires_grad_(); }) ==
        "requires_grad_: only floating tensors can require gradients, got int64");
}

TEST_CASE("nothing is recorded without need", "[autograd]") {
  const Tensor x = ones({2}, requires_grad());
  {
    const NoGradGuard no_grad;
    CHECK(!(x * 2).requires_grad());
  }
  CHECK((x * 2).requires_grad());
  CHECK(!x.detach().requires_grad());
  CHECK(!(x.detach() * 2).grad_fn());
  CHECK(!x.argmax().requires_grad());
}

TEST_CASE("gradients have the input's shape and dtype", "[autograd]") {
  const Tensor x = ones({3, 1}, requires_grad()),
               y = ones({2, 1, 4}, dtype(kFloat64).requires_grad(true));
  (x * y).sum().backward();
  CHECK(x.grad().sizes() == x.sizes());
  CHECK(x.grad().scalar_type() == kFloat);
  CHECK(y.grad().scalar_type() == kDouble);
  CHECK_THAT(x.grad(), Near(full({3, 1}, 8.), 0));
}

TEST_CASE("gradcheck refuses a wrong gradient and says where", "[autograd]") {
  struct Wrong : autograd::Function<Wrong> {
    static Tensor forward(autograd::AutogradContext* ctx, Tensor x) {
      ctx->save_for_backward({x});
      return x * x;
    }
    static autograd::variable_list backward(autograd::AutogradContext* ctx,
                                            autograd::variable_list dy) {
      return {dy[0] * ctx->get_saved_variables()[0]};  // forgot the factor 2
    }
  };
  const Tensor x = tensor({3., 4.}, dtype(kFloat64).requires_grad(true));
  const auto f = [](const autograd::variable_list& in) {
    return autograd::variable_list{Wrong::apply(in[0])};
  };
  CHECK(error_of([&] { autograd::gradcheck(f, {x}); })
            .find("gradcheck: the derivative of output 0 [0] with respect to input 0 [0] is 3, "
                  "expected 6") == 0);
  CHECK(!autograd::gradcheck(f, {x}, {.raise_exception = false}));
}

TEST_CASE("a gradient given for an output is summed to its shape", "[autograd]") {
  const Tensor x = ones({3}, dtype(kFloat64).requires_grad(true));
  const auto gradient = [&](const Tensor& y, const Tensor& dy) {
    return autograd::grad({y}, {x}, {dy})[0];
  };
  CHECK_THAT(gradient(x.sum(), ones({1}, kFloat64)), Near(ones({3}, kFloat64), 0));
  CHECK_THAT(gradient(x * 2, ones({2, 3}, kFloat64)), Near(full({3}, 4., kFloat64), 0));
  CHECK_THROWS_AS(gradient(x * 2, ones({1}, kFloat64)), Error);
}

TEST_CASE("the gradients of means are tensors of their own", "[autograd]") {
  const Tensor x = ones({1, 1, 2, 4}, requires_grad());
  for (const Tensor& y : {x.mean(), x.mean(3).sum(), adaptive_avg_pool2d(x, {1, 1}).sum(),
                          nn::functional::interpolate(x, nn::functional::InterpolateFuncOptions()
                                                             .size(std::vector<std::int64_t>{1, 2})
                                                             .mode(kArea))
                              .sum()}) {
    const Tensor dx = autograd::grad({y}, {x})[0];
    CHECK(dx.is_contiguous());
    CHECK_NOTHROW(dx.mul_(2));
  }
}

TEST_CASE("the remainder of a number saves nothing", "[autograd]") {
  const Tensor x = ones({2}, requires_grad());
  for (const Tensor& y : {x.remainder(2).sum(), x.fmod(2).sum()}) {
    y.backward();
    CHECK_NOTHROW(y.backward());
  }
}

TEST_CASE("ops go by libtorch's names on the tape", "[autograd]") {
  const Tensor x = ones({3, 3}, requires_grad()), v = ones({3}, requires_grad());
  const auto name = [](const Tensor& y) { return y.grad_fn()->name(); };
  CHECK(name(x + 2) == "AddBackward1");
  CHECK(name(x - x) == "SubBackward0");
  CHECK(name(x / 2) == "DivBackward1");
  CHECK(name(x.div(x, "floor")) == "DivBackward2");
  CHECK(name(x.fmod(x)) == "FmodBackward1");
  CHECK(name(x.mm(x)) == "MmBackward0");
  CHECK(name(x.matmul(v)) == "MvBackward0");
  CHECK(name(v.matmul(v)) == "DotBackward0");
  CHECK(name(bmm(x.unsqueeze(0), x.unsqueeze(0))) == "BmmBackward0");
  CHECK(name(addmm(x, x, x)) == "AddmmBackward0");
  CHECK(name(linear(x, x, v)) == "AddmmBackward0");
  CHECK(name(linear(x, x)) == "MmBackward0");
  CHECK(name(einsum("ij,jk->ik", {x, x})) == "EinsumBackward0");
}

TEST_CASE("set_requires_grad(false) leaves a tensor with a history alone", "[autograd]") {
  const Tensor y = ones({2}, requires_grad()) * 2;
  y.set_requires_grad(false);
  CHECK(y.requires_grad());
  CHECK_THROWS_AS(y.requires_grad_(false), Error);
}

}  // namespace xgrad::testing
