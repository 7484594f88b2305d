// The values and implicit conversions that libtorch programs rely on.
// Compiles against libtorch too.
#include <ATen/ATen.h>
#include <c10/util/ArrayRef.h>
#include <c10/util/Optional.h>
#include <c10/util/irange.h>
#include <torch/script.h>
#include <torch/torch.h>

#include <catch2/catch.hpp>

namespace {

using Sizes = std::vector<int64_t>;

TEST_CASE("sizes come from braces, an integer, a vector and an array") {
  const int n = 2;
  const int64_t m = 3;
  const Sizes sizes{2, 3};
  const int64_t array[2] = {2, 3};
  REQUIRE(torch::zeros({n, m}).sizes() == sizes);
  REQUIRE(torch::zeros(sizes).sizes() == torch::zeros(array).sizes());
  REQUIRE(torch::zeros(n).sizes() == Sizes{2});
  REQUIRE(torch::randn({}).dim() == 0);
  REQUIRE(torch::ones({2, 3}).view(-1).sizes() == Sizes{6});
  REQUIRE(torch::ones({2, 3}).sizes().vec() == sizes);
  REQUIRE(torch::ones({2, 3}).sizes().slice(1) == c10::IntArrayRef({3}));
}

TEST_CASE("options come from a type, a device, a device type and chains of them") {
  const torch::Device device(torch::kCPU);
  REQUIRE(torch::empty(3, torch::kByte).dtype() == torch::kUInt8);
  REQUIRE(torch::zeros({2}, device).device() == device);
  REQUIRE(torch::zeros({2}, torch::kCPU).device().is_cpu());
  auto x = torch::ones(
      {2}, torch::TensorOptions().dtype(torch::kF64).device(device).requires_grad(true));
  REQUIRE(x.requires_grad());
  REQUIRE(x.scalar_type() == at::kDouble);
  REQUIRE(torch::zeros_like(x, torch::kLong).dtype() == torch::kInt64);
  REQUIRE(x.to(device, torch::kFloat).dtype() == torch::dtype<float>().dtype());
  REQUIRE(x.to("cpu").is_same(x));
}

TEST_CASE("numbers of every kind are scalars") {
  auto x = torch::full({2}, 3);
  const float half = 0.5f;
  const bool yes = true;
  const int64_t two = 2;
  auto y = torch::ones({2}) * half + yes - two;
  REQUIRE(y.equal(torch::full({2}, -0.5)));
  REQUIRE((1 - y / 2 + 2.0 * y).equal(torch::full({2}, 0.25)));
  REQUIRE(torch::clamp(y, torch::nullopt, -1).equal(torch::full({2}, -1.0)));
  REQUIRE((-c10::Scalar(2.5)).toDouble() == -2.5);
  REQUIRE(x.dtype() == torch::kLong);
}

TEST_CASE("lists of tensors come from braces, a vector and an array") {
  auto a = torch::ones({1, 2}), b = torch::zeros({1, 2});
  const std::vector<torch::Tensor> list{a, b};
  torch::Tensor array[2] = {a, b};
  REQUIRE(torch::cat({a, b}).equal(torch::cat(list, 0)));
  REQUIRE(torch::cat(array).equal(torch::cat(at::TensorList(list))));
  REQUIRE(torch::stack({a, b}, 1).sizes() == Sizes{1, 2, 2});
}

TEST_CASE("a bare integer is a list of dims") {
  auto x = torch::arange(6, torch::kFloat).view({2, 3});
  REQUIRE(x.sum(-1).equal(torch::tensor({3., 12.})));
  REQUIRE(x.mean(0).equal(torch::tensor({1.5, 2.5, 3.5})));
  REQUIRE(x.sum({1, 0}).item<float>() == 15);
  REQUIRE(x.flip(1)[0].equal(torch::tensor({2., 1., 0.})));
  REQUIRE(x.norm(2, 1).sizes() == Sizes{2});
}

TEST_CASE("types of results are PyTorch's") {
  REQUIRE(torch::tensor(1.0).dtype() == torch::kFloat32);
  REQUIRE(torch::tensor({1, 2}).dtype() == torch::kInt64);
  auto x = torch::randn({2, 3});
  REQUIRE(x.argmax(1).dtype() == torch::kLong);
  REQUIRE((x > 0).dtype() == torch::kBool);
  REQUIRE((x > 0).sum().dtype() == torch::kInt64);
  REQUIRE(torch::randint(0, 5, {3}).dtype() == torch::kLong);
  REQUIRE(torch::arange(3).dtype() == torch::kInt64);
  REQUIRE(torch::tensor({2.5}).item<int>() == 2);
  REQUIRE(c10::toString(x.scalar_type()) == std::string("Float"));
}

TEST_CASE("methods are const and in-place ones return the tensor itself") {
  const auto x = torch::zeros({2});
  REQUIRE(x.add_(1).mul_(3).is_same(x));
  REQUIRE(x.equal(torch::full({2}, 3.0)));
  x.fill_(2).div_(4);
  REQUIRE(x.data_ptr<float>()[1] == 0.5f);
}

TEST_CASE("ops are found by argument-dependent look-up") {
  auto x = torch::tensor({{-1., 2.}});
  REQUIRE(relu(x).equal(torch::tensor({{0., 2.}})));
  REQUIRE(max(x).item<float>() == 2);
  REQUIRE(exp(x).log().allclose(x));
}

TEST_CASE("undefined tensors are values") {
  torch::Tensor nothing;
  REQUIRE(!nothing.defined());
  torch::optional<torch::Tensor> absent;
  REQUIRE(!absent.has_value());
  auto x = torch::ones({2}, torch::requires_grad());
  REQUIRE(!x.grad().defined());
}

TEST_CASE("an undefined tensor has no elements, and refuses what needs some") {
  torch::Tensor nothing;
  REQUIRE(nothing.sizes() == std::vector<int64_t>{0});
  REQUIRE(nothing.size(0) == 0);
  REQUIRE(nothing.dim() == 1);
  REQUIRE(nothing.numel() == 0);
  REQUIRE(std::string(nothing.dtype().name()) == "nullptr (uninitialized)");
  REQUIRE(!nothing.requires_grad());
  REQUIRE(!nothing.is_floating_point());
  REQUIRE(!nothing.is_cpu());
  REQUIRE(nothing.is_contiguous());
  REQUIRE(!nothing.contiguous().defined());
  REQUIRE(nothing._version() == 0);
  REQUIRE_THROWS_AS(nothing.size(1), c10::Error);
  REQUIRE_THROWS_AS(nothing.strides(), c10::Error);
  REQUIRE_THROWS_AS(nothing.device(), c10::Error);
  REQUIRE_THROWS_AS(nothing.grad(), c10::Error);
  REQUIRE_THROWS_AS(nothing.is_leaf(), c10::Error);
  REQUIRE_THROWS_AS(nothing.requires_grad_(), c10::Error);
  REQUIRE_THROWS_AS(nothing.zero_(), c10::Error);
  REQUIRE_THROWS_AS(nothing.view({0}), c10::Error);
  REQUIRE_THROWS_AS(nothing.detach(), c10::Error);
  REQUIRE_THROWS_AS(nothing + 1, c10::Error);
  REQUIRE_THROWS_AS(torch::ones({2}).put_(torch::tensor({0, 1}), nothing), c10::Error);
  REQUIRE_THROWS_AS(torch::cat({nothing, torch::ones({1})}), c10::Error);
}

TEST_CASE("from_blob borrows, clone owns") {
  float data[] = {1, 2, 3, 4};
  auto borrowed = torch::from_blob(data, {2, 2}, torch::kFloat32);
  auto owned = borrowed.clone();
  borrowed[0][0] = 9;
  REQUIRE(data[0] == 9);
  REQUIRE(owned[0][0].item<float>() == 1);
}

TEST_CASE("there is no CUDA, and asking for it is an error") {
  REQUIRE(!torch::cuda::is_available());
  REQUIRE(torch::cuda::device_count() == 0);
  torch::Device device = torch::cuda::is_available() ? torch::kCUDA : torch::kCPU;
  REQUIRE(torch::ones(1).to(device).device().is_cpu());
  REQUIRE_THROWS_AS(torch::ones(1).to(torch::kCUDA), c10::Error);
  at::globalContext().setBenchmarkCuDNN(true);
  at::globalContext().setAllowTF32CuBLAS(true);
}

TEST_CASE("checks throw with what they were given") {
  REQUIRE_THROWS_WITH(
      [] {
        TORCH_CHECK(1 > 2, "found ", 1, " of ", torch::ones({2, 3}).sizes());
      }(),
      Catch::Contains("found 1 of [2, 3]"));
  REQUIRE_THROWS_AS([] { AT_ASSERT(1 > 2); }(), c10::Error);
  TORCH_CHECK(true)
  REQUIRE(c10::str("sample-", 3, ".pt") == "sample-3.pt");
  static_assert(TORCH_VERSION_MAJOR == 1 && TORCH_VERSION_MINOR == 13, "the API of this release");
}

TEST_CASE("dispatch gives the element type") {
  std::size_t size = 0;
  AT_DISPATCH_FLOATING_TYPES(torch::kDouble, "size", [&] { size = sizeof(scalar_t); });
  REQUIRE(size == 8);
  REQUIRE_THROWS_AS(
      [&] { AT_DISPATCH_FLOATING_TYPES(torch::kLong, "size", [&] { size = sizeof(scalar_t); }); }(),
      c10::Error);
}

TEST_CASE("the same seed gives PyTorch's numbers") {
  torch::manual_seed(0);
  REQUIRE(torch::randn({2}).allclose(torch::tensor({1.5410, -0.2934}), 0, 1e-4));
}

TEST_CASE("irange counts, Half rounds to the nearest") {
  int64_t sum = 0;
  for (const auto i : c10::irange(5)) sum += i;
  for (const auto i : c10::irange(2, int64_t{4})) sum += i;
  REQUIRE(sum == 15);
  REQUIRE(static_cast<float>(c10::Half(1.0f / 3)) == 0.333251953125f);
  REQUIRE(static_cast<float>(c10::Half(2049.0f)) == 2048.0f);
  REQUIRE(static_cast<float>(c10::Half(-6e-8f)) == -5.9604645e-08f);
  REQUIRE(std::isinf(static_cast<float>(c10::Half(1e6f))));
  REQUIRE(std::isnan(static_cast<float>(c10::Half(NAN))));
}

struct Options {
  TORCH_ARG(int64_t, width) = 3;
  TORCH_ARG(bool, bias) = true;
};

TEST_CASE("TORCH_ARG makes a setter that chains and a getter") {
  const auto options = Options().width(5).bias(false);
  REQUIRE(options.width() == 5);
  REQUIRE(!options.bias());
}

}  // namespace
