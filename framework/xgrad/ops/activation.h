// Activations, elementwise. Source:
// https://pytorch.org/docs/stable/nn.functional.html#non-linear-activation-functions.
//
// Shapes: [*] -> [*] unless said otherwise. Errors: integers, except in relu, relu6, hardtanh and
// threshold, which keep their dtype, and in sigmoid, tanh, softsign and tanhshrink, which give the
// default dtype. A name with _ writes into its argument.
#pragma once

#include "xgrad/core/tensor.h"

namespace xgrad {

// Smooth ones.
Tensor sigmoid(const Tensor& self);
Tensor tanh(const Tensor& self);
Tensor log_sigmoid(const Tensor& self);
// log(1 + e^(beta x)) / beta, and x itself where beta x > threshold.
Tensor softplus(const Tensor& self, const Scalar& beta = 1, const Scalar& threshold = 20);
// x times the normal distribution function of x; "tanh" approximates it. Errors: another
// `approximate`. Source: Hendrycks and Gimpel, "Gaussian error linear units" (2016).
Tensor gelu(const Tensor& self, std::string_view approximate = "none");
// x sigmoid(x), also known as swish.
Tensor silu(const Tensor& self);
// x tanh(softplus(x)).
Tensor mish(const Tensor& self);
// scale x where x > 0, scale alpha (e^(input_scale x) - 1) elsewhere.
Tensor elu(const Tensor& self, const Scalar& alpha = 1, const Scalar& scale = 1,
           const Scalar& input_scale = 1);
// elu with the two constants of "Self-normalizing neural networks" (Klambauer et al., 2017).
Tensor selu(const Tensor& self);
// elu whose slope at 0 is 1 for every alpha. Errors: alpha 0.
Tensor celu(const Tensor& self, const Scalar& alpha = 1.0);
// x / (1 + |x|).
Tensor softsign(const Tensor& self);
// x - tanh(x).
Tensor tanhshrink(const Tensor& self);
// a sigmoid(b) of the two halves along dim: [..., 2 n, ...] -> [..., n, ...]. Errors: an odd size.
Tensor glu(const Tensor& self, std::int64_t dim = -1);

// Piecewise linear ones. At a kink the gradient is that of PyTorch: 0 for relu at 0 and for
// hardtanh at its bounds.
Tensor relu(const Tensor& self);
Tensor relu6(const Tensor& self);
Tensor leaky_relu(const Tensor& self, const Scalar& negative_slope = 0.01);
// Learnt slopes for x <= 0: weight [1] or [C], for self [N, C, ...].
// Errors: another number of slopes.
Tensor prelu(const Tensor& self, const Tensor& weight);
// Random slopes in [lower, upper) for x <= 0; their mean when not training.
Tensor rrelu(const Tensor& self, const Scalar& lower = 0.125, const Scalar& upper = 1.0 / 3,
             bool training = false, optional<Generator> generator = nullopt);
// x brought into [min_val, max_val]. Errors: min_val > max_val.
Tensor hardtanh(const Tensor& self, const Scalar& min_val = -1, const Scalar& max_val = 1);
// relu6(x + 3) / 6, and x times that.
Tensor hardsigmoid(const Tensor& self);
Tensor hardswish(const Tensor& self);
// Towards 0 by lambd, 0 in between. Errors: lambd < 0.
Tensor softshrink(const Tensor& self, const Scalar& lambd = 0.5);
// 0 in [-lambd, lambd], x elsewhere.
Tensor hardshrink(const Tensor& self, const Scalar& lambd = 0.5);
// x where x > threshold, `value` elsewhere.
Tensor threshold(const Tensor& self, const Scalar& threshold, const Scalar& value);

Tensor& sigmoid_(const Tensor& self);
Tensor& tanh_(const Tensor& self);
Tensor& gelu_(const Tensor& self, std::string_view approximate = "none");
Tensor& silu_(const Tensor& self);
Tensor& mish_(const Tensor& self);
Tensor& elu_(const Tensor& self, const Scalar& alpha = 1, const Scalar& scale = 1,
             const Scalar& input_scale = 1);
Tensor& selu_(const Tensor& self);
Tensor& celu_(const Tensor& self, const Scalar& alpha = 1.0);
Tensor& relu_(const Tensor& self);
Tensor& relu6_(const Tensor& self);
Tensor& leaky_relu_(const Tensor& self, const Scalar& negative_slope = 0.01);
Tensor& rrelu_(const Tensor& self, const Scalar& lower = 0.125, const Scalar& upper = 1.0 / 3,
               bool training = false, optional<Generator> generator = nullopt);
Tensor& hardtanh_(const Tensor& self, const Scalar& min_val = -1, const Scalar& max_val = 1);
Tensor& hardsigmoid_(const Tensor& self);
Tensor& hardswish_(const Tensor& self);
Tensor& threshold_(const Tensor& self, const Scalar& threshold, const Scalar& value);

}  // namespace xgrad
