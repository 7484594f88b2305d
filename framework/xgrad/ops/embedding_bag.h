// Sums, means or maxima of rows of a table, a bag of indices each.
#pragma once

#include <tuple>

#include "xgrad/core/tensor.h"

namespace xgrad {

// weight [n, d]; indices [k] (int64 or int32); offsets [B], the first index of each bag (with
// include_last_offset [B + 1], the last one k); mode 0: sum, 1: mean, 2: max; per_sample_weights
// [k], for sums. Returns the bags [B, d], the bag of each index [k], the number of indices in each
// bag [B], and (mode 2) the row that gave each maximum [B, d]. Indices that are padding_idx count
// for nothing; an empty bag is 0. Errors: an index out of range (IndexError), offsets that fall or
// do not begin with 0.
std::tuple<Tensor, Tensor, Tensor, Tensor> embedding_bag(
    const Tensor& weight, const Tensor& indices, const Tensor& offsets,
    bool scale_grad_by_freq = false, std::int64_t mode = 0, bool sparse = false,
    const optional<Tensor>& per_sample_weights = {}, bool include_last_offset = false,
    optional<std::int64_t> padding_idx = nullopt);

// Scales rows of self [n, d] that indices name, and whose norm is above max_norm,
// down to it, in place.
Tensor& embedding_renorm_(Tensor& self, const Tensor& indices, double max_norm, double norm_type);

}  // namespace xgrad
