#include "xgrad/nn/functional/instancenorm.h"

#include "xgrad/core/format.h"
#include "xgrad/ops/normalization.h"

namespace xgrad::nn::functional {

Tensor instance_norm(const Tensor& input, const InstanceNormFuncOptions& options) {
  if (options.use_input_stats() && input.dim() >= 2) {
    check(input.numel() != input.size(0) * input.size(1) || input.numel() == 0,
          "instance_norm: input has shape {}, expected more than one value a channel of a sample",
          input.sizes());
  }
  return xgrad::instance_norm(input, options.weight(), options.bias(), options.running_mean(),
                              options.running_var(), options.use_input_stats(), options.momentum(),
                              options.eps());
}

}  // namespace xgrad::nn::functional
