// The random stream against PyTorch 1.13 on a processor with AVX2, value by value. Where a
// tolerance is given, the last bits depend on the C library's functions or on fused multiply-add.
// The last number of a row is what rand gives afterwards: the row has taken exactly as much from
// the stream as PyTorch. Made by:
//
// import torch
// for text in """
// torch.rand(4)
// torch.rand(3, dtype=torch.float64)
// torch.empty(4).uniform_(-3, 7.1)
// torch.empty(2, 3).t().uniform_()
// torch.rand_like(torch.empty(2, 3).t())
// torch.randn(5)
// torch.randn(3, dtype=torch.float64)
// torch.randn(17)
// torch.randn(16, dtype=torch.float64)
// torch.empty(18).normal_(1.5, 2.5)
// torch.empty(8, 4)[::2].normal_(1.5, 2.5)
// torch.randint(10, (6,))
// torch.randint(-5, 5, (6,))
// torch.randint(3, 1 << 40, (3,))
// torch.empty(3, dtype=torch.int64).random_()
// torch.empty(3, dtype=torch.int32).random_()
// torch.empty(5, dtype=torch.uint8).random_()
// torch.empty(8, dtype=torch.bool).random_()
// torch.empty(3).random_()
// torch.empty(3, dtype=torch.float64).random_()
// torch.empty(3, dtype=torch.int32).random_(-9, None)
// torch.empty(3).random_((1 << 24) + 1, (1 << 25) + 1)
// torch.randperm(10)
// torch.empty(8).bernoulli_(0.3)
// torch.bernoulli(torch.full((8,), 0.3))
// torch.bernoulli(torch.full((8,), 0.3, dtype=torch.float64))
// torch.empty(2, 3).t().bernoulli_(torch.tensor([0.2, 0.8]))
// torch.empty(3).exponential_(1.5)
// torch.empty(4).geometric_(0.3)
// torch.empty(3).cauchy_(1, 2)
// torch.empty(3).log_normal_(0.5, 0.25)
// torch.multinomial(torch.arange(1., 7), 4)
// torch.multinomial(torch.ones(3, 5), 1)
// torch.multinomial(torch.arange(1., 7).view(2, 3), 5, True)
// torch.normal(torch.arange(3.), 0.5)
// torch.normal(1.5, torch.arange(1., 4))
// torch.normal(torch.zeros(2, 1), torch.ones(2))
// torch.poisson(torch.full((6,), 3.5))
// torch.poisson(torch.full((6,), 35.5))
// torch.rrelu(torch.tensor([-1., 1., -1.]), 0.1, 0.3, True)
// torch.dropout(torch.ones(8), 0.4, True)
// """.strip().splitlines():
//   torch.manual_seed(42); print(text, eval(text).flatten().tolist(), torch.rand(1).item())
#include <catch2/catch.hpp>
#include <functional>
#include <limits>
#include <vector>

#include "support/matchers.h"
#include "xgrad/xgrad.h"

namespace xgrad::testing {
namespace {

struct Row {
  const char* name;
  std::function<Tensor()> make;
  double tolerance;
  std::vector<double> expected;
  double next;
};

std::vector<Row> golden_rows() {
  return {
      {"torch.rand(4)",
       [] { return rand({4}); },
       0,
       {0.8822692632675171, 0.9150039553642273, 0.38286375999450684, 0.9593056440353394},
       0.3904482126235962},
      {"torch.rand(3, dtype=torch.float64)",
       [] { return rand({3}, kDouble); },
       0,
       {0.05815448596142969, 0.06291016742457756, 0.12358607277440903},
       0.2565724849700928},
      {"torch.empty(4).uniform_(-3, 7.1)",
       [] { return empty({4}).uniform_(-3, 7.1); },
       0,
       {5.910919666290283, 6.241540431976318, 0.8669241070747375, 6.6889872550964355},
       0.3904482126235962},
      {"torch.empty(2, 3).t().uniform_()",
       [] {
         return empty({2, 3}).t().uniform_();
       },
       0,
       {0.8822692632675171, 0.9593056440353394, 0.9150039553642273, 0.3904482126235962,
        0.38286375999450684, 0.600895345211029},
       0.2565724849700928},
      {"torch.rand_like(torch.empty(2, 3).t())",
       [] {
         return rand_like(empty({2, 3}).t());
       },
       0,
       {0.8822692632675171, 0.9593056440353394, 0.9150039553642273, 0.3904482126235962,
        0.38286375999450684, 0.600895345211029},
       0.2565724849700928},
      {"torch.randn(5)",
       [] { return randn({5}); },
       0,
       {0.33669036626815796, 0.12880940735340118, 0.23446236550807953, 0.23033303022384644,
        -1.1228563785552979},
       0.8694044351577759},
      {"torch.randn(3, dtype=torch.float64)",
       [] { return randn({3}, kDouble); },
       0,
       {0.33669035438385886, 0.1288094051365897, 0.23446236336153173},
       0.9407714605331421},
      {"torch.randn(17)",
       [] { return randn({17}); },
       2e-06,
       {1.9269152879714966, -0.1595974713563919, -0.4973975419998169, 0.439589262008667,
        -0.7581311464309692, 1.078317642211914, 0.8008005619049072, 1.680620551109314,
        0.3558599054813385, 1.2964228391647339, 0.610466480255127, 1.334737777709961,
        -0.2316243201494217, 0.041759490966796875, -0.2515752911567688, 0.859858512878418,
        -0.3097267746925354},
       0.5832095742225647},
      {"torch.randn(16, dtype=torch.float64)",
       [] { return randn({16}, kDouble); },
       1e-15,
       {0.2995562877502637, 0.24237779080894106, 0.28320739441795323, -0.23294220898382634,
        0.6711532211923003, 0.7817673742546976, -1.7903080050220619, -1.748402801489203,
        0.17347640142361004, 0.26684314514213736, 0.4285173645433462, 0.2318702888580676,
        -1.0214571469180447, -0.8272632292381021, 1.7342104609172728, -1.4920727283504345},
       0.8860136866569519},
      {"torch.empty(18).normal_(1.5, 2.5)",
       [] { return empty({18}).normal_(1.5, 2.5); },
       2e-06,
       {6.317288398742676, 5.218210220336914, 0.25650614500045776, 2.598973274230957,
        -0.3953278660774231, 4.195794105529785, 3.5020012855529785, 5.70155143737793,
        2.3896498680114746, -0.21655744314193726, 3.0261662006378174, 4.836844444274902,
        0.9209392070770264, 1.6043987274169922, 0.8710618019104004, 3.649646282196045,
        0.7256830930709839, 0.5107237696647644},
       0.3376477360725403},
      {"torch.empty(8, 4)[::2].normal_(1.5, 2.5)",
       [] {
         return empty({8, 4}).slice(0, 0, 8, 2).normal_(1.5, 2.5);
       },
       1e-07,
       {2.3417258262634277, 1.8220235109329224, 2.086155891418457, 2.0758326053619385,
        -1.3071409463882446, 1.0341792106628418, 7.020503520965576, -0.09499264508485794,
        2.6541430950164795, 2.168377161026001, 2.83726167678833, 3.523392915725708,
        4.275725841522217, -2.7244973182678223, -0.9723997116088867, 3.8949294090270996},
       0.8860136866569519},
      {"torch.randint(10, (6,))",
       [] { return randint(10, {6}); },
       0,
       {2, 7, 6, 4, 6, 5},
       0.2565724849700928},
      {"torch.randint(-5, 5, (6,))",
       [] { return randint(-5, 5, {6}); },
       0,
       {-3, 2, 1, -1, 1, 0},
       0.2565724849700928},
      {"torch.randint(3, 1 << 40, (3,))",
       [] { return randint(3, std::int64_t{1} << 40, {3}); },
       0,
       {441526641482, 395972688666, 458652123174},
       0.2565724849700928},
      {"torch.empty(3, dtype=torch.int64).random_()",
       [] { return empty({3}, kLong).random_(); },
       0,
       {6909045637428952499.0, 8314211556539077902.0, 4279532810384561223.0},
       0.2565724849700928},
      {"torch.empty(3, dtype=torch.int32).random_()",
       [] { return empty({3}, kInt).random_(); },
       0,
       {1608637542, 1273642419, 1935803228},
       0.9593056440353394},
      {"torch.empty(5, dtype=torch.uint8).random_()",
       [] { return empty({5}, kByte).random_(); },
       0,
       {102, 179, 92, 14, 106},
       0.600895345211029},
      {"torch.empty(8, dtype=torch.bool).random_()",
       [] { return empty({8}, kBool).random_(); },
       0,
       {0, 1, 0, 0, 0, 1, 0, 0},
       0.9407714605331421},
      {"torch.empty(3).random_()",
       [] { return empty({3}).random_(); },
       0,
       {14801927, 15351016, 6423145},
       0.9593056440353394},
      {"torch.empty(3, dtype=torch.float64).random_()",
       [] { return empty({3}, kDouble).random_(); },
       0,
       {523809042610868, 566644413140339, 1113164382588524},
       0.2565724849700928},
      {"torch.empty(3, dtype=torch.int32).random_(-9, None)",
       [] { return empty({3}, kInt).random_(-9, optional<std::int64_t>()); },
       0,
       {1608637533, 1273642401, 1935803210},
       0.9593056440353394},
      {"torch.empty(3).random_((1 << 24) + 1, (1 << 25) + 1)",
       [] { return empty({3}).random_((1 << 24) + 1, (1 << 25) + 1); },
       0,
       {31579240, 32128436, 23200604},
       0.9593056440353394},
      {"torch.randperm(10)",
       [] { return randperm(10); },
       0,
       {2, 6, 1, 8, 4, 5, 0, 9, 3, 7},
       0.13318592309951782},
      {"torch.empty(8).bernoulli_(0.3)",
       [] { return empty({8}).bernoulli_(0.3); },
       0,
       {1, 1, 1, 1, 0, 0, 0, 0},
       0.8854429125785828},
      {"torch.bernoulli(torch.full((8,), 0.3))",
       [] { return bernoulli(full({8}, 0.3)); },
       0,
       {0, 0, 0, 0, 0, 0, 1, 0},
       0.9407714605331421},
      {"torch.bernoulli(torch.full((8,), 0.3, dtype=torch.float64))",
       [] { return bernoulli(full({8}, 0.3, kDouble)); },
       0,
       {1, 1, 1, 1, 0, 0, 0, 0},
       0.8854429125785828},
      {"torch.empty(2, 3).t().bernoulli_(torch.tensor([0.2, 0.8]))",
       [] {
         return empty({2, 3}).t().bernoulli_(tensor({0.2, 0.8}));
       },
       0,
       {0, 0, 0, 1, 0, 1},
       0.2565724849700928},
      {"torch.empty(3).exponential_(1.5)",
       [] { return empty({3}).exponential_(1.5); },
       1e-07,
       {0.039942678064107895, 0.04331741854548454, 0.08794452250003815},
       0.2565724849700928},
      {"torch.empty(4).geometric_(0.3)",
       [] { return empty({4}).geometric_(0.3); },
       0,
       {8, 8, 6, 9},
       0.9407714605331421},
      {"torch.empty(3).cauchy_(1, 2)",
       [] { return empty({3}).cauchy_(1, 2); },
       1e-07,
       {-9.82497501373291, -8.987401962280273, -3.8897485733032227},
       0.2565724849700928},
      {"torch.empty(3).log_normal_(0.5, 0.25)",
       [] { return empty({3}).log_normal_(0.5, 0.25); },
       1e-07,
       {1.793506383895874, 1.7026780843734741, 1.7482504844665527},
       0.9407714605331421},
      {"torch.multinomial(torch.arange(1., 7), 4)",
       [] { return multinomial(arange(1., 7), 4); },
       0,
       {3, 1, 2, 0},
       0.8694044351577759},
      {"torch.multinomial(torch.ones(3, 5), 1)",
       [] {
         return multinomial(ones({3, 5}), 1);
       },
       0,
       {3, 3, 0},
       0.951554536819458},
      {"torch.multinomial(torch.arange(1., 7).view(2, 3), 5, True)",
       [] {
         return multinomial(arange(1., 7).view({2, 3}), 5, true);
       },
       0,
       {0, 0, 0, 0, 2, 1, 2, 2, 0, 0},
       0.26963168382644653},
      {"torch.normal(torch.arange(3.), 0.5)",
       [] { return normal(arange(3.), 0.5); },
       1e-07,
       {0.16834518313407898, 1.0644047260284424, 2.1172311305999756},
       0.9407714605331421},
      {"torch.normal(1.5, torch.arange(1., 4))",
       [] { return normal(1.5, arange(1., 4)); },
       1e-07,
       {1.8366904258728027, 1.75761878490448, 2.2033870220184326},
       0.9407714605331421},
      {"torch.normal(torch.zeros(2, 1), torch.ones(2))",
       [] {
         return normal(zeros({2, 1}), ones({2}));
       },
       1e-07,
       {0.33669036626815796, 0.12880940735340118, 0.23446236550807953, 0.23033303022384644},
       0.9407714605331421},
      {"torch.poisson(torch.full((6,), 3.5))",
       [] { return poisson(full({6}, 3.5)); },
       0,
       {1, 1, 4, 1, 5, 3},
       0.710428774356842},
      {"torch.poisson(torch.full((6,), 35.5))",
       [] { return poisson(full({6}, 35.5)); },
       0,
       {23, 27, 36, 25, 28, 33},
       0.8860136866569519},
      {"torch.rrelu(torch.tensor([-1., 1., -1.]), 0.1, 0.3, True)",
       [] {
         return rrelu(tensor({-1., 1., -1.}), 0.1, 0.3, true);
       },
       1e-07,
       {-0.11163090169429779, 1, -0.11258203536272049},
       0.3904482126235962},
      {"torch.dropout(torch.ones(8), 0.4, True)",
       [] { return dropout(ones({8}), 0.4, true); },
       1e-07,
       {1.6666666269302368, 1.6666666269302368, 1.6666666269302368, 1.6666666269302368,
        1.6666666269302368, 1.6666666269302368, 0, 0},
       0.8854429125785828},
  };
}

TEST_CASE("Every distribution gives PyTorch's numbers and takes as much from the stream",
          "[random]") {
  for (const Row& row : golden_rows()) {
    INFO(row.name);
    manual_seed(42);
    const Tensor made = row.make().reshape(-1).to(kDouble);
    const Tensor next = rand({1});
    const Tensor expected = tensor(row.expected, kDouble);
    REQUIRE_THAT(made, Near(expected, row.tolerance));
    REQUIRE(next.item<double>() == row.next);
  }
}

TEST_CASE("A generator of one's own is a stream beside the default one", "[random]") {
  manual_seed(1);
  const Tensor expected = rand({4});
  manual_seed(1);
  Generator own(42);
  const Tensor first = randn({3}, own), second = randint(10, {3}, own);
  REQUIRE_THAT(rand({4}), Identical(expected));
  own.set_current_seed(42);
  REQUIRE_THAT(randn({3}, own), Identical(first));
  REQUIRE_THAT(randint(10, {3}, own), Identical(second));
}

TEST_CASE("randn does not depend on the number of threads", "[random]") {
  const int before = get_num_threads();
  set_num_threads(1);
  manual_seed(3);
  const Tensor one = randn({50'001});
  set_num_threads(4);
  manual_seed(3);
  REQUIRE_THAT(randn({50'001}), Identical(one));
  set_num_threads(before);
}

TEST_CASE("Random factories follow their options", "[random]") {
  REQUIRE(rand({2}).scalar_type() == kFloat);
  REQUIRE(rand({2}, requires_grad()).requires_grad());
  REQUIRE(randn({2, 0}).sizes().vec() == std::vector<std::int64_t>{2, 0});
  REQUIRE(randn({}).dim() == 0);
  REQUIRE(randint(5, {2}).scalar_type() == kLong);
  REQUIRE(randint(5, {2}, kInt).scalar_type() == kInt);
  REQUIRE(randperm(3).scalar_type() == kLong);
  REQUIRE(randperm(0).numel() == 0);
  REQUIRE(randn_like(ones({2, 3}, kDouble)).scalar_type() == kDouble);
  REQUIRE(multinomial(ones({4}), 2).scalar_type() == kLong);
  REQUIRE(normal(0, 1, {2, 2}).sizes().vec() == std::vector<std::int64_t>{2, 2});
}

TEST_CASE("multinomial draws one sample with replacement as it draws many", "[random]") {
  const Tensor weights = tensor({0.1, 0.2, 0.3, 0.4, 0.5, 0.6});
  const auto drawn = [&](std::int64_t count, bool replacement) {
    manual_seed(4);
    return multinomial(weights, count, replacement);
  };
  CHECK_THAT(drawn(1, true), Identical(tensor({4})));
  CHECK_THAT(drawn(4, true), Identical(tensor({4, 5, 1, 5})));
  CHECK_THAT(drawn(1, false), Identical(tensor({2})));
  CHECK_THAT(drawn(4, false), Identical(tensor({2, 5, 4, 0})));
}

TEST_CASE("Filling at random ends the history of a tensor", "[random]") {
  const Tensor x = ones({3}, requires_grad());
  Tensor y = x * 2;
  y.normal_();
  y.sum().backward();
  REQUIRE((!x.grad().defined() || x.grad().eq(0).all().item<bool>()));
  const Tensor p = full({3}, 0.5, requires_grad());
  bernoulli(p).sum().backward();
  REQUIRE_THAT(p.grad(), Identical(zeros({3})));
  REQUIRE(error_of([&] { x.uniform_(); }).find("leaf") != std::string::npos);
}

TEST_CASE("Distributions refuse what they cannot draw from", "[random]") {
  const auto infinity = std::numeric_limits<double>::infinity();
  const Tensor x = zeros({2}), whole = zeros({2}, kLong);
  REQUIRE(error_of([&] { whole.normal_(); }) ==
          "normal_: not defined for dtype int64, expected floating numbers");
  REQUIRE(error_of([&] { x.normal_(0, -1); }) ==
          "normal_: std -1 is negative, expected at least 0");
  REQUIRE(error_of([&] { x.uniform_(2, 1); }) == "uniform_: from 2 is above to 1");
  REQUIRE(error_of([&] { x.bernoulli_(1.5); }) == "bernoulli_: p is 1.5, expected 0 to 1");
  REQUIRE(error_of([&] { bernoulli(full({2}, 1.5)); }) ==
          "bernoulli_: a probability lies outside the range from 0 to 1");
  REQUIRE(error_of([&] { x.exponential_(-1); }) ==
          "exponential_: lambda -1 is negative, expected at least 0");
  REQUIRE(error_of([&] { x.geometric_(1); }) ==
          "geometric_: p is 1, expected a number between 0 and 1");
  REQUIRE(error_of([&] { x.log_normal_(0, 0); }) == "log_normal_: std 0 is not positive");
  REQUIRE(error_of([&] { randint(5, 5, {1}); }) == "random_: from 5 is not below to 5");
  REQUIRE(error_of([&] { randint(0, 300, {1}, kByte); }) ==
          "random_: 0 to 299 is out of the range of dtype uint8, 0 to 255");
  REQUIRE(error_of([&] { randperm(-1); }) == "randperm: n -1 is negative, expected at least 0");
  REQUIRE(error_of([&] { randperm(300, kByte); }) ==
          "randperm: 300 numbers do not fit dtype uint8");
  REQUIRE(error_of([&] { multinomial(ones({2}), 3); }) ==
          "multinomial: 3 samples of 2 weights, expected at most as many without replacement");
  REQUIRE(error_of([&] {
            multinomial(tensor({1., -1.}), 1);
          }) == "multinomial: a weight is negative, infinite or NaN");
  REQUIRE(error_of([&] {
            multinomial(tensor({1., infinity}), 1);
          }) == "multinomial: a weight is negative, infinite or NaN");
  REQUIRE(error_of([&] { multinomial(zeros({2}), 1); }) ==
          "multinomial: the weights of a row sum to 0");
  REQUIRE(error_of([&] { poisson(tensor({-1.})); }) ==
          "poisson: a rate is negative, expected at least 0");
}

}  // namespace
}  // namespace xgrad::testing
