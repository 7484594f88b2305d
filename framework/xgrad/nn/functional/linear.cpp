#include "xgrad/nn/functional/linear.h"

#include "xgrad/ops/matmul.h"

namespace xgrad::nn::functional {

Tensor linear(const Tensor& input, const Tensor& weight, const Tensor& bias) {
  return xgrad::linear(input, weight, bias);
}
Tensor bilinear(const Tensor& input1, const Tensor& input2, const Tensor& weight,
                const Tensor& bias) {
  return xgrad::bilinear(input1, input2, weight, bias);
}

}  // namespace xgrad::nn::functional
