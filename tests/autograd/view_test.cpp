// Which views may be changed in place while recording, and how views follow their base. All cases
// were compared with libtorch 1.13.
#include <catch2/catch.hpp>

#include "support/matchers.h"
#include "xgrad/xgrad.h"

namespace xgrad::testing {
namespace {

TensorOptions doubles() { return dtype(kFloat64).requires_grad(true); }

constexpr const char* kSeveral =
    "mul_: the tensor is one of several views made by one op (%), which cannot be changed in "
    "place; "
    "expected an op that returns a new tensor";

std::string several(const std::string& node) {
  std::string text = kSeveral;
  return text.replace(text.find('%'), 1, node);
}

}  // namespace

TEST_CASE("a view sees the history that its base gets later", "[autograd]") {
  const Tensor w = ones({2, 2}, doubles());
  const Tensor buffer = zeros({2, 2}, kFloat64);
  const Tensor row = buffer[0], element = buffer[0][1];
  CHECK(!row.requires_grad());
  buffer.add_(w * w);
  CHECK(row.requires_grad());
  CHECK(element.requires_grad());
  CHECK(row.grad_fn()->name() == "AsStridedBackward0");
  (row * 3).sum().backward({}, true);
  (element * 5).backward();
  CHECK_THAT(w.grad(), Near(tensor({{6., 16.}, {0., 0.}}, kFloat64), 0));
}

TEST_CASE("a view sees what is written through another view", "[autograd]") {
  const Tensor w = ones({2}, doubles());
  const Tensor buffer = zeros({2, 2}, kFloat64);
  const Tensor row = buffer[0], flat = buffer.view({4});
  row.add_(w);
  CHECK(flat.requires_grad());
  (flat * arange(4, kFloat64)).sum().backward();
  CHECK_THAT(w.grad(), Near(tensor({0., 1.}, kFloat64), 0));
}

TEST_CASE("a view made before its base required a gradient leads nowhere", "[autograd]") {
  const Tensor base = zeros({2}, kFloat64);
  const Tensor view = base[0];
  base.requires_grad_();
  CHECK(view.requires_grad());
  CHECK(view.is_leaf());
  (view * 2).backward();
  CHECK(!base.grad().defined());
}

TEST_CASE("a view may require a gradient of its own", "[autograd]") {
  const Tensor base = zeros({2, 2}, kFloat64);
  const Tensor view = base[0];
  view.requires_grad_();
  CHECK(!base.requires_grad());
  (view * 2).sum().backward();
  CHECK_THAT(view.grad(), Near(full({2}, 2., kFloat64), 0));
  CHECK(error_of([&] { view.mul_(2); }) ==
        "mul_: a view of a leaf that requires grad is used in an in-place op; do it under "
        "NoGradGuard or on a "
        "copy");
}

TEST_CASE("one of several views of one op is not changed in place", "[autograd]") {
  const Tensor x = ones({2, 2}, doubles());
  const Tensor h = x * 1;
  CHECK(error_of([&] { h.split(1)[0].mul_(2); }) == several("SplitBackward0"));
  CHECK(error_of([&] { h.chunk(2)[0].mul_(2); }) == several("SplitBackward0"));
  CHECK(error_of([&] { h.chunk(1)[0].mul_(2); }) == several("SplitBackward0"));
  CHECK(error_of([&] { h.unbind()[0].mul_(2); }) == several("UnbindBackward0"));
  CHECK(error_of([&] {
          h.split_with_sizes({1, 1})[0].mul_(2);
        }) == several("SplitWithSizesBackward0"));
  // Views of it are of its kind.
  CHECK(error_of([&] { h.split(1)[0][0].mul_(2); }) == several("SelectBackward0"));
  CHECK(error_of([&] { x.unbind()[0].mul_(2); }) == several("UnbindBackward0"));
  // tensor_split makes slices.
  CHECK_NOTHROW(h.tensor_split(2)[0].mul_(2));
  CHECK_THAT(h, Near(tensor({{2., 2.}, {1., 1.}}, kFloat64), 0));
}

TEST_CASE("several views of plain data are changed as long as nothing is recorded", "[autograd]") {
  const Tensor data = zeros({2}, kFloat64), w = ones({1}, doubles());
  CHECK_NOTHROW(data.split(1)[0].add_(2));
  CHECK(error_of([&] {
          data.split(1)[0].add_(w);
        }).find("add_: the tensor is one of several views") == 0);
  CHECK(error_of([&] {
          data.split(1)[0].copy_(w);
        }).find("copy_: the tensor is one of several views") == 0);
  CHECK_THAT(data, Near(tensor({2., 0.}, kFloat64), 0));  // what is refused changes nothing
  const NoGradGuard no_grad;
  CHECK_NOTHROW((w * 1).split(1)[0].add_(w));
}

TEST_CASE("several views cannot follow a change of their base", "[autograd]") {
  const Tensor x = ones({2}, doubles());
  const Tensor h = x * 1;
  const std::vector<Tensor> parts = h.split(1);
  h.mul_(2);
  CHECK(error_of([&] { parts[0] * 2; }) ==
        "backward: a tensor whose base was changed in place is one of several views made by one op "
        "(SplitBackward0), which cannot be changed in place; expected an op that returns a new "
        "tensor");
}

TEST_CASE("a view made without recording is not changed in a recorded op", "[autograd]") {
  const Tensor x = ones({2}, doubles()), data = zeros({2}, kFloat64);
  const Tensor h = x * 2;
  Tensor view_of_leaf, view_of_result, view_of_data;
  {
    const NoGradGuard no_grad;
    view_of_leaf = x[0];
    view_of_result = h[0];
    view_of_data = data[0];
  }
  const std::string message =
      "add_: the tensor is a view made under NoGradGuard, and this change is recorded; expected "
      "both inside or "
      "both outside of the guard";
  CHECK(view_of_leaf.requires_grad());
  CHECK(view_of_leaf.is_leaf());
  CHECK(error_of([&] { view_of_leaf.add_(1); }) == message);
  CHECK(error_of([&] { view_of_result.add_(1); }) == message);
  CHECK(error_of([&] { view_of_data.add_(x[0]); }) == message);
  CHECK_NOTHROW(view_of_data.add_(1));
  h.mul_(2);
  CHECK_THROWS_AS(view_of_result * 2, Error);
  std::ostringstream out;
  CHECK_NOTHROW(out << view_of_result);  // printing needs no history
}

TEST_CASE("changes that may be made twice may be made of an expanded tensor", "[autograd]") {
  const auto changed = [](const Tensor& row, auto&& change) {
    change(row.expand({2, 3}));
    return row.clone();
  };
  const auto row = [] { return tensor({{-1., 2., 3.}}); };
  const Tensor first = tensor({0}), all = ones({1}, kBool);
  CHECK_THAT(changed(row(), [](const Tensor& x) { x.tril_(); }), Near(tensor({{-1., 0., 0.}}), 0));
  CHECK_THAT(changed(row(), [](const Tensor& x) { x.triu_(); }), Near(tensor({{0., 2., 3.}}), 0));
  CHECK_THAT(changed(row(), [](const Tensor& x) { threshold_(x, 0, 1); }),
             Near(tensor({{1., 2., 3.}}), 0));
  CHECK_THAT(changed(row(), [](const Tensor& x) { x.fill_diagonal_(5); }),
             Near(tensor({{5., 5., 3.}}), 0));
  const Tensor fours = full({1, 3}, 4.);
  CHECK_THAT(changed(row(), [&](const Tensor& x) { x.masked_fill_(all, 4); }), Near(fours, 0));
  CHECK_THAT(changed(row(), [&](const Tensor& x) { x.index_fill_(0, first, 4); }), Near(fours, 0));
  CHECK_THAT(changed(row(), [&](const Tensor& x) { x.index_put_({first}, 4); }), Near(fours, 0));
  CHECK_THAT(changed(row(), [&](const Tensor& x) { x.index_put_({indexing::Slice()}, 4); }),
             Near(fours, 0));
  CHECK_THAT(changed(row(), [&](const Tensor& x) { x.fill_(tensor(4.)); }), Near(fours, 0));
  CHECK_THROWS_AS(row().expand({2, 3}).index_add_(0, first, ones({1, 3})), Error);
  const Tensor none = zeros({1, 0}).expand({2, 0});
  CHECK_NOTHROW(none.add_(1).exp_().copy_(ones({})).uniform_().cumsum_(0));
}

TEST_CASE("an expanded tensor is filled but not changed otherwise", "[autograd]") {
  const Tensor x = ones({1}).expand({3});
  x.fill_(2);
  CHECK_THAT(x, Near(full({3}, 2.), 0));
  x.zero_();
  CHECK_THAT(x, Near(zeros({3}), 0));
  const std::string rest =
      ": several elements of the tensor share one place in memory (dim 0 is expanded); clone() it "
      "before an "
      "in-place change";
  CHECK(error_of([&] { x.add_(1); }) == "add_" + rest);
  CHECK(error_of([&] { x.copy_(ones({3})); }) == "copy_" + rest);
}

TEST_CASE("in-place view ops obey the rules of changes and count as one", "[autograd]") {
  const Tensor x = ones({1, 2}, doubles());
  const std::string rest =
      ": a leaf that requires grad is used in an in-place op; do it under NoGradGuard or on a copy";
  CHECK(error_of([&] { x.t_(); }) == "t_" + rest);
  CHECK(error_of([&] { x.squeeze_(); }) == "squeeze_" + rest);
  CHECK(error_of([&] { x.set_(ones({3}, kFloat64)); }) == "set_" + rest);
  const Tensor h = x * 1;
  const auto before = h._version();
  h.t_();
  CHECK(h._version() == before + 1);
  const Tensor view = h.view({2});
  view.unsqueeze_(0).mul_(2);
  h.sum().backward();
  CHECK_THAT(x.grad(), Near(full({1, 2}, 2., kFloat64), 0));
}

TEST_CASE("views of views write through to the base, whatever the order", "[autograd]") {
  const Tensor x = tensor({1., 2., 3., 4.}, doubles());
  const Tensor h = x * 1, a = h.view({2, 2}), b = a[1];
  b.mul_(2);
  a.mul_(3);
  h.mul_(5);
  b.add_(x.narrow(0, 0, 2));
  CHECK_THAT(h, Near(tensor({15., 30., 91., 122.}, kFloat64), 0));
  (a * a).sum().backward();
  CHECK_THAT(x.grad(), Near(tensor({632., 1144., 5460., 7320.}, kFloat64), 1e-9));
}

TEST_CASE("the base of a view may be out of reach", "[autograd]") {
  const Tensor x = ones({4}, doubles());
  Tensor view;
  {
    const Tensor h = x * 3;
    view = h.narrow(0, 0, 2);
  }
  view.mul_(2);
  view.sum().backward();
  CHECK_THAT(x.grad(), Near(tensor({6., 6., 0., 0.}, kFloat64), 0));
}

TEST_CASE("detach and data share elements: one is a change, the other is not noticed",
          "[autograd]") {
  const Tensor x = ones({2}, doubles());
  const Tensor h = x * 1, y = (h * h).sum();
  CHECK(!h.detach().is_view());
  CHECK(error_of([&] { h.detach()._base(); }) == "_base: the tensor is not a view, expected one");
  h.data().mul_(3);
  CHECK(h._version() == 0);
  y.backward({}, true);
  CHECK_THAT(x.grad(), Near(full({2}, 6., kFloat64), 0));
  h.detach().mul_(2);
  CHECK(h._version() == 1);
  CHECK(error_of([&] { y.backward(); }) ==
        "MulBackward0: a tensor saved for backward (float64 [2], output 0 of MulBackward1) was "
        "changed in place: "
        "it is at version 1, expected 0; clone it before the change");
  CHECK(error_of([&] { h[0].detach_(); }) ==
        "detach_: the tensor is a view and cannot be detached in place; detach() gives a new one");
  h.detach_();
  CHECK(h.is_leaf());
}

TEST_CASE("set_data puts other elements under a leaf, unnoticed by what saved it", "[autograd]") {
  const Tensor x = tensor({2.}, doubles());
  const Tensor y = x * x;
  const Tensor other = tensor({5.}, kFloat64);
  other.add_(1);
  x.set_data(other);
  other.add_(1);
  y.backward();
  CHECK(x.grad().item<double>() == 14);
  CHECK(error_of([&] { x.set_data(ones({3}, kLong)); }) ==
        "set_data: the tensor requires gradients and the new data is int64, expected a floating "
        "type");
}

TEST_CASE("after set_data of another shape new tapes have that shape", "[autograd]") {
  const Tensor x = tensor({2.}, doubles());
  const Tensor held = x * 2;  // keeps the old accumulator
  x.set_data(ones({3}, kFloat));
  (x * 2).sum().backward();
  CHECK_THAT(x.grad(), Near(full({3}, 2.), 0));
}

TEST_CASE("what is overwritten gets zeros", "[autograd]") {
  const Tensor x = ones({2}, doubles()), w = ones({2}, doubles());
  const Tensor filled = x * 2;
  filled.fill_(3);
  filled.sum().backward();
  CHECK_THAT(x.grad(), Near(zeros({2}, kFloat64), 0));
  x.mutable_grad() = Tensor();
  const Tensor copied = x * 2;
  copied.copy_(w * 5);
  copied.sum().backward();
  CHECK_THAT(x.grad(), Near(zeros({2}, kFloat64), 0));
  CHECK_THAT(w.grad(), Near(full({2}, 5., kFloat64), 0));
}

TEST_CASE("new tensors are at version 0", "[autograd]") {
  for (const Tensor& x : {ones({2}), zeros({2}), full({2}, 3), arange(2), eye(2), tensor({1., 2.}),
                          zeros_like(ones({2})), ones({2}) + 1}) {
    CHECK(x._version() == 0);
  }
  const Tensor x = ones({2});
  x.add_(1);
  x[0] = 3;
  x.view({2, 1}).zero_();
  CHECK(x._version() == 3);
}

}  // namespace xgrad::testing
