#include "xgrad/nn/modules/batchnorm.h"

#include <ostream>

#include "xgrad/core/format.h"
#include "xgrad/nn/functional/batchnorm.h"
#include "xgrad/nn/modules/print.h"

namespace xgrad::nn {

namespace F = functional;

template <std::size_t D, class Derived>
Tensor BatchNormImplBase<D, Derived>::forward(const Tensor& input) {
  this->_check_input_dim(input);
  double momentum = this->options.momentum().value_or(0);
  if (this->is_training() && this->num_batches_tracked.defined()) {
    this->num_batches_tracked += 1;
    // Without a momentum the running statistics are the average of all batches.
    if (!this->options.momentum()) momentum = 1 / this->num_batches_tracked.template item<double>();
  }
  return F::batch_norm(input, this->running_mean, this->running_var,
                       F::BatchNormFuncOptions()
                           .weight(this->weight)
                           .bias(this->bias)
                           .training(this->is_training() || !this->options.track_running_stats())
                           .momentum(momentum)
                           .eps(this->options.eps()));
}

template <std::size_t D, class Derived>
void BatchNormImplBase<D, Derived>::pretty_print(std::ostream& stream) const {
  const auto& o = this->options;
  const bool average = !o.momentum();
  const double momentum = o.momentum().value_or(0);
  print_layer(stream,
              D == 1   ? "BatchNorm1d"
              : D == 2 ? "BatchNorm2d"
                       : "BatchNorm3d",
              field("", o.num_features()), field("eps", o.eps()),
              field("momentum", momentum, !average), field("momentum", "None", average),
              field("affine", o.affine()), field("track_running_stats", o.track_running_stats()));
}

template class BatchNormImplBase<1, BatchNorm1dImpl>;
template class BatchNormImplBase<2, BatchNorm2dImpl>;
template class BatchNormImplBase<3, BatchNorm3dImpl>;

void BatchNorm1dImpl::_check_input_dim(const Tensor& input) {
  check(input.dim() == 2 || input.dim() == 3,
        "BatchNorm1d: input has shape {}, expected [N, C] or [N, C, L]", input.sizes());
}
void BatchNorm2dImpl::_check_input_dim(const Tensor& input) {
  check(input.dim() == 4, "BatchNorm2d: input has shape {}, expected [N, C, H, W]", input.sizes());
}
void BatchNorm3dImpl::_check_input_dim(const Tensor& input) {
  check(input.dim() == 5, "BatchNorm3d: input has shape {}, expected [N, C, D, H, W]",
        input.sizes());
}

}  // namespace xgrad::nn
