// The `_out` forms of the drop-in: what the op gives is in the tensor that was given, and the
// tensor itself comes back.
#include <catch2/catch.hpp>
#include <functional>

#include "support/matchers.h"
#include "torch/torch.h"

namespace {

using namespace xgrad::testing;
using Catch::Matchers::Equals;
using torch::Tensor;

struct Form {
  const char* name;
  std::function<Tensor&(Tensor&)> write;
  Tensor expected;
};

}  // namespace

TEST_CASE("_out forms write what the op gives") {
  const Tensor x = torch::arange(16.0).view({1, 1, 4, 4}) / 7, m = x[0][0], a = m[0], b = m[1];
  const Tensor index = torch::tensor({2, 0});
  // clang-format off
  const std::vector<Form> forms = {
      {"add", [&](Tensor& y) -> Tensor& { return torch::add_out(y, a, 2, 3); }, a + 6},
      {"sub", [&](Tensor& y) -> Tensor& { return torch::sub_out(y, a, 2); }, a - 2},
      {"mul", [&](Tensor& y) -> Tensor& { return torch::mul_out(y, a, 2.5); }, a * 2.5},
      {"div", [&](Tensor& y) -> Tensor& { return torch::div_out(y, a, b, "floor"); }, a.div(b, "floor")},
      {"var", [&](Tensor& y) -> Tensor& { return torch::var_out(y, m, {0}, 0); }, m.var({0}, 0)},
      {"flip", [&](Tensor& y) -> Tensor& { return torch::flip_out(y, m, {0, 1}); }, m.flip({0, 1})},
      {"roll", [&](Tensor& y) -> Tensor& { return torch::roll_out(y, m, {1}, {0}); }, m.roll({1}, {0})},
      {"rot90", [&](Tensor& y) -> Tensor& { return torch::rot90_out(y, m); }, m.rot90()},
      {"nansum", [&](Tensor& y) -> Tensor& { return torch::nansum_out(y, m, 0, true); }, m.sum(0, true)},
      {"adaptive_avg_pool2d", [&](Tensor& y) -> Tensor& { return torch::adaptive_avg_pool2d_out(y, x, {2, 2}); }, torch::adaptive_avg_pool2d(x, {2, 2})},
      {"avg_pool2d", [&](Tensor& y) -> Tensor& { return torch::avg_pool2d_out(y, x, {2, 2}); }, torch::avg_pool2d(x, {2, 2})},
      {"upsample", [&](Tensor& y) -> Tensor& { return torch::upsample_bilinear2d_out(y, x, {8, 8}, false); }, torch::upsample_bilinear2d(x, {8, 8}, false)},
      {"reflection_pad2d", [&](Tensor& y) -> Tensor& { return torch::reflection_pad2d_out(y, x, {1, 1, 1, 1}); }, torch::reflection_pad2d(x, {1, 1, 1, 1})},
      {"hstack", [&](Tensor& y) -> Tensor& { return torch::hstack_out(y, {a, b}); }, torch::cat({a, b})},
      {"vstack", [&](Tensor& y) -> Tensor& { return torch::vstack_out(y, {a, b}); }, torch::stack({a, b})},
      {"tensordot", [&](Tensor& y) -> Tensor& { return torch::tensordot_out(y, m, m, {1}, {0}); }, m.mm(m)},
      {"vdot", [&](Tensor& y) -> Tensor& { return torch::vdot_out(y, a, b); }, a.dot(b)},
      {"norm", [&](Tensor& y) -> Tensor& { return torch::linalg_norm_out(y, m, "fro"); }, m.norm()},
      {"vector_norm", [&](Tensor& y) -> Tensor& { return torch::linalg_vector_norm_out(y, m); }, m.norm()},
      {"index_copy", [&](Tensor& y) -> Tensor& { return torch::index_copy_out(y, m, 0, index, m.narrow(0, 2, 2)); }, m.index_copy(0, index, m.narrow(0, 2, 2))},
      {"masked_fill", [&](Tensor& y) -> Tensor& { return torch::masked_fill_out(y, a, a > 0.2, -1); }, a.masked_fill(a > 0.2, -1)},
      {"smooth_l1_loss", [&](Tensor& y) -> Tensor& { return torch::smooth_l1_loss_out(y, a, b); }, torch::smooth_l1_loss(a, b)},
      {"embedding", [&](Tensor& y) -> Tensor& { return torch::embedding_out(y, m, index); }, m.index_select(0, index)},
      {"trace", [&](Tensor& y) -> Tensor& { return torch::trace_out(y, m); }, m.trace()},
      {"quantile", [&](Tensor& y) -> Tensor& { return torch::quantile_out(y, m, 0.3, 1); }, m.quantile(0.3, 1)},
      {"zeros_like", [&](Tensor& y) -> Tensor& { return torch::zeros_like_out(y, index); }, torch::zeros(2)},
      {"hann_window", [&](Tensor& y) -> Tensor& { return torch::hann_window_out(y, 5); }, torch::hann_window(5)},
      {"full_like", [&](Tensor& y) -> Tensor& { return torch::full_like_out(y, index, 1.5); }, torch::full(2, 1.5)},
  };
  // clang-format on
  for (const Form& form : forms) {
    INFO(form.name);
    Tensor y = torch::empty({0});
    REQUIRE(form.write(y).is_same(y));
    REQUIRE_THAT(y, Near(form.expected, 1e-6));
  }
}

TEST_CASE("_out forms of two and three results write all of them") {
  const Tensor m = torch::arange(6.0).view({2, 3});
  Tensor u = torch::empty({0}), s = torch::empty({0}), v = torch::empty({0});
  torch::linalg_svd_out(u, s, v, m, false);
  REQUIRE_THAT(u.matmul(s.diag()).matmul(v), Near(m, 1e-5));
  Tensor low = torch::empty({0}), high = torch::empty({0});
  torch::aminmax_out(low, high, m);
  REQUIRE(low.item<float>() == 0);
  REQUIRE(high.item<float>() == 5);
  Tensor mean = torch::empty({0}), variance = torch::empty({0});
  torch::var_mean_out(variance, mean, m, {1}, 1);
  REQUIRE(mean.equal(m.mean(1)));
  REQUIRE(variance.equal(m.var(1)));
}

TEST_CASE("_out forms refuse a tensor that requires grad") {
  Tensor y = torch::zeros({4}).requires_grad_();
  const std::string refused = error_of([&] { torch::add_out(y, torch::ones({4}), 2); });
  INFO(refused);
  REQUIRE(refused.find("add_out: ") == 0);
  REQUIRE(refused.find("grad") != std::string::npos);
}
