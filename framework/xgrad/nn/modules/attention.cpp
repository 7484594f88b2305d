#include "xgrad/nn/modules/attention.h"

#include <ostream>

#include "xgrad/core/format.h"
#include "xgrad/nn/functional/attention.h"
#include "xgrad/nn/init.h"
#include "xgrad/ops/factories.h"

namespace xgrad::nn {

namespace F = functional;

MultiheadAttentionImpl::MultiheadAttentionImpl(const MultiheadAttentionOptions& options_)
    : options(options_) {
  MultiheadAttentionImpl::reset();
}

void MultiheadAttentionImpl::reset() {
  const std::int64_t E = options.embed_dim(), H = options.num_heads();
  check(E > 0 && H > 0 && options.kdim() > 0 && options.vdim() > 0,
        "MultiheadAttention: embed_dim is {}, num_heads {}, kdim {} and vdim {}, expected positive "
        "numbers",
        E, H, options.kdim(), options.vdim());
  check(E % H == 0, "MultiheadAttention: embed_dim {} cannot be divided among {} heads", E, H);
  check(options.dropout() >= 0 && options.dropout() <= 1,
        "MultiheadAttention: dropout is {}, expected 0..1", options.dropout());
  head_dim = E / H;
  _qkv_same_embed_dim = options.kdim() == E && options.vdim() == E;

  const auto parameter = [this](const char* name, bool wanted, IntArrayRef sizes) {
    return wanted ? register_parameter(name, empty(sizes)) : register_parameter(name, {}, false);
  };
  in_proj_weight = parameter("in_proj_weight", _qkv_same_embed_dim, {3 * E, E});
  q_proj_weight = parameter("q_proj_weight", !_qkv_same_embed_dim, {E, E});
  k_proj_weight = parameter("k_proj_weight", !_qkv_same_embed_dim, {E, options.kdim()});
  v_proj_weight = parameter("v_proj_weight", !_qkv_same_embed_dim, {E, options.vdim()});
  in_proj_bias = parameter("in_proj_bias", options.bias(), {3 * E});
  out_proj = register_module("out_proj", Linear(LinearOptions(E, E).bias(options.bias())));
  bias_k = parameter("bias_k", options.add_bias_kv(), {1, 1, E});
  bias_v = parameter("bias_v", options.add_bias_kv(), {1, 1, E});
  _reset_parameters();
}

void MultiheadAttentionImpl::_reset_parameters() {
  for (const Tensor& weight : {in_proj_weight, q_proj_weight, k_proj_weight, v_proj_weight}) {
    if (weight.defined()) init::xavier_uniform_(weight);
  }
  if (in_proj_bias.defined()) {
    init::zeros_(in_proj_bias);
    init::zeros_(out_proj->bias);
  }
  if (bias_k.defined()) {
    init::xavier_normal_(bias_k);
    init::xavier_normal_(bias_v);
  }
}

void MultiheadAttentionImpl::pretty_print(std::ostream& stream) const {
  stream << "torch::nn::MultiheadAttention";
}

std::tuple<Tensor, Tensor> MultiheadAttentionImpl::forward(
    const Tensor& query, const Tensor& key, const Tensor& value, const Tensor& key_padding_mask,
    bool need_weights, const Tensor& attn_mask, bool average_attn_weights) {
  return F::multi_head_attention_forward(
      query, key, value,
      F::MultiheadAttentionForwardFuncOptions(
          options.embed_dim(), options.num_heads(), in_proj_weight, in_proj_bias, bias_k, bias_v,
          options.add_zero_attn(), options.dropout(), out_proj->weight, out_proj->bias)
          .training(is_training())
          .key_padding_mask(key_padding_mask)
          .need_weights(need_weights)
          .attn_mask(attn_mask)
          .use_separate_proj_weight(!_qkv_same_embed_dim)
          .q_proj_weight(q_proj_weight)
          .k_proj_weight(k_proj_weight)
          .v_proj_weight(v_proj_weight)
          .average_attn_weights(average_attn_weights));
}

}  // namespace xgrad::nn
