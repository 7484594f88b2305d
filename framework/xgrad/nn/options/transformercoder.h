// Options of the stacks of a transformer's layers.
//
//   auto options = xgrad::nn::TransformerEncoderOptions(layer, 6)
//                      .norm(xgrad::nn::AnyModule(xgrad::nn::LayerNorm({16})));
#pragma once

#include <cstdint>
#include <utility>

#include "xgrad/core/arg.h"
#include "xgrad/nn/any.h"
#include "xgrad/nn/modules/transformerlayer.h"

namespace xgrad::nn {

// num_layers clones of one layer, which is given or made here, and a module that follows them.
struct TransformerEncoderOptions {
  TransformerEncoderOptions(TransformerEncoderLayer encoder_layer, std::int64_t num_layers)
      : encoder_layer_(std::move(encoder_layer)), num_layers_(num_layers) {}
  TransformerEncoderOptions(const TransformerEncoderLayerOptions& encoder_layer_options,
                            std::int64_t num_layers)
      : encoder_layer_(encoder_layer_options), num_layers_(num_layers) {}
  XGRAD_ARG(TransformerEncoderLayer, encoder_layer) = nullptr;
  XGRAD_ARG(std::int64_t, num_layers);
  XGRAD_ARG(AnyModule, norm);
};

struct TransformerDecoderOptions {
  TransformerDecoderOptions(TransformerDecoderLayer decoder_layer, std::int64_t num_layers)
      : decoder_layer_(std::move(decoder_layer)), num_layers_(num_layers) {}
  TransformerDecoderOptions(const TransformerDecoderLayerOptions& decoder_layer_options,
                            std::int64_t num_layers)
      : decoder_layer_(decoder_layer_options), num_layers_(num_layers) {}
  XGRAD_ARG(TransformerDecoderLayer, decoder_layer) = nullptr;
  XGRAD_ARG(std::int64_t, num_layers);
  XGRAD_ARG(AnyModule, norm);
};

}  // namespace xgrad::nn
