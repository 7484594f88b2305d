// Several threads record and walk tapes at once. The results are checked here, the absence of data
// races by the same tests under the thread sanitizer.
#include <catch2/catch.hpp>
#include <functional>
#include <thread>

#include "support/matchers.h"
#include "xgrad/xgrad.h"

namespace xgrad::testing {
namespace {

using autograd::variable_list;

constexpr int kThreads = 4;

void run_in_threads(const std::function<void(int)>& body) {
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) threads.emplace_back(body, i);
  for (std::thread& thread : threads) thread.join();
}

struct Square : autograd::Function<Square> {
  static Tensor forward(autograd::AutogradContext* ctx, Tensor x) {
    ctx->save_for_backward({x});
    return x * x;
  }
  static variable_list backward(autograd::AutogradContext* ctx, variable_list dy) {
    return {2 * dy[0] * ctx->get_saved_variables()[0]};
  }
};

}  // namespace

TEST_CASE("threads walk tapes of their own", "[autograd][threads]") {
  std::vector<double> results(kThreads);
  run_in_threads([&](int i) {
    const Tensor x = full({4}, i + 1., dtype(kFloat64).requires_grad(true));
    for (int round = 0; round < 20; ++round) {
      const Tensor y = (x * x).exp().log().sum();
      (y + Square::apply(x).sum()).backward();
    }
    results[static_cast<std::size_t>(i)] = x.grad()[0].item<double>();
  });
  for (int i = 0; i < kThreads; ++i) {
    CHECK(results[static_cast<std::size_t>(i)] == Approx(20 * 4 * (i + 1)));
  }
}

TEST_CASE("threads share leaves, new ones too, and every gradient arrives", "[autograd][threads]") {
  for (int round = 0; round < 10; ++round) {
    const Tensor w = ones({8, 8}, requires_grad()), b = ones({8}, requires_grad());
    run_in_threads([&](int) {
      for (int i = 0; i < 10; ++i) (matmul(ones({1, 8}), w) + b).sum().backward();
    });
    CHECK_THAT(w.grad(), Near(full({8, 8}, kThreads * 10.), 0));
    CHECK_THAT(b.grad(), Near(full({8}, kThreads * 10.), 0));
  }
}

TEST_CASE("threads ask for gradients of shared leaves without touching .grad()",
          "[autograd][threads]") {
  const Tensor w = full({4}, 3., dtype(kFloat64).requires_grad(true));
  std::vector<Tensor> second(kThreads);
  run_in_threads([&](int i) {
    for (int round = 0; round < 10; ++round) {
      const Tensor y = w.pow(3).sum();
      const Tensor dw = autograd::grad({y}, {w}, {}, nullopt, true)[0];
      second[static_cast<std::size_t>(i)] = autograd::grad({dw.sum()}, {w})[0];
    }
  });
  for (const Tensor& gradient : second) CHECK_THAT(gradient, Near(full({4}, 18., kFloat64), 1e-12));
  CHECK(!w.grad().defined());
}

TEST_CASE("create_graph accumulates into shared leaves from several threads",
          "[autograd][threads]") {
  const Tensor w = full({2}, 2., dtype(kFloat64).requires_grad(true));
  run_in_threads([&](int) {
    for (int i = 0; i < 10; ++i) (w * w).sum().backward({}, nullopt, true);
  });
  CHECK_THAT(w.grad().detach(), Near(full({2}, kThreads * 40., kFloat64), 1e-9));
  w.mutable_grad() = Tensor();
}

TEST_CASE("hooks of a shared leaf run in every thread", "[autograd][threads]") {
  const Tensor w = ones({2}, requires_grad());
  std::atomic<int> calls = 0;
  w.register_hook([&](const Tensor& dw) {
    ++calls;
    return dw * 2;
  });
  run_in_threads([&](int) {
    for (int i = 0; i < 10; ++i) (w * 3).sum().backward();
  });
  CHECK(calls == kThreads * 10);
  CHECK_THAT(w.grad(), Near(full({2}, kThreads * 60.), 0));
}

TEST_CASE("a tape may be walked by another thread than it was recorded by", "[autograd][threads]") {
  const Tensor x = full({3}, 2., requires_grad());
  const Tensor y = (x * x).sum();
  std::thread([&] { y.backward(); }).join();
  CHECK_THAT(x.grad(), Near(full({3}, 4.), 0));
}

TEST_CASE("grad mode, inference mode and places are each thread's own", "[autograd][threads]") {
  const NoGradGuard no_grad;
  const InferenceMode inference;
  bool recorded = false, marked = true;
  std::thread([&] {
    const Tensor x = ones({1}, requires_grad());
    recorded = (x * 2).requires_grad();
    marked = x.is_inference();
  }).join();
  CHECK(recorded);
  CHECK(!marked);
}

TEST_CASE("checkpoints run again in whichever thread walks them", "[autograd][threads]") {
  const Tensor w = full({4}, 0.5, dtype(kFloat64).requires_grad(true));
  run_in_threads([&](int) {
    const auto f = [w](const Tensor& x) { return (x * w).exp(); };
    for (int i = 0; i < 5; ++i) {
      const Tensor x = ones({4}, dtype(kFloat64).requires_grad(true));
      autograd::checkpoint([f](const variable_list& in) { return variable_list{f(in[0])}; }, {x},
                           {.preserve_rng_state = false})[0]
          .sum()
          .backward();
    }
  });
  CHECK_THAT(w.grad(), Near((kThreads * 5 * w.exp()).detach(), 1e-9));
}

}  // namespace xgrad::testing
