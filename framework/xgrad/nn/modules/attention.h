// Multi-head attention.
//
//   xgrad::nn::MultiheadAttention attention(xgrad::nn::MultiheadAttentionOptions(16, 4));
//   auto [y, weights] = attention(x, x, x);                              // x [T, N, 16]
//   auto mask = xgrad::nn::Transformer::Impl::generate_square_subsequent_mask(T);
//   auto z = std::get<0>(attention->forward(x, x, x, {}, /*need_weights=*/false, mask));
//
// Source: Vaswani et al., "Attention is all you need" (2017), and
// https://pytorch.org/docs/1.13/generated/torch.nn.MultiheadAttention.html.
#pragma once

#include <tuple>

#include "xgrad/nn/cloneable.h"
#include "xgrad/nn/modules/linear.h"
#include "xgrad/nn/options/attention.h"
#include "xgrad/nn/pimpl.h"

namespace xgrad::nn {

// query [T, N, E], key [S, N, kdim], value [S, N, vdim] -> output [T, N, E] and the weights of the
// attention, with E = embed_dim; see functional/attention.h for them and for the masks.
//
// in_proj_weight [3 E, E] where kdim and vdim are E, otherwise q_proj_weight [E, E], k_proj_weight
// [E, kdim] and v_proj_weight [E, vdim]; in_proj_bias [3 E]; bias_k and bias_v [1, 1, E]. What the
// options do not ask for is undefined. Errors of the options: sizes that are not positive, an
// embed_dim that num_heads does not divide, a dropout outside [0, 1].
class MultiheadAttentionImpl : public Cloneable<MultiheadAttentionImpl> {
 public:
  MultiheadAttentionImpl(std::int64_t embed_dim, std::int64_t num_heads)
      : MultiheadAttentionImpl(MultiheadAttentionOptions(embed_dim, num_heads)) {}
  explicit MultiheadAttentionImpl(const MultiheadAttentionOptions& options_);
  void reset() override;
  // Xavier: uniform for the projections, normal for bias_k and bias_v; the other biases are 0.
  void _reset_parameters();
  void pretty_print(std::ostream& stream) const override;
  std::tuple<Tensor, Tensor> forward(const Tensor& query, const Tensor& key, const Tensor& value,
                                     const Tensor& key_padding_mask = {}, bool need_weights = true,
                                     const Tensor& attn_mask = {},
                                     bool average_attn_weights = true);

  MultiheadAttentionOptions options;
  bool _qkv_same_embed_dim = true;
  Tensor in_proj_weight;
  Tensor in_proj_bias;
  Tensor bias_k;
  Tensor bias_v;
  Linear out_proj = nullptr;
  Tensor q_proj_weight;
  Tensor k_proj_weight;
  Tensor v_proj_weight;
  std::int64_t head_dim = 0;

 protected:
  XGRAD_FORWARD_HAS_DEFAULT_ARGS({3, AnyValue(Tensor())}, {4, AnyValue(true)},
                                 {5, AnyValue(Tensor())}, {6, AnyValue(true)})
};
XGRAD_MODULE(MultiheadAttention);

}  // namespace xgrad::nn
