#include "xgrad/nn/modules/padding.h"

#include <ostream>

#include "xgrad/nn/functional/padding.h"
#include "xgrad/nn/modules/print.h"

namespace xgrad::nn {

namespace F = functional;

namespace {

template <std::size_t D>
std::vector<std::int64_t> list_of(const ExpandingArray<D>& padding) {
  return {padding->begin(), padding->end()};
}
// "ReflectionPad" and 2: ReflectionPad2d.
std::string name_of(const char* kind, std::size_t dims) {
  return kind + std::to_string(dims) + 'd';
}

}  // namespace

template <std::size_t D, class Derived>
Tensor ReflectionPadImpl<D, Derived>::forward(const Tensor& input) {
  return F::pad(input, F::PadFuncOptions(list_of(this->options.padding())).mode(kReflect));
}
template <std::size_t D, class Derived>
void ReflectionPadImpl<D, Derived>::pretty_print(std::ostream& stream) const {
  print_layer(stream, name_of("ReflectionPad", D).c_str(),
              field("padding", this->options.padding()));
}
template class ReflectionPadImpl<1, ReflectionPad1dImpl>;
template class ReflectionPadImpl<2, ReflectionPad2dImpl>;
template class ReflectionPadImpl<3, ReflectionPad3dImpl>;

template <std::size_t D, class Derived>
Tensor ReplicationPadImpl<D, Derived>::forward(const Tensor& input) {
  return F::pad(input, F::PadFuncOptions(list_of(this->options.padding())).mode(kReplicate));
}
template <std::size_t D, class Derived>
void ReplicationPadImpl<D, Derived>::pretty_print(std::ostream& stream) const {
  print_layer(stream, name_of("ReplicationPad", D).c_str(),
              field("padding", this->options.padding()));
}
template class ReplicationPadImpl<1, ReplicationPad1dImpl>;
template class ReplicationPadImpl<2, ReplicationPad2dImpl>;
template class ReplicationPadImpl<3, ReplicationPad3dImpl>;

template <std::size_t D, class Derived>
Tensor ZeroPadImpl<D, Derived>::forward(const Tensor& input) {
  return F::pad(input, F::PadFuncOptions(list_of(this->options.padding())).mode(kConstant));
}
template <std::size_t D, class Derived>
void ZeroPadImpl<D, Derived>::pretty_print(std::ostream& stream) const {
  print_layer(stream, name_of("ZeroPad", D).c_str(), field("padding", this->options.padding()));
}
template class ZeroPadImpl<1, ZeroPad1dImpl>;
template class ZeroPadImpl<2, ZeroPad2dImpl>;
template class ZeroPadImpl<3, ZeroPad3dImpl>;

template <std::size_t D, class Derived>
Tensor ConstantPadImpl<D, Derived>::forward(const Tensor& input) {
  return F::pad(input, F::PadFuncOptions(list_of(this->options.padding()))
                           .mode(kConstant)
                           .value(this->options.value()));
}
template <std::size_t D, class Derived>
void ConstantPadImpl<D, Derived>::pretty_print(std::ostream& stream) const {
  print_layer(stream, name_of("ConstantPad", D).c_str(), field("padding", this->options.padding()),
              field("value", this->options.value()));
}
template class ConstantPadImpl<1, ConstantPad1dImpl>;
template class ConstantPadImpl<2, ConstantPad2dImpl>;
template class ConstantPadImpl<3, ConstantPad3dImpl>;

}  // namespace xgrad::nn
