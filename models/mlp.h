// MLP: a multilayer perceptron for classification.
//
//   models::MLP net(models::MLPOptions({784, 512, 10}).dropout(0.2));
//   xgrad::Tensor scores = net(images);   // [N, ...] -> [N, 10], log-probabilities
#pragma once

#include <string>
#include <vector>

#include "xgrad/xgrad.h"

namespace models {

struct MLPOptions {
  // The widths from input to output: at least two.
  MLPOptions(std::vector<std::int64_t> sizes) : sizes_(std::move(sizes)) {}
  XGRAD_ARG(std::vector<std::int64_t>, sizes);
  XGRAD_ARG(double, dropout) = 0;  // before each hidden layer's successor
};

// Linear layers with ReLU and dropout between them;
// the input is flattened, the output is log_softmax.
class MLPImpl : public xgrad::nn::Module {
 public:
  explicit MLPImpl(const MLPOptions& options) {
    layers = register_module("layers", xgrad::nn::Sequential());
    const std::vector<std::int64_t>& sizes = options.sizes();
    for (std::size_t i = 0; i + 1 < sizes.size(); ++i) {
      if (i > 0) {
        layers->push_back(xgrad::nn::ReLU());
        if (options.dropout() > 0) layers->push_back(xgrad::nn::Dropout(options.dropout()));
      }
      layers->push_back(xgrad::nn::Linear(sizes[i], sizes[i + 1]));
    }
  }

  xgrad::Tensor forward(const xgrad::Tensor& x) {
    return xgrad::log_softmax(layers->forward(x.flatten(1)), 1);
  }

  xgrad::nn::Sequential layers{nullptr};
};
XGRAD_MODULE(MLP);

}  // namespace models
