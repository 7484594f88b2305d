// Functions that programs use rarely: against tests/golden/compat.json (made by
// tests/golden/make_compat.py), finite differences, and wrong use.
#include "nn/golden_rows.h"

namespace {

using namespace xgrad;
using namespace xgrad::testing;
using Catch::Matchers::Equals;
namespace F = xgrad::nn::functional;

F::GridSampleFuncOptions grid_options(const std::string& mode, const std::string& padding,
                                      bool align_corners) {
  F::GridSampleFuncOptions options;
  if (mode == "nearest") options.mode(kNearest);
  if (mode == "bicubic") options.mode(kBicubic);
  if (padding == "border") options.padding_mode(kBorder);
  if (padding == "reflection") options.padding_mode(kReflection);
  return options.align_corners(align_corners);
}

std::vector<NnRow> grid_samples() {
  std::vector<NnRow> rows;
  for (const std::string padding : {"zeros", "border", "reflection"}) {
    for (const std::string mode : {"bilinear", "nearest", "bicubic"}) {
      for (const bool align : {false, true}) {
        const auto options = grid_options(mode, padding, align);
        rows.emplace_back(
            "grid_sample_" + mode + "_" + padding + (align ? "_aligned" : ""),
            [options](const Inputs& x) { return F::grid_sample(x[0], x[1], options); });
      }
    }
    for (const std::string mode : {"bilinear", "nearest"}) {
      const auto options = grid_options(mode, padding, true);
      rows.emplace_back(
          "grid_sample_3d_" + mode + "_" + padding,
          [options](const Inputs& x) { return F::grid_sample(x[0], x[1], options); }, 1);
    }
  }
  return rows;
}

std::vector<NnRow> others() {
  // clang-format off
  return {
      {"affine_grid", [](const Inputs& x) { return F::affine_grid(x[0], {2, 1, 3, 4}); }},
      {"affine_grid_aligned", [](const Inputs& x) { return F::affine_grid(x[0], {2, 1, 3, 1}, true); }},
      {"affine_grid_3d", [](const Inputs& x) { return F::affine_grid(x[0], {1, 1, 2, 3, 2}); }},
      {"channel_shuffle", [](const Inputs& x) { return channel_shuffle(x[0], 3); }},
      {"sinc", [](const Inputs& x) { return x[0].sinc(); }, 0},
      {"mvlgamma", [](const Inputs& x) { return x[0].mvlgamma(3); }},
      {"copysign", [](const Inputs& x) { return x[0].copysign(x[1]); }},
      {"ldexp", [](const Inputs& x) { return x[0].ldexp(x[1]); }},
      {"heaviside", [](const Inputs& x) { return x[0].heaviside(x[1]); }},
      {"trapezoid", [](const Inputs& x) { return trapezoid(x[0], 0.5, 1); }},
      {"trapezoid_points", [](const Inputs& x) { return trapz(x[0], x[1]); }},
      {"trapezoid_points_dim", [](const Inputs& x) { return trapezoid(x[0], x[1], 0); }},
      {"cumulative_trapezoid", [](const Inputs& x) { return cumulative_trapezoid(x[0]); }},
      {"vander", [](const Inputs& x) { return vander(x[0], 4, true); }},
      {"cov", [](const Inputs& x) { return x[0].cov(); }},
      {"cov_weights", [](const Inputs& x) { return cov(x[0], 1, x[1], x[2]); }},
      {"cov_vector", [](const Inputs& x) { return cov(x[0]); }},
      {"corrcoef", [](const Inputs& x) { return x[0].corrcoef(); }},
      {"renorm", [](const Inputs& x) { return x[0].renorm(2, 0, 1.5); }},
      {"select_scatter", [](const Inputs& x) { return x[0].select_scatter(x[1], 1, -1); }},
      {"slice_scatter", [](const Inputs& x) { return x[0].slice_scatter(x[1], 0, 1, 5, 2); }},
      {"diagonal_scatter", [](const Inputs& x) { return x[0].diagonal_scatter(x[1], 1); }},
      {"multi_dot", [](const Inputs& x) { return linalg_multi_dot(x); }},
      {"multi_dot_vectors", [](const Inputs& x) { return linalg_multi_dot(x); }},
      {"cond", [](const Inputs& x) { return linalg_cond(x[0]); }, 1},
      {"vecdot", [](const Inputs& x) { return linalg_vecdot(x[0], x[1]); }},
      {"isin", [](const Inputs& x) { return isin(x[0], x[1]); }},
      {"in_place", [](const Inputs& x) {
         return Inputs{x[0].clone().cumsum_(0), x[0].clone().cumprod_(0), x[0].clone().atan2_(x[1]),
                       x[0].clone().hypot_(x[1]), x[0].clone().deg2rad_()};
       }},
  };
  // clang-format on
}

TEST_CASE("grid_sample and affine_grid are those of PyTorch in every mode") {
  const nlohmann::json golden = read_golden("compat.json");
  for (const NnRow& row : grid_samples()) check_row(golden, row);
}

TEST_CASE("rare functions are those of PyTorch") {
  const nlohmann::json golden = read_golden("compat.json");
  for (const NnRow& row : others()) check_row(golden, row);
}

TEST_CASE("window functions are those of PyTorch") {
  const nlohmann::json golden = read_golden("compat.json");
  const auto check_window = [&](const std::string& name, const auto& make) {
    INFO(name);
    const Inputs expected = golden_tensors(golden.at(name).at("outputs"));
    CHECK_THAT(make(7, true), Near(expected[0], 1e-12));
    CHECK_THAT(make(4, false), Near(expected[1], 1e-12));
    CHECK_THAT(make(1, true), Near(expected[2], 1e-12));
  };
  check_window("hann_window",
               [](int n, bool periodic) { return hann_window(n, periodic, kDouble); });
  check_window("hamming_window",
               [](int n, bool periodic) { return hamming_window(n, periodic, kDouble); });
  check_window("blackman_window",
               [](int n, bool periodic) { return blackman_window(n, periodic, kDouble); });
  check_window("bartlett_window",
               [](int n, bool periodic) { return bartlett_window(n, periodic, kDouble); });
  REQUIRE(hann_window(5).equal(hann_window(6, false).narrow(0, 0, 5)));
  REQUIRE_THAT(error_of([] { hann_window(-1); }),
               Equals("hann_window: -1 points, expected at least 0"));
}

TEST_CASE("the adaptive softmax gives PyTorch's probabilities and classes") {
  const nlohmann::json golden = read_golden("compat.json");
  check_row(golden,
            {"adaptive_log_softmax",
             [](const Inputs& x) {
               nn::AdaptiveLogSoftmaxWithLoss softmax(
                   nn::AdaptiveLogSoftmaxWithLossOptions(8, 10, {4, 8}).div_value(2));
               const auto names = softmax->named_parameters().keys();
               const auto weight = [&](std::size_t i) { return x[i + 2]; };
               softmax->head->weight = weight(0);
               for (std::size_t i = 1; i < names.size(); ++i) {
                 softmax->tail[(i - 1) / 2]
                     ->as<nn::Sequential>()
                     ->children()[(i - 1) % 2]
                     ->as<nn::Linear>()
                     ->weight = weight(i);
               }
               const nn::ASMoutput result = softmax(x[0], x[1]);
               REQUIRE(result.loss == -result.output.mean().item<double>());
               return Inputs{result.output, softmax->log_prob(x[0]), softmax->predict(x[0])};
             },
             1});
  REQUIRE_THAT(
      error_of([] {
        nn::AdaptiveLogSoftmaxWithLoss(8, 10, std::vector<std::int64_t>{4, 4});
      }),
      Equals("AdaptiveLogSoftmaxWithLoss: cutoffs [4, 4], expected rising ones from 1 to 9"));
}

TEST_CASE("splits along columns, rows and depth refuse what they cannot cut") {
  const Tensor x = arange(24).view({2, 4, 3});
  REQUIRE(x.hsplit(2)[1].equal(x.narrow(1, 2, 2)));
  REQUIRE(x.vsplit({1, 2})[1].equal(x.narrow(0, 1, 1)));
  REQUIRE(x.dsplit(3)[2].equal(x.narrow(2, 2, 1)));
  REQUIRE(arange(4).hsplit(2)[1].equal(arange(2, 4)));
  REQUIRE_THAT(error_of([&] { x.hsplit(3); }),
               Equals("hsplit: size 4 cannot be divided into 3 sections"));
  REQUIRE_THAT(error_of([] { arange(4).vsplit(2); }),
               Equals("vsplit: the tensor has shape [4], expected at least 2 dims"));
}

TEST_CASE("torch::binary_cross_entropy takes a target with other dims of size 1") {
  const Tensor x = tensor({{0.25}, {0.5}}).requires_grad_(), target = tensor({0.0, 1.0});
  const Tensor loss = binary_cross_entropy(x, target);
  REQUIRE_THAT(loss, Near(binary_cross_entropy(x, target.view({2, 1})), 0));
  loss.backward();
  REQUIRE_THAT(x.grad(), Near(tensor({{0.5 / 0.75}, {-1.0}}), 1e-6));
  REQUIRE_THAT(error_of([&] {
                 binary_cross_entropy(x, tensor({0.0, 1.0, 1.0}));
               }),
               Equals("binary_cross_entropy: target has shape [3], expected the input's, [2, 1]"));
  REQUIRE_THAT(error_of([&] { nn::functional::binary_cross_entropy(x, target); }),
               Equals("binary_cross_entropy: target has shape [2], expected the input's, [2, 1]"));
}

TEST_CASE("small functions tell signs, sets and reality") {
  const Tensor x = tensor({-1.0, -0.0, 0.0, 2.0});
  REQUIRE(x.signbit().equal(tensor({true, true, false, false})));
  REQUIRE(x.isreal().all().item<bool>());
  REQUIRE(isin(tensor({1, 2, 3}), 2).equal(tensor({false, true, false})));
  REQUIRE(isin(tensor({1, 2}), tensor({5}), false, true).all().item<bool>());
  REQUIRE(isin(tensor({1, 2}), empty({0})).any().item<bool>() == false);
  REQUIRE(tensor({1.0}).is_nonzero());
  REQUIRE(tensor({1, 0}).logical_not_().equal(tensor({0, 1})));
}

TEST_CASE("grid_sample says what is wrong with its arguments") {
  const Tensor x = ones({1, 2, 3, 3});
  REQUIRE_THAT(
      error_of([&] {
        grid_sampler(x, ones({1, 2, 2, 3}), 0, 0, false);
      }),
      Equals("grid_sampler: grid has shape [1, 2, 2, 3] for an input of shape [1, 2, 3, 3], "
             "expected [1, sizes..., 2]"));
  REQUIRE_THAT(error_of([&] {
                 grid_sampler(x, ones({1, 2, 2, 2}), 3, 0, false);
               }),
               Equals("grid_sampler: interpolation mode 3 for 2 spatial dims, expected 0 to 2"));
  REQUIRE_THAT(error_of([&] { channel_shuffle(x, 3); }),
               Equals("channel_shuffle: 2 channels cannot be divided into 3 groups"));
}

}  // namespace
