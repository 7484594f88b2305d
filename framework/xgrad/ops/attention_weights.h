// The first half of attention, for any layout of the heads. Private to the library's sources.
//
//   Tensor p = attention_weights("tnhd,snhd->nhts", q, k, bias, 0.125);   // then a product with v
#pragma once

#include <string_view>

#include "xgrad/core/tensor.h"

namespace xgrad {

// softmax over the last dim of scale * einsum(scores, {query, key}) + bias; bias may be undefined,
// otherwise it broadcasts and has their dtype.
Tensor attention_weights(std::string_view scores, const Tensor& query, const Tensor& key,
                         const Tensor& bias, double scale);

// What a mask adds to scores of dtype `type`: itself if it is floating, otherwise -inf where it is
// (`blocks`) true or (else) false, and 0 elsewhere.
Tensor mask_bias(const Tensor& mask, bool blocks, ScalarType type);

}  // namespace xgrad
