// Options of Embedding and EmbeddingBag.
#pragma once

#include <cstdint>
#include <variant>

#include "xgrad/core/arg.h"
#include "xgrad/core/enum.h"
#include "xgrad/core/tensor.h"

namespace xgrad::nn {

// padding_idx: a row that gets no gradient. max_norm: rows that are looked up are first scaled down
// to this norm_type-norm. scale_grad_by_freq: divides a row's gradient by how often it was looked
// up. sparse: accepted, gradients are dense.
struct EmbeddingOptions {
  EmbeddingOptions(std::int64_t num_embeddings, std::int64_t embedding_dim)
      : num_embeddings_(num_embeddings), embedding_dim_(embedding_dim) {}
  XGRAD_ARG(std::int64_t, num_embeddings);
  XGRAD_ARG(std::int64_t, embedding_dim);
  XGRAD_ARG(optional<std::int64_t>, padding_idx) = nullopt;
  XGRAD_ARG(optional<double>, max_norm) = nullopt;
  XGRAD_ARG(double, norm_type) = 2;
  XGRAD_ARG(bool, scale_grad_by_freq) = false;
  XGRAD_ARG(bool, sparse) = false;
  XGRAD_ARG(Tensor, _weight) = {};
};

struct EmbeddingFromPretrainedOptions {
  XGRAD_ARG(bool, freeze) = true;
  XGRAD_ARG(optional<std::int64_t>, padding_idx) = nullopt;
  XGRAD_ARG(optional<double>, max_norm) = nullopt;
  XGRAD_ARG(double, norm_type) = 2;
  XGRAD_ARG(bool, scale_grad_by_freq) = false;
  XGRAD_ARG(bool, sparse) = false;
};

using EmbeddingBagMode = std::variant<enumtype::kSum, enumtype::kMean, enumtype::kMax>;

struct EmbeddingBagOptions {
  EmbeddingBagOptions(std::int64_t num_embeddings, std::int64_t embedding_dim)
      : num_embeddings_(num_embeddings), embedding_dim_(embedding_dim) {}
  XGRAD_ARG(std::int64_t, num_embeddings);
  XGRAD_ARG(std::int64_t, embedding_dim);
  XGRAD_ARG(optional<double>, max_norm) = nullopt;
  XGRAD_ARG(double, norm_type) = 2;
  XGRAD_ARG(bool, scale_grad_by_freq) = false;
  XGRAD_ARG(EmbeddingBagMode, mode) = kMean;
  XGRAD_ARG(bool, sparse) = false;
  XGRAD_ARG(Tensor, _weight) = {};
  XGRAD_ARG(bool, include_last_offset) = false;
  XGRAD_ARG(optional<std::int64_t>, padding_idx) = nullopt;
};

struct EmbeddingBagFromPretrainedOptions {
  XGRAD_ARG(bool, freeze) = true;
  XGRAD_ARG(optional<double>, max_norm) = nullopt;
  XGRAD_ARG(double, norm_type) = 2;
  XGRAD_ARG(bool, scale_grad_by_freq) = false;
  XGRAD_ARG(EmbeddingBagMode, mode) = kMean;
  XGRAD_ARG(bool, sparse) = false;
  XGRAD_ARG(bool, include_last_offset) = false;
  XGRAD_ARG(optional<std::int64_t>, padding_idx) = nullopt;
};

namespace functional {

struct EmbeddingFuncOptions {
  XGRAD_ARG(optional<std::int64_t>, padding_idx) = nullopt;
  XGRAD_ARG(optional<double>, max_norm) = nullopt;
  XGRAD_ARG(double, norm_type) = 2;
  XGRAD_ARG(bool, scale_grad_by_freq) = false;
  XGRAD_ARG(bool, sparse) = false;
};

struct EmbeddingBagFuncOptions {
  XGRAD_ARG(Tensor, offsets) = {};
  XGRAD_ARG(optional<double>, max_norm) = nullopt;
  XGRAD_ARG(double, norm_type) = 2;
  XGRAD_ARG(bool, scale_grad_by_freq) = false;
  XGRAD_ARG(EmbeddingBagMode, mode) = kMean;
  XGRAD_ARG(bool, sparse) = false;
  XGRAD_ARG(Tensor, per_sample_weights) = {};
  XGRAD_ARG(bool, include_last_offset) = false;
  XGRAD_ARG(optional<std::int64_t>, padding_idx) = nullopt;
};

}  // namespace functional
}  // namespace xgrad::nn
