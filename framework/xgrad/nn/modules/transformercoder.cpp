#include "xgrad/nn/modules/transformercoder.h"

#include <ostream>

#include "xgrad/core/format.h"

namespace xgrad::nn {

namespace {

// A clone of norm in its place, registered.
template <class Coder>
void own_norm(Coder& coder) {
  if (coder.norm.is_empty()) return;
  coder.norm = coder.norm.clone();
  coder.register_module("norm", coder.norm.ptr());
}

// While a coder is being cloned, its layers and norm are the original's still: norm is cloned, and
// registration puts a clone of the original's list in the place of the empty one.
template <class Coder, class Layer>
void build(const char* op, Coder& coder, const Layer& layer) {
  const bool is_clone = !coder.layers.is_empty();
  const std::int64_t count = coder.options.num_layers();
  ModuleList list;
  if (!is_clone) {
    check(!layer.is_empty(), "{}: the layer's holder is empty, expected a layer", op);
    check(count >= 0, "{}: the number of layers is {}, expected at least 0", op, count);
    for (std::int64_t i = 0; i < count; ++i) list->push_back(layer->clone());
    coder.norm = coder.options.norm();
  }
  coder.layers = coder.register_module("layers", list);
  own_norm(coder);
}

template <class Layer, class Coder>
void initialize(Coder& coder) {
  for (std::size_t i = 0; i < coder.layers->size(); ++i) {
    coder.layers->template at<Layer>(i).reset_parameters();
  }
  if (!coder.norm.is_empty()) coder.unregister_module("norm");
  coder.norm = coder.options.norm();
  own_norm(coder);
}

}  // namespace

TransformerEncoderImpl::TransformerEncoderImpl(TransformerEncoderOptions options_)
    : options(std::move(options_)) {
  TransformerEncoderImpl::reset();
}

void TransformerEncoderImpl::reset() {
  build("TransformerEncoder", *this, options.encoder_layer());
}

void TransformerEncoderImpl::reset_parameters() { initialize<TransformerEncoderLayer>(*this); }

void TransformerEncoderImpl::pretty_print(std::ostream& stream) const {
  stream << "torch::nn::TransformerEncoderImpl";
}

Tensor TransformerEncoderImpl::forward(const Tensor& src, const Tensor& src_mask,
                                       const Tensor& src_key_padding_mask) {
  Tensor x = src;
  for (std::size_t i = 0; i < layers->size(); ++i) {
    x = call_module(layers->at<TransformerEncoderLayerImpl>(i), x, src_mask, src_key_padding_mask);
  }
  return norm.is_empty() ? x : norm.forward(x);
}

TransformerDecoderImpl::TransformerDecoderImpl(TransformerDecoderOptions options_)
    : options(std::move(options_)) {
  TransformerDecoderImpl::reset();
}

void TransformerDecoderImpl::reset() {
  build("TransformerDecoder", *this, options.decoder_layer());
}

void TransformerDecoderImpl::reset_parameters() { initialize<TransformerDecoderLayer>(*this); }

void TransformerDecoderImpl::pretty_print(std::ostream& stream) const {
  stream << "torch::nn::TransformerDecoderImpl";
}

Tensor TransformerDecoderImpl::forward(const Tensor& tgt, const Tensor& memory,
                                       const Tensor& tgt_mask, const Tensor& memory_mask,
                                       const Tensor& tgt_key_padding_mask,
                                       const Tensor& memory_key_padding_mask) {
  Tensor x = tgt;
  for (std::size_t i = 0; i < layers->size(); ++i) {
    x = call_module(layers->at<TransformerDecoderLayerImpl>(i), x, memory, tgt_mask, memory_mask,
                    tgt_key_padding_mask, memory_key_padding_mask);
  }
  return norm.is_empty() ? x : norm.forward(x);
}

}  // namespace xgrad::nn
