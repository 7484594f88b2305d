#include "xgrad/nn/functional/instancenorm.h"

#include "xgrad/ops/normalization.h"

namespace xgrad::nn::functional {

Tensor instance_norm(const Tensor& input, const InstanceNormFuncOptions& options) {
  return xgrad::instance_norm(input, options.weight(), options.bias(), options.running_mean(),
                              options.running_var(), options.use_input_stats(), options.momentum(),
                              options.eps());
}

}  // namespace xgrad::nn::functional
