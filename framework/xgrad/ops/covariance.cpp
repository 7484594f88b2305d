// cov and corrcoef, composed of products and means.
#include "xgrad/core/format.h"
#include "xgrad/ops/arithmetic.h"
#include "xgrad/ops/minmax.h"
#include "xgrad/ops/reduce.h"
#include "xgrad/ops/statistics.h"

namespace xgrad {

namespace {

// Both weights in one, [observations]; undefined if there are none.
Tensor joined_weights(const Tensor& x, const optional<Tensor>& fweights,
                      const optional<Tensor>& aweights) {
  Tensor weights;
  for (const auto* given : {&fweights, &aweights}) {
    if (!given->has_value() || !(*given)->defined()) continue;
    const Tensor& own = **given;
    check(own.dim() == 1 && own.numel() == x.size(1),
          "cov: weights of shape {} for {} observations, expected one each", own.sizes().vec(),
          x.size(1));
    const Tensor converted = own.to(x.scalar_type());
    weights = weights.defined() ? weights * converted : converted;
  }
  return weights;
}

}  // namespace

Tensor cov(const Tensor& input, std::int64_t correction, const optional<Tensor>& fweights,
           const optional<Tensor>& aweights) {
  check(input.dim() <= 2, "cov: the input has shape {}, expected [variables, observations]",
        input.sizes().vec());
  check(input.scalar_type() != kBool, "cov: not defined for bool, expected numbers");
  Tensor x = input.dim() == 2 ? input : input.reshape({1, -1});
  if (!x.is_floating_point()) x = x.to(get_default_dtype_as_scalartype());
  const Tensor weights = joined_weights(x, fweights, aweights);
  Tensor count = weights.defined() ? weights.sum() : x.new_full({}, x.size(1));
  const Tensor mean = weights.defined() ? (x * weights).sum(1, true) / count : x.mean(1, true);
  // With aweights an observation counts for the share of its weight.
  Tensor less = x.new_full({}, correction);
  if (weights.defined() && aweights && aweights->defined() && correction != 0) {
    less = less * (weights * aweights->to(x.scalar_type())).sum() / count;
  }
  const Tensor deviation = x - mean;
  const Tensor weighted = weights.defined() ? deviation * weights : deviation;
  const Tensor result = weighted.matmul(deviation.t()) / (count - less).clamp_min(0);
  return result.squeeze();
}

Tensor corrcoef(const Tensor& x) {
  const Tensor c = cov(x);
  if (c.dim() == 0) return c / c;
  const Tensor deviation = c.diagonal().sqrt();
  return (c / deviation.unsqueeze(1) / deviation.unsqueeze(0)).clamp(-1, 1);
}

Tensor Tensor::cov(std::int64_t correction, const optional<Tensor>& fweights,
                   const optional<Tensor>& aweights) const {
  return xgrad::cov(*this, correction, fweights, aweights);
}
Tensor Tensor::corrcoef() const { return xgrad::corrcoef(*this); }

}  // namespace xgrad
