// Hooks of tensors and of modules, and retained gradients. Values checked against PyTorch 1.13.
#include <catch2/catch.hpp>

#include "support/matchers.h"
#include "xgrad/xgrad.h"

namespace xgrad::testing {
namespace {

TensorOptions doubles() { return dtype(kFloat64).requires_grad(true); }
double number(const Tensor& tensor) { return tensor.item<double>(); }

}  // namespace

TEST_CASE("hooks run in the order in which they came, each on what the last one left",
          "[autograd]") {
  const Tensor x = ones({1}, doubles());
  const Tensor y = x * 2;
  std::vector<double> seen;
  y.register_hook([&](const Tensor& dy) {
    seen.push_back(number(dy));
    return dy * 2;
  });
  y.register_hook([&](const Tensor& dy) {
    seen.push_back(number(dy));
    return dy + 1;
  });
  (y * 3).backward();
  CHECK(seen == std::vector<double>{3, 6});
  CHECK(number(x.grad()) == 14);
}

TEST_CASE("a hook of a leaf sees the whole gradient once", "[autograd]") {
  const Tensor x = ones({1}, doubles());
  std::vector<double> seen;
  x.register_hook([&](const Tensor& dx) { seen.push_back(number(dx)); });
  (x * 2 + x * 3).backward();
  CHECK(seen == std::vector<double>{5});
}

TEST_CASE("a hook that returns nothing, or an undefined tensor, changes nothing", "[autograd]") {
  const Tensor x = ones({1}, doubles());
  x.register_hook([](const Tensor&) {});
  x.register_hook([](const Tensor&) { return Tensor(); });
  (x * 2).backward();
  CHECK(number(x.grad()) == 2);
}

TEST_CASE("hooks are removed by their number, within a hook too", "[autograd]") {
  const Tensor x = ones({1}, doubles());
  const Tensor y = x * 2;
  std::string calls;
  y.register_hook([&](const Tensor&) { calls += 'a'; });
  const unsigned second = y.register_hook([&](const Tensor&) { calls += 'b'; });
  unsigned third = 0;
  third = y.register_hook([&](const Tensor&) {
    calls += 'c';
    y.remove_hook(third);
  });
  y.remove_hook(second);
  const Tensor z = y * 3;
  z.backward({}, true);
  z.backward();
  CHECK(calls == "aca");
  CHECK(error_of([&] { y.remove_hook(second); }) ==
        "remove_hook: MulBackward1 has no hook of number 1, expected what register_hook returned");
  CHECK(error_of([&] { x.remove_hook(0); }) ==
        "remove_hook: the tensor has no hook of number 0, expected what register_hook returned");
}

TEST_CASE("a hook must keep the gradient's shape and type", "[autograd]") {
  const Tensor x = ones({1}, doubles());
  const Tensor y = x * 2;
  const unsigned id = y.register_hook([](const Tensor&) { return ones({5}, kFloat64); });
  CHECK(error_of([&] { (y * 3).backward(); }) ==
        "register_hook: hook 0 of MulBackward1 returned a gradient of shape [5], expected [1]");
  y.remove_hook(id);
  y.register_hook([](const Tensor& dy) { return dy.to(kFloat); });
  CHECK(error_of([&] { (y * 3).backward(); }) ==
        "register_hook: hook 1 of MulBackward1 returned a gradient of type float32, expected "
        "float64");
}

TEST_CASE("hooks need a tensor that requires gradients", "[autograd]") {
  CHECK(error_of([] { ones({1}).register_hook([](const Tensor&) {}); }) ==
        "register_hook: the tensor does not require gradients, expected one that does");
  CHECK(error_of([] { ones({1}).retain_grad(); }) ==
        "retain_grad: the tensor does not require gradients, expected one that does");
}

TEST_CASE("what a hook throws comes out of backward", "[autograd]") {
  const Tensor x = ones({1}, doubles());
  x.register_hook([](const Tensor&) { throw std::logic_error("from the hook"); });
  CHECK_THROWS_AS((x * 2).backward(), std::logic_error);
}

// PyTorch's documents and its later versions; 1.13 captures before the hooks run.
TEST_CASE("grad() returns gradients as hooks have changed them", "[autograd]") {
  const Tensor x = ones({1}, doubles());
  const Tensor y = x * 2;
  x.register_hook([](const Tensor& dx) { return dx * 10; });
  y.register_hook([](const Tensor& dy) { return dy * 100; });
  const auto gradients = autograd::grad({y * 3}, {x, y});
  CHECK(number(gradients[0]) == 6000);
  CHECK(number(gradients[1]) == 300);
}

TEST_CASE("a hook stays with the op that made the tensor, a retained gradient with the tensor",
          "[autograd]") {
  const Tensor x = ones({1}, doubles());
  const Tensor y = x * 2;
  y.retain_grad();
  double seen = 0;
  y.register_hook([&](const Tensor& dy) {
    seen = number(dy);
    return dy * 10;
  });
  y.mul_(5);
  CHECK(y.retains_grad());
  (y * 3).backward();
  CHECK(seen == 15);
  CHECK(number(y.grad()) == 3);
  CHECK(number(x.grad()) == 300);
}

TEST_CASE("hooks may walk another tape, and record with create_graph", "[autograd]") {
  const Tensor x = tensor({2.}, doubles());
  const Tensor y = x * x;
  y.register_hook([](const Tensor& dy) {
    const AutoGradMode recording(true);
    const Tensor w = tensor({3.}, doubles());
    (w * w).backward();
    return dy * dy;
  });
  const Tensor dx = autograd::grad({y * y}, {x}, {}, nullopt, true)[0];
  CHECK(number(dx) == 256);
  // 8 x^4 * 2 directly, and (16 y x)^2 * 2 x through the hook once more.
  CHECK(number(autograd::grad({dx}, {x})[0]) == 128 + 65536);
}

TEST_CASE("retained gradients add up over walks", "[autograd]") {
  const Tensor x = ones({1}, doubles());
  const Tensor y = x * 2;
  CHECK(!y.retains_grad());
  y.retain_grad();
  y.retain_grad();
  const Tensor z = y * 3;
  z.backward({}, true);
  z.backward();
  CHECK(number(y.grad()) == 6);
  x.retain_grad();  // a leaf does anyway
  CHECK(!x.retains_grad());
}

TEST_CASE("retained gradients are there for views, with create_graph and when grad() asks",
          "[autograd]") {
  const Tensor x = tensor({2., 5.}, doubles());
  const Tensor y = x * x;
  const Tensor view = y[0];
  view.retain_grad();
  (view * view).backward({}, nullopt, true);
  CHECK(number(view.grad()) == 8);
  CHECK(view.grad().requires_grad());
  x.mutable_grad() = Tensor();

  const Tensor h = x * 2;
  h.retain_grad();
  const Tensor dh = autograd::grad({h.sum()}, {h}, {}, true)[0];
  CHECK_THAT(h.grad(), Near(dh, 0));
  // Asked for by backward(inputs), it is added once.
  h.mutable_grad() = Tensor();
  const std::vector<Tensor> inputs{h};
  h.sum().backward({}, nullopt, false, TensorList(inputs));
  CHECK_THAT(h.grad(), Near(ones({2}, kFloat64), 0));
}

TEST_CASE("a tensor that retains its gradient may go before the walk", "[autograd]") {
  const Tensor x = ones({1}, doubles());
  Tensor z;
  {
    const Tensor y = x * 2;
    y.retain_grad();
    z = y * 3;
  }
  z.backward();
  CHECK(number(x.grad()) == 6);
}

TEST_CASE("module hooks see and change inputs and outputs, and their gradients flow",
          "[autograd]") {
  nn::Linear layer(2, 2);
  const std::size_t before =
      layer->register_forward_pre_hook([](nn::Module&, const Tensor& x) { return x * 2; });
  layer->register_forward_hook([](nn::Module&, const Tensor&, const Tensor& y) { return y * 3; });
  const Tensor x = ones({1, 2}, requires_grad());
  CHECK_THAT(layer(x), Near(3 * layer->forward(2 * x), 1e-6));
  layer(x).sum().backward();
  CHECK_THAT(x.grad(), Near(6 * layer->weight.detach().sum(0, true), 1e-6));
  layer->remove_forward_hook(before);
  CHECK_THAT(layer(x), Near(3 * layer->forward(x), 1e-6));
}

}  // namespace xgrad::testing
