// InferenceMode: what is made in it stays out of recorded ops.
// All cases were compared with libtorch 1.13.
#include <catch2/catch.hpp>

#include "support/matchers.h"
#include "xgrad/xgrad.h"

namespace xgrad::testing {
namespace {

Tensor made_in_inference() {
  const InferenceMode inference;
  return ones({2});
}

}  // namespace

TEST_CASE("results of ops in inference mode are inference tensors, views of older ones are not",
          "[autograd]") {
  const Tensor x = ones({2}, requires_grad());
  const InferenceMode inference;
  CHECK(InferenceMode::is_enabled());
  const Tensor y = x * 2, view = x[0];
  CHECK(y.is_inference());
  CHECK(!y.requires_grad());
  CHECK(y.detach().is_inference());
  CHECK(y[0].is_inference());
  CHECK(!view.is_inference());
  CHECK(!x.is_inference());
}

TEST_CASE("in inference mode nothing is recorded, with grad mode on neither", "[autograd]") {
  const InferenceMode inference;
  const AutoGradMode recording(true);
  const Tensor x = ones({2}, requires_grad());
  CHECK(x.requires_grad());
  CHECK(!(x * 2).requires_grad());
  CHECK((x * 2).is_inference());
}

TEST_CASE("InferenceMode(false) lifts an outer one", "[autograd]") {
  const InferenceMode outer;
  {
    const InferenceMode inner(false);
    const Tensor x = ones({2}, requires_grad());
    CHECK((x * 2).requires_grad());
    CHECK(!(x * 2).is_inference());
    CHECK(GradMode::is_enabled());
  }
  CHECK(InferenceMode::is_enabled());
  CHECK(!GradMode::is_enabled());
}

TEST_CASE("an inference tensor is read by all ops and changed by none outside its mode",
          "[autograd]") {
  const Tensor made = made_in_inference(), w = ones({2}, requires_grad());
  CHECK(!(made * 2).is_inference());
  CHECK((made + w).requires_grad());  // saves nothing
  CHECK(error_of([&] { made* w; }) ==
        "save for backward: an inference tensor cannot be saved, expected a normal tensor (clone() "
        "makes one)");
  CHECK(error_of([&] { made.add_(1); }) ==
        "add_: an inference tensor cannot be changed in place outside InferenceMode; clone() it "
        "first");
  {
    const NoGradGuard no_grad;
    CHECK_THROWS_AS(made.add_(1), Error);
  }
  CHECK(error_of([&] { made.requires_grad_(); }) ==
        "requires_grad_: an inference tensor cannot require gradients outside InferenceMode");
  const Tensor copy = made.clone();
  CHECK(!copy.is_inference());
  copy.requires_grad_();
  (copy * copy).sum().backward();
  CHECK_THAT(copy.grad(), Near(full({2}, 2.), 0));
  const InferenceMode inference;
  CHECK_NOTHROW(made.add_(1));
}

TEST_CASE("an inference tensor has no versions and no views", "[autograd]") {
  const Tensor made = made_in_inference();
  CHECK(error_of([&] { made._version(); }) ==
        "_version: an inference tensor counts no versions, expected a normal one");
  CHECK(!made[0].is_view());
}

TEST_CASE("normal tensors are changed in inference mode, and count it", "[autograd]") {
  const Tensor x = ones({2}), leaf = ones({2}, requires_grad());
  {
    const InferenceMode inference;
    x.add_(1);
    leaf.add_(1);
  }
  CHECK(x._version() == 1);
  CHECK(leaf._version() == 1);
  CHECK_THAT(leaf.detach(), Near(full({2}, 2.), 0));
}

TEST_CASE("a view of a normal tensor made in inference mode is not changed outside", "[autograd]") {
  const Tensor x = ones({2}, requires_grad());
  Tensor view;
  {
    const InferenceMode inference;
    view = x[0];
  }
  CHECK(view.requires_grad());
  CHECK((view * 2).requires_grad());
  CHECK(error_of([&] { view.add_(1); }) ==
        "add_: the tensor is a view made under InferenceMode, and this change is recorded; "
        "expected both inside or "
        "both outside of the guard");
}

TEST_CASE("an inference tensor is copied into normal ones", "[autograd]") {
  const Tensor made = made_in_inference(), w = full({2}, 3., requires_grad());
  const Tensor h = w * 1;
  h.copy_(made);
  CHECK_THAT(h.detach(), Near(ones({2}), 0));
  h.sum().backward();
  CHECK_THAT(w.grad(), Near(zeros({2}), 0));
}

TEST_CASE("backward runs in inference mode, and leaves inference gradients", "[autograd]") {
  const Tensor x = full({1}, 3., requires_grad());
  const Tensor y = x * x;
  const InferenceMode inference;
  y.backward();
  CHECK(x.grad().item<double>() == 6);
  CHECK(x.grad().is_inference());
}

}  // namespace xgrad::testing
