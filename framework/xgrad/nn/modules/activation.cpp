#include "xgrad/nn/modules/activation.h"

#include <ostream>

#include "xgrad/core/format.h"
#include "xgrad/nn/functional/activation.h"
#include "xgrad/nn/modules/print.h"
#include "xgrad/ops/factories.h"

namespace xgrad::nn {

namespace F = functional;

Tensor ELUImpl::forward(Tensor input) { return F::elu(input, options); }
void ELUImpl::pretty_print(std::ostream& stream) const {
  print_layer(stream, "ELU", field("alpha", options.alpha()),
              field("inplace", options.inplace(), options.inplace()));
}

Tensor SELUImpl::forward(Tensor input) { return F::selu(input, options); }
void SELUImpl::pretty_print(std::ostream& stream) const {
  print_layer(stream, "SELU", field("inplace", options.inplace(), options.inplace()));
}

Tensor CELUImpl::forward(Tensor input) { return F::celu(input, options); }
void CELUImpl::pretty_print(std::ostream& stream) const {
  print_layer(stream, "CELU", field("alpha", options.alpha()),
              field("inplace", options.inplace(), options.inplace()));
}

Tensor GELUImpl::forward(const Tensor& input) { return F::gelu(input, options); }
void GELUImpl::pretty_print(std::ostream& stream) const { print_layer(stream, "GELU"); }

Tensor ReLUImpl::forward(Tensor input) { return F::relu(input, options); }
void ReLUImpl::pretty_print(std::ostream& stream) const {
  print_layer(stream, "ReLU", field("inplace", options.inplace(), options.inplace()));
}

Tensor ReLU6Impl::forward(Tensor input) { return F::relu6(input, options); }
void ReLU6Impl::pretty_print(std::ostream& stream) const {
  print_layer(stream, "ReLU6", field("inplace", options.inplace(), options.inplace()));
}

Tensor LeakyReLUImpl::forward(Tensor input) { return F::leaky_relu(input, options); }
void LeakyReLUImpl::pretty_print(std::ostream& stream) const {
  print_layer(stream, "LeakyReLU", field("negative_slope", options.negative_slope()),
              field("inplace", options.inplace(), options.inplace()));
}

Tensor RReLUImpl::forward(Tensor input) {
  return F::rrelu(input, F::RReLUFuncOptions()
                             .lower(options.lower())
                             .upper(options.upper())
                             .training(is_training())
                             .inplace(options.inplace()));
}
void RReLUImpl::pretty_print(std::ostream& stream) const {
  print_layer(stream, "RReLU", field("lower", options.lower()), field("upper", options.upper()),
              field("inplace", options.inplace(), options.inplace()));
}

Tensor HardtanhImpl::forward(Tensor input) {
  check(options.max_val() > options.min_val(), "Hardtanh: max_val {} is not above min_val {}",
        options.max_val(), options.min_val());
  return F::hardtanh(input, options);
}
void HardtanhImpl::pretty_print(std::ostream& stream) const {
  print_layer(stream, "Hardtanh", field("min_val", options.min_val()),
              field("max_val", options.max_val()),
              field("inplace", options.inplace(), options.inplace()));
}

Tensor HardshrinkImpl::forward(const Tensor& input) { return F::hardshrink(input, options); }
void HardshrinkImpl::pretty_print(std::ostream& stream) const {
  print_layer(stream, "Hardshrink", field("", options.lambda()));
}

Tensor SoftshrinkImpl::forward(const Tensor& input) { return F::softshrink(input, options); }
void SoftshrinkImpl::pretty_print(std::ostream& stream) const {
  print_layer(stream, "Softshrink", field("", options.lambda()));
}

Tensor SoftplusImpl::forward(const Tensor& input) { return F::softplus(input, options); }
void SoftplusImpl::pretty_print(std::ostream& stream) const {
  print_layer(stream, "Softplus", field("beta", options.beta()),
              field("threshold", options.threshold()));
}

Tensor ThresholdImpl::forward(Tensor input) { return F::threshold(input, options); }
void ThresholdImpl::pretty_print(std::ostream& stream) const {
  print_layer(stream, "Threshold", field("threshold", options.threshold()),
              field("value", options.value()),
              field("inplace", options.inplace(), options.inplace()));
}

Tensor GLUImpl::forward(const Tensor& input) { return F::glu(input, options); }
void GLUImpl::pretty_print(std::ostream& stream) const {
  print_layer(stream, "GLU", field("dim", options.dim()));
}

Tensor SiLUImpl::forward(const Tensor& input) { return F::silu(input); }
void SiLUImpl::pretty_print(std::ostream& stream) const { print_layer(stream, "SiLU"); }

Tensor MishImpl::forward(const Tensor& input) { return F::mish(input); }
void MishImpl::pretty_print(std::ostream& stream) const { print_layer(stream, "Mish"); }

Tensor SigmoidImpl::forward(const Tensor& input) { return F::sigmoid(input); }
void SigmoidImpl::pretty_print(std::ostream& stream) const { print_layer(stream, "Sigmoid"); }

Tensor TanhImpl::forward(const Tensor& input) { return F::tanh(input); }
void TanhImpl::pretty_print(std::ostream& stream) const { print_layer(stream, "Tanh"); }

Tensor LogSigmoidImpl::forward(const Tensor& input) { return F::logsigmoid(input); }
void LogSigmoidImpl::pretty_print(std::ostream& stream) const { print_layer(stream, "LogSigmoid"); }

Tensor SoftsignImpl::forward(const Tensor& input) { return F::softsign(input); }
void SoftsignImpl::pretty_print(std::ostream& stream) const { print_layer(stream, "Softsign"); }

Tensor TanhshrinkImpl::forward(const Tensor& input) { return F::tanhshrink(input); }
void TanhshrinkImpl::pretty_print(std::ostream& stream) const { print_layer(stream, "Tanhshrink"); }

Tensor HardsigmoidImpl::forward(Tensor input) { return F::hardsigmoid(input, options.inplace()); }
void HardsigmoidImpl::pretty_print(std::ostream& stream) const {
  print_layer(stream, "Hardsigmoid", field("inplace", options.inplace(), options.inplace()));
}

Tensor HardswishImpl::forward(Tensor input) { return F::hardswish(input, options.inplace()); }
void HardswishImpl::pretty_print(std::ostream& stream) const {
  print_layer(stream, "Hardswish", field("inplace", options.inplace(), options.inplace()));
}

Tensor SoftmaxImpl::forward(const Tensor& input) {
  return F::softmax(input, F::SoftmaxFuncOptions(options.dim()));
}
void SoftmaxImpl::pretty_print(std::ostream& stream) const {
  print_layer(stream, "Softmax", field("dim", options.dim()));
}

Tensor SoftminImpl::forward(const Tensor& input) {
  return F::softmin(input, F::SoftminFuncOptions(options.dim()));
}
void SoftminImpl::pretty_print(std::ostream& stream) const {
  print_layer(stream, "Softmin", field("dim", options.dim()));
}

Tensor LogSoftmaxImpl::forward(const Tensor& input) {
  return F::log_softmax(input, F::LogSoftmaxFuncOptions(options.dim()));
}
void LogSoftmaxImpl::pretty_print(std::ostream& stream) const {
  print_layer(stream, "LogSoftmax", field("dim", options.dim()));
}

Tensor Softmax2dImpl::forward(const Tensor& input) {
  check(input.dim() == 3 || input.dim() == 4,
        "Softmax2d: input has shape {}, expected [N, C, H, W] or [C, H, W]", input.sizes());
  return F::softmax(input, F::SoftmaxFuncOptions(-3));
}
void Softmax2dImpl::pretty_print(std::ostream& stream) const { print_layer(stream, "Softmax2d"); }

PReLUImpl::PReLUImpl(const PReLUOptions& options_) : options(options_) { PReLUImpl::reset(); }
void PReLUImpl::reset() {
  weight = register_parameter("weight", full({options.num_parameters()}, options.init()));
}
Tensor PReLUImpl::forward(const Tensor& input) { return F::prelu(input, weight); }
void PReLUImpl::pretty_print(std::ostream& stream) const {
  print_layer(stream, "PReLU", field("num_parameters", options.num_parameters()));
}

}  // namespace xgrad::nn
