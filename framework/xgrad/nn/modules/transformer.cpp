#include "xgrad/nn/modules/transformer.h"

#include <limits>
#include <ostream>

#include "xgrad/core/format.h"
#include "xgrad/nn/init.h"
#include "xgrad/nn/modules/transformercoder.h"
#include "xgrad/ops/factories.h"

namespace xgrad::nn {

namespace {

template <class LayerOptions>
LayerOptions layer_options(const TransformerOptions& options) {
  return LayerOptions(options.d_model(), options.nhead())
      .dim_feedforward(options.dim_feedforward())
      .dropout(options.dropout())
      .activation(options.activation());
}

AnyModule final_norm(const TransformerOptions& options) {
  return AnyModule(LayerNorm(LayerNormOptions({options.d_model()})));
}

AnyModule standard_encoder(const TransformerOptions& options) {
  const auto layer = layer_options<TransformerEncoderLayerOptions>(options);
  return AnyModule(TransformerEncoder(
      TransformerEncoderOptions(layer, options.num_encoder_layers()).norm(final_norm(options))));
}

AnyModule standard_decoder(const TransformerOptions& options) {
  const auto layer = layer_options<TransformerDecoderLayerOptions>(options);
  return AnyModule(TransformerDecoder(
      TransformerDecoderOptions(layer, options.num_decoder_layers()).norm(final_norm(options))));
}

}  // namespace

TransformerImpl::TransformerImpl(TransformerOptions options_) : options(std::move(options_)) {
  TransformerImpl::reset();
}

// While this is being cloned, encoder and decoder are the original's still.
void TransformerImpl::reset() {
  const AnyModule& first = encoder.is_empty() ? options.custom_encoder() : encoder;
  encoder = first.is_empty() ? standard_encoder(options) : first.clone();
  register_module("encoder", encoder.ptr());
  const AnyModule& second = decoder.is_empty() ? options.custom_decoder() : decoder;
  decoder = second.is_empty() ? standard_decoder(options) : second.clone();
  register_module("decoder", decoder.ptr());
  reset_parameters();
}

void TransformerImpl::reset_parameters() {
  for (const Tensor& parameter : parameters()) {
    if (parameter.dim() > 1) init::xavier_uniform_(parameter);
  }
}

void TransformerImpl::pretty_print(std::ostream& stream) const {
  stream << "torch::nn::TransformerImpl";
}

Tensor TransformerImpl::forward(const Tensor& src, const Tensor& tgt, const Tensor& src_mask,
                                const Tensor& tgt_mask, const Tensor& memory_mask,
                                const Tensor& src_key_padding_mask,
                                const Tensor& tgt_key_padding_mask,
                                const Tensor& memory_key_padding_mask) {
  const std::int64_t E = options.d_model();
  check(src.dim() == 3 && tgt.dim() == 3 && src.size(1) == tgt.size(1) && src.size(2) == E &&
            tgt.size(2) == E,
        "Transformer: src and tgt have shapes {} and {}, expected [S, N, {}] and [T, N, {}]",
        src.sizes(), tgt.sizes(), E, E);
  const Tensor memory = encoder.forward(src, src_mask, src_key_padding_mask);
  return decoder.forward(tgt, memory, tgt_mask, memory_mask, tgt_key_padding_mask,
                         memory_key_padding_mask);
}

Tensor TransformerImpl::generate_square_subsequent_mask(std::int64_t size) {
  check(size >= 0, "generate_square_subsequent_mask: the size is {}, expected at least 0", size);
  return full({size, size}, -std::numeric_limits<double>::infinity(), kFloat).triu_(1);
}

}  // namespace xgrad::nn
