// Activation functions with options; what each computes
// is said in ops/activation.h and ops/softmax.h.
//
//   namespace F = xgrad::nn::functional;
//   auto y = F::leaky_relu(x, F::LeakyReLUFuncOptions().negative_slope(0.2));
//
// Shapes: [*] -> [*] unless said otherwise. `inplace` writes into the input. Source:
// https://pytorch.org/docs/1.13/nn.functional.html.
#pragma once

#include "xgrad/core/tensor.h"
#include "xgrad/nn/options/activation.h"

namespace xgrad::nn::functional {

Tensor elu(Tensor input, const ELUFuncOptions& options = {});
Tensor selu(Tensor input, const SELUFuncOptions& options = {});
Tensor celu(Tensor input, const CELUFuncOptions& options = {});
Tensor gelu(const Tensor& input, const GELUFuncOptions& options = {});
Tensor relu(Tensor input, const ReLUFuncOptions& options = {});
Tensor relu6(Tensor input, const ReLU6FuncOptions& options = {});
Tensor leaky_relu(Tensor input, const LeakyReLUFuncOptions& options = {});
Tensor rrelu(Tensor input, const RReLUFuncOptions& options = {});
// weight [1] or [C].
Tensor prelu(const Tensor& input, const Tensor& weight);
Tensor hardtanh(Tensor input, const HardtanhFuncOptions& options = {});
Tensor hardshrink(const Tensor& input, const HardshrinkFuncOptions& options = {});
Tensor softshrink(const Tensor& input, const SoftshrinkFuncOptions& options = {});
Tensor softplus(const Tensor& input, const SoftplusFuncOptions& options = {});
Tensor threshold(Tensor input, const ThresholdFuncOptions& options);
// [..., 2 n, ...] -> [..., n, ...].
Tensor glu(const Tensor& input, const GLUFuncOptions& options = {});
Tensor silu(const Tensor& input);
Tensor mish(const Tensor& input);
Tensor sigmoid(const Tensor& input);
Tensor tanh(const Tensor& input);
Tensor logsigmoid(const Tensor& input);
Tensor softsign(const Tensor& input);
Tensor tanhshrink(const Tensor& input);
Tensor hardsigmoid(const Tensor& input, bool inplace = false);
Tensor hardswish(const Tensor& input, bool inplace = false);
Tensor softmax(const Tensor& input, const SoftmaxFuncOptions& options);
Tensor softmin(const Tensor& input, const SoftminFuncOptions& options);
Tensor log_softmax(const Tensor& input, const LogSoftmaxFuncOptions& options);
// A sample of the Gumbel-softmax distribution; `hard` gives one-hot vectors with the gradient of
// the soft ones. Source: Jang et al., 2017.
Tensor gumbel_softmax(const Tensor& logits, const GumbelSoftmaxFuncOptions& options = {});

}  // namespace xgrad::nn::functional
