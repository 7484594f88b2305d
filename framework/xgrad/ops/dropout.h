// Dropout: zeroes elements at random and scales the others, from PyTorch's random stream.
//
//   auto y = xgrad::dropout(x, 0.5, net->is_training());
//
// x [*]; p: the probability of zero. Without `train`, or with p 0, x itself. Errors: p outside
// [0, 1]. Sources: Srivastava et al., 2014;
// https://pytorch.org/docs/1.13/generated/torch.nn.functional.dropout.html.
#pragma once

#include "xgrad/core/tensor.h"

namespace xgrad {

Tensor dropout(const Tensor& input, double p, bool train);
Tensor& dropout_(Tensor& self, double p, bool train);

// Whole channels: of x [N, C, ...] all of x[n, c]. Errors: fewer than 2 dims.
Tensor feature_dropout(const Tensor& input, double p, bool train);
Tensor& feature_dropout_(Tensor& self, double p, bool train);

// For SELU: sets to its negative limit instead of 0,
// and keeps mean and variance (Klambauer et al., 2017).
Tensor alpha_dropout(const Tensor& input, double p, bool train);
Tensor& alpha_dropout_(Tensor& self, double p, bool train);
Tensor feature_alpha_dropout(const Tensor& input, double p, bool train);
Tensor& feature_alpha_dropout_(Tensor& self, double p, bool train);

}  // namespace xgrad
