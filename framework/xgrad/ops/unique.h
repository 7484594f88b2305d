// The different elements of a tensor, or its different slices. Source:
// https://pytorch.org/docs/stable/generated/torch.unique.html.
//
//   auto [values, inverse, counts] =
//       xgrad::unique(x, /*sorted=*/true, /*return_inverse=*/true, /*return_counts=*/true);
//
// Values in rising order (the consecutive forms: in the order of x, runs of equals made one).
// inverse [int64]: which value each element became; counts [int64, as many as values]; both [0]
// where they were not asked for, but of slices always there. NaN equals nothing, itself included.
// No gradients.
#pragma once

#include "xgrad/core/tensor.h"

namespace xgrad {

using UniqueResult = std::tuple<Tensor, Tensor, Tensor>;

// x [*] -> values [m], inverse [*]. `sorted` false promises no order; this one sorts all the same.
UniqueResult unique(const Tensor& x, bool sorted = true, bool return_inverse = false,
                    bool return_counts = false);
UniqueResult _unique2(const Tensor& x, bool sorted = true, bool return_inverse = false,
                      bool return_counts = false);
std::tuple<Tensor, Tensor> _unique(const Tensor& x, bool sorted = true,
                                   bool return_inverse = false);
// x [..., n, ...] -> values [..., m, ...], inverse [n]. Slices are ordered by their first element
// that differs. Errors: a dim of size 0 besides `dim`.
UniqueResult unique_dim(const Tensor& x, std::int64_t dim, bool sorted = true,
                        bool return_inverse = false, bool return_counts = false);
UniqueResult unique_dim_consecutive(const Tensor& x, std::int64_t dim, bool return_inverse = false,
                                    bool return_counts = false);
UniqueResult unique_consecutive(const Tensor& x, bool return_inverse = false,
                                bool return_counts = false, optional<std::int64_t> dim = nullopt);

}  // namespace xgrad
