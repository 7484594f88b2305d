#include "xgrad/nn/functional/normalization.h"

#include "xgrad/ops/arithmetic.h"
#include "xgrad/ops/normalization.h"

namespace xgrad::nn::functional {

Tensor normalize(const Tensor& input, NormalizeFuncOptions options) {
  const Tensor norm = input.norm(Scalar(options.p()), options.dim(), true).clamp_min(options.eps());
  const Tensor y = input / norm;
  if (!options.out()) return y;
  return options.out()->resize_(y.sizes()).copy_(y);
}
Tensor layer_norm(const Tensor& input, const LayerNormFuncOptions& options) {
  return xgrad::layer_norm(input, options.normalized_shape(), options.weight(), options.bias(),
                           options.eps());
}
Tensor group_norm(const Tensor& input, const GroupNormFuncOptions& options) {
  return xgrad::group_norm(input, options.num_groups(), options.weight(), options.bias(),
                           options.eps());
}
Tensor local_response_norm(const Tensor& input, const LocalResponseNormFuncOptions& options) {
  return xgrad::local_response_norm(input, options.size(), options.alpha(), options.beta(),
                                    options.k());
}

}  // namespace xgrad::nn::functional
