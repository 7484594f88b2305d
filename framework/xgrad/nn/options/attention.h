// Options of multi-head attention, the layer and the function.
#pragma once

#include <cstdint>
#include <utility>

#include "xgrad/core/arg.h"
#include "xgrad/core/tensor.h"

namespace xgrad::nn {

struct MultiheadAttentionOptions {
  MultiheadAttentionOptions(std::int64_t embed_dim, std::int64_t num_heads)
      : embed_dim_(embed_dim), num_heads_(num_heads), kdim_(embed_dim), vdim_(embed_dim) {}
  XGRAD_ARG(std::int64_t, embed_dim);  // of the queries and the output; the heads share it
  XGRAD_ARG(std::int64_t, num_heads);
  XGRAD_ARG(double, dropout) = 0;  // of the attention weights
  XGRAD_ARG(bool, bias) = true;
  XGRAD_ARG(bool, add_bias_kv) = false;    // one more key and value, which are learnt
  XGRAD_ARG(bool, add_zero_attn) = false;  // one more key and value, which are 0
  XGRAD_ARG(std::int64_t, kdim);           // of the keys
  XGRAD_ARG(std::int64_t, vdim);           // of the values
};

namespace functional {

// What multi_head_attention_forward takes besides query, key and value: see there.
struct MultiheadAttentionForwardFuncOptions {
  MultiheadAttentionForwardFuncOptions(std::int64_t embed_dim_to_check, std::int64_t num_heads,
                                       Tensor in_proj_weight, Tensor in_proj_bias, Tensor bias_k,
                                       Tensor bias_v, bool add_zero_attn, double dropout_p,
                                       Tensor out_proj_weight, Tensor out_proj_bias)
      : embed_dim_to_check_(embed_dim_to_check),
        num_heads_(num_heads),
        in_proj_weight_(std::move(in_proj_weight)),
        in_proj_bias_(std::move(in_proj_bias)),
        bias_k_(std::move(bias_k)),
        bias_v_(std::move(bias_v)),
        add_zero_attn_(add_zero_attn),
        dropout_p_(dropout_p),
        out_proj_weight_(std::move(out_proj_weight)),
        out_proj_bias_(std::move(out_proj_bias)) {}
  XGRAD_ARG(std::int64_t, embed_dim_to_check);
  XGRAD_ARG(std::int64_t, num_heads);
  XGRAD_ARG(Tensor, in_proj_weight);
  XGRAD_ARG(Tensor, in_proj_bias);
  XGRAD_ARG(Tensor, bias_k);
  XGRAD_ARG(Tensor, bias_v);
  XGRAD_ARG(bool, add_zero_attn);
  XGRAD_ARG(double, dropout_p);
  XGRAD_ARG(Tensor, out_proj_weight);
  XGRAD_ARG(Tensor, out_proj_bias);
  XGRAD_ARG(bool, training) = true;
  XGRAD_ARG(Tensor, key_padding_mask) = {};
  XGRAD_ARG(bool, need_weights) = true;
  XGRAD_ARG(Tensor, attn_mask) = {};
  XGRAD_ARG(bool, use_separate_proj_weight) = false;
  XGRAD_ARG(Tensor, q_proj_weight) = {};
  XGRAD_ARG(Tensor, k_proj_weight) = {};
  XGRAD_ARG(Tensor, v_proj_weight) = {};
  XGRAD_ARG(Tensor, static_k) = {};
  XGRAD_ARG(Tensor, static_v) = {};
  XGRAD_ARG(bool, average_attn_weights) = true;
};

}  // namespace functional
}  // namespace xgrad::nn
