#include "xgrad/nn/functional/conv.h"

#include "xgrad/ops/convolution.h"

namespace xgrad::nn::functional {

namespace {

template <std::size_t D>
Tensor convolve(const Tensor& x, const Tensor& w, const ConvFuncOptions<D>& o) {
  const auto call = [&](auto padding) {
    if constexpr (D == 1) {
      return xgrad::conv1d(x, w, o.bias(), o.stride(), padding, o.dilation(), o.groups());
    } else if constexpr (D == 2) {
      return xgrad::conv2d(x, w, o.bias(), o.stride(), padding, o.dilation(), o.groups());
    } else {
      return xgrad::conv3d(x, w, o.bias(), o.stride(), padding, o.dilation(), o.groups());
    }
  };
  if (const auto* sizes = std::get_if<ExpandingArray<D>>(&o.padding()))
    return call(IntArrayRef(*sizes));
  const bool same = std::holds_alternative<enumtype::kSame>(o.padding());
  return call(std::string_view(same ? "same" : "valid"));
}

}  // namespace

Tensor conv1d(const Tensor& input, const Tensor& weight, const Conv1dFuncOptions& options) {
  return convolve(input, weight, options);
}
Tensor conv2d(const Tensor& input, const Tensor& weight, const Conv2dFuncOptions& options) {
  return convolve(input, weight, options);
}
Tensor conv3d(const Tensor& input, const Tensor& weight, const Conv3dFuncOptions& options) {
  return convolve(input, weight, options);
}

Tensor conv_transpose1d(const Tensor& input, const Tensor& weight,
                        const ConvTranspose1dFuncOptions& o) {
  return xgrad::conv_transpose1d(input, weight, o.bias(), o.stride(), o.padding(),
                                 o.output_padding(), o.groups(), o.dilation());
}
Tensor conv_transpose2d(const Tensor& input, const Tensor& weight,
                        const ConvTranspose2dFuncOptions& o) {
  return xgrad::conv_transpose2d(input, weight, o.bias(), o.stride(), o.padding(),
                                 o.output_padding(), o.groups(), o.dilation());
}
Tensor conv_transpose3d(const Tensor& input, const Tensor& weight,
                        const ConvTranspose3dFuncOptions& o) {
  return xgrad::conv_transpose3d(input, weight, o.bias(), o.stride(), o.padding(),
                                 o.output_padding(), o.groups(), o.dilation());
}

}  // namespace xgrad::nn::functional
