// Golden values of PyTorch 1.13, made once by
//
//   import torch
//   from torch.nn import init
//   cases = [
//       ("uniform", lambda t: init.uniform_(t, -1, 3)),
//       ("normal", lambda t: init.normal_(t, 1, 2)),
//       ("trunc_normal", lambda t: init.trunc_normal_(t, 0.5, 2, -1, 2)),
//       ("xavier_uniform", lambda t: init.xavier_uniform_(t, 1.5)),
//       ("xavier_normal", lambda t: init.xavier_normal_(t)),
//       ("kaiming_uniform", lambda t: init.kaiming_uniform_(t, 0.1)),
//       ("kaiming_normal", lambda t: init.kaiming_normal_(t, 0, "fan_out", "relu")),
//       ("orthogonal", lambda t: init.orthogonal_(t, 2)),
//   ]
//   for name, fill in cases:
//       for shape in ((3, 4), (5, 2, 3)):
//           torch.manual_seed(7)
//           t = fill(torch.empty(shape)).flatten().tolist()
//           print(name, shape, t if len(t) == 12 else t[:3] + t[-3:])
//   torch.manual_seed(7); print(init.sparse_(torch.empty(5, 2), 0.5))
//   torch.manual_seed(7); print(init.orthogonal_(torch.empty(4, 2, dtype=torch.float64)))
#include <catch2/catch.hpp>
#include <cmath>

#include "xgrad/xgrad.h"

namespace {

using namespace xgrad;
namespace init = nn::init;

struct Golden {
  const char* name;
  std::vector<std::int64_t> sizes;
  std::vector<double> values;  // all 12, or the first and last 3
};

const Golden goldens[] = {
    {"uniform",
     {3, 4},
     {1.13969, -0.204787, 1.63685, 1.62756, -0.0689538, 0.700246, -0.171656, 1.51895, 0.461265,
      2.40507, 2.41977, 1.20374}},
    {"uniform", {5, 2, 3}, {1.13969, -0.204787, 1.63685, 1.51436, 2.06109, -0.547118}},
    {"normal",
     {3, 4},
     {0.70641, 2.57228, 2.89364, -1.22869, 4.38158, -0.789656, 0.28875, 3.46477, 1.27635, -2.3644,
      1.63536, 1.26561}},
    {"normal", {5, 2, 3}, {-0.640269, 1.79126, 2.79782, -1.11337, 0.476827, 0.499735}},
    {"trunc_normal",
     {3, 4},
     {0.595758, -0.350528, 0.939917, 0.9334, -0.249686, 0.294233, -0.325741, 0.857499, 0.128713,
      1.50336, 1.5148, 0.639726}},
    {"trunc_normal", {5, 2, 3}, {0.595758, -0.350528, 0.939917, 0.854304, 1.24391, -0.615368}},
    {"xavier_uniform",
     {3, 4},
     {0.096996, -0.836562, 0.442204, 0.435757, -0.742244, -0.208139, -0.813557, 0.360338, -0.374079,
      0.975634, 0.985841, 0.141471}},
    {"xavier_uniform", {5, 2, 3}, {0.0560006, -0.482989, 0.255307, 0.206201, 0.425384, -0.620227}},
    {"xavier_normal",
     {3, 4},
     {-0.0784653, 0.42021, 0.506097, -0.595642, 0.903765, -0.478306, -0.19009, 0.658738, 0.0738564,
      -0.899173, 0.169806, 0.0709883}},
    {"xavier_normal", {5, 2, 3}, {-0.253099, 0.122094, 0.277409, -0.3261, -0.0807274, -0.0771926}},
    {"kaiming_uniform",
     {3, 4},
     {0.0851179, -0.734117, 0.388052, 0.382394, -0.651349, -0.18265, -0.713929, 0.316211, -0.328269,
      0.856158, 0.865115, 0.124146}},
    {"kaiming_uniform", {5, 2, 3}, {0.0694984, -0.599404, 0.316843, 0.255902, 0.527914, -0.76972}},
    {"kaiming_normal",
     {3, 4},
     {-0.119858, 0.641882, 0.773077, -0.909858, 1.38052, -0.730624, -0.290367, 1.00624, 0.112818,
      -1.37351, 0.259383, 0.108436}},
    {"kaiming_normal",
     {5, 2, 3},
     {-0.299471, 0.144464, 0.328235, -0.385846, -0.095518, -0.0913355}},
    {"orthogonal",
     {3, 4},
     {-0.176153, 0.943366, 1.13618, -1.33721, 1.86806, -0.170583, 0.66475, 0.198391, -0.382315,
      -1.72857, 0.781529, -0.505061}},
    {"orthogonal", {5, 2, 3}, {-0.855742, 0.412808, 0.937936, 0.696886, 0.397817, -1.23785}},
};

Tensor filled(const std::string& name, const std::vector<std::int64_t>& sizes) {
  const Tensor t = empty(IntArrayRef(sizes));
  if (name == "uniform") return init::uniform_(t, -1, 3);
  if (name == "normal") return init::normal_(t, 1, 2);
  if (name == "trunc_normal") return init::trunc_normal_(t, 0.5, 2, -1, 2);
  if (name == "xavier_uniform") return init::xavier_uniform_(t, 1.5);
  if (name == "xavier_normal") return init::xavier_normal_(t);
  if (name == "kaiming_uniform") return init::kaiming_uniform_(t, 0.1);
  if (name == "kaiming_normal") return init::kaiming_normal_(t, 0, kFanOut, kReLU);
  return init::orthogonal_(t, 2);
}

void check_near(const Tensor& tensor, const std::vector<double>& expected) {
  const Tensor values = tensor.flatten().to(kDouble).contiguous();
  const auto count = static_cast<std::size_t>(values.numel());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const std::size_t at = count == expected.size() || i < 3 ? i : count - expected.size() + i;
    INFO("element " << at);
    CHECK(values.data_ptr<double>()[at] == Approx(expected[i]).epsilon(2e-5).margin(2e-6));
  }
}

TEST_CASE("initializers give PyTorch's values for the same seed") {
  for (const Golden& golden : goldens) {
    INFO(golden.name << " of " << golden.sizes.size() << " dimensions");
    manual_seed(7);
    check_near(filled(golden.name, golden.sizes), golden.values);
  }
  manual_seed(7);
  check_near(init::sparse_(empty({5, 2}), 0.5),
             {0, 0.00786141, 0, 0, 0.0169079, -0.00894828, -0.00355625, 0, 0, 0});
  manual_seed(7);
  check_near(init::orthogonal_(empty({4, 2}, kDouble)),
             {-0.07430153579832721, 0.5155432521819336, 0.47924147932275707, -0.27529683756928436,
              0.8558072116270774, 0.35263330658567743, -0.18000250776484034, 0.7308054169479571});
}

TEST_CASE("orthogonal rows or columns are orthonormal, whichever are fewer") {
  const Tensor tall = init::orthogonal_(empty({9, 4}, kDouble));
  CHECK(tall.t().matmul(tall).allclose(eye(4, kDouble), 0, 1e-12));
  const Tensor wide = init::orthogonal_(empty({4, 3, 3}, kDouble)).flatten(1);
  CHECK(wide.matmul(wide.t()).allclose(eye(4, kDouble), 0, 1e-12));
  CHECK(init::orthogonal_(empty({0, 3})).numel() == 0);
}

TEST_CASE("constants, eye and dirac fill as they say, and leave no history") {
  const Tensor weight = ones({2, 2}, requires_grad());
  init::constant_(weight, 0.5);
  CHECK(weight.equal(full({2, 2}, 0.5f)));
  CHECK(weight.is_leaf());
  CHECK(init::eye_(ones({2, 3})).equal(tensor({{1., 0., 0.}, {0., 1., 0.}})));
  const Tensor kernel = init::dirac_(ones({4, 2, 3}), 2);
  CHECK(kernel.sum().item<float>() == 4);
  CHECK(kernel[3][1][1].item<float>() == 1);
  CHECK(kernel[2][0][1].item<float>() == 1);
}

TEST_CASE("gains and fans are PyTorch's") {
  CHECK(init::calculate_gain(kTanh) == 5.0 / 3);
  CHECK(init::calculate_gain(kReLU) == std::sqrt(2.0));
  CHECK(init::calculate_gain(kLeakyReLU, 0.2) == std::sqrt(2 / 1.04));
  CHECK(init::calculate_gain(kConv2D) == 1);
  CHECK(init::_calculate_fan_in_and_fan_out(empty({6, 4, 3, 3})) == std::tuple(36, 54));
}

TEST_CASE("an initializer refuses a tensor that it is not for") {
  CHECK_THROWS_WITH(init::xavier_normal_(empty({3})),
                    "fan in and fan out: the tensor is 3, expected at least 2 dimensions [out, in, "
                    "...]");
  CHECK_THROWS_WITH(init::eye_(empty({2, 2, 2})),
                    "eye_: the tensor is 2x2x2, expected 2 dimensions");
  CHECK_THROWS_WITH(init::dirac_(empty({3, 2, 3}), 2),
                    "dirac_: 3 output channels are not divisible by 2 groups");
  CHECK_THROWS_WITH(init::sparse_(empty({2, 2}), 1.5), "sparse_: sparsity is 1.5, expected 0 to 1");
}

}  // namespace
