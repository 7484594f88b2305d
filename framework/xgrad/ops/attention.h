// Attention: for each query an average of values, weighted by how well their keys match it.
//
//   auto y = xgrad::scaled_dot_product_attention(query, key, value);
//   auto z = xgrad::scaled_dot_product_attention(query, key, value, {}, 0, /*is_causal=*/true);
//
// Source: Vaswani et al., "Attention is all you need" (2017); the interface and its formula are
// those of
// https://pytorch.org/docs/2.1/generated/torch.nn.functional.scaled_dot_product_attention.html.
#pragma once

#include "xgrad/core/tensor.h"

namespace xgrad {

// softmax(scale query key^T + mask) value: query [..., L, E], key [..., S, E], value [..., S, V]
// -> [..., L, V], heads and batch being leading dims, which broadcast.
//
// attn_mask, which broadcasts to [..., L, S], is bool, true where the query may attend to the key,
// or floating and added. is_causal: query i sees the keys 0..i. scale is 1 / sqrt(E) unless given.
// dropout_p is the share of weights that are dropped at every call: give 0 in evaluation. A query
// that may see no key gets NaN.
//
// Errors: fewer than 2 dims, shapes that do not fit, dtypes that differ or are not floating,
// a mask besides is_causal.
Tensor scaled_dot_product_attention(const Tensor& query, const Tensor& key, const Tensor& value,
                                    const optional<Tensor>& attn_mask = {}, double dropout_p = 0,
                                    bool is_causal = false, optional<double> scale = nullopt);

}  // namespace xgrad
