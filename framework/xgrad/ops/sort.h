// Sorting along one dim. Source: https://pytorch.org/docs/stable/generated/torch.sort.html,
// torch.topk.html.
//
//   auto [values, indices] = x.sort(-1, /*descending=*/true);   auto [best, where] = x.topk(5);
//
// x [..., n, ...] -> the same shape (topk: k for n), values and the positions that they came from
// [int64]. NaN is the largest. Without `stable` the order of equals is PyTorch's, which is stable
// up to 16 elements. Gradients go back to where the values came from.
#pragma once

#include "xgrad/core/tensor.h"

namespace xgrad {

std::tuple<Tensor, Tensor> sort(const Tensor& x, std::int64_t dim = -1, bool descending = false);
std::tuple<Tensor, Tensor> sort(const Tensor& x, optional<bool> stable, std::int64_t dim = -1,
                                bool descending = false);
Tensor argsort(const Tensor& x, std::int64_t dim = -1, bool descending = false);
Tensor argsort(const Tensor& x, bool stable, std::int64_t dim, bool descending = false);
// The values of sort along dim 0.
Tensor msort(const Tensor& x);
// Errors: k is not within 0 to n, bool.
std::tuple<Tensor, Tensor> topk(const Tensor& x, std::int64_t k, std::int64_t dim = -1,
                                bool largest = true, bool sorted = true);

}  // namespace xgrad
