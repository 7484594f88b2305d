// Nodes derived from Node by the user.
#include <catch2/catch.hpp>

#include "support/matchers.h"
#include "xgrad/xgrad.h"

namespace xgrad::testing {
namespace {

using autograd::SavedVariable;
using autograd::variable_list;

struct SquareBackward : autograd::Node {
  std::string name() const override { return "SquareBackward"; }
  variable_list apply(variable_list&& dy) override {
    variable_list dx(1);
    if (should_compute_output(0)) dx[0] = dy[0] * x.unpack() * 2;
    return dx;
  }
  void release_variables() override { x.reset_data(); }
  SavedVariable x;
};

Tensor square_of(const Tensor& x) {
  Tensor y;
  {
    const NoGradGuard no_grad;
    y = x * x;
  }
  if (autograd::compute_requires_grad(x)) {
    const std::shared_ptr<SquareBackward> node(new SquareBackward, autograd::deleteNode);
    node->set_next_edges(autograd::collect_next_edges(x));
    node->x = SavedVariable(x, false);
    autograd::set_history(autograd::flatten_tensor_args(y), node);
  }
  return y;
}

TEST_CASE("a node of one's own carries the gradient, to second order too") {
  const Tensor x = tensor({3.0, -1.0}, requires_grad());
  const Tensor y = square_of(x);
  CHECK(y.grad_fn()->name() == "SquareBackward");
  const Tensor dx = autograd::grad({y.sum()}, {x}, {}, true, true)[0];
  CHECK(dx.equal(tensor({6.0, -2.0})));
  CHECK(autograd::grad({dx.sum()}, {x})[0].equal(tensor({2.0, 2.0})));
}

TEST_CASE("a node of one's own stands between recorded ops") {
  const Tensor x = tensor({3.0}, requires_grad());
  (square_of(x * 2) + 1).sum().backward();
  CHECK(x.grad().equal(tensor({24.0})));
}

TEST_CASE("a node of one's own is not made for what needs no gradient") {
  CHECK(!square_of(tensor({3.0})).requires_grad());
}

TEST_CASE("a second backward through a released node is an error") {
  const Tensor x = tensor({3.0}, requires_grad());
  const Tensor y = square_of(x).sum();
  y.backward();
  CHECK_THROWS_AS(y.backward(), Error);
}

TEST_CASE("make_variable is a new leaf on the same data") {
  const Tensor x = ones({2});
  const Tensor variable = autograd::make_variable(x, true);
  CHECK(variable.is_leaf());
  CHECK(variable.requires_grad());
  CHECK(!x.requires_grad());
  CHECK(variable.data_ptr() == x.data_ptr());
}

}  // namespace
}  // namespace xgrad::testing
