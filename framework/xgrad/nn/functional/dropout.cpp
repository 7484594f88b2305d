#include "xgrad/nn/functional/dropout.h"

#include "xgrad/ops/dropout.h"

namespace xgrad::nn::functional {

namespace {

// An input without the batch dim is a batch of one.
Tensor drop_channels(Tensor input, const DropoutFuncOptions& options, std::int64_t batched_dims) {
  const bool batched = input.dim() == batched_dims;
  Tensor x = batched ? input : input.unsqueeze(0);
  const Tensor y = options.inplace() ? feature_dropout_(x, options.p(), options.training())
                                     : feature_dropout(x, options.p(), options.training());
  return options.inplace() ? input : batched ? y : y.squeeze(0);
}

}  // namespace

Tensor dropout(Tensor input, const DropoutFuncOptions& options) {
  return options.inplace() ? dropout_(input, options.p(), options.training())
                           : xgrad::dropout(input, options.p(), options.training());
}
Tensor dropout2d(Tensor input, const Dropout2dFuncOptions& options) {
  return drop_channels(input, options, 4);
}
Tensor dropout3d(Tensor input, const Dropout3dFuncOptions& options) {
  return drop_channels(input, options, 5);
}
Tensor alpha_dropout(Tensor input, const AlphaDropoutFuncOptions& options) {
  return options.inplace() ? alpha_dropout_(input, options.p(), options.training())
                           : xgrad::alpha_dropout(input, options.p(), options.training());
}
Tensor feature_alpha_dropout(Tensor input, const FeatureAlphaDropoutFuncOptions& options) {
  return options.inplace() ? feature_alpha_dropout_(input, options.p(), options.training())
                           : xgrad::feature_alpha_dropout(input, options.p(), options.training());
}

}  // namespace xgrad::nn::functional
