// User-defined functions.
#include <catch2/catch.hpp>

#include "support/matchers.h"
#include "xgrad/xgrad.h"

namespace xgrad::testing {
namespace {

using autograd::AutogradContext;
using autograd::variable_list;

struct LinearFunction : autograd::Function<LinearFunction> {
  static Tensor forward(AutogradContext* ctx, Tensor input, Tensor weight, Tensor bias = Tensor()) {
    ctx->save_for_backward({input, weight, bias});
    Tensor output = input.mm(weight.t());
    if (bias.defined()) output += bias.unsqueeze(0).expand_as(output);
    return output;
  }
  static variable_list backward(AutogradContext* ctx, variable_list grad_outputs) {
    const variable_list saved = ctx->get_saved_variables();
    Tensor grad_bias;
    if (saved[2].defined()) grad_bias = grad_outputs[0].sum(0);
    return {grad_outputs[0].mm(saved[1]), grad_outputs[0].t().mm(saved[0]), grad_bias};
  }
};

struct MulConstant : autograd::Function<MulConstant> {
  static Tensor forward(AutogradContext* ctx, Tensor x, double constant) {
    ctx->saved_data["constant"] = constant;
    return x * constant;
  }
  static variable_list backward(AutogradContext* ctx, variable_list dy) {
    return {dy[0] * ctx->saved_data["constant"].toDouble(), Tensor()};
  }
};

struct ExpAndIndex : autograd::Function<ExpAndIndex> {
  static variable_list forward(AutogradContext* ctx, Tensor x) {
    const Tensor y = x.exp(), index = x.argmax();
    ctx->save_for_backward({y});
    ctx->mark_non_differentiable({index});
    return {y, index};
  }
  static variable_list backward(AutogradContext* ctx, variable_list dy) {
    return {dy[0] * ctx->get_saved_variables()[0]};
  }
};

}  // namespace

TEST_CASE("functions take tensors and numbers and check out", "[autograd]") {
  manual_seed(1);
  const TensorOptions options = dtype(kFloat64).requires_grad(true);
  const auto linear = [](const variable_list& in) {
    return variable_list{LinearFunction::apply(in[0], in[1], in[2])};
  };
  CHECK_NOTHROW(autograd::gradcheck(
      linear, {randn({2, 3}, options), randn({4, 3}, options), randn({4}, options)}));
  CHECK_NOTHROW(autograd::gradgradcheck(
      linear, {randn({2, 3}, options), randn({4, 3}, options), randn({4}, options)}));

  const Tensor x = randn({3}, requires_grad());
  MulConstant::apply(x, 5.5).sum().backward();
  CHECK_THAT(x.grad(), Near(full({3}, 5.5), 0));
}

TEST_CASE("a function's saved output does not keep the tape alive", "[autograd]") {
  const Tensor x = randn({1000}, requires_grad());
  const std::size_t before = memory::stats().current_bytes;
  for (int i = 0; i < 3; ++i) {
    const variable_list outputs = ExpAndIndex::apply(x);
    CHECK(outputs[0].requires_grad());
    CHECK(!outputs[1].requires_grad());
  }
  CHECK(memory::stats().current_bytes == before);
  ExpAndIndex::apply(x)[0].sum().backward();
  CHECK_THAT(x.grad(), Near(x.exp().detach(), 1e-6));
}

}  // namespace xgrad::testing
