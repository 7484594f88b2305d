// One layer of a transformer's encoder or decoder: attention, then two linear layers, each with
// dropout, added to its input, and normalized after that.
//
//   xgrad::nn::TransformerEncoderLayer layer(xgrad::nn::TransformerEncoderLayerOptions(16, 4));
//   auto y = layer(x);                                                    // [S, N, 16]
//
// Source: Vaswani et al., "Attention is all you need" (2017), and
// https://pytorch.org/docs/1.13/nn.html#transformer-layers. For masks see functional/attention.h.
#pragma once

#include "xgrad/nn/cloneable.h"
#include "xgrad/nn/modules/attention.h"
#include "xgrad/nn/modules/dropout.h"
#include "xgrad/nn/modules/linear.h"
#include "xgrad/nn/modules/normalization.h"
#include "xgrad/nn/options/transformerlayer.h"
#include "xgrad/nn/pimpl.h"

namespace xgrad::nn {

// src [S, N, E] -> [S, N, E], E = d_model; src_mask [S, S], src_key_padding_mask [N, S]. Errors of
// the options: those of the layers, an activation that is an empty function.
class TransformerEncoderLayerImpl : public Cloneable<TransformerEncoderLayerImpl> {
 public:
  TransformerEncoderLayerImpl(std::int64_t d_model, std::int64_t nhead)
      : TransformerEncoderLayerImpl(TransformerEncoderLayerOptions(d_model, nhead)) {}
  explicit TransformerEncoderLayerImpl(const TransformerEncoderLayerOptions& options_);
  void reset() override;
  void reset_parameters();
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& src, const Tensor& src_mask = {},
                 const Tensor& src_key_padding_mask = {});

  TransformerEncoderLayerOptions options;
  MultiheadAttention self_attn = nullptr;
  Linear linear1 = nullptr;
  Dropout dropout = nullptr;
  Linear linear2 = nullptr;
  LayerNorm norm1 = nullptr;
  LayerNorm norm2 = nullptr;
  Dropout dropout1 = nullptr;
  Dropout dropout2 = nullptr;

 protected:
  XGRAD_FORWARD_HAS_DEFAULT_ARGS({1, AnyValue(Tensor())}, {2, AnyValue(Tensor())})
};
XGRAD_MODULE(TransformerEncoderLayer);

// tgt [T, N, E], memory [S, N, E] -> [T, N, E]: attends to tgt, then to memory. tgt_mask [T, T],
// memory_mask [T, S], tgt_key_padding_mask [N, T], memory_key_padding_mask [N, S]. Errors as above.
class TransformerDecoderLayerImpl : public Cloneable<TransformerDecoderLayerImpl> {
 public:
  TransformerDecoderLayerImpl(std::int64_t d_model, std::int64_t nhead)
      : TransformerDecoderLayerImpl(TransformerDecoderLayerOptions(d_model, nhead)) {}
  explicit TransformerDecoderLayerImpl(const TransformerDecoderLayerOptions& options_);
  void reset() override;
  void reset_parameters();
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(Tensor tgt, const Tensor& memory, const Tensor& tgt_mask = {},
                 const Tensor& memory_mask = {}, const Tensor& tgt_key_padding_mask = {},
                 const Tensor& memory_key_padding_mask = {});

  TransformerDecoderLayerOptions options;
  MultiheadAttention self_attn = nullptr;
  Dropout dropout1 = nullptr;
  LayerNorm norm1 = nullptr;
  MultiheadAttention multihead_attn = nullptr;
  Dropout dropout2 = nullptr;
  LayerNorm norm2 = nullptr;
  Linear linear1 = nullptr;
  Dropout dropout = nullptr;
  Linear linear2 = nullptr;
  Dropout dropout3 = nullptr;
  LayerNorm norm3 = nullptr;

 protected:
  XGRAD_FORWARD_HAS_DEFAULT_ARGS({2, AnyValue(Tensor())}, {3, AnyValue(Tensor())},
                                 {4, AnyValue(Tensor())}, {5, AnyValue(Tensor())})
};
XGRAD_MODULE(TransformerDecoderLayer);

}  // namespace xgrad::nn
