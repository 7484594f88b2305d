#include "xgrad/nn/modules/dropout.h"

#include <ostream>

#include "xgrad/core/format.h"
#include "xgrad/nn/functional/dropout.h"
#include "xgrad/nn/modules/print.h"

namespace xgrad::nn {

namespace F = functional;

template <class Derived>
void DropoutBase<Derived>::reset() {
  check(options.p() >= 0 && options.p() <= 1, "Dropout: probability is {}, expected 0..1",
        options.p());
}

template class DropoutBase<DropoutImpl>;
Tensor DropoutImpl::forward(Tensor input) {
  return F::dropout(
      input,
      F::DropoutFuncOptions().p(options.p()).training(is_training()).inplace(options.inplace()));
}
void DropoutImpl::pretty_print(std::ostream& stream) const {
  print_layer(stream, "Dropout", field("p", options.p()), field("inplace", options.inplace()));
}

template class DropoutBase<Dropout2dImpl>;
Tensor Dropout2dImpl::forward(Tensor input) {
  return F::dropout2d(
      input,
      F::Dropout2dFuncOptions().p(options.p()).training(is_training()).inplace(options.inplace()));
}
void Dropout2dImpl::pretty_print(std::ostream& stream) const {
  print_layer(stream, "Dropout2d", field("p", options.p()), field("inplace", options.inplace()));
}

template class DropoutBase<Dropout3dImpl>;
Tensor Dropout3dImpl::forward(Tensor input) {
  return F::dropout3d(
      input,
      F::Dropout3dFuncOptions().p(options.p()).training(is_training()).inplace(options.inplace()));
}
void Dropout3dImpl::pretty_print(std::ostream& stream) const {
  print_layer(stream, "Dropout3d", field("p", options.p()), field("inplace", options.inplace()));
}

template class DropoutBase<AlphaDropoutImpl>;
Tensor AlphaDropoutImpl::forward(const Tensor& input) {
  return F::alpha_dropout(input, F::AlphaDropoutFuncOptions()
                                     .p(options.p())
                                     .training(is_training())
                                     .inplace(options.inplace()));
}
void AlphaDropoutImpl::pretty_print(std::ostream& stream) const {
  print_layer(stream, "AlphaDropout", field("p", options.p()), field("inplace", options.inplace()));
}

template class DropoutBase<FeatureAlphaDropoutImpl>;
Tensor FeatureAlphaDropoutImpl::forward(const Tensor& input) {
  return F::feature_alpha_dropout(input, F::FeatureAlphaDropoutFuncOptions()
                                             .p(options.p())
                                             .training(is_training())
                                             .inplace(options.inplace()));
}
void FeatureAlphaDropoutImpl::pretty_print(std::ostream& stream) const {
  print_layer(stream, "FeatureAlphaDropout", field("p", options.p()),
              field("inplace", options.inplace()));
}

}  // namespace xgrad::nn
