#include "xgrad/nn/utils/clip_grad.h"

#include <cmath>
#include <limits>

#include "xgrad/autograd/grad_mode.h"
#include "xgrad/core/format.h"
#include "xgrad/ops/arithmetic.h"
#include "xgrad/ops/factories.h"
#include "xgrad/ops/shape.h"

namespace xgrad::nn::utils {
namespace {

// The norm of the norms, as a 0-d tensor: rounded as PyTorch's.
Tensor norm_of(const std::vector<Tensor>& gradients, double norm_type) {
  if (norm_type == 0) return full({}, static_cast<double>(gradients.size()));
  const bool largest = norm_type == std::numeric_limits<double>::infinity();
  std::vector<Tensor> norms;
  for (const Tensor& gradient : gradients) {
    if (largest && gradient.numel() == 0) continue;
    norms.push_back(largest ? gradient.abs().max() : gradient.norm(norm_type));
  }
  if (norms.empty()) return full({}, 0.0);
  if (norms.size() == 1) return norms[0];
  return largest ? stack(norms).max() : stack(norms).norm(norm_type);
}

}  // namespace

double clip_grad_norm_(const std::vector<Tensor>& parameters, double max_norm, double norm_type,
                       bool error_if_nonfinite) {
  const NoGradGuard no_grad;
  std::vector<Tensor> gradients;
  for (const Tensor& parameter : parameters) {
    if (parameter.defined() && parameter.grad().defined()) gradients.push_back(parameter.grad());
  }
  if (gradients.empty()) return 0;
  const Tensor norm = norm_of(gradients, norm_type);
  const double total = norm.item().toDouble();
  check(!error_if_nonfinite || std::isfinite(total),
        "clip_grad_norm_: the norm of the gradients is {}, expected a finite one", total);
  const Tensor scale = (Scalar(max_norm) / (norm + 1e-6)).clamp_max(1.0);
  for (const Tensor& gradient : gradients) gradient.mul_(scale);
  return total;
}

double clip_grad_norm_(std::initializer_list<Tensor> parameters, double max_norm, double norm_type,
                       bool error_if_nonfinite) {
  return clip_grad_norm_(std::vector<Tensor>(parameters), max_norm, norm_type, error_if_nonfinite);
}

double clip_grad_norm_(const Tensor& parameter, double max_norm, double norm_type,
                       bool error_if_nonfinite) {
  return clip_grad_norm_(std::vector<Tensor>{parameter}, max_norm, norm_type, error_if_nonfinite);
}

void clip_grad_value_(const std::vector<Tensor>& parameters, double clip_value) {
  const NoGradGuard no_grad;
  for (const Tensor& parameter : parameters) {
    if (!parameter.defined() || !parameter.grad().defined()) continue;
    parameter.grad().clamp_(-clip_value, clip_value);
  }
}

void clip_grad_value_(std::initializer_list<Tensor> parameters, double clip_value) {
  clip_grad_value_(std::vector<Tensor>(parameters), clip_value);
}

void clip_grad_value_(const Tensor& parameter, double clip_value) {
  clip_grad_value_(std::vector<Tensor>{parameter}, clip_value);
}

}  // namespace xgrad::nn::utils
