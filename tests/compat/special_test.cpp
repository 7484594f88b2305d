// torch::special: against tests/golden/special.json (made by tests/golden/make_special.py), finite
// differences, and at the ends of the functions' domains. Expected values are PyTorch 1.13's.
#include <math.h>

#include <limits>

#include "nn/golden_rows.h"
#include "torch/torch.h"

namespace {

using namespace xgrad::testing;
using Catch::Matchers::Equals;
using torch::Tensor;

constexpr double kInf = std::numeric_limits<double>::infinity();
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

Tensor doubles(const std::vector<double>& values) { return torch::tensor(values, torch::kDouble); }
Tensor degrees() { return doubles({-1, 0, 1, 2, 5, 9}); }

std::vector<NnRow> rows() {
  // clang-format off
  return {
      {"i0e", [](const Inputs& x) { return torch::special::i0e(x[0]); }},
      {"i1", [](const Inputs& x) { return torch::special::i1(x[0]); }},
      {"i1e", [](const Inputs& x) { return torch::special::i1e(x[0]); }},
      {"erfcx", [](const Inputs& x) { return torch::special::erfcx(x[0]); }},
      {"log_ndtr", [](const Inputs& x) { return torch::special::log_ndtr(x[0]); }},
      {"i0e_far", [](const Inputs& x) { return torch::special_i0e(x[0]); }, 0},
      {"i1e_far", [](const Inputs& x) { return torch::special_i1e(x[0]); }, 0},
      {"erfcx_far", [](const Inputs& x) { return torch::special_erfcx(x[0]); }, 0},
      {"log_ndtr_far", [](const Inputs& x) { return torch::special_log_ndtr(x[0]); }, 0},
      {"igamma", [](const Inputs& x) { return torch::igamma(x[0], x[1]); }},
      {"igammac", [](const Inputs& x) { return x[0].igammac(x[1]); }},
      {"igammac_large", [](const Inputs& x) { return torch::special::gammaincc(x[0], x[1]); }, 0},
      {"zeta", [](const Inputs& x) { return torch::special::zeta(x[0], x[1]); }},
      {"modified_bessel_i0", [](const Inputs& x) { return torch::special::modified_bessel_i0(x[0]); }, 0},
      {"modified_bessel_i1", [](const Inputs& x) { return torch::special::modified_bessel_i1(x[0]); }, 0},
      {"spherical_bessel_j0", [](const Inputs& x) { return torch::special::spherical_bessel_j0(x[0]); }, 0},
      {"modified_bessel_k0", [](const Inputs& x) { return torch::special::modified_bessel_k0(x[0]); }, 0},
      {"modified_bessel_k1", [](const Inputs& x) { return torch::special::modified_bessel_k1(x[0]); }, 0},
      {"chebyshev_polynomial_t", [](const Inputs& x) { return torch::special::chebyshev_polynomial_t(x[0], degrees()); }, 0},
      {"chebyshev_polynomial_u", [](const Inputs& x) { return torch::special::chebyshev_polynomial_u(x[0], degrees()); }, 0},
      {"chebyshev_polynomial_v", [](const Inputs& x) { return torch::special::chebyshev_polynomial_v(x[0], degrees()); }, 0},
      {"chebyshev_polynomial_w", [](const Inputs& x) { return torch::special::chebyshev_polynomial_w(x[0], degrees()); }, 0},
      {"shifted_chebyshev_polynomial_t", [](const Inputs& x) { return torch::special::shifted_chebyshev_polynomial_t(x[0], degrees()); }, 0},
      {"shifted_chebyshev_polynomial_u", [](const Inputs& x) { return torch::special::shifted_chebyshev_polynomial_u(x[0], degrees()); }, 0},
      {"shifted_chebyshev_polynomial_v", [](const Inputs& x) { return torch::special::shifted_chebyshev_polynomial_v(x[0], degrees()); }, 0},
      {"shifted_chebyshev_polynomial_w", [](const Inputs& x) { return torch::special::shifted_chebyshev_polynomial_w(x[0], degrees()); }, 0},
      {"hermite_polynomial_h", [](const Inputs& x) { return torch::special::hermite_polynomial_h(x[0], degrees()); }, 0},
      {"hermite_polynomial_he", [](const Inputs& x) { return torch::special::hermite_polynomial_he(x[0], degrees()); }, 0},
      {"laguerre_polynomial_l", [](const Inputs& x) { return torch::special::laguerre_polynomial_l(x[0], degrees()); }, 0},
      {"legendre_polynomial_p", [](const Inputs& x) { return torch::special::legendre_polynomial_p(x[0], degrees()); }, 0},
      {"scaled_modified_bessel_k0", [](const Inputs& x) { return torch::special::scaled_modified_bessel_k0(x[0]); }, 0},
      {"scaled_modified_bessel_k1", [](const Inputs& x) { return torch::special::scaled_modified_bessel_k1(x[0]); }, 0},
      {"airy_ai", [](const Inputs& x) { return torch::special::airy_ai(x[0]); }, 0},
  };
  // clang-format on
}

}  // namespace

TEST_CASE("special functions have PyTorch's values and gradients") {
  const nlohmann::json golden = read_golden("special.json");
  std::size_t checked = 0;
  for (const NnRow& row : rows()) {
    check_row(golden, row);
    ++checked;
  }
  // Here PyTorch's own values are good to 7 digits: those of the C library (jn, yn) differ from
  // them, and not from ours.
  const std::vector<std::pair<const char*, Tensor (*)(const Tensor&)>> coarse = {
      {"bessel_j0", torch::special::bessel_j0},
      {"bessel_j1", torch::special::bessel_j1},
      {"bessel_y0", torch::special::bessel_y0},
      {"bessel_y1", torch::special::bessel_y1}};
  for (const auto& [name, function] : coarse) {
    INFO(name);
    const Tensor x = golden_tensor(golden.at(name).at("inputs")[0]);
    REQUIRE_THAT(function(x), Near(golden_tensor(golden.at(name).at("outputs")[0]), 1e-6));
    ++checked;
  }
  const Tensor at = doubles({3.25});
  REQUIRE_THAT(torch::special::bessel_j1(at), Near(doubles({::j1(3.25)}), 1e-14));
  REQUIRE_THAT(torch::special::bessel_y0(at), Near(doubles({::y0(3.25)}), 1e-14));
  REQUIRE(checked == golden.size());
}

TEST_CASE("special functions at the ends of their domains") {
  namespace special = torch::special;
  const Tensor ends = doubles({0, kInf, -kInf, kNan});
  REQUIRE_THAT(special::i0e(ends), Near(doubles({1, 0, 0, kNan}), 0));
  REQUIRE_THAT(special::i1e(ends), Near(doubles({0, 0, 0, kNan}), 0));
  REQUIRE_THAT(special::erfcx(ends), Near(doubles({1, 0, kInf, kNan}), 0));
  REQUIRE_THAT(special::bessel_j0(ends), Near(doubles({1, kNan, kNan, kNan}), 0));
  REQUIRE_THAT(special::bessel_y0(ends), Near(doubles({-kInf, kNan, kNan, kNan}), 0));
  REQUIRE_THAT(special::modified_bessel_k0(ends), Near(doubles({kInf, 0, kNan, kNan}), 0));
  REQUIRE_THAT(special::spherical_bessel_j0(ends), Near(doubles({1, 0, 0, kNan}), 0));
  const Tensor a = doubles({0, 0, 1, -1, 3, 1, kInf}), x = doubles({0, 1, 0, 1, -1, kInf, 1});
  REQUIRE_THAT(torch::igamma(a, x), Near(doubles({kNan, 1, 0, kNan, kNan, 1, 0}), 0));
  REQUIRE_THAT(torch::igammac(a, x), Near(doubles({kNan, 0, 1, kNan, kNan, 0, 1}), 0));
  REQUIRE_THAT(
      special::zeta(doubles({1, 0.5, 3, 3, 2.5}), doubles({1, 1, -1, -1.5, -1.5})),
      Near(doubles({kInf, kNan, kInf, special::zeta(3, doubles({-1.5})).item<double>(), kNan}), 0));
  REQUIRE_THAT(special::zeta(2, doubles({1})), Near(doubles({1.6449340668482264}), 1e-15));
}

TEST_CASE("special functions of integers and of float32 give float32") {
  REQUIRE(torch::special::i1(torch::tensor({1, 2})).dtype() == torch::kFloat);
  REQUIRE(torch::special_zeta(torch::tensor({2, 3}), 2.0).dtype() == torch::kFloat);
  Tensor y = torch::empty({0});
  torch::special_erfcx_out(y, torch::ones(2));
  REQUIRE_THAT(y, Near(torch::special::erfcx(torch::ones(2)), 0));
}

TEST_CASE("the incomplete gamma functions and zeta have no gradient by their first argument") {
  const Tensor a = torch::ones(2).requires_grad_(), x = torch::ones(2).requires_grad_();
  REQUIRE_THAT(error_of([&] { torch::igamma(a, x).sum().backward(); }),
               Equals("igamma: no gradient by the first argument"));
  REQUIRE_THAT(error_of([&] { torch::special::zeta(a + 1, x).sum().backward(); }),
               Equals("zeta: no gradient by the first argument"));
}
