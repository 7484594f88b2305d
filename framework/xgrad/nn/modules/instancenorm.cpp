#include "xgrad/nn/modules/instancenorm.h"

#include <ostream>

#include "xgrad/core/format.h"
#include "xgrad/nn/functional/instancenorm.h"
#include "xgrad/nn/modules/print.h"

namespace xgrad::nn {

namespace F = functional;

template <std::size_t D, class Derived>
Tensor InstanceNormImpl<D, Derived>::forward(const Tensor& input) {
  this->_check_input_dim(input);
  const auto function =
      F::InstanceNormFuncOptions()
          .running_mean(this->running_mean)
          .running_var(this->running_var)
          .weight(this->weight)
          .bias(this->bias)
          .use_input_stats(this->is_training() || !this->options.track_running_stats())
          .momentum(this->options.momentum())
          .eps(this->options.eps());
  const bool batched = input.dim() == static_cast<std::int64_t>(D) + 2;
  return batched ? F::instance_norm(input, function)
                 : F::instance_norm(input.unsqueeze(0), function).squeeze(0);
}

template <std::size_t D, class Derived>
void InstanceNormImpl<D, Derived>::pretty_print(std::ostream& stream) const {
  const auto& o = this->options;
  print_layer(stream,
              D == 1   ? "InstanceNorm1d"
              : D == 2 ? "InstanceNorm2d"
                       : "InstanceNorm3d",
              field("", o.num_features()), field("eps", o.eps()), field("momentum", o.momentum()),
              field("affine", o.affine()), field("track_running_stats", o.track_running_stats()));
}

template class InstanceNormImpl<1, InstanceNorm1dImpl>;
template class InstanceNormImpl<2, InstanceNorm2dImpl>;
template class InstanceNormImpl<3, InstanceNorm3dImpl>;

void InstanceNorm1dImpl::_check_input_dim(const Tensor& input) {
  check(input.dim() == 2 || input.dim() == 3,
        "InstanceNorm1d: input has shape {}, expected [N, C, L] or [C, L]", input.sizes());
}
void InstanceNorm2dImpl::_check_input_dim(const Tensor& input) {
  check(input.dim() == 3 || input.dim() == 4,
        "InstanceNorm2d: input has shape {}, expected [N, C, H, W] or [C, H, W]", input.sizes());
}
void InstanceNorm3dImpl::_check_input_dim(const Tensor& input) {
  check(input.dim() == 4 || input.dim() == 5,
        "InstanceNorm3d: input has shape {}, expected [N, C, D, H, W] or [C, D, H, W]",
        input.sizes());
}

}  // namespace xgrad::nn
