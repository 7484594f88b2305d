// Options of one layer of a transformer.
//
//   auto options = xgrad::nn::TransformerEncoderLayerOptions(16, 4).activation(xgrad::kGELU);
//   options.activation([](const xgrad::Tensor& x) { return xgrad::silu(x); });
#pragma once

#include <cstdint>
#include <functional>
#include <variant>

#include "xgrad/core/arg.h"
#include "xgrad/core/enum.h"
#include "xgrad/core/tensor.h"

namespace xgrad::nn {

// What stands between the two linear layers.
using activation_t =
    std::variant<enumtype::kReLU, enumtype::kGELU, std::function<Tensor(const Tensor&)>>;

struct TransformerEncoderLayerOptions {
  TransformerEncoderLayerOptions(std::int64_t d_model, std::int64_t nhead)
      : d_model_(d_model), nhead_(nhead) {}
  XGRAD_ARG(std::int64_t, d_model);  // features of the input and the output
  XGRAD_ARG(std::int64_t, nhead);
  XGRAD_ARG(std::int64_t, dim_feedforward) = 2048;
  XGRAD_ARG(double, dropout) = 0.1;
  XGRAD_ARG(activation_t, activation) = kReLU;
};

struct TransformerDecoderLayerOptions {
  TransformerDecoderLayerOptions(std::int64_t d_model, std::int64_t nhead)
      : d_model_(d_model), nhead_(nhead) {}
  XGRAD_ARG(std::int64_t, d_model);
  XGRAD_ARG(std::int64_t, nhead);
  XGRAD_ARG(std::int64_t, dim_feedforward) = 2048;
  XGRAD_ARG(double, dropout) = 0.1;
  XGRAD_ARG(activation_t, activation) = kReLU;
};

}  // namespace xgrad::nn
