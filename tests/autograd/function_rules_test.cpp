// What a Function may return, change, save and leave out, as libtorch has it.
#include <catch2/catch.hpp>

#include "support/matchers.h"
#include "xgrad/xgrad.h"

namespace xgrad::testing {
namespace {

using autograd::AutogradContext;
using autograd::Function;
using autograd::grad;
using autograd::variable_list;

TensorOptions doubles() { return dtype(kFloat64).requires_grad(true); }

// a * b and a + b; `Materialize`: whether a gradient that did not come is zeros.
template <bool Materialize>
struct ProductAndSum : Function<ProductAndSum<Materialize>> {
  static variable_list forward(AutogradContext* ctx, Tensor a, Tensor b) {
    ctx->set_materialize_grads(Materialize);
    ctx->save_for_backward({a, b});
    return {a * b, a + b};
  }
  static variable_list backward(AutogradContext* ctx, variable_list dy) {
    const variable_list saved = ctx->get_saved_variables();
    const Tensor zero = zeros_like(saved[0]);
    const Tensor product = dy[0].defined() ? dy[0] : zero, sum = dy[1].defined() ? dy[1] : zero;
    last_came = {dy[0].defined(), dy[1].defined()};
    return {product * saved[1] + sum, product * saved[0] + sum};
  }
  static inline std::pair<bool, bool> last_came;
};

struct Doubled : Function<Doubled> {  // in place
  static Tensor forward(AutogradContext* ctx, Tensor x) {
    x.mul_(2);
    ctx->mark_dirty({x});
    return x;
  }
  static variable_list backward(AutogradContext*, variable_list dy) { return {dy[0] * 2}; }
};

struct DirtyNotReturned : Function<DirtyNotReturned> {
  static Tensor forward(AutogradContext* ctx, Tensor x) {
    x.mul_(2);
    ctx->mark_dirty({x});
    return x.clone();
  }
  static variable_list backward(AutogradContext*, variable_list dy) { return {dy[0] * 2}; }
};

struct Same : Function<Same> {
  static Tensor forward(AutogradContext*, Tensor x) { return x; }
  static variable_list backward(AutogradContext*, variable_list dy) { return {dy[0] * 7}; }
};

struct Flat : Function<Flat> {
  static Tensor forward(AutogradContext*, Tensor x) { return x.view({-1}); }
  static variable_list backward(AutogradContext*, variable_list dy) {
    return {dy[0].view({2, 2}) * 7};
  }
};

// Saves its second result.
struct TwiceAndCube : Function<TwiceAndCube> {
  static variable_list forward(AutogradContext* ctx, Tensor x) {
    const Tensor cube = x * x * x;
    ctx->save_for_backward({x, cube});
    return {x * 2, cube};
  }
  static variable_list backward(AutogradContext* ctx, variable_list dy) {
    const variable_list saved = ctx->get_saved_variables();
    return {dy[0] * 2 + dy[1] * 3 * saved[1] / saved[0]};
  }
};

// backward returns what it is told to.
struct Returns : Function<Returns> {
  static Tensor forward(AutogradContext* ctx, Tensor x, Tensor y, std::string what) {
    ctx->saved_data["what"] = std::move(what);
    return x * y;
  }
  static variable_list backward(AutogradContext* ctx, variable_list dy) {
    const std::string& what = ctx->saved_data["what"].toStringRef();
    const Tensor g = dy[0], none;
    if (what == "few") return {g};
    if (what == "many") return {g, g, none, g};
    if (what == "undefined beyond") return {g, g, none, none, none};
    if (what == "for a string") return {g, g, g};
    if (what == "shape") return {ones({5}, kFloat64), g, none};
    if (what == "type") return {g.to(kFloat), g, none};
    return {none, none, none};
  }
};

struct Needs : Function<Needs> {
  static Tensor forward(AutogradContext*, Tensor a, double factor, Tensor b, Tensor c) {
    return (a + b + c) * factor;
  }
  static variable_list backward(AutogradContext* ctx, variable_list dy) {
    needed = {ctx->needs_input_grad(0), ctx->needs_input_grad(1), ctx->needs_input_grad(2)};
    needs_any_of_last = ctx->needs_input_grad({{1, 3}});
    return {dy[0], Tensor(), dy[0], dy[0]};
  }
  static inline std::vector<bool> needed;
  static inline bool needs_any_of_last;
};

struct Kinds : Function<Kinds> {
  static Tensor forward(AutogradContext* ctx, Tensor x) {
    ctx->saved_data["tensor"] = x.detach();
    ctx->saved_data["double"] = 2.5;
    ctx->saved_data["int"] = std::int64_t{3};
    ctx->saved_data["bool"] = true;
    ctx->saved_data["list"] = std::vector<std::int64_t>{4, 5};
    return x * 2.5;
  }
  static variable_list backward(AutogradContext* ctx, variable_list dy) {
    auto& data = ctx->saved_data;
    const double sum = data["tensor"].toTensor().sum().item<double>() + data["double"].toDouble() +
                       static_cast<double>(data["int"].toInt() + data["list"].toIntVector()[1]) +
                       (data["bool"].toBool() ? 1 : 0);
    return {dy[0] * sum};
  }
};

}  // namespace

TEST_CASE("gradients that did not come are zeros, or undefined if so asked", "[autograd]") {
  const Tensor a = tensor({2.}, doubles()), b = tensor({3.}, doubles());
  ProductAndSum<true>::apply(a, b)[0].backward();
  CHECK(ProductAndSum<true>::last_came == std::pair(true, true));
  ProductAndSum<false>::apply(a, b)[1].backward();
  CHECK(ProductAndSum<false>::last_came == std::pair(false, true));
  CHECK(a.grad().item<double>() == 4);
  CHECK(b.grad().item<double>() == 3);
}

TEST_CASE("outputs of a function know its name and their number", "[autograd]") {
  const Tensor a = tensor({2.}, doubles());
  const variable_list outputs = ProductAndSum<true>::apply(a, a);
  CHECK(outputs[1].output_nr() == 1);
  CHECK(outputs[1].grad_fn()->name().find("torch::autograd::CppNode<") == 0);
  CHECK(outputs[1].grad_fn()->name().find("ProductAndSum<true>>") != std::string::npos);
  CHECK(!ProductAndSum<true>::apply(a.detach(), a.detach())[0].requires_grad());
  const NoGradGuard no_grad;
  CHECK(!ProductAndSum<true>::apply(a, a)[0].requires_grad());
}

TEST_CASE("a saved second output carries its own history", "[autograd]") {
  const Tensor x = tensor({2.}, doubles());
  const Tensor dx = grad({TwiceAndCube::apply(x)[1]}, {x}, {}, nullopt, true)[0];
  CHECK(dx.item<double>() == 12);
  const Tensor ddx = grad({dx}, {x}, {}, nullopt, true)[0];
  CHECK(ddx.item<double>() == Approx(12));
  CHECK(grad({ddx}, {x})[0].item<double>() == Approx(6));
}

TEST_CASE("a function that changes its input in place", "[autograd]") {
  const Tensor x = tensor({2., 3.}, doubles());
  const Tensor h = x * 3;
  const auto before = h._version();
  const Tensor y = Doubled::apply(h);
  CHECK(y.is_same(h));
  CHECK(h._version() == before + 2);
  h.sum().backward();
  CHECK_THAT(x.grad(), Near(full({2}, 6., kFloat64), 0));
  // A view: its base follows.
  const Tensor g = x * 3;
  Doubled::apply(g[0]);
  CHECK(g.grad_fn()->name() == "torch::autograd::CopySlices");
  x.mutable_grad() = Tensor();
  g.sum().backward();
  CHECK_THAT(x.grad(), Near(tensor({6., 3.}, kFloat64), 0));
  const Tensor leaf = tensor({2.}, doubles());
  CHECK(error_of([&] {
          Doubled::apply(leaf);
        }).find("a leaf that requires grad is used in an in-place op") != std::string::npos);
  CHECK(error_of([&] { DirtyNotReturned::apply(x * 1); })
            .find("an input marked as changed (mark_dirty) is no output, expected all of them to "
                  "be returned") != std::string::npos);
}

TEST_CASE("an input or a view of it is returned as a view, which is not changed in place",
          "[autograd]") {
  const Tensor x = ones({2, 2}, doubles());
  const Tensor same = Same::apply(x), flat = Flat::apply(x);
  CHECK(!same.is_same(x));
  CHECK(same.is_view());
  CHECK(same.data_ptr() == x.data_ptr());
  (same.sum() + flat.sum()).backward();
  CHECK_THAT(x.grad(), Near(full({2, 2}, 14., kFloat64), 0));
  CHECK(error_of([&] {
          Same::apply(x * 1).mul_(2);
        }).find("mul_: the tensor is a view returned by a Function (") == 0);
  CHECK(error_of([&] {
          Flat::apply(x * 1).mul_(2);
        }).find("whose backward the change would bypass; expected forward to return a clone()") !=
        std::string::npos);
}

TEST_CASE("backward returns one gradient for each argument of forward", "[autograd]") {
  const Tensor x = ones({2}, doubles());
  const auto error_with = [&](const char* what) {
    const std::string text = error_of([&] { Returns::apply(x * 1, x, what).sum().backward(); });
    return text.substr(text.find(">: ") + 3);
  };
  CHECK(error_with("few") == "backward returned 1 gradients, expected 3");
  CHECK(error_with("many") == "backward returned 4 gradients, expected 3");
  CHECK(
      error_with("for a string") ==
      "backward returned a gradient for argument 2, which is no tensor, expected an undefined one");
  CHECK(error_with("shape") == "the gradient of input 0 has shape [5], expected [2]");
  CHECK_NOTHROW(Returns::apply(x, x, "undefined beyond").sum().backward());
  CHECK_THAT(x.grad(), Near(full({2}, 2., kFloat64), 0));
  CHECK_NOTHROW(Returns::apply(x, x, "type").sum().backward());  // cast to the input's
  CHECK(x.grad().scalar_type() == kDouble);
  const Tensor w = ones({2}, doubles());
  Returns::apply(w * w, w, "nothing").sum().backward();
  CHECK(!w.grad().defined());
}

TEST_CASE("a function learns which of its tensors need a gradient", "[autograd]") {
  const Tensor a = ones({1}, doubles()), b = ones({1}, kFloat64), c = ones({1}, doubles());
  const Tensor y = Needs::apply(a, 2.0, b, c);
  grad({y}, {a}, {}, true);
  CHECK(Needs::needed == std::vector<bool>{true, false, false});
  CHECK(!Needs::needs_any_of_last);
  y.backward();
  CHECK(Needs::needed == std::vector<bool>{true, false, true});
  CHECK(Needs::needs_any_of_last);
}

TEST_CASE("saved_data keeps values of all kinds, for a second walk too", "[autograd]") {
  const Tensor x = ones({2}, doubles());
  const Tensor y = Kinds::apply(x).sum();
  y.backward();
  CHECK_THAT(x.grad(), Near(full({2}, 13.5, kFloat64), 0));
  CHECK_NOTHROW(y.backward());  // nothing was saved as a variable
}

TEST_CASE("a function's saved variables are checked and freed", "[autograd]") {
  const Tensor x = tensor({2.}, doubles());
  const Tensor h = x * 1;
  const Tensor y = TwiceAndCube::apply(h)[1];
  h.mul_(2);
  CHECK(error_of([&] {
          y.backward();
        }).find("a tensor saved for backward (float64 [1], output 0 of MulBackward1)") !=
        std::string::npos);
  const variable_list outputs = TwiceAndCube::apply(x);
  outputs[1].add_(1);
  CHECK(error_of([&] {
          outputs[0].backward();
        }).find("(float64 [1], its own output) was changed in place") != std::string::npos);
  const Tensor z = TwiceAndCube::apply(x)[0];
  z.backward();
  CHECK(error_of([&] { z.backward(); }).find("had saved was freed after the first walk") !=
        std::string::npos);
}

}  // namespace xgrad::testing
