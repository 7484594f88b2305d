// Medians, modes, k-th values and quantiles. Source:
// https://pytorch.org/docs/stable/torch.html#reduction-ops.
//
// x [*] -> 0-d, or x's shape without `dim` (of size 1 with keepdim), with the positions [int64]
// where there is one dim. NaN is the largest element and, except in the nan* forms, makes a median
// or quantile NaN. Gradients go to the elements that the value came from. Errors: a dim of size 0.
#pragma once

#include "xgrad/core/tensor.h"

namespace xgrad {

// The lower of the two middle ones; the gradient of the whole tensor's
// is shared evenly between equals.
Tensor median(const Tensor& x);
std::tuple<Tensor, Tensor> median(const Tensor& x, std::int64_t dim, bool keepdim = false);
Tensor nanmedian(const Tensor& x);
std::tuple<Tensor, Tensor> nanmedian(const Tensor& x, std::int64_t dim, bool keepdim = false);
// The most frequent value, of equally frequent ones the smallest, and its last position.
std::tuple<Tensor, Tensor> mode(const Tensor& x, std::int64_t dim = -1, bool keepdim = false);
// The k-th smallest, k from 1. Errors: k is not within 1 to n.
std::tuple<Tensor, Tensor> kthvalue(const Tensor& x, std::int64_t k, std::int64_t dim = -1,
                                    bool keepdim = false);

// Interpolation: linear, lower, higher, midpoint or nearest. q within [0, 1], 0-d or [m] of x's
// dtype; [m] gives a leading dim m.
Tensor quantile(const Tensor& x, double q, optional<std::int64_t> dim = nullopt,
                bool keepdim = false, std::string_view interpolation = "linear");
Tensor quantile(const Tensor& x, const Tensor& q, optional<std::int64_t> dim = nullopt,
                bool keepdim = false, std::string_view interpolation = "linear");
Tensor nanquantile(const Tensor& x, double q, optional<std::int64_t> dim = nullopt,
                   bool keepdim = false, std::string_view interpolation = "linear");
Tensor nanquantile(const Tensor& x, const Tensor& q, optional<std::int64_t> dim = nullopt,
                   bool keepdim = false, std::string_view interpolation = "linear");

}  // namespace xgrad
