// BilinearClassifier: two views of an image meet in a bilinear layer, einsum("bn,anm,bm->ba").
//
//   models::BilinearClassifier net(784, 64, 10);
//   xgrad::Tensor scores = net(images);   // [N, ...] -> [N, 10], log-probabilities
#pragma once

#include "xgrad/xgrad.h"

namespace models {

// Two linear encoders of the flattened input; every pair of their features votes for every class.
// Batch norm between (a layer with buffers) keeps the products in range.
class BilinearClassifierImpl : public xgrad::nn::Module {
 public:
  BilinearClassifierImpl(std::int64_t inputs, std::int64_t features, std::int64_t classes)
      : left(register_module("left", xgrad::nn::Linear(inputs, features))),
        right(register_module("right", xgrad::nn::Linear(inputs, features))),
        left_norm(register_module("left_norm", xgrad::nn::BatchNorm1d(features))),
        right_norm(register_module("right_norm", xgrad::nn::BatchNorm1d(features))),
        vote(register_module("vote", xgrad::nn::Bilinear(features, features, classes))) {}

  xgrad::Tensor forward(const xgrad::Tensor& x) {
    const xgrad::Tensor flat = x.flatten(1);
    const xgrad::Tensor l = left_norm(left(flat)).tanh(), r = right_norm(right(flat)).tanh();
    return xgrad::log_softmax(vote(l, r), 1);
  }

  xgrad::nn::Linear left, right;
  xgrad::nn::BatchNorm1d left_norm, right_norm;
  xgrad::nn::Bilinear vote;
};
XGRAD_MODULE(BilinearClassifier);

}  // namespace models
