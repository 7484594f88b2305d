#include "xgrad/nn/modules/transformerlayer.h"

#include <ostream>

#include "xgrad/core/format.h"
#include "xgrad/ops/activation.h"
#include "xgrad/ops/arithmetic.h"

namespace xgrad::nn {

namespace {

using Callable = std::function<Tensor(const Tensor&)>;

void check_activation(const char* layer, const activation_t& activation) {
  const auto* callable = std::get_if<Callable>(&activation);
  check(callable == nullptr || *callable != nullptr,
        "{}: the activation is an empty function, expected kReLU, kGELU or a callable", layer);
}

Tensor activate(const activation_t& activation, const Tensor& x) {
  if (std::holds_alternative<enumtype::kReLU>(activation)) return relu(x);
  if (std::holds_alternative<enumtype::kGELU>(activation)) return gelu(x);
  return std::get<Callable>(activation)(x);
}

template <class Options>
MultiheadAttention attention_of(const Options& options) {
  return MultiheadAttention(
      MultiheadAttentionOptions(options.d_model(), options.nhead()).dropout(options.dropout()));
}

}  // namespace

TransformerEncoderLayerImpl::TransformerEncoderLayerImpl(
    const TransformerEncoderLayerOptions& options_)
    : options(options_) {
  TransformerEncoderLayerImpl::reset();
}

void TransformerEncoderLayerImpl::reset() {
  check_activation("TransformerEncoderLayer", options.activation());
  const std::int64_t E = options.d_model(), F = options.dim_feedforward();
  self_attn = register_module("self_attn", attention_of(options));
  linear1 = register_module("linear1", Linear(E, F));
  dropout = register_module("dropout", Dropout(options.dropout()));
  linear2 = register_module("linear2", Linear(F, E));
  norm1 = register_module("norm1", LayerNorm(LayerNormOptions({E})));
  norm2 = register_module("norm2", LayerNorm(LayerNormOptions({E})));
  dropout1 = register_module("dropout1", Dropout(options.dropout()));
  dropout2 = register_module("dropout2", Dropout(options.dropout()));
}

void TransformerEncoderLayerImpl::reset_parameters() {
  self_attn->_reset_parameters();
  linear1->reset_parameters();
  linear2->reset_parameters();
  norm1->reset_parameters();
  norm2->reset_parameters();
}

void TransformerEncoderLayerImpl::pretty_print(std::ostream& stream) const {
  stream << "torch::nn::TransformerEncoderLayerImpl";
}

Tensor TransformerEncoderLayerImpl::forward(const Tensor& src, const Tensor& src_mask,
                                            const Tensor& src_key_padding_mask) {
  const Tensor attended =
      std::get<0>(self_attn(src, src, src, src_key_padding_mask, false, src_mask));
  const Tensor x = norm1(src + dropout1(attended));
  return norm2(x + dropout2(linear2(dropout(activate(options.activation(), linear1(x))))));
}

TransformerDecoderLayerImpl::TransformerDecoderLayerImpl(
    const TransformerDecoderLayerOptions& options_)
    : options(options_) {
  TransformerDecoderLayerImpl::reset();
}

void TransformerDecoderLayerImpl::reset() {
  check_activation("TransformerDecoderLayer", options.activation());
  const std::int64_t E = options.d_model(), F = options.dim_feedforward();
  self_attn = register_module("self_attn", attention_of(options));
  multihead_attn = register_module("multihead_attn", attention_of(options));
  linear1 = register_module("linear1", Linear(E, F));
  dropout = register_module("dropout", Dropout(options.dropout()));
  linear2 = register_module("linear2", Linear(F, E));
  norm1 = register_module("norm1", LayerNorm(LayerNormOptions({E})));
  norm2 = register_module("norm2", LayerNorm(LayerNormOptions({E})));
  norm3 = register_module("norm3", LayerNorm(LayerNormOptions({E})));
  dropout1 = register_module("dropout1", Dropout(options.dropout()));
  dropout2 = register_module("dropout2", Dropout(options.dropout()));
  dropout3 = register_module("dropout3", Dropout(options.dropout()));
}

void TransformerDecoderLayerImpl::reset_parameters() {
  self_attn->_reset_parameters();
  multihead_attn->_reset_parameters();
  linear1->reset_parameters();
  linear2->reset_parameters();
  norm1->reset_parameters();
  norm2->reset_parameters();
  norm3->reset_parameters();
}

void TransformerDecoderLayerImpl::pretty_print(std::ostream& stream) const {
  stream << "torch::nn::TransformerDecoderLayerImpl";
}

Tensor TransformerDecoderLayerImpl::forward(Tensor tgt, const Tensor& memory,
                                            const Tensor& tgt_mask, const Tensor& memory_mask,
                                            const Tensor& tgt_key_padding_mask,
                                            const Tensor& memory_key_padding_mask) {
  const Tensor of_target =
      std::get<0>(self_attn(tgt, tgt, tgt, tgt_key_padding_mask, false, tgt_mask));
  const Tensor x = norm1(tgt + dropout1(of_target));
  const Tensor of_memory =
      std::get<0>(multihead_attn(x, memory, memory, memory_key_padding_mask, false, memory_mask));
  const Tensor y = norm2(x + dropout2(of_memory));
  return norm3(y + dropout3(linear2(dropout(activate(options.activation(), linear1(y))))));
}

}  // namespace xgrad::nn
