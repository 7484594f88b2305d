// Softmax and its logarithm along one dim, and log-sum-exp. Source:
// https://pytorch.org/docs/stable/generated/torch.nn.functional.softmax.html.
//
//   auto p = xgrad::softmax(logits, -1);   auto y = xgrad::log_softmax(logits, 1);
//
// x [..., n, ...] floating -> the same shape, row-major. `type` converts first. The largest element
// is taken out before exp, so that any finite input is safe; a line of -inf only is NaN, as in
// PyTorch. Errors: integers without a floating `type`.
#pragma once

#include "xgrad/core/tensor.h"

namespace xgrad {

Tensor softmax(const Tensor& x, std::int64_t dim, optional<ScalarType> type = nullopt);
Tensor log_softmax(const Tensor& x, std::int64_t dim, optional<ScalarType> type = nullopt);
// softmax(-x).
Tensor softmin(const Tensor& x, std::int64_t dim, optional<ScalarType> type = nullopt);
// log(sum(exp(x))) over dims, which keepdim keeps as size 1; -inf where all is -inf, and no
// gradient then. Integers become floats.
Tensor logsumexp(const Tensor& x, IntArrayRef dim, bool keepdim = false);

}  // namespace xgrad
