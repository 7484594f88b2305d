#include "xgrad/nn/functional/batchnorm.h"

#include "xgrad/core/format.h"
#include "xgrad/ops/normalization.h"

namespace xgrad::nn::functional {

Tensor batch_norm(const Tensor& input, const Tensor& running_mean, const Tensor& running_var,
                  const BatchNormFuncOptions& options) {
  if (options.training() && input.dim() >= 2) {
    check(input.numel() != input.size(1) || input.numel() == 0,
          "batch_norm: input has shape {}, expected more than one value a channel while training",
          input.sizes());
  }
  check(options.momentum().has_value(), "batch_norm: momentum is absent, expected a number");
  return xgrad::batch_norm(input, options.weight(), options.bias(), running_mean, running_var,
                           options.training(), *options.momentum(), options.eps());
}

}  // namespace xgrad::nn::functional
