// Multi-head attention with all weights given; nn::MultiheadAttention keeps them.
//
//   namespace F = xgrad::nn::functional;
//   auto options = F::MultiheadAttentionForwardFuncOptions(
//       16, 4, in_weight, in_bias, {}, {}, false, 0.1, out_weight, out_bias);
//   auto [y, weights] = F::multi_head_attention_forward(x, x, x, options);
#pragma once

#include <tuple>

#include "xgrad/core/tensor.h"
#include "xgrad/nn/options/attention.h"

namespace xgrad::nn::functional {

// query [T, N, E], key [S, N, Ek], value [S, N, Ev] -> output [T, N, E] and the attention weights
// [N, T, S], the average of the heads', or [N, H, T, S] without average_attn_weights; undefined
// without need_weights. Each of the H heads has E / H features.
//
// Weights: in_proj_weight [3 E, E] for query, key and value, or with use_separate_proj_weight
// q_proj_weight [E, E], k_proj_weight [E, Ek] and v_proj_weight [E, Ev]; in_proj_bias [3 E];
// out_proj_weight [E, E], out_proj_bias [E]. The biases may be undefined. bias_k and bias_v
// [1, 1, E] append a key and a value, add_zero_attn those that are 0: S grows by 1 for each.
// static_k and static_v [N H, S, E / H] take the place of the projected keys and values.
//
// Masks: key_padding_mask [N, S] and attn_mask [T, S] or [N H, T, S], bool or uint8 where what is
// true is not attended to, or floating and added to the scores. A query that may see no key gets
// NaN. Dropout, while `training`, is of the weights. Errors: shapes that do not fit, masks of
// another dtype, a static key or value with bias_k.
std::tuple<Tensor, Tensor> multi_head_attention_forward(
    const Tensor& query, const Tensor& key, const Tensor& value,
    const MultiheadAttentionForwardFuncOptions& options);

}  // namespace xgrad::nn::functional
