// The derivatives of a function that is given by its samples. Source:
// https://pytorch.org/docs/stable/generated/torch.gradient.html.
//
//   xgrad::gradient(y, 0.1, 0)[0];   // y sampled every 0.1 along dim 0
#pragma once

#include "xgrad/core/tensor.h"

namespace xgrad {

// For each dim (all, if none is named) a tensor of x's shape: central differences of second order,
// at the ends one-sided ones of order edge_order, 1 or 2. Samples are `spacing` apart (1; one
// number for all dims or one each) or at the coordinates [n] of each dim. Errors: a dim named
// twice, fewer than edge_order + 1 samples, spacings that do not fit.
std::vector<Tensor> gradient(const Tensor& x, const optional<Scalar>& spacing = nullopt,
                             optional<std::int64_t> dim = nullopt, std::int64_t edge_order = 1);
std::vector<Tensor> gradient(const Tensor& x, const Scalar& spacing, IntArrayRef dim,
                             std::int64_t edge_order = 1);
std::vector<Tensor> gradient(const Tensor& x, IntArrayRef dim, std::int64_t edge_order = 1);
std::vector<Tensor> gradient(const Tensor& x, ArrayRef<Scalar> spacing,
                             optional<std::int64_t> dim = nullopt, std::int64_t edge_order = 1);
std::vector<Tensor> gradient(const Tensor& x, ArrayRef<Scalar> spacing, IntArrayRef dim,
                             std::int64_t edge_order = 1);
std::vector<Tensor> gradient(const Tensor& x, TensorList spacing,
                             optional<std::int64_t> dim = nullopt, std::int64_t edge_order = 1);
std::vector<Tensor> gradient(const Tensor& x, TensorList spacing, IntArrayRef dim,
                             std::int64_t edge_order = 1);

}  // namespace xgrad
