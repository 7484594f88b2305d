// nn::init: fills tensors in place, outside autograd,
// from PyTorch's random stream, and returns them.
//
//   xgrad::nn::init::kaiming_normal_(conv->weight, 0, xgrad::kFanOut, xgrad::kReLU);
//   xgrad::nn::init::constant_(conv->bias, 0.1);
//
// A weight is [out, in, kernel...]: fan-in is in * kernel, fan-out is out * kernel.
// Source: https://pytorch.org/docs/stable/nn.init.html.
#pragma once

#include <cstdint>
#include <tuple>
#include <variant>

#include "xgrad/core/enum.h"
#include "xgrad/core/tensor.h"

namespace xgrad::nn::init {

using NonlinearityType =
    std::variant<enumtype::kLinear, enumtype::kConv1D, enumtype::kConv2D, enumtype::kConv3D,
                 enumtype::kConvTranspose1D, enumtype::kConvTranspose2D, enumtype::kConvTranspose3D,
                 enumtype::kSigmoid, enumtype::kTanh, enumtype::kReLU, enumtype::kLeakyReLU>;
using FanModeType = std::variant<enumtype::kFanIn, enumtype::kFanOut>;

// The factor by which the weights before a nonlinearity are scaled; `param` is leaky relu's slope.
double calculate_gain(NonlinearityType nonlinearity, double param = 0.01);
// (fan-in, fan-out) of a weight. Errors: less than 2 dimensions.
std::tuple<std::int64_t, std::int64_t> _calculate_fan_in_and_fan_out(const Tensor& tensor);

Tensor constant_(Tensor tensor, Scalar value);
Tensor zeros_(Tensor tensor);
Tensor ones_(Tensor tensor);
// The identity, of a matrix.
Tensor eye_(Tensor matrix);
// The identity of a convolution: keeps the channels of its input; per group. Errors: not 3 to 5
// dimensions, or channels that the groups do not divide.
Tensor dirac_(Tensor tensor, std::int64_t groups = 1);

Tensor uniform_(Tensor tensor, double low = 0, double high = 1);
Tensor normal_(Tensor tensor, double mean = 0, double std = 1);
// Normal, cut to [a, b] by inverting the distribution function.
Tensor trunc_normal_(Tensor tensor, double mean = 0, double std = 1, double a = -2, double b = 2);

// Glorot and Bengio 2010: variance gain^2 * 2 / (fan_in + fan_out).
Tensor xavier_uniform_(Tensor tensor, double gain = 1);
Tensor xavier_normal_(Tensor tensor, double gain = 1);
// He et al. 2015: variance gain^2 / fan, the gain of `nonlinearity` with slope `a`.
Tensor kaiming_uniform_(Tensor tensor, double a = 0, FanModeType mode = kFanIn,
                        NonlinearityType nonlinearity = kLeakyReLU);
Tensor kaiming_normal_(Tensor tensor, double a = 0, FanModeType mode = kFanIn,
                       NonlinearityType nonlinearity = kLeakyReLU);

// A (semi-)orthogonal matrix [size(0), rest], times gain. Saxe et al. 2013.
Tensor orthogonal_(Tensor tensor, double gain = 1);
// A matrix of normal values in which each column has a fraction `sparsity` of zeros. Martens 2010.
Tensor sparse_(Tensor tensor, double sparsity, double std = 0.01);

}  // namespace xgrad::nn::init
