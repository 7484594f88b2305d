#include "xgrad/nn/modules/pooling.h"

#include <algorithm>
#include <ostream>
#include <string>

#include "xgrad/core/format.h"
#include "xgrad/nn/functional/pooling.h"
#include "xgrad/nn/modules/print.h"

namespace xgrad::nn {

namespace F = functional;

namespace {

// "MaxPool" and 2: MaxPool2d.
std::string name_of(const char* kind, std::size_t dims) {
  return kind + std::to_string(dims) + 'd';
}

}  // namespace

template <std::size_t D, class Derived>
Tensor AvgPoolImpl<D, Derived>::forward(const Tensor& input) {
  if constexpr (D == 1) {
    return F::avg_pool1d(input, this->options);
  } else if constexpr (D == 2) {
    return F::avg_pool2d(input, this->options);
  } else {
    return F::avg_pool3d(input, this->options);
  }
}
template <std::size_t D, class Derived>
void AvgPoolImpl<D, Derived>::pretty_print(std::ostream& stream) const {
  print_layer(stream, name_of("AvgPool", D).c_str(),
              field("kernel_size", this->options.kernel_size()),
              field("stride", this->options.stride()), field("padding", this->options.padding()));
}
template class AvgPoolImpl<1, AvgPool1dImpl>;
template class AvgPoolImpl<2, AvgPool2dImpl>;
template class AvgPoolImpl<3, AvgPool3dImpl>;

template <std::size_t D, class Derived>
Tensor MaxPoolImpl<D, Derived>::forward(const Tensor& input) {
  if constexpr (D == 1) {
    return F::max_pool1d(input, this->options);
  } else if constexpr (D == 2) {
    return F::max_pool2d(input, this->options);
  } else {
    return F::max_pool3d(input, this->options);
  }
}
template <std::size_t D, class Derived>
std::tuple<Tensor, Tensor> MaxPoolImpl<D, Derived>::forward_with_indices(const Tensor& input) {
  if constexpr (D == 1) {
    return F::max_pool1d_with_indices(input, this->options);
  } else if constexpr (D == 2) {
    return F::max_pool2d_with_indices(input, this->options);
  } else {
    return F::max_pool3d_with_indices(input, this->options);
  }
}
template <std::size_t D, class Derived>
void MaxPoolImpl<D, Derived>::pretty_print(std::ostream& stream) const {
  print_layer(
      stream, name_of("MaxPool", D).c_str(), field("kernel_size", this->options.kernel_size()),
      field("stride", this->options.stride()), field("padding", this->options.padding()),
      field("dilation", this->options.dilation()), field("ceil_mode", this->options.ceil_mode()));
}
template class MaxPoolImpl<1, MaxPool1dImpl>;
template class MaxPoolImpl<2, MaxPool2dImpl>;
template class MaxPoolImpl<3, MaxPool3dImpl>;

template <std::size_t D, class OutputSize, class Derived>
Tensor AdaptiveMaxPoolImpl<D, OutputSize, Derived>::forward(const Tensor& input) {
  return std::get<0>(forward_with_indices(input));
}
template <std::size_t D, class OutputSize, class Derived>
std::tuple<Tensor, Tensor> AdaptiveMaxPoolImpl<D, OutputSize, Derived>::forward_with_indices(
    const Tensor& input) {
  if constexpr (D == 1) {
    return F::adaptive_max_pool1d_with_indices(input, this->options);
  } else if constexpr (D == 2) {
    return F::adaptive_max_pool2d_with_indices(input, this->options);
  } else {
    return F::adaptive_max_pool3d_with_indices(input, this->options);
  }
}
template <std::size_t D, class OutputSize, class Derived>
void AdaptiveMaxPoolImpl<D, OutputSize, Derived>::pretty_print(std::ostream& stream) const {
  print_layer(stream, name_of("AdaptiveMaxPool", D).c_str(),
              field("output_size", this->options.output_size()));
}
template class AdaptiveMaxPoolImpl<1, ExpandingArray<1>, AdaptiveMaxPool1dImpl>;
template class AdaptiveMaxPoolImpl<2, ExpandingArrayWithOptionalElem<2>, AdaptiveMaxPool2dImpl>;
template class AdaptiveMaxPoolImpl<3, ExpandingArrayWithOptionalElem<3>, AdaptiveMaxPool3dImpl>;

template <std::size_t D, class OutputSize, class Derived>
Tensor AdaptiveAvgPoolImpl<D, OutputSize, Derived>::forward(const Tensor& input) {
  if constexpr (D == 1) {
    return F::adaptive_avg_pool1d(input, this->options);
  } else if constexpr (D == 2) {
    return F::adaptive_avg_pool2d(input, this->options);
  } else {
    return F::adaptive_avg_pool3d(input, this->options);
  }
}
template <std::size_t D, class OutputSize, class Derived>
void AdaptiveAvgPoolImpl<D, OutputSize, Derived>::pretty_print(std::ostream& stream) const {
  print_layer(stream, name_of("AdaptiveAvgPool", D).c_str(),
              field("output_size", this->options.output_size()));
}
template class AdaptiveAvgPoolImpl<1, ExpandingArray<1>, AdaptiveAvgPool1dImpl>;
template class AdaptiveAvgPoolImpl<2, ExpandingArrayWithOptionalElem<2>, AdaptiveAvgPool2dImpl>;
template class AdaptiveAvgPoolImpl<3, ExpandingArrayWithOptionalElem<3>, AdaptiveAvgPool3dImpl>;

template <std::size_t D, class Derived>
Tensor MaxUnpoolImpl<D, Derived>::forward(const Tensor& input, const Tensor& indices,
                                          const OutputSize& output_size) {
  const auto function_options = F::MaxUnpoolFuncOptions<D>(this->options.kernel_size())
                                    .stride(this->options.stride())
                                    .padding(this->options.padding())
                                    .output_size(output_size);
  if constexpr (D == 1) {
    return F::max_unpool1d(input, indices, function_options);
  } else if constexpr (D == 2) {
    return F::max_unpool2d(input, indices, function_options);
  } else {
    return F::max_unpool3d(input, indices, function_options);
  }
}
template <std::size_t D, class Derived>
void MaxUnpoolImpl<D, Derived>::pretty_print(std::ostream& stream) const {
  print_layer(stream, name_of("MaxUnpool", D).c_str(),
              field("kernel_size", this->options.kernel_size()),
              field("stride", this->options.stride()), field("padding", this->options.padding()));
}
template class MaxUnpoolImpl<1, MaxUnpool1dImpl>;
template class MaxUnpoolImpl<2, MaxUnpool2dImpl>;
template class MaxUnpoolImpl<3, MaxUnpool3dImpl>;

template <std::size_t D, class Derived>
FractionalMaxPoolImpl<D, Derived>::FractionalMaxPoolImpl(
    const FractionalMaxPoolOptions<D>& options_)
    : options(options_) {
  FractionalMaxPoolImpl::reset();
}
template <std::size_t D, class Derived>
void FractionalMaxPoolImpl<D, Derived>::reset() {
  const std::string name = name_of("FractionalMaxPool", D);
  const bool by_size = options.output_size().has_value(),
             by_ratio = options.output_ratio().has_value();
  check(by_size || by_ratio, "{}: neither output_size nor output_ratio is given, expected one",
        name);
  check(!by_size || !by_ratio, "{}: both output_size and output_ratio are given, expected one",
        name);
  if (by_ratio) {
    for (const double ratio : **options.output_ratio())
      check(ratio > 0 && ratio < 1, "{}: output_ratio is {}, expected above 0 and below 1", name,
            ratio);
  }
  _random_samples = this->register_buffer("_random_samples", options._random_samples());
}
template <std::size_t D, class Derived>
Tensor FractionalMaxPoolImpl<D, Derived>::forward(const Tensor& input) {
  return std::get<0>(forward_with_indices(input));
}
template <std::size_t D, class Derived>
std::tuple<Tensor, Tensor> FractionalMaxPoolImpl<D, Derived>::forward_with_indices(
    const Tensor& input) {
  FractionalMaxPoolOptions<D> now = options;
  now._random_samples(_random_samples);  // as converted and loaded since
  if constexpr (D == 2) {
    return F::fractional_max_pool2d_with_indices(input, now);
  } else {
    return F::fractional_max_pool3d_with_indices(input, now);
  }
}
template <std::size_t D, class Derived>
void FractionalMaxPoolImpl<D, Derived>::pretty_print(std::ostream& stream) const {
  print_layer(stream, name_of("FractionalMaxPool", D).c_str());
}
template class FractionalMaxPoolImpl<2, FractionalMaxPool2dImpl>;
template class FractionalMaxPoolImpl<3, FractionalMaxPool3dImpl>;

template <std::size_t D, class Derived>
Tensor LPPoolImpl<D, Derived>::forward(const Tensor& input) {
  if constexpr (D == 1) {
    return F::lp_pool1d(input, this->options);
  } else {
    return F::lp_pool2d(input, this->options);
  }
}
template <std::size_t D, class Derived>
void LPPoolImpl<D, Derived>::pretty_print(std::ostream& stream) const {
  print_layer(stream, name_of("LPPool", D).c_str(), field("norm_type", this->options.norm_type()),
              field("kernel_size", this->options.kernel_size()),
              field("stride", this->options.stride()),
              field("ceil_mode", this->options.ceil_mode()));
}
template class LPPoolImpl<1, LPPool1dImpl>;
template class LPPoolImpl<2, LPPool2dImpl>;

}  // namespace xgrad::nn
