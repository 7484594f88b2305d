#include "xgrad/nn/modules/normalization.h"

#include <ostream>

#include "xgrad/core/format.h"
#include "xgrad/nn/functional/normalization.h"
#include "xgrad/nn/init.h"
#include "xgrad/nn/modules/print.h"
#include "xgrad/ops/factories.h"
#include "xgrad/ops/normalization.h"

namespace xgrad::nn {

namespace F = functional;

LayerNormImpl::LayerNormImpl(const LayerNormOptions& options_) : options(options_) {
  LayerNormImpl::reset();
}

void LayerNormImpl::reset() {
  const auto parameter = [&](const char* key) {
    return options.elementwise_affine()
               ? register_parameter(key, xgrad::empty(options.normalized_shape()))
               : register_parameter(key, {}, false);
  };
  weight = parameter("weight");
  bias = parameter("bias");
  reset_parameters();
}

void LayerNormImpl::reset_parameters() {
  if (!weight.defined()) return;
  init::ones_(weight);
  init::zeros_(bias);
}

void LayerNormImpl::pretty_print(std::ostream& stream) const {
  print_layer(stream, "LayerNorm", field("", IntArrayRef(options.normalized_shape())),
              field("eps", options.eps()),
              field("elementwise_affine", options.elementwise_affine()));
}

Tensor LayerNormImpl::forward(const Tensor& input) {
  return F::layer_norm(input, F::LayerNormFuncOptions(options.normalized_shape())
                                  .weight(weight)
                                  .bias(bias)
                                  .eps(options.eps()));
}

GroupNormImpl::GroupNormImpl(const GroupNormOptions& options_) : options(options_) {
  GroupNormImpl::reset();
}

void GroupNormImpl::reset() {
  check(options.num_groups() > 0 && options.num_channels() % options.num_groups() == 0,
        "GroupNorm: {} channels cannot be divided into {} groups", options.num_channels(),
        options.num_groups());
  const auto parameter = [&](const char* key) {
    return options.affine() ? register_parameter(key, empty({options.num_channels()}))
                            : register_parameter(key, {}, false);
  };
  weight = parameter("weight");
  bias = parameter("bias");
  reset_parameters();
}

void GroupNormImpl::reset_parameters() {
  if (!weight.defined()) return;
  init::ones_(weight);
  init::zeros_(bias);
}

void GroupNormImpl::pretty_print(std::ostream& stream) const {
  print_layer(stream, "GroupNorm", field("", options.num_groups()),
              field("", options.num_channels()), field("eps", options.eps()),
              field("affine", options.affine()));
}

Tensor GroupNormImpl::forward(const Tensor& input) {
  return F::group_norm(
      input,
      F::GroupNormFuncOptions(options.num_groups()).weight(weight).bias(bias).eps(options.eps()));
}

Tensor LocalResponseNormImpl::forward(const Tensor& input) {
  return F::local_response_norm(input, options);
}

void LocalResponseNormImpl::pretty_print(std::ostream& stream) const {
  print_layer(stream, "LocalResponseNorm", field("", options.size()),
              field("alpha", options.alpha()), field("beta", options.beta()),
              field("k", options.k()));
}

Tensor CrossMapLRN2dImpl::forward(const Tensor& input) {
  return cross_map_lrn2d(input, options.size(), options.alpha(), options.beta(),
                         static_cast<double>(options.k()));
}

void CrossMapLRN2dImpl::pretty_print(std::ostream& stream) const {
  print_layer(stream, "CrossMapLRN2d", field("", options.size()), field("alpha", options.alpha()),
              field("beta", options.beta()), field("k", options.k()));
}

}  // namespace xgrad::nn
