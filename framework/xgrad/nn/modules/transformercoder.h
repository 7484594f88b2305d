// TransformerEncoder and TransformerDecoder: stacks of equal layers.
//
//   xgrad::nn::TransformerEncoderLayer layer(xgrad::nn::TransformerEncoderLayerOptions(16, 4));
//   xgrad::nn::TransformerEncoder encoder(layer, 6);
//   auto memory = encoder(src);                                            // [S, N, 16]
//
// Each layer is a clone: all begin with the same weights. Source:
// https://pytorch.org/docs/1.13/generated/torch.nn.TransformerEncoder.html.
#pragma once

#include "xgrad/nn/any.h"
#include "xgrad/nn/cloneable.h"
#include "xgrad/nn/containers/module_list.h"
#include "xgrad/nn/options/transformercoder.h"
#include "xgrad/nn/pimpl.h"

namespace xgrad::nn {

// src [S, N, E] -> [S, N, E]: each layer with the masks of TransformerEncoderLayer, then norm.
// Errors of the options: no layer, a negative number of them.
class TransformerEncoderImpl : public Cloneable<TransformerEncoderImpl> {
 public:
  TransformerEncoderImpl(TransformerEncoderLayer encoder_layer, std::int64_t num_layers)
      : TransformerEncoderImpl(TransformerEncoderOptions(std::move(encoder_layer), num_layers)) {}
  explicit TransformerEncoderImpl(TransformerEncoderOptions options_);
  void reset() override;
  // Of each layer; norm becomes a new clone of that of the options.
  void reset_parameters();
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& src, const Tensor& src_mask = {},
                 const Tensor& src_key_padding_mask = {});

  TransformerEncoderOptions options;
  ModuleList layers = nullptr;
  AnyModule norm;

 protected:
  XGRAD_FORWARD_HAS_DEFAULT_ARGS({1, AnyValue(Tensor())}, {2, AnyValue(Tensor())})
};
XGRAD_MODULE(TransformerEncoder);

// tgt [T, N, E], memory [S, N, E] -> [T, N, E]: each layer with the masks of
// TransformerDecoderLayer, then norm. Errors as above.
class TransformerDecoderImpl : public Cloneable<TransformerDecoderImpl> {
 public:
  TransformerDecoderImpl(TransformerDecoderLayer decoder_layer, std::int64_t num_layers)
      : TransformerDecoderImpl(TransformerDecoderOptions(std::move(decoder_layer), num_layers)) {}
  explicit TransformerDecoderImpl(TransformerDecoderOptions options_);
  void reset() override;
  // Of each layer; norm becomes a new clone of that of the options.
  void reset_parameters();
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& tgt, const Tensor& memory, const Tensor& tgt_mask = {},
                 const Tensor& memory_mask = {}, const Tensor& tgt_key_padding_mask = {},
                 const Tensor& memory_key_padding_mask = {});

  TransformerDecoderOptions options;
  ModuleList layers = nullptr;
  AnyModule norm;

 protected:
  XGRAD_FORWARD_HAS_DEFAULT_ARGS({2, AnyValue(Tensor())}, {3, AnyValue(Tensor())},
                                 {4, AnyValue(Tensor())}, {5, AnyValue(Tensor())})
};
XGRAD_MODULE(TransformerDecoder);

}  // namespace xgrad::nn
