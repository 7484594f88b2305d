#include "xgrad/nn/modules/embedding.h"

#include <ostream>

#include "xgrad/core/format.h"
#include "xgrad/nn/functional/embedding.h"
#include "xgrad/nn/init.h"
#include "xgrad/nn/modules/print.h"
#include "xgrad/ops/factories.h"

namespace xgrad::nn {

namespace F = functional;

namespace {

// What both layers do with their options: padding_idx counted from the start, and the table, given
// or new.
template <class Options>
Tensor read_options(const char* layer, Options& options) {
  const std::int64_t n = options.num_embeddings(), d = options.embedding_dim();
  check(n >= 0 && d >= 0, "{}: {} embeddings of {} dimensions, expected no negative number", layer,
        n, d);
  if (options.padding_idx()) {
    const std::int64_t padding = *options.padding_idx();
    check(padding >= -n && padding < n, "{}: padding_idx {} is out of range, expected {}..{}",
          layer, padding, -n, n - 1);
    if (padding < 0) options.padding_idx(padding + n);
  }
  const Tensor& given = options._weight();
  check(!given.defined() || given.sizes() == IntArrayRef({n, d}),
        "{}: the given weight has shape {}, expected {}", layer,
        given.defined() ? given.sizes() : std::vector<std::int64_t>(),
        std::vector<std::int64_t>{n, d});
  return given.defined() ? given : empty({n, d});
}

void fill_table(const Tensor& weight, const optional<std::int64_t>& padding_idx) {
  init::normal_(weight);
  if (!padding_idx) return;
  NoGradGuard no_grad;
  weight[*padding_idx].fill_(0);
}

void check_table(const char* op, const Tensor& embeddings) {
  check(embeddings.dim() == 2, "{}: embeddings have shape {}, expected [n, d]", op,
        embeddings.sizes());
}

}  // namespace

EmbeddingImpl::EmbeddingImpl(const EmbeddingOptions& options_) : options(options_) {
  EmbeddingImpl::reset();
}

void EmbeddingImpl::reset() {
  weight = register_parameter("weight", read_options("Embedding", options));
  if (!options._weight().defined()) reset_parameters();
}

void EmbeddingImpl::reset_parameters() { fill_table(weight, options.padding_idx()); }

void EmbeddingImpl::pretty_print(std::ostream& stream) const {
  const auto& o = options;
  print_layer(stream, "Embedding", field("num_embeddings", o.num_embeddings()),
              field("embedding_dim", o.embedding_dim()),
              field("padding_idx", o.padding_idx().value_or(0), o.padding_idx().has_value()),
              field("max_norm", o.max_norm().value_or(0), o.max_norm().has_value()),
              field("norm_type", o.norm_type(), o.norm_type() != 2),
              field("scale_grad_by_freq", o.scale_grad_by_freq(), o.scale_grad_by_freq()),
              field("sparse", o.sparse(), o.sparse()));
}

Tensor EmbeddingImpl::forward(const Tensor& indices) {
  return F::embedding(indices, weight,
                      F::EmbeddingFuncOptions()
                          .padding_idx(options.padding_idx())
                          .max_norm(options.max_norm())
                          .norm_type(options.norm_type())
                          .scale_grad_by_freq(options.scale_grad_by_freq())
                          .sparse(options.sparse()));
}

Embedding Embedding::from_pretrained(const Tensor& embeddings,
                                     const EmbeddingFromPretrainedOptions& options) {
  check_table("Embedding::from_pretrained", embeddings);
  Embedding layer(EmbeddingOptions(embeddings.size(0), embeddings.size(1))
                      ._weight(embeddings)
                      .padding_idx(options.padding_idx())
                      .max_norm(options.max_norm())
                      .norm_type(options.norm_type())
                      .scale_grad_by_freq(options.scale_grad_by_freq())
                      .sparse(options.sparse()));
  layer->weight.set_requires_grad(!options.freeze());
  return layer;
}

EmbeddingBagImpl::EmbeddingBagImpl(const EmbeddingBagOptions& options_) : options(options_) {
  EmbeddingBagImpl::reset();
}

void EmbeddingBagImpl::reset() {
  weight = register_parameter("weight", read_options("EmbeddingBag", options));
  if (!options._weight().defined()) reset_parameters();
}

void EmbeddingBagImpl::reset_parameters() { fill_table(weight, options.padding_idx()); }

void EmbeddingBagImpl::pretty_print(std::ostream& stream) const {
  const auto& o = options;
  const bool other_mode = !std::holds_alternative<enumtype::kMean>(o.mode());
  print_layer(stream, "EmbeddingBag", field("num_embeddings", o.num_embeddings()),
              field("embedding_dim", o.embedding_dim()),
              field("max_norm", o.max_norm().value_or(0), o.max_norm().has_value()),
              field("norm_type", o.norm_type(), o.norm_type() != 2),
              field("scale_grad_by_freq", o.scale_grad_by_freq(), o.scale_grad_by_freq()),
              field("sparse", o.sparse(), o.sparse()),
              field("mode", enumtype::get_enum_name(o.mode()), other_mode),
              field("include_last_offset", o.include_last_offset(), o.include_last_offset()),
              field("padding_idx", o.padding_idx().value_or(0), o.padding_idx().has_value()));
}

Tensor EmbeddingBagImpl::forward(const Tensor& input, const Tensor& offsets,
                                 const Tensor& per_sample_weights) {
  return F::embedding_bag(input, weight,
                          F::EmbeddingBagFuncOptions()
                              .offsets(offsets)
                              .max_norm(options.max_norm())
                              .norm_type(options.norm_type())
                              .scale_grad_by_freq(options.scale_grad_by_freq())
                              .mode(options.mode())
                              .sparse(options.sparse())
                              .per_sample_weights(per_sample_weights)
                              .include_last_offset(options.include_last_offset())
                              .padding_idx(options.padding_idx()));
}

EmbeddingBag EmbeddingBag::from_pretrained(const Tensor& embeddings,
                                           const EmbeddingBagFromPretrainedOptions& options) {
  check_table("EmbeddingBag::from_pretrained", embeddings);
  EmbeddingBag layer(EmbeddingBagOptions(embeddings.size(0), embeddings.size(1))
                         ._weight(embeddings)
                         .max_norm(options.max_norm())
                         .norm_type(options.norm_type())
                         .scale_grad_by_freq(options.scale_grad_by_freq())
                         .mode(options.mode())
                         .sparse(options.sparse())
                         .include_last_offset(options.include_last_offset())
                         .padding_idx(options.padding_idx()));
  layer->weight.set_requires_grad(!options.freeze());
  return layer;
}

}  // namespace xgrad::nn
