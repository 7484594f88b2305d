// Transformer: an encoder and a decoder that attends to what the encoder made.
//
//   using xgrad::nn::Transformer, xgrad::nn::TransformerOptions;
//   Transformer transformer(TransformerOptions(16, 4, 2, 2).dim_feedforward(64));
//   auto mask = Transformer::Impl::generate_square_subsequent_mask(T);
//   auto y = transformer->forward(src, tgt, {}, mask);   // [S, N, 16], [T, N, 16] -> [T, N, 16]
//
// Source: Vaswani et al., "Attention is all you need" (2017), and
// https://pytorch.org/docs/1.13/generated/torch.nn.Transformer.html.
#pragma once

#include "xgrad/nn/any.h"
#include "xgrad/nn/cloneable.h"
#include "xgrad/nn/options/transformer.h"
#include "xgrad/nn/pimpl.h"

namespace xgrad::nn {

// src [S, N, E], tgt [T, N, E] -> [T, N, E], E = d_model. src_mask [S, S], tgt_mask [T, T],
// memory_mask [T, S], the key padding masks [N, S], [N, T] and [N, S]: see functional/attention.h.
// encoder is a TransformerEncoder and decoder a TransformerDecoder, both with a LayerNorm at their
// end, or clones of the custom ones. Errors: inputs of other shapes.
class TransformerImpl : public Cloneable<TransformerImpl> {
 public:
  explicit TransformerImpl(TransformerOptions options_);
  void reset() override;
  // Xavier uniform for every parameter of more than one dim; the others stay.
  void reset_parameters();
  void pretty_print(std::ostream& stream) const override;
  Tensor forward(const Tensor& src, const Tensor& tgt, const Tensor& src_mask = {},
                 const Tensor& tgt_mask = {}, const Tensor& memory_mask = {},
                 const Tensor& src_key_padding_mask = {}, const Tensor& tgt_key_padding_mask = {},
                 const Tensor& memory_key_padding_mask = {});

  // [size, size], float32: 0 where a position may be attended to (itself and what is before it),
  // -inf above the diagonal. Errors: a negative size.
  static Tensor generate_square_subsequent_mask(std::int64_t size);

  TransformerOptions options;
  AnyModule encoder;
  AnyModule decoder;

 protected:
  XGRAD_FORWARD_HAS_DEFAULT_ARGS({2, AnyValue(Tensor())}, {3, AnyValue(Tensor())},
                                 {4, AnyValue(Tensor())}, {5, AnyValue(Tensor())},
                                 {6, AnyValue(Tensor())}, {7, AnyValue(Tensor())})
};
XGRAD_MODULE(Transformer);

}  // namespace xgrad::nn
