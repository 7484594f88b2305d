// Anomaly mode: which op brought the first NaN, and where it was recorded.
#include "xgrad/autograd/anomaly.h"

#include <catch2/catch.hpp>

#include "support/matchers.h"
#include "xgrad/xgrad.h"

namespace xgrad::testing {
namespace {

using autograd::AnomalyMode;
using autograd::DetectAnomalyGuard;

// NaN in backward where x is 0: 0 * inf.
struct HeadImpl : nn::Module {
  Tensor forward(const Tensor& x) { return x.sqrt() * 0; }
};
XGRAD_MODULE(Head);

struct NetImpl : nn::Module {
  NetImpl() {
    body = register_module("body", nn::Sequential(nn::Linear(2, 2), nn::ReLU()));
    head = register_module("head", Head());
  }
  Tensor forward(const Tensor& x) { return head(body->forward(x)); }
  nn::Sequential body = nullptr;
  Head head = nullptr;
};
XGRAD_MODULE(Net);

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("anomaly mode names the op of the first NaN", "[autograd]") {
  const DetectAnomalyGuard detect;
  const Tensor x = tensor({0., 1., 4.}, requires_grad());
  const Tensor y = (x.sqrt() * 0).sum();
  CHECK(error_of([&] { y.backward(); }) ==
        "backward: the gradient of input 0 of SqrtBackward0 has NaN values (1 of 3, float32 [3]), "
        "expected none");
}

TEST_CASE("anomaly mode tells where in the module tree the op was recorded", "[autograd]") {
  Net net;
  net->body[0]->as<nn::Linear>()->weight.data().zero_();
  net->body[0]->as<nn::Linear>()->bias.data().zero_();
  const DetectAnomalyGuard detect;
  const std::string error = error_of([&] { net(ones({1, 2})).sum().backward(); });
  CHECK(contains(error, "SqrtBackward0 has NaN values"));
  CHECK(contains(error, "; the op was recorded in "));
  CHECK(contains(error, "NetImpl.head ("));
  CHECK(contains(error, "HeadImpl)"));
}

TEST_CASE("modules below a container are named by their path", "[autograd]") {
  Net net;
  const DetectAnomalyGuard detect;
  const Tensor hidden = net->body->forward(ones({1, 2}));  // nobody calls Net: the path begins here
  CHECK(contains(hidden.grad_fn()->place(), "ReLU"));
  const Tensor y = net(ones({1, 2}));
  const auto& relu = y.grad_fn()->next_edge(0).function->next_edge(0).function;
  CHECK(relu->name() == "ReluBackward0");
  CHECK(contains(relu->place(), "NetImpl.body.1 ("));
}

TEST_CASE("anomaly mode gives other errors of backward a place", "[autograd]") {
  struct ChangedImpl : nn::Module {
    Tensor forward(const Tensor& x) {
      Tensor y = x.exp();
      y.add_(1);
      return y;
    }
  };
  nn::ModuleHolder<ChangedImpl> changed;
  const Tensor x = ones({2}, requires_grad());
  CHECK(!contains(error_of([&] { changed(x).sum().backward(); }), "was recorded in"));
  const DetectAnomalyGuard detect;
  const std::string error = error_of([&] { changed(x).sum().backward(); });
  CHECK(contains(
      error,
      "ExpBackward0: a tensor saved for backward (float32 [2], its own output) was changed"));
  CHECK(contains(error, "; the op was recorded in "));
  CHECK(contains(error, "ChangedImpl"));
}

TEST_CASE("what a backward records is placed in that backward", "[autograd]") {
  const DetectAnomalyGuard detect;
  const Tensor x = zeros({1}, dtype(kFloat64).requires_grad(true));
  const Tensor y = x.pow(1.5).sum();
  const Tensor dy = autograd::grad({y}, {x}, {}, nullopt, true)[0];
  CHECK(contains(dy.grad_fn()->place(), "the backward of PowBackward0"));
}

TEST_CASE("a NaN in a checkpoint is found in the second run", "[autograd]") {
  Head head;
  const DetectAnomalyGuard detect;
  const Tensor x = zeros({1}, requires_grad());
  const std::string error = error_of([&] { autograd::checkpoint(head, x).sum().backward(); });
  CHECK(contains(error, "SqrtBackward0 has NaN values"));
  CHECK(contains(error, "HeadImpl, in the backward of Checkpoint"));
}

TEST_CASE("anomaly mode is off by default, and a guard restores what was", "[autograd]") {
  CHECK(!AnomalyMode::is_enabled());
  {
    const DetectAnomalyGuard detect(false);
    CHECK(AnomalyMode::is_enabled());
    CHECK(!AnomalyMode::should_check_nan());
    const Tensor x = zeros({1}, requires_grad());
    CHECK_NOTHROW((x.sqrt() * 0).sum().backward());
    CHECK(x.grad().isnan().item<bool>());
    {
      const DetectAnomalyGuard inner;
      CHECK(AnomalyMode::should_check_nan());
    }
    CHECK(!AnomalyMode::should_check_nan());
  }
  CHECK(!AnomalyMode::is_enabled());
  AnomalyMode::set_enabled(true);
  CHECK(AnomalyMode::is_enabled());
  AnomalyMode::set_enabled(false);
}

}  // namespace xgrad::testing
