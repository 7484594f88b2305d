// Deep tapes: chains of a million nodes are recorded, walked and freed on a stack of 512 kB,
// whatever they are made of. (The same as under `ulimit -s 512`: nothing recurses.)
#include <pthread.h>

#include <catch2/catch.hpp>
#include <functional>

#include "support/matchers.h"
#include "xgrad/xgrad.h"

namespace xgrad::testing {
namespace {

using autograd::variable_list;

// The sanitizers are ten times slower.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr int kDeep = 50'000;
#else
constexpr int kDeep = 1'000'000;
#endif

// What `body` returns, run on a stack of 512 kB. An exception would end the program.
double on_small_stack(const std::function<double()>& body) {
  struct Call {
    const std::function<double()>& body;
    double result = 0;
  } call{body};
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, 512 * 1024);
  pthread_t thread;
  const auto start = [](void* argument) -> void* {
    auto* it = static_cast<Call*>(argument);
    it->result = it->body();
    return nullptr;
  };
  REQUIRE(pthread_create(&thread, &attributes, start, &call) == 0);
  pthread_join(thread, nullptr);
  pthread_attr_destroy(&attributes);
  return call.result;
}

// The derivative of a chain of `steps` ops, which is freed before this returns.
template <class Step>
double derivative_of_chain(int steps, const Step& step) {
  return on_small_stack([&] {
    const Tensor x = ones({2}, dtype(kFloat64).requires_grad(true));
    Tensor y = x * 1;
    for (int i = 0; i < steps; ++i) y = step(y);
    y.sum().backward();
    y = Tensor();
    return x.grad()[0].item<double>();
  });
}

struct Plus : autograd::Function<Plus> {
  static Tensor forward(autograd::AutogradContext* ctx, Tensor x, double b) {
    const Tensor y = x + b;
    ctx->save_for_backward({x, y});
    return y;
  }
  static variable_list backward(autograd::AutogradContext* ctx, variable_list dy) {
    ctx->get_saved_variables();
    return {dy[0], Tensor()};
  }
};

}  // namespace

TEST_CASE("a chain of a million ops is built, walked and freed on a small stack",
          "[autograd][slow]") {
  CHECK(derivative_of_chain(kDeep, [](const Tensor& y) { return y + 1e-6; }) == 1);
}

TEST_CASE("a deep chain of ops that save their inputs or results", "[autograd][slow]") {
  const Tensor one = ones({2}, dtype(kFloat64).requires_grad(true));
  CHECK(derivative_of_chain(kDeep / 2, [&](const Tensor& y) { return y * one; }) == 1);
  CHECK(derivative_of_chain(kDeep / 2, [](const Tensor& y) { return y.relu(); }) == 1);
}

TEST_CASE("a deep chain of views", "[autograd][slow]") {
  CHECK(derivative_of_chain(kDeep, [](const Tensor& y) {
          return y.view({y.dim() == 1 ? 2 : 1, -1}).view({2});
        }) == 1);
}

TEST_CASE("a deep chain of changes in place", "[autograd][slow]") {
  CHECK(derivative_of_chain(kDeep, [](const Tensor& y) {
          y.add_(1e-6);
          return y;
        }) == 1);
}

TEST_CASE("a deep chain of changes through views", "[autograd][slow]") {
  CHECK(derivative_of_chain(kDeep / 4, [](const Tensor& y) {
          y.narrow(0, 0, 1).add_(1e-6);
          return y;
        }) == 1);
}

TEST_CASE("a deep chain of functions of one's own", "[autograd][slow]") {
  CHECK(derivative_of_chain(kDeep / 2, [](const Tensor& y) { return Plus::apply(y, 1e-6); }) == 1);
}

TEST_CASE("a deep chain of checkpoints", "[autograd][slow]") {
  const autograd::CheckpointedFunction plus = [](const variable_list& in) {
    return variable_list{in[0] + 1e-6};
  };
  CHECK(derivative_of_chain(kDeep / 4, [&](const Tensor& y) {
          return autograd::checkpoint(plus, {y}, {.preserve_rng_state = false})[0];
        }) == 1);
}

TEST_CASE("a deep tape is kept within one checkpoint", "[autograd][slow]") {
  CHECK(derivative_of_chain(1, [](const Tensor& y) {
          const auto deep = [](const Tensor& x) {
            Tensor z = x;
            for (int i = 0; i < kDeep / 4; ++i) z = z + 1e-6;
            return z;
          };
          return autograd::checkpoint(deep, y);
        }) == 1);
}

TEST_CASE("a deep tape is explored for grad(), drawn, retained and walked with create_graph",
          "[autograd][slow]") {
  const double result = on_small_stack([] {
    const Tensor x = ones({1}, dtype(kFloat64).requires_grad(true));
    Tensor y = x;
    for (int i = 0; i < kDeep / 4; ++i) y = y * x;
    if (autograd::to_dot(y).size() < kDeep / 4) return 0.;
    const Tensor dx = autograd::grad({y}, {x}, {}, nullopt, true)[0];
    return dx.item<double>() - kDeep / 4;
  });
  CHECK(result == 1);
}

// In backward(): the same for x - 1, until that is 0; at `kThrowAt` an Error.
struct Reenter : autograd::Function<Reenter> {
  static constexpr double kThrowAt = -1000;
  static Tensor forward(autograd::AutogradContext* ctx, Tensor x) {
    const AutoGradMode recording(true);
    const Tensor less = x.detach().requires_grad_() - 1;
    ctx->saved_data["x"] = less;
    return less.detach();
  }
  static variable_list backward(autograd::AutogradContext* ctx, variable_list dy) {
    const Tensor less = ctx->saved_data["x"].toTensor();
    const double value = less.item<double>();
    if (value == kThrowAt) throw Error("deep enough");
    if (value == 0) return dy;
    const AutoGradMode recording(true);
    apply(less).sum().backward();
    return dy;
  }
};

TEST_CASE("backward() is called within backward(), thousands deep", "[autograd][slow]") {
  const Tensor x = full({1}, 5000.0, dtype(kFloat64).requires_grad(true));
  Reenter::apply(x).sum().backward();
  CHECK(x.grad().item<double>() == 1);
  const Tensor below = full({1}, -1.0, dtype(kFloat64).requires_grad(true));
  CHECK_THROWS_WITH(Reenter::apply(below).sum().backward(), "deep enough");
}

#if defined(__GLIBC__)
TEST_CASE("where no thread can be made for a nested backward() that is said", "[autograd]") {
  pthread_attr_t usual, huge;
  REQUIRE(pthread_getattr_default_np(&usual) == 0);
  pthread_attr_init(&huge);
  pthread_attr_setstacksize(&huge, std::size_t{1} << 60);  // more than there is to address
  REQUIRE(pthread_setattr_default_np(&huge) == 0);
  const Tensor x = full({1}, 100.0, dtype(kFloat64).requires_grad(true));
  const std::string error = error_of([&] { Reenter::apply(x).sum().backward(); });
  pthread_setattr_default_np(&usual);
  CHECK_THAT(error, Catch::StartsWith("backward: 60 walks are nested and no thread can be made"));
  Reenter::apply(x).sum().backward();
  CHECK(x.grad().item<double>() == 1);
}
#endif

}  // namespace xgrad::testing
