// The larger and the smaller of two tensors, and bounds. Source:
// https://pytorch.org/docs/stable/torch.html#pointwise-ops.
//
// Shapes: all arguments broadcast to each other; dtypes promote.
#pragma once

#include "xgrad/core/tensor.h"

namespace xgrad {

// NaN wins; where both are equal, each gets half of the gradient.
Tensor maximum(const Tensor& a, const Tensor& b);
Tensor minimum(const Tensor& a, const Tensor& b);
// NaN loses; where both are equal, the gradient is a's.
Tensor fmax(const Tensor& a, const Tensor& b);
Tensor fmin(const Tensor& a, const Tensor& b);
// maximum and minimum under their other names.
Tensor max(const Tensor& a, const Tensor& b);
Tensor min(const Tensor& a, const Tensor& b);

// x brought into [min, max]: max where min > max. The gradient is 1 at the bounds themselves and 0
// beyond. Errors: neither bound given.
Tensor clamp(const Tensor& x, const optional<Scalar>& min, const optional<Scalar>& max = nullopt);
Tensor clamp(const Tensor& x, const optional<Tensor>& min = nullopt,
             const optional<Tensor>& max = nullopt);
Tensor clip(const Tensor& x, const optional<Scalar>& min, const optional<Scalar>& max = nullopt);
Tensor clip(const Tensor& x, const optional<Tensor>& min = nullopt,
            const optional<Tensor>& max = nullopt);
Tensor clamp_min(const Tensor& x, const Scalar& min);
Tensor clamp_min(const Tensor& x, const Tensor& min);
Tensor clamp_max(const Tensor& x, const Scalar& max);
Tensor clamp_max(const Tensor& x, const Tensor& max);
Tensor& clamp_(const Tensor& x, const optional<Scalar>& min, const optional<Scalar>& max = nullopt);
Tensor& clip_(const Tensor& x, const optional<Scalar>& min, const optional<Scalar>& max = nullopt);
Tensor& clamp_(const Tensor& x, const optional<Tensor>& min = nullopt,
               const optional<Tensor>& max = nullopt);
Tensor& clip_(const Tensor& x, const optional<Tensor>& min = nullopt,
              const optional<Tensor>& max = nullopt);
Tensor& clamp_min_(const Tensor& x, const Scalar& min);
Tensor& clamp_min_(const Tensor& x, const Tensor& min);
Tensor& clamp_max_(const Tensor& x, const Scalar& max);
Tensor& clamp_max_(const Tensor& x, const Tensor& max);

}  // namespace xgrad
