// ConvNet: two convolutions with batch norm and pooling, then two linear layers.
//
//   models::ConvNet net(10);
//   xgrad::Tensor scores = net(images);   // [N, 1, 28, 28] -> [N, 10], log-probabilities
#pragma once

#include "xgrad/xgrad.h"

namespace models {

class ConvNetImpl : public xgrad::nn::Module {
 public:
  explicit ConvNetImpl(std::int64_t classes)
      : conv1(register_module("conv1", xgrad::nn::Conv2d(1, 16, 5))),
        norm1(register_module("norm1", xgrad::nn::BatchNorm2d(16))),
        conv2(register_module("conv2", xgrad::nn::Conv2d(16, 32, 5))),
        norm2(register_module("norm2", xgrad::nn::BatchNorm2d(32))),
        hidden(register_module("hidden", xgrad::nn::Linear(32 * 4 * 4, 64))),
        vote(register_module("vote", xgrad::nn::Linear(64, classes))) {}

  xgrad::Tensor forward(xgrad::Tensor x) {
    x = xgrad::max_pool2d(norm1(conv1(x)).relu(), 2);  // [N, 16, 12, 12]
    x = xgrad::max_pool2d(norm2(conv2(x)).relu(), 2);  // [N, 32, 4, 4]
    return xgrad::log_softmax(vote(hidden(x.flatten(1)).relu()), 1);
  }

  xgrad::nn::Conv2d conv1;
  xgrad::nn::BatchNorm2d norm1;
  xgrad::nn::Conv2d conv2;
  xgrad::nn::BatchNorm2d norm2;
  xgrad::nn::Linear hidden, vote;
};
XGRAD_MODULE(ConvNet);

}  // namespace models
