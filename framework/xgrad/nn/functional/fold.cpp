#include "xgrad/nn/functional/fold.h"

#include "xgrad/core/format.h"
#include "xgrad/ops/fold.h"

namespace xgrad::nn::functional {

Tensor fold(const Tensor& input, const FoldFuncOptions& options) {
  check(input.dim() == 2 || input.dim() == 3,
        "fold: input has shape {}, expected [N, C * kernel, L] or [C * kernel, L]", input.sizes());
  return col2im(input, options.output_size(), options.kernel_size(), options.dilation(),
                options.padding(), options.stride());
}
Tensor unfold(const Tensor& input, const UnfoldFuncOptions& options) {
  check(input.dim() == 4, "unfold: input has shape {}, expected [N, C, H, W]", input.sizes());
  return im2col(input, options.kernel_size(), options.dilation(), options.padding(),
                options.stride());
}

}  // namespace xgrad::nn::functional
