#include "xgrad/nn/functional/activation.h"

#include "xgrad/ops/activation.h"
#include "xgrad/ops/arithmetic.h"
#include "xgrad/ops/factories.h"

namespace xgrad::nn::functional {

Tensor elu(Tensor input, const ELUFuncOptions& options) {
  return options.inplace() ? elu_(input, options.alpha()) : xgrad::elu(input, options.alpha());
}
Tensor selu(Tensor input, const SELUFuncOptions& options) {
  return options.inplace() ? selu_(input) : xgrad::selu(input);
}
Tensor celu(Tensor input, const CELUFuncOptions& options) {
  return options.inplace() ? celu_(input, options.alpha()) : xgrad::celu(input, options.alpha());
}
Tensor gelu(const Tensor& input, const GELUFuncOptions& options) {
  return xgrad::gelu(input, options.approximate());
}
Tensor relu(Tensor input, const ReLUFuncOptions& options) {
  return options.inplace() ? relu_(input) : xgrad::relu(input);
}
Tensor relu6(Tensor input, const ReLU6FuncOptions& options) {
  return options.inplace() ? relu6_(input) : xgrad::relu6(input);
}
Tensor leaky_relu(Tensor input, const LeakyReLUFuncOptions& options) {
  return options.inplace() ? leaky_relu_(input, options.negative_slope())
                           : xgrad::leaky_relu(input, options.negative_slope());
}
Tensor rrelu(Tensor input, const RReLUFuncOptions& options) {
  return options.inplace()
             ? rrelu_(input, options.lower(), options.upper(), options.training())
             : xgrad::rrelu(input, options.lower(), options.upper(), options.training());
}
Tensor prelu(const Tensor& input, const Tensor& weight) { return xgrad::prelu(input, weight); }
Tensor hardtanh(Tensor input, const HardtanhFuncOptions& options) {
  return options.inplace() ? hardtanh_(input, options.min_val(), options.max_val())
                           : xgrad::hardtanh(input, options.min_val(), options.max_val());
}
Tensor hardshrink(const Tensor& input, const HardshrinkFuncOptions& options) {
  return xgrad::hardshrink(input, options.lambda());
}
Tensor softshrink(const Tensor& input, const SoftshrinkFuncOptions& options) {
  return xgrad::softshrink(input, options.lambda());
}
Tensor softplus(const Tensor& input, const SoftplusFuncOptions& options) {
  return xgrad::softplus(input, options.beta(), options.threshold());
}
Tensor threshold(Tensor input, const ThresholdFuncOptions& options) {
  return options.inplace() ? threshold_(input, options.threshold(), options.value())
                           : xgrad::threshold(input, options.threshold(), options.value());
}
Tensor glu(const Tensor& input, const GLUFuncOptions& options) {
  return xgrad::glu(input, options.dim());
}
Tensor silu(const Tensor& input) { return xgrad::silu(input); }
Tensor mish(const Tensor& input) { return xgrad::mish(input); }
Tensor sigmoid(const Tensor& input) { return input.sigmoid(); }
Tensor tanh(const Tensor& input) { return input.tanh(); }
Tensor logsigmoid(const Tensor& input) { return log_sigmoid(input); }
Tensor softsign(const Tensor& input) { return xgrad::softsign(input); }
Tensor tanhshrink(const Tensor& input) { return xgrad::tanhshrink(input); }
Tensor hardsigmoid(const Tensor& input, bool inplace) {
  return inplace ? hardsigmoid_(input) : xgrad::hardsigmoid(input);
}
Tensor hardswish(const Tensor& input, bool inplace) {
  return inplace ? hardswish_(input) : xgrad::hardswish(input);
}
Tensor softmax(const Tensor& input, const SoftmaxFuncOptions& options) {
  return input.softmax(options.dim(), options.dtype());
}
Tensor softmin(const Tensor& input, const SoftminFuncOptions& options) {
  return (-input).softmax(options.dim(), options.dtype());
}
Tensor log_softmax(const Tensor& input, const LogSoftmaxFuncOptions& options) {
  return input.log_softmax(options.dim(), options.dtype());
}

Tensor gumbel_softmax(const Tensor& logits, const GumbelSoftmaxFuncOptions& options) {
  const Tensor gumbel = -empty_like(logits).exponential_().log();
  const Tensor soft = ((logits + gumbel) / options.tau()).softmax(options.dim());
  if (!options.hard()) return soft;
  const Tensor index = std::get<1>(soft.max(options.dim(), true));
  const Tensor hard = zeros_like(logits).scatter_(options.dim(), index, 1.0);
  return hard - soft.detach() + soft;
}

}  // namespace xgrad::nn::functional
