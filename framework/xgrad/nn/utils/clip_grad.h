// Clipping of gradients before an optimizer's step. Sources:
// https://pytorch.org/docs/stable/generated/torch.nn.utils.clip_grad_norm_.html and
// clip_grad_value_.
//
//   xgrad::nn::utils::clip_grad_norm_(model->parameters(), 1.0);
#pragma once

#include <vector>

#include "xgrad/core/tensor.h"

namespace xgrad::nn::utils {

// Scales all gradients down to `max_norm` where their common norm, which is returned, is larger.
// Parameters without a gradient are skipped. Errors, if asked for: a norm that is not finite.
double clip_grad_norm_(const std::vector<Tensor>& parameters, double max_norm, double norm_type = 2,
                       bool error_if_nonfinite = false);
double clip_grad_norm_(std::initializer_list<Tensor> parameters, double max_norm,
                       double norm_type = 2, bool error_if_nonfinite = false);
double clip_grad_norm_(const Tensor& parameter, double max_norm, double norm_type = 2,
                       bool error_if_nonfinite = false);

// Clamps all gradients to [-clip_value, clip_value].
void clip_grad_value_(const std::vector<Tensor>& parameters, double clip_value);
void clip_grad_value_(std::initializer_list<Tensor> parameters, double clip_value);
void clip_grad_value_(const Tensor& parameter, double clip_value);

}  // namespace xgrad::nn::utils
