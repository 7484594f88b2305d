// LSTMClassifier: reads an image row by row, and classifies by what it remembers at the end.
//
//   models::LSTMClassifier net(28, 128, 10);
//   // [N, 1, rows, 28] or [N, rows, 28] -> [N, 10], log-probabilities
//   xgrad::Tensor scores = net(images);
#pragma once

#include <tuple>

#include "xgrad/xgrad.h"

namespace models {

class LSTMClassifierImpl : public xgrad::nn::Module {
 public:
  LSTMClassifierImpl(std::int64_t inputs, std::int64_t hidden, std::int64_t classes)
      : lstm(register_module(
            "lstm", xgrad::nn::LSTM(xgrad::nn::LSTMOptions(inputs, hidden).batch_first(true)))),
        vote(register_module("vote", xgrad::nn::Linear(hidden, classes))) {}

  xgrad::Tensor forward(const xgrad::Tensor& x) {
    const xgrad::Tensor steps = x.dim() == 4 ? x.squeeze(1) : x;
    const xgrad::Tensor outputs = std::get<0>(lstm(steps));  // [N, rows, hidden]
    return xgrad::log_softmax(vote(outputs.select(1, -1)), 1);
  }

  xgrad::nn::LSTM lstm;
  xgrad::nn::Linear vote;
};
XGRAD_MODULE(LSTMClassifier);

}  // namespace models
