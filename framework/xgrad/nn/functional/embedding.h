// Rows of tables by index, with options.
#pragma once

#include "xgrad/core/tensor.h"
#include "xgrad/nn/options/embedding.h"

namespace xgrad::nn::functional {

// input [*], int64 classes -> [*, num_classes], int64; -1 stands for the largest class + 1.
Tensor one_hot(const Tensor& tensor, std::int64_t num_classes = -1);
// input [*], weight [n, d] -> [*, d].
Tensor embedding(const Tensor& input, const Tensor& weight,
                 const EmbeddingFuncOptions& options = {});
// input [B, k], or [k] with offsets [B]; weight [n, d] -> [B, d]; see ops/embedding_bag.h.
Tensor embedding_bag(const Tensor& input, const Tensor& weight,
                     const EmbeddingBagFuncOptions& options = {});

}  // namespace xgrad::nn::functional
