#include "xgrad/ops/activation.h"

#include <numbers>

#include "xgrad/ops/comparison.h"
#include "xgrad/ops/elementwise.h"
#include "xgrad/ops/minmax.h"
#include "xgrad/ops/slope.h"
#include "xgrad/ops/where.h"

namespace xgrad {

using namespace autograd;

// y = sigmoid(x): slope y (1 - y), which bends by 1 - 2 y.
constexpr auto sigmoid_slope = [](const Tensor& dy, const Tensor& y) {
  return slope<kernels::SigmoidBackward>(
      "SigmoidBackwardBackward0", dy, y, {},
      [](const Tensor& c, const Tensor& v) { return c * (1 - v * 2); });
};
Tensor sigmoid(const Tensor& self) {
  return of_output<kernels::Sigmoid>("sigmoid", "SigmoidBackward0", self, sigmoid_slope);
}
Tensor Tensor::sigmoid() const { return xgrad::sigmoid(*this); }
Tensor& Tensor::sigmoid_() const {
  return of_output_in_place<kernels::Sigmoid>("sigmoid_", "SigmoidBackward0", *this, sigmoid_slope);
}
Tensor& sigmoid_(const Tensor& self) { return self.sigmoid_(); }

// Slope 1 - y^2.
constexpr auto tanh_slope = [](const Tensor& dy, const Tensor& y) {
  return slope<kernels::TanhBackward>("TanhBackwardBackward0", dy, y, {},
                                      [](const Tensor& c, const Tensor& v) { return c * v * -2; });
};
Tensor tanh(const Tensor& self) {
  return of_output<kernels::Tanh>("tanh", "TanhBackward0", self, tanh_slope);
}
Tensor Tensor::tanh() const { return xgrad::tanh(*this); }
Tensor& Tensor::tanh_() const {
  return of_output_in_place<kernels::Tanh>("tanh_", "TanhBackward0", *this, tanh_slope);
}
Tensor& tanh_(const Tensor& self) { return self.tanh_(); }

// Slope sigmoid(-x).
Tensor log_sigmoid(const Tensor& self) {
  return activation<kernels::LogSigmoid>(
      "log_sigmoid", "LogSigmoidBackward0", self, {}, [](const Tensor& dy, const Tensor& x) {
        return slope<kernels::LogSigmoidBackward>("LogSigmoidBackwardBackward0", dy, x, {},
                                                  [](const Tensor& c, const Tensor& v) {
                                                    const Tensor s = v.sigmoid();
                                                    return c * s * (s - 1);
                                                  });
      });
}

// Slope s = sigmoid(beta x) below the threshold, which bends by beta s (1 - s), and 1 above.
Tensor softplus(const Tensor& self, const Scalar& beta, const Scalar& threshold) {
  const double b = beta.toDouble(), limit = threshold.toDouble();
  const MapParams params{b, limit};
  const auto bend = [b, limit](const Tensor& c, const Tensor& v) {
    const Tensor s = (v * b).sigmoid();
    return where(v * b >= limit, 0, c * s * (1 - s) * b);
  };
  return activation<kernels::Softplus>("softplus", "SoftplusBackward0", self, params,
                                       [params, bend](const Tensor& dy, const Tensor& x) {
                                         return slope<kernels::SoftplusBackward>(
                                             "SoftplusBackwardBackward0", dy, x, params, bend);
                                       });
}

namespace {

// With the distribution function P and the density p: slope P(x) + x p(x), which bends by p(x) (2 -
// x^2).
Tensor gelu_exact(const Tensor& self) {
  return activation<kernels::Gelu>(
      "gelu", "GeluBackward0", self, {}, [](const Tensor& dy, const Tensor& x) {
        return slope<kernels::GeluBackward>(
            "GeluBackwardBackward0", dy, x, {}, [](const Tensor& c, const Tensor& v) {
              constexpr double kPeak = std::numbers::inv_sqrtpi / std::numbers::sqrt2;
              const Tensor squared = v.square();
              return c * (squared * -0.5).exp() * kPeak * (2 - squared);
            });
      });
}

// y = x (1 + t) / 2 with t = tanh(u), u = k (x + a x^3): it bends by (1 - t^2) (u' + x (u'' / 2 - t
// u'^2)).
Tensor gelu_tanh(const Tensor& self) {
  return activation<kernels::GeluTanh>(
      "gelu", "GeluBackward0", self, {}, [](const Tensor& dy, const Tensor& x) {
        return slope<kernels::GeluTanhBackward>(
            "GeluBackwardBackward0", dy, x, {}, [](const Tensor& c, const Tensor& v) {
              constexpr double k = std::numbers::sqrt2 * std::numbers::inv_sqrtpi, a = 0.044715;
              const Tensor squared = v.square();
              const Tensor t = (v * (squared * a + 1) * k).tanh();
              const Tensor du = (squared * (3 * a) + 1) * k;
              return c * (1 - t.square()) * (du + v * (v * (3 * a * k) - t * du.square()));
            });
      });
}

}  // namespace

Tensor gelu(const Tensor& self, std::string_view approximate) {
  check(approximate == "none" || approximate == "tanh",
        "gelu: approximate '{}' is unknown, expected none or tanh", approximate);
  return approximate == "none" ? gelu_exact(self) : gelu_tanh(self);
}
Tensor& gelu_(const Tensor& self, std::string_view approximate) {
  return apply_in_place("gelu_", self, [&](const Tensor& x) { return gelu(x, approximate); });
}

// Slope s (1 + x (1 - s)) with s = sigmoid(x), which bends by s (1 - s) (2 + x (1 - 2 s)).
Tensor silu(const Tensor& self) {
  return activation<kernels::Silu>(
      "silu", "SiluBackward0", self, {}, [](const Tensor& dy, const Tensor& x) {
        return slope<kernels::SiluBackward>("SiluBackwardBackward0", dy, x, {},
                                            [](const Tensor& c, const Tensor& v) {
                                              const Tensor s = v.sigmoid();
                                              return c * s * (1 - s) * (v * (1 - s * 2) + 2);
                                            });
      });
}
Tensor& silu_(const Tensor& self) { return in_place<kernels::Silu>("silu_", self, silu); }

// With t = tanh(softplus(x)) and s = sigmoid(x): slope t + x (1 - t^2) s, which bends by
// (1 - t^2) s (2 + x (1 - s - 2 t s)).
Tensor mish(const Tensor& self) {
  return activation<kernels::Mish>(
      "mish", "MishBackward0", self, {}, [](const Tensor& dy, const Tensor& x) {
        return slope<kernels::MishBackward>(
            "MishBackwardBackward0", dy, x, {}, [](const Tensor& c, const Tensor& v) {
              const Tensor s = v.sigmoid(), t = softplus(v).tanh();
              return c * (1 - t.square()) * s * (v * (1 - s - t * s * 2) + 2);
            });
      });
}
Tensor& mish_(const Tensor& self) { return in_place<kernels::Mish>("mish_", self, mish); }

namespace {

// x scale for x > 0, scale alpha (e^(k x) - 1) elsewhere: there it bends by scale alpha k^2 e^(k
// x).
Tensor elu_named(const char* op, const char* node, const Tensor& self, const MapParams& params) {
  const auto bend = [params](const Tensor& c, const Tensor& v) {
    const auto [alpha, scale, k] = params;
    return where(v < 0, c * (clamp_max(v, 0) * k).exp() * (alpha * scale * k * k), 0);
  };
  return activation<kernels::Elu>(
      op, node, self, params, [params, bend](const Tensor& dy, const Tensor& x) {
        return slope<kernels::EluBackward>("EluBackwardBackward0", dy, x, params, bend);
      });
}

constexpr MapParams kSelu{1.6732632423543772848, 1.0507009873554804934, 1};
MapParams celu_params(const Scalar& alpha) {
  check(alpha.toDouble() != 0, "celu: alpha is 0, expected another number");
  return {alpha.toDouble(), 1, 1 / alpha.toDouble()};
}

}  // namespace

Tensor elu(const Tensor& self, const Scalar& alpha, const Scalar& scale,
           const Scalar& input_scale) {
  return elu_named("elu", "EluBackward0", self,
                   {alpha.toDouble(), scale.toDouble(), input_scale.toDouble()});
}
Tensor selu(const Tensor& self) { return elu_named("selu", "EluBackward0", self, kSelu); }
Tensor celu(const Tensor& self, const Scalar& alpha) {
  return elu_named("celu", "CeluBackward0", self, celu_params(alpha));
}
Tensor& elu_(const Tensor& self, const Scalar& alpha, const Scalar& scale,
             const Scalar& input_scale) {
  const MapParams params{alpha.toDouble(), scale.toDouble(), input_scale.toDouble()};
  return in_place<kernels::Elu>(
      "elu_", self, [&](const Tensor& x) { return elu(x, alpha, scale, input_scale); }, params);
}
Tensor& selu_(const Tensor& self) { return in_place<kernels::Elu>("selu_", self, selu, kSelu); }
Tensor& celu_(const Tensor& self, const Scalar& alpha) {
  return in_place<kernels::Elu>(
      "celu_", self, [&](const Tensor& x) { return celu(x, alpha); }, celu_params(alpha));
}

Tensor softsign(const Tensor& self) { return self / (abs(self) + 1); }
Tensor tanhshrink(const Tensor& self) { return self - tanh(self); }

Tensor glu(const Tensor& self, std::int64_t dim) {
  check(self.dim() > 0, "glu: a 0-d tensor has no halves, expected a dim of even size");
  check(self.is_floating_point(), "glu: not defined for dtype {}, expected a floating one",
        dtype_name(self.scalar_type()));
  const std::int64_t along = wrap_dim("glu", dim, self.dim());
  const std::int64_t size = self.size(along);
  check(size % 2 == 0, "glu: dim {} has the odd size {}, expected an even one", along, size);
  return self.narrow(along, 0, size / 2) * self.narrow(along, size / 2, size / 2).sigmoid();
}

}  // namespace xgrad
