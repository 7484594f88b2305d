// The drop-in under a program in the manner of libtorch's tutorial "Autograd in C++ frontend".
// Compiles against libtorch too.
#include <torch/torch.h>

#include <catch2/catch.hpp>

namespace {

using torch::autograd::AutogradContext;
using torch::autograd::Function;
using torch::autograd::tensor_list;

TEST_CASE("a gradient reaches the leaf through a mean of squares") {
  auto x = torch::ones({2, 2}, torch::requires_grad());
  auto y = x + 2;
  auto z = y * y * 3;
  auto out = z.mean();
  REQUIRE(y.requires_grad());
  REQUIRE(!y.is_leaf());
  REQUIRE(y.grad_fn()->name().find("AddBackward") == 0);  // libtorch numbers its overloads
  REQUIRE(out.grad_fn()->name() == "MeanBackward0");
  out.backward();
  REQUIRE(torch::allclose(x.grad(), torch::full({2, 2}, 4.5)));
}

TEST_CASE("requires_grad_ changes the flag in place") {
  auto a = torch::randn({2, 2});
  a = ((a * 3) / (a - 1));
  REQUIRE(!a.requires_grad());
  a.requires_grad_(true);
  REQUIRE(a.requires_grad());
  REQUIRE((a * a).sum().grad_fn()->name() == "SumBackward0");
}

TEST_CASE("backward with a vector gives a vector-Jacobian product") {
  auto x = torch::tensor({1.0, -2.0, 3.0}, torch::requires_grad());
  auto y = x * 2;
  while (y.norm().item<double>() < 1000) y = y * 2;
  const auto factor = y[0].item<float>();
  y.backward(torch::tensor({0.1, 1.0, 0.0001}, torch::kFloat));
  REQUIRE(torch::allclose(x.grad(), torch::tensor({0.1, 1.0, 0.0001}) * factor));
}

TEST_CASE("guards and detach stop the recording") {
  auto x = torch::randn(3, torch::requires_grad());
  REQUIRE(x.pow(2).requires_grad());
  {
    torch::NoGradGuard no_grad;
    REQUIRE(!x.pow(2).requires_grad());
    torch::AutoGradMode again(true);
    REQUIRE(x.pow(2).requires_grad());
  }
  {
    c10::InferenceMode inference(true);
    REQUIRE(!(x * 2).requires_grad());
  }
  auto y = x.detach();
  REQUIRE(!y.requires_grad());
  REQUIRE(x.eq(y).all().item<bool>());
}

TEST_CASE("a gradient penalty is differentiated through the gradient") {
  auto model = torch::nn::Linear(4, 3);
  auto input = torch::randn({3, 4}).requires_grad_(true);
  auto output = model(input);
  auto loss = torch::nn::MSELoss()(output, torch::randn({3, 3}));
  auto gradient =
      torch::autograd::grad({output}, {input}, {torch::ones_like(output)}, true, true)[0];
  auto penalty = torch::pow(gradient.norm(2, /*dim=*/1) - 1, 2).mean();
  (loss + penalty).backward();
  REQUIRE(input.grad().sizes() == input.sizes());
  REQUIRE(model->weight.grad().defined());
  auto unused = torch::autograd::grad({input.sum()}, {input, model->bias}, {}, true, false, true);
  REQUIRE(!unused[1].defined());
}

class LinearFunction : public Function<LinearFunction> {
 public:
  static torch::Tensor forward(AutogradContext* ctx, torch::Tensor input, torch::Tensor weight,
                               torch::Tensor bias = torch::Tensor()) {
    ctx->save_for_backward({input, weight, bias});
    auto output = input.mm(weight.t());
    if (bias.defined()) output += bias.unsqueeze(0).expand_as(output);
    return output;
  }
  static tensor_list backward(AutogradContext* ctx, tensor_list dy) {
    auto saved = ctx->get_saved_variables();
    auto bias = torch::Tensor();
    if (saved[2].defined()) bias = dy[0].sum(0);
    return {dy[0].mm(saved[1]), dy[0].t().mm(saved[0]), bias};
  }
};

class Scale : public Function<Scale> {
 public:
  static torch::Tensor forward(AutogradContext* ctx, torch::Tensor x, double factor) {
    ctx->saved_data["factor"] = factor;
    return x * factor;
  }
  static tensor_list backward(AutogradContext* ctx, tensor_list dy) {
    return {dy[0] * ctx->saved_data["factor"].toDouble(), torch::Tensor()};
  }
};

TEST_CASE("a Function of one's own takes optional and plain arguments") {
  auto x = torch::randn({2, 3}).requires_grad_();
  auto weight = torch::randn({4, 3}).requires_grad_();
  LinearFunction::apply(x, weight).sum().backward();
  REQUIRE(torch::allclose(x.grad(), weight.detach().sum(0).expand({2, 3})));
  REQUIRE(torch::allclose(weight.grad(), x.detach().sum(0).expand({4, 3})));

  auto bias = torch::zeros(4, torch::requires_grad());
  LinearFunction::apply(x, weight, bias).sum().backward();
  REQUIRE(bias.grad().equal(torch::full({4}, 2.0)));

  auto y = torch::randn({2}).requires_grad_();
  Scale::apply(y, 5.5).sum().backward();
  REQUIRE(y.grad().equal(torch::full({2}, 5.5)));
}

TEST_CASE("hooks see a gradient and may replace it") {
  auto x = torch::ones({2}, torch::requires_grad());
  torch::Tensor seen;
  x.register_hook([&](torch::Tensor grad) { seen = grad; });
  auto handle = x.register_hook([](torch::Tensor grad) { return grad * 3; });
  (x * 2).sum().backward();
  REQUIRE(seen.equal(torch::full({2}, 2.0)));
  REQUIRE(x.grad().equal(torch::full({2}, 6.0)));
  x.remove_hook(handle);
  x.mutable_grad() = torch::Tensor();
  (x * 2).sum().backward();
  REQUIRE(x.grad().equal(torch::full({2}, 2.0)));
}

TEST_CASE("parameters are updated by hand under a guard") {
  auto w = torch::full({3}, 2.0, torch::requires_grad());
  for (int i = 0; i < 2; ++i) {
    (w * w).sum().backward();
    torch::NoGradGuard no_grad;
    w -= 0.25 * w.grad();
    w.grad().zero_();
  }
  REQUIRE(w.equal(torch::full({3}, 0.5)));
  REQUIRE(w.requires_grad());
}

struct SumOfList : Function<SumOfList> {
  static torch::Tensor forward(AutogradContext* ctx, at::TensorList list, double factor) {
    ctx->saved_data["factor"] = factor;
    return (list[0] + list[1]) * factor;
  }
  static tensor_list backward(AutogradContext* ctx, tensor_list dy) {
    const auto dx = dy[0] * ctx->saved_data["factor"].toDouble();
    return {dx, dx, torch::Tensor()};
  }
};

TEST_CASE("a Function takes a list of tensors") {
  auto x = torch::ones({2}, torch::requires_grad());
  const std::vector<torch::Tensor> list{x, torch::ones({2})};
  auto y = SumOfList::apply(at::TensorList(list), 3.0);
  REQUIRE(y.requires_grad());
  y.sum().backward();
  REQUIRE(x.grad().equal(torch::full({2}, 3.0)));
}

TEST_CASE("a node is held by shared_ptr, as long as that lives") {
  auto x = torch::ones({2}, torch::requires_grad());
  auto y = (x * 2).exp();
  std::shared_ptr<torch::autograd::Node> node = y.grad_fn();
  REQUIRE(node == y.grad_fn());
  y.reset();
  REQUIRE(node->name() == "ExpBackward0");
  node = node->next_edge(0).function;
  REQUIRE(node->name() == "MulBackward1");
  node = x.grad_fn();
  REQUIRE(node == nullptr);
}

}  // namespace
