// The largest and the smallest elements, and where they stand. Source:
// https://pytorch.org/docs/stable/torch.html#reduction-ops.
//
//   x.max();   auto [values, indices] = x.max(1);   x.amax({0, 2});   x.argmax(1);
//
// NaN is larger and smaller than all. A position is that of the first of equals [int64]. Errors:
// the reduction of nothing, a dim that is out of range. Gradients: whole tensor, amax, amin and
// aminmax share evenly between equals; with one dim all goes to the position that is returned.
#pragma once

#include "xgrad/core/tensor.h"

namespace xgrad {

Tensor max(const Tensor& x);
std::tuple<Tensor, Tensor> max(const Tensor& x, std::int64_t dim, bool keepdim = false);
Tensor min(const Tensor& x);
std::tuple<Tensor, Tensor> min(const Tensor& x, std::int64_t dim, bool keepdim = false);
Tensor amax(const Tensor& x, IntArrayRef dim = {}, bool keepdim = false);
Tensor amin(const Tensor& x, IntArrayRef dim = {}, bool keepdim = false);
// The smallest and the largest.
std::tuple<Tensor, Tensor> aminmax(const Tensor& x, optional<std::int64_t> dim = nullopt,
                                   bool keepdim = false);
// Without a dim: the position in the row-major order of the whole tensor. Errors: bool.
Tensor argmax(const Tensor& x, optional<std::int64_t> dim = nullopt, bool keepdim = false);
Tensor argmin(const Tensor& x, optional<std::int64_t> dim = nullopt, bool keepdim = false);

namespace detail {

// The gradient of an op that picked elements of x along dim by their positions. Differentiable.
Tensor scatter_back(const Tensor& dy, IntArrayRef sizes, std::int64_t dim, const Tensor& positions,
                    bool keepdim);
// That of picking one value of the whole tensor: shared evenly between the elements that have it.
// Differentiable in dy.
Tensor share_evenly(const Tensor& dy, const Tensor& x, const Tensor& value);

}  // namespace detail
}  // namespace xgrad
