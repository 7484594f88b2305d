// The SIMD kernels of the optimizers: one pass over parameter, gradient and state. A rule holds the
// numbers of one step, with all that is the same for each element already worked out; optim/*.cpp
// say what they mean. All operands are dense runs of one layout.
#pragma once

#include <cstdint>

namespace xgrad::kernels {

// states: none, or momentum_buffer.
struct SgdRule {
  double lr, momentum, dampening, weight_decay;
  bool nesterov, maximize;
  bool first;  // the buffer begins as the gradient
};
// states: exp_avg, exp_avg_sq and, for amsgrad, max_exp_avg_sq.
struct AdamRule {
  double step_size;   // lr / (1 - beta1^t)
  double bias2_root;  // sqrt(1 - beta2^t)
  double beta1, beta2, eps, weight_decay;
  double shrink;  // what the parameter is multiplied by before (AdamW), or 1
  bool maximize;
};
// states: square_avg, momentum_buffer if momentum != 0, grad_avg if centered.
struct RmspropRule {
  double lr, alpha, eps, weight_decay, momentum;
  bool centered, maximize;
};
// states: sum.
struct AdagradRule {
  double lr, eps, weight_decay;
  bool maximize;
};
// states: square_avg, acc_delta.
struct AdadeltaRule {
  double lr, rho, eps, weight_decay;
  bool maximize;
};
// states: exp_avg, exp_inf.
struct AdamaxRule {
  double lr, beta1, beta2, eps, weight_decay;
  bool maximize;
};
// states: exp_avg, exp_avg_sq.
struct NadamRule {
  double gradient_step, momentum_step;
  double bias2;  // 1 - beta2^t
  double beta1, beta2, eps, weight_decay;
  bool maximize;
};
// states: exp_avg, exp_avg_sq.
struct RadamRule {
  double lr, bias1, bias2_root, rectification;
  double beta1, beta2, eps, weight_decay;
  bool adaptive;  // the variance is tractable
  bool maximize;
};

// `count` states of `n` elements each.
template <class Rule>
using UpdateKernel = void (*)(std::int64_t n, void* parameter, const void* gradient,
                              void* const* states, int count, const Rule& rule);

// Each for float32 and float64.
struct OptimizerTable {
  UpdateKernel<SgdRule> sgd[2];
  UpdateKernel<AdamRule> adam[2];
  UpdateKernel<RmspropRule> rmsprop[2];
  UpdateKernel<AdagradRule> adagrad[2];
  UpdateKernel<AdadeltaRule> adadelta[2];
  UpdateKernel<AdamaxRule> adamax[2];
  UpdateKernel<NadamRule> nadam[2];
  UpdateKernel<RadamRule> radam[2];
};
// Of the active instruction set.
const OptimizerTable& optimizer_table();

}  // namespace xgrad::kernels
