// Losses, with ATen's names and argument order;
// nn::functional and nn's loss modules stand on these.
//
//   auto loss = xgrad::cross_entropy_loss(logits, labels);   // [N, C], [N] -> []
//   auto sum = xgrad::nll_loss(log_probabilities, labels, {}, xgrad::Reduction::Sum);
//
// `reduction` is None (a loss for each element or sample), Mean or Sum. Where nothing else is said,
// input and target have one shape [*] or broadcast to one. Errors: shapes that do not fit, an
// unknown reduction. Source: https://pytorch.org/docs/1.13/nn.functional.html.
#pragma once

#include "xgrad/core/tensor.h"

namespace xgrad {

// Of the difference d = input - target: d^2; |d|; d^2 / (2 beta) where |d| < beta, |d| - beta / 2
// beyond; and the same times delta.
Tensor mse_loss(const Tensor& input, const Tensor& target,
                std::int64_t reduction = Reduction::Mean);
Tensor l1_loss(const Tensor& input, const Tensor& target, std::int64_t reduction = Reduction::Mean);
// Errors: beta < 0. With beta 0 it is l1_loss.
Tensor smooth_l1_loss(const Tensor& input, const Tensor& target,
                      std::int64_t reduction = Reduction::Mean, double beta = 1);
// Errors: delta <= 0.
Tensor huber_loss(const Tensor& input, const Tensor& target,
                  std::int64_t reduction = Reduction::Mean, double delta = 1);

// -weight[t] * input[n, t, ...] for t = target[n, ...]. Input: log probabilities [N, C, d1, ...] or
// [C]; target: class indices int64 (or uint8) [N, d1, ...] or []; weight [C]. The mean is over the
// weights of the targets; targets that are ignore_index count for nothing. Errors: a target outside
// 0..C-1 (IndexError), a target of another dtype.
Tensor nll_loss(const Tensor& input, const Tensor& target, const optional<Tensor>& weight = {},
                std::int64_t reduction = Reduction::Mean, std::int64_t ignore_index = -100);
Tensor nll_loss2d(const Tensor& input, const Tensor& target, const optional<Tensor>& weight = {},
                  std::int64_t reduction = Reduction::Mean, std::int64_t ignore_index = -100);
Tensor nll_loss_nd(const Tensor& input, const Tensor& target, const optional<Tensor>& weight = {},
                   std::int64_t reduction = Reduction::Mean, std::int64_t ignore_index = -100);
// nll_loss of log_softmax(input), as one op. Input: logits [N, C, d1, ...] or [C]. Target: class
// indices as in nll_loss, or probabilities of input's shape and a floating dtype. label_smoothing
// in [0, 1] mixes the target with the uniform distribution.
Tensor cross_entropy_loss(const Tensor& input, const Tensor& target,
                          const optional<Tensor>& weight = {},
                          std::int64_t reduction = Reduction::Mean,
                          std::int64_t ignore_index = -100, double label_smoothing = 0);

// -weight * (t log x + (1 - t) log(1 - x)), logarithms bounded below by -100. The target may have
// other dims of size 1 than the input, as in libtorch: [N] against [N, 1]. Errors: an input outside
// [0, 1].
Tensor binary_cross_entropy(const Tensor& input, const Tensor& target,
                            const optional<Tensor>& weight = {},
                            std::int64_t reduction = Reduction::Mean);
// The same of x = sigmoid(input), without overflow;
// pos_weight multiplies the positive part, t log x.
Tensor binary_cross_entropy_with_logits(const Tensor& input, const Tensor& target,
                                        const optional<Tensor>& weight = {},
                                        const optional<Tensor>& pos_weight = {},
                                        std::int64_t reduction = Reduction::Mean);
// t (log t - input), where input, and with log_target the target too, are logarithms.
// The mean is over all elements.
Tensor kl_div(const Tensor& input, const Tensor& target, std::int64_t reduction = Reduction::Mean,
              bool log_target = false);
// exp(x) - t x, or x - t log(x + eps) if the input is no logarithm; `full` adds Stirling's
// approximation of log t!.
Tensor poisson_nll_loss(const Tensor& input, const Tensor& target, bool log_input, bool full,
                        double eps, std::int64_t reduction);
// (log var + (x - t)^2 / var) / 2 with var >= eps; `full` adds log(2 pi) / 2. var: input's shape,
// or with a last size of 1, or without.
Tensor gaussian_nll_loss(const Tensor& input, const Tensor& target, const Tensor& var,
                         bool full = false, double eps = 1e-6,
                         std::int64_t reduction = Reduction::Mean);

// Margins, with targets 1 and -1. max(0, -t (x1 - x2) + margin).
Tensor margin_ranking_loss(const Tensor& input1, const Tensor& input2, const Tensor& target,
                           double margin = 0, std::int64_t reduction = Reduction::Mean);
// x where t is 1, max(0, margin - x) where t is -1.
Tensor hinge_embedding_loss(const Tensor& input, const Tensor& target, double margin = 1,
                            std::int64_t reduction = Reduction::Mean);
// 1 - cos(x1, x2) where t is 1, max(0, cos - margin) where t is -1.
// Inputs [N, D] and target [N], or [D] and [].
Tensor cosine_embedding_loss(const Tensor& input1, const Tensor& input2, const Tensor& target,
                             double margin = 0, std::int64_t reduction = Reduction::Mean);
// log(1 + exp(-t x)).
Tensor soft_margin_loss(const Tensor& input, const Tensor& target,
                        std::int64_t reduction = Reduction::Mean);
// sum over i != t of max(0, margin - x[t] + x[i])^p / C, times weight[t]. Input [N, C] or [C],
// target [N] or [] (class indices); p 1 or 2.
Tensor multi_margin_loss(const Tensor& input, const Tensor& target, const Scalar& p = 1,
                         const Scalar& margin = 1, const optional<Tensor>& weight = {},
                         std::int64_t reduction = Reduction::Mean);
// sum over targets j and non-targets i of max(0, 1 - (x[j] - x[i])) / C. Target [N, C] or [C]:
// class indices up to the first -1.
Tensor multilabel_margin_loss(const Tensor& input, const Tensor& target,
                              std::int64_t reduction = Reduction::Mean);
// -weight * (t log sigmoid(x) + (1 - t) log sigmoid(-x)), the mean over the last dim. Input and
// target [*, C]; a loss for each [*].
Tensor multilabel_soft_margin_loss(const Tensor& input, const Tensor& target,
                                   const optional<Tensor>& weight = {},
                                   std::int64_t reduction = Reduction::Mean);
// max(0, |a - p| - |a - n| + margin) with pairwise_distance's norm; `swap` takes |p - n| where that
// is the smaller distance.
Tensor triplet_margin_loss(const Tensor& anchor, const Tensor& positive, const Tensor& negative,
                           double margin = 1, double p = 2, double eps = 1e-6, bool swap = false,
                           std::int64_t reduction = Reduction::Mean);

// Connectionist temporal classification (Graves et al., 2006): -log of the probability of all
// alignments of the labels with the frames. log_probs [T, N, C] or [T, C], after log_softmax;
// targets [N, S] or all samples' labels in one run [sum of lengths], never blank; lengths [N]. The
// mean divides each sample's loss by its target's length. zero_infinity turns losses of impossible
// alignments to 0. Errors: lengths that do not fit, labels outside 0..C-1. Its second derivative is
// not defined.
Tensor ctc_loss(const Tensor& log_probs, const Tensor& targets, IntArrayRef input_lengths,
                IntArrayRef target_lengths, std::int64_t blank = 0,
                std::int64_t reduction = Reduction::Mean, bool zero_infinity = false);
Tensor ctc_loss(const Tensor& log_probs, const Tensor& targets, const Tensor& input_lengths,
                const Tensor& target_lengths, std::int64_t blank = 0,
                std::int64_t reduction = Reduction::Mean, bool zero_infinity = false);

}  // namespace xgrad
