// Options of the whole transformer.
//
//   auto options = xgrad::nn::TransformerOptions(16, 4).num_encoder_layers(2).dropout(0);
#pragma once

#include <cstdint>

#include "xgrad/core/arg.h"
#include "xgrad/nn/any.h"
#include "xgrad/nn/options/transformerlayer.h"

namespace xgrad::nn {

struct TransformerOptions {
  TransformerOptions() = default;
  TransformerOptions(std::int64_t d_model, std::int64_t nhead) : d_model_(d_model), nhead_(nhead) {}
  TransformerOptions(std::int64_t d_model, std::int64_t nhead, std::int64_t num_encoder_layers,
                     std::int64_t num_decoder_layers)
      : d_model_(d_model),
        nhead_(nhead),
        num_encoder_layers_(num_encoder_layers),
        num_decoder_layers_(num_decoder_layers) {}
  XGRAD_ARG(std::int64_t, d_model) = 512;
  XGRAD_ARG(std::int64_t, nhead) = 8;
  XGRAD_ARG(std::int64_t, num_encoder_layers) = 6;
  XGRAD_ARG(std::int64_t, num_decoder_layers) = 6;
  XGRAD_ARG(std::int64_t, dim_feedforward) = 2048;
  XGRAD_ARG(double, dropout) = 0.1;
  XGRAD_ARG(activation_t, activation) = kReLU;
  // Cloned in the place of the standard ones; called as those are.
  XGRAD_ARG(AnyModule, custom_encoder);
  XGRAD_ARG(AnyModule, custom_decoder);
};

}  // namespace xgrad::nn
