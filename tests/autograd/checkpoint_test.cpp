// Gradient checkpoints: what runs again in backward gives the gradients
// that the first run would have.
#include "xgrad/autograd/checkpoint.h"

#include <catch2/catch.hpp>

#include "support/matchers.h"
#include "xgrad/xgrad.h"

namespace xgrad::testing {
namespace {

using autograd::checkpoint;
using autograd::grad;
using autograd::variable_list;

TensorOptions doubles() { return dtype(kFloat64).requires_grad(true); }

struct BlockImpl : nn::Module {
  BlockImpl() {
    first = register_module("first", nn::Linear(4, 8));
    second = register_module("second", nn::Linear(8, 4));
  }
  Tensor forward(const Tensor& x) {
    ++runs;
    return second(dropout(first(x).tanh(), 0.5, is_training()));
  }
  nn::Linear first = nullptr, second = nullptr;
  int runs = 0;
};
XGRAD_MODULE(Block);

std::vector<Tensor> gradients_of(const Block& block, const Tensor& x) {
  std::vector<Tensor> gradients{x.grad()};
  for (const Tensor& parameter : block->parameters()) gradients.push_back(parameter.grad());
  return gradients;
}

}  // namespace

TEST_CASE("a checkpointed module gives the gradients and the random numbers of the plain one",
          "[autograd]") {
  std::vector<Tensor> expected;
  double next_number = 0;
  for (const bool checkpointed : {false, true}) {
    manual_seed(3);
    Block block;
    const Tensor x = randn({16, 4}, requires_grad());
    const Tensor y = checkpointed ? checkpoint(block, x) : block(x);
    (y * y).sum().backward();
    CHECK(block->runs == (checkpointed ? 2 : 1));
    const std::vector<Tensor> gradients = gradients_of(block, x);
    if (!checkpointed) {
      expected = gradients;
      next_number = rand({1}).item<double>();
      continue;
    }
    for (std::size_t i = 0; i < expected.size(); ++i)
      CHECK_THAT(gradients[i], Identical(expected[i]));
    CHECK(rand({1}).item<double>() == next_number);  // as if it had run once
  }
}

TEST_CASE("without preserve_rng_state the second run draws anew", "[autograd]") {
  manual_seed(1);
  const Tensor x = ones({1000}, requires_grad());
  const auto f = [](const variable_list& in) { return variable_list{dropout(in[0], 0.5, true)}; };
  const Tensor y = checkpoint(f, {x}, {.preserve_rng_state = false})[0];
  y.sum().backward();
  CHECK(!x.grad().equal(y.detach()));
  x.mutable_grad() = Tensor();
  const Tensor z = checkpoint(f, {x})[0];
  z.sum().backward();
  CHECK(x.grad().equal(z.detach()));
}

TEST_CASE("a checkpoint keeps its inputs, not what lies between", "[autograd]") {
  const auto deep = [](const Tensor& x) {
    Tensor y = x;
    for (int i = 0; i < 20; ++i) y = y.sin();
    return y;
  };
  const Tensor x = ones({1000}, requires_grad());
  const auto held_by = [&](const auto& run) {
    const std::size_t before = memory::stats().current_bytes;
    const Tensor y = run();
    return memory::stats().current_bytes - before;
  };
  const std::size_t plain = held_by([&] { return deep(x); });
  const std::size_t checkpointed = held_by([&] { return checkpoint(deep, x); });
  CHECK(plain > 20 * 4000);
  CHECK(checkpointed < 2 * 4000);
}

TEST_CASE("grad() sees through a checkpoint, to inputs and to what is captured", "[autograd]") {
  const Tensor x = tensor({1., 2.}, doubles()), w = tensor({3., 4.}, doubles()),
               unused = ones({1}, doubles());
  int runs = 0;
  const auto f = [w, &runs](const Tensor& input) {
    ++runs;
    return (input * w).exp();
  };
  const Tensor y = checkpoint(f, x * 1).sum();
  const variable_list d = grad({y}, {w, x, unused}, {}, true, false, true);
  CHECK_THAT(d[0], Near((x * (x * w).exp()).detach(), 1e-12));
  CHECK_THAT(d[1], Near((w * (x * w).exp()).detach(), 1e-12));
  CHECK(!d[2].defined());
  CHECK(runs == 2);
  CHECK(!w.grad().defined());
  // Nobody asks for anything behind it: it does not run again.
  const Tensor h = x * 2;
  grad({(checkpoint(f, x) + h).sum()}, {h});
  CHECK(runs == 3);
}

TEST_CASE("derivatives of any order go through checkpoints", "[autograd]") {
  const auto f = [](const variable_list& in) {
    const auto inner = [](const Tensor& a, const Tensor& b) { return (a * b).sin() * b; };
    const Tensor y = checkpoint(inner, in[0] * in[0], in[1]);
    return variable_list{checkpoint([](const Tensor& a) { return a.exp(); }, y)};
  };
  manual_seed(2);
  const variable_list inputs{rand({3}, doubles()), rand({3}, doubles())};
  CHECK_NOTHROW(autograd::gradcheck(f, inputs));
  CHECK_NOTHROW(autograd::gradgradcheck(f, inputs));

  const Tensor x = tensor(2., doubles());
  Tensor y = checkpoint([](const Tensor& a) { return a.pow(4); }, x);
  for (const double expected : {32., 48., 48., 24.}) {
    y = grad({y}, {x}, {}, nullopt, true)[0];
    CHECK(y.item<double>() == Approx(expected));
  }
}

TEST_CASE("checkpoints may stand in checkpoints and be used by several", "[autograd]") {
  const Tensor x = tensor({0.5, 1.5}, doubles());
  int inner_runs = 0;
  const auto inner = [&](const Tensor& a) {
    ++inner_runs;
    return a.exp();
  };
  const auto outer = [&](const Tensor& a) { return checkpoint(inner, a * 2).sin(); };
  const Tensor h = checkpoint(outer, x);
  (h * h + h).sum().backward();
  const Tensor z = tensor({0.5, 1.5}, doubles());
  const Tensor g = (z * 2).exp().sin();
  (g * g + g).sum().backward();
  CHECK_THAT(x.grad(), Near(z.grad(), 1e-12));
  CHECK(inner_runs == 3);
}

TEST_CASE("a checkpoint returns tuples and lists, and outputs that need no gradient",
          "[autograd]") {
  const Tensor x = tensor({3., 1., 2.}, doubles());
  const auto [values, places] =
      checkpoint([](const Tensor& a) { return (a * a).sort(0, true); }, x);
  CHECK(values.requires_grad());
  CHECK(!places.requires_grad());
  CHECK(places.equal(tensor({0, 2, 1})));
  values[0].backward();
  CHECK_THAT(x.grad(), Near(tensor({6., 0., 0.}, kFloat64), 0));

  const auto parts = checkpoint([](const Tensor& a) { return (a * 2).split(1); }, x);
  CHECK(parts.size() == 3);
  parts[2].sum().backward();
  CHECK_THAT(x.grad(), Near(tensor({6., 0., 2.}, kFloat64), 0));
}

TEST_CASE("a checkpoint of what needs no gradient is a plain call", "[autograd]") {
  int runs = 0;
  const auto f = [&](const Tensor& a) {
    ++runs;
    return a * 2;
  };
  CHECK(!checkpoint(f, ones({2})).requires_grad());
  const NoGradGuard no_grad;
  CHECK(!checkpoint(f, ones({2}, requires_grad())).requires_grad());
  CHECK(runs == 2);
}

TEST_CASE("hooks and retained gradients of a checkpoint's outputs work", "[autograd]") {
  const Tensor x = tensor({2.}, doubles());
  const Tensor y = checkpoint([](const Tensor& a) { return a * a; }, x);
  CHECK(y.grad_fn()->name() == "Checkpoint");
  y.retain_grad();
  y.register_hook([](const Tensor& dy) { return dy * 10; });
  (y * 3).sum().backward();
  CHECK(y.grad().item<double>() == 3);
  CHECK(x.grad().item<double>() == 120);
}

TEST_CASE("a checkpoint says what is wrong with its function or its use", "[autograd]") {
  const Tensor x = ones({2}, requires_grad());
  CHECK(error_of([&] { checkpoint([](const Tensor& a) { return a.add_(1); }, x * 1); }) ==
        "checkpoint: the function changed an input in place, and would find it changed when it "
        "runs again; "
        "expected it to work on a clone()");

  int runs = 0;
  const Tensor y =
      checkpoint([&](const Tensor& a) { return ++runs == 1 ? a * 2 : (a * 2).sum(); }, x);
  CHECK(error_of([&] { y.sum().backward(); }) ==
        "checkpoint: output 0 is float32 [] when the function runs again, expected float32 [2] as "
        "before");

  const Tensor h = x * 1;
  const Tensor z = checkpoint([](const Tensor& a) { return a.exp(); }, h).sum();
  h.add_(1);
  CHECK(error_of([&] {
          z.backward();
        }).find("Checkpoint: a tensor saved for backward (float32 [2], output 0 of") == 0);

  const Tensor twice = checkpoint([](const Tensor& a) { return a.exp(); }, x).sum();
  twice.backward({}, true);
  twice.backward();
  CHECK(error_of([&] { twice.backward(); }) ==
        "backward: Checkpoint was walked a second time, but what it had saved was freed after the "
        "first; the "
        "first call needs retain_graph=true");

  const Tensor same = checkpoint([](const Tensor& a) { return a; }, x * 1);
  CHECK(error_of([&] {
          same.mul_(2);
        }).find("mul_: the tensor is a view returned by a Function (Checkpoint)") == 0);
}

}  // namespace xgrad::testing
