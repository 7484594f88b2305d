// Running results along one dim, and differences. Source:
// https://pytorch.org/docs/stable/generated/torch.cumsum.html and its neighbours.
//
// x [..., n, ...] -> [..., n, ...]. Floats are accumulated in double; integers and bool in int64,
// which is then the result's type (cumsum, cumprod).
#pragma once

#include "xgrad/core/tensor.h"

namespace xgrad {

Tensor cumsum(const Tensor& x, std::int64_t dim, optional<ScalarType> type = nullopt);
Tensor cumprod(const Tensor& x, std::int64_t dim, optional<ScalarType> type = nullopt);
// Values and their positions [int64]: the last one of equals; NaN stays.
std::tuple<Tensor, Tensor> cummax(const Tensor& x, std::int64_t dim);
std::tuple<Tensor, Tensor> cummin(const Tensor& x, std::int64_t dim);
// log of the cumsum of exp(x). Errors: integers.
Tensor logcumsumexp(const Tensor& x, std::int64_t dim);

// x[i + 1] - x[i], `n` times, after putting `prepend` before and `append` behind;
// on bool: not equal.
Tensor diff(const Tensor& x, std::int64_t n = 1, std::int64_t dim = -1,
            const optional<Tensor>& prepend = nullopt, const optional<Tensor>& append = nullopt);

namespace detail {
// y[i] = the product of x[j] over j < i, along dim. Differentiable.
Tensor products_before(const Tensor& x, std::int64_t dim);
}  // namespace detail

}  // namespace xgrad
