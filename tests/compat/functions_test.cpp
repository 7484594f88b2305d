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

TEST_CASE("integers have divisors, multiples and shifts") {
  const Tensor a = tensor({12, -18, 0, 7}), b = tensor({8, 27, 0, -21});
  REQUIRE(gcd(a, b).equal(tensor({4, 9, 0, 7})));
  REQUIRE(lcm(a, b).equal(tensor({24, 54, 0, 21})));
  REQUIRE(bitwise_left_shift(a, tensor({1, 2, 3, 4})).equal(tensor({24, -72, 0, 112})));
  REQUIRE(bitwise_right_shift(a, 1).equal(tensor({6, -9, 0, 3})));
  REQUIRE(bitwise_left_shift(3, tensor({1, 2}, kInt)).equal(tensor({6, 12}, kInt)));
  REQUIRE_THAT(error_of([] { gcd(ones({1}), ones({1})); }),
               Equals("gcd: not defined for dtype float32, expected integers"));
}

TEST_CASE("numbers are taken apart, and have neighbours") {
  const Tensor x = tensor({1.5, -2.25, 0.0, 8.0}, kDouble).requires_grad_();
  const auto [mantissa, exponent] = x.frexp();
  REQUIRE(mantissa.equal(tensor({0.75, -0.5625, 0.0, 0.5}, kDouble)));
  REQUIRE(exponent.equal(tensor({1, 2, 0, 4}, kInt)));
  mantissa.sum().backward();
  REQUIRE(x.grad().equal(tensor({0.5, 0.25, 1.0, 0.0625}, kDouble)));
  REQUIRE(nextafter(ones({1}), zeros({1})).item<float>() == std::nextafter(1.0F, 0.0F));
  REQUIRE_THAT(i0(tensor({0.0, 1.0, -2.25}, kDouble)),
               Near(tensor({1.0, 1.2660658777520082, 2.7270783071907956}, kDouble), 1e-12));
  const auto f = [](const std::vector<Tensor>& in) { return std::vector<Tensor>{i0(in[0])}; };
  REQUIRE_NOTHROW(autograd::gradcheck(f, {x}));
  REQUIRE_NOTHROW(autograd::gradgradcheck(f, {x}));
}

TEST_CASE("gradient differentiates samples, evenly spaced or not") {
  const Tensor at = tensor({0.0, 1.0, 3.0, 4.5}, kDouble), square = at * at;
  REQUIRE_THAT(gradient(square, TensorList{at}, IntArrayRef{0}, 2)[0], Near(2 * at, 1e-12));
  REQUIRE_THAT(gradient(square, TensorList{at}, optional<std::int64_t>(0))[0],
               Near(tensor({1.0, 2.0, 6.0, 7.5}, kDouble), 1e-12));
  const Tensor grid = arange(6, kDouble).view({2, 3}).square();
  const std::vector<Tensor> slopes = gradient(grid, optional<Scalar>(2.0));
  REQUIRE(slopes[0].equal(tensor({{4.5, 7.5, 10.5}, {4.5, 7.5, 10.5}}, kDouble)));
  REQUIRE(slopes[1].equal(tensor({{0.5, 1.0, 1.5}, {3.5, 4.0, 4.5}}, kDouble)));
  REQUIRE_THAT(error_of([&] { gradient(grid, IntArrayRef{0}, 2); }),
               Equals("gradient: dim 0 has 2 samples, expected at least 3"));
}

TEST_CASE("histogram counts or weighs between edges") {
  const Tensor x = tensor({1.5, -2.25, 0.0, 8.0, 3.0, 4.5}, kDouble);
  const auto [counts, edges] = histogram(x, tensor({-3.0, 0.0, 2.0, 8.0}, kDouble));
  REQUIRE(counts.equal(tensor({1.0, 2.0, 3.0}, kDouble)));
  const std::vector<double> range{-1, 5};
  const auto [density, parts] = histogram(x, 3, ArrayRef<double>(range), x.abs(), true);
  REQUIRE(parts.equal(tensor({-1.0, 1.0, 3.0, 5.0}, kDouble)));
  REQUIRE_THAT(density, Near(tensor({0.0, 1.5, 7.5}, kDouble) / 18, 1e-12));
}

TEST_CASE("rarer methods and functions have libtorch's names") {
  const Tensor x = tensor({{1.0, 2.0}, {3.0, 5.0}});
  REQUIRE_THAT(norm_except_dim(x, 2, 1), Near(tensor({{10.0, 29.0}}).sqrt(), 1e-6));
  REQUIRE(nuclear_norm(eye(2)).item<float>() == Approx(2));
  REQUIRE(as_strided_scatter(x, zeros({2}), {2}, {3}).equal(tensor({{0.0, 2.0}, {3.0, 0.0}})));
  REQUIRE_THAT(kaiser_window(4, false, 8.0)[1].item<double>(), Catch::WithinAbs(0.652479, 1e-6));
  const auto [lu, pivots] = linalg_lu_factor(x);
  REQUIRE_THAT(lu_solve(tensor({{3.0}, {8.0}}), lu, pivots), Near(ones({2, 1}), 1e-5));
  REQUIRE(divide(x, 2, "floor").equal(tensor({{0.0, 1.0}, {1.0, 2.0}})));
  REQUIRE(adjoint(x).equal(x.t()));
  REQUIRE(is_same_size(x, x.t()));
  REQUIRE(x.nanmedian().item<float>() == 2);
  REQUIRE(std::get<0>(x.nanmedian(1)).equal(tensor({1.0, 3.0})));
  REQUIRE(x.nanquantile(0.5).item<float>() == Approx(2.5));
  REQUIRE(x.clone().less_(2).equal(tensor({{1.0, 0.0}, {0.0, 0.0}})));
  REQUIRE(x.clone().as_strided_({2}, {3}).equal(tensor({1.0, 5.0})));
  REQUIRE(zeros({2, 2}).addbmm_(ones({3, 2, 2}), ones({3, 2, 2})).equal(full({2, 2}, 6.0)));
  REQUIRE(x.to(kDouble).float_power_(2).equal(x.square().to(kDouble)));
  REQUIRE(x.narrow_copy(1, 0, 1).equal(tensor({{1.0}, {3.0}})));
  REQUIRE(x.nonzero_numpy().size() == 2);
}

}  // namespace
