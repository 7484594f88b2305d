// Losses with margins, and of distances: compositions.
#include "xgrad/autograd/record.h"
#include "xgrad/core/format.h"
#include "xgrad/ops/activation.h"
#include "xgrad/ops/arithmetic.h"
#include "xgrad/ops/distance.h"
#include "xgrad/ops/loss.h"
#include "xgrad/ops/loss_reduce.h"
#include "xgrad/ops/optional_tensor.h"
#include "xgrad/ops/properties.h"

namespace xgrad {

namespace {

Tensor zeros_for(const Tensor& x) { return x.new_zeros({}); }

// Labels of a loss [N, C] or [C]: int64 in [low, C), contiguous. Errors name the first that is not.
Tensor checked_labels(const char* op, const Tensor& target, std::int64_t low,
                      std::int64_t classes) {
  check(target.scalar_type() == kLong, "{}: target is {}, expected class indices of int64", op,
        dtype_name(target.scalar_type()));
  const Tensor labels = target.contiguous();
  const auto* label = labels.data_ptr<std::int64_t>();
  for (std::int64_t i = 0; i < labels.numel(); ++i) {
    check_index(label[i] >= low && label[i] < classes,
                "{}: target {} is out of range, expected {}..{} ({} classes)", op, label[i], low,
                classes - 1, classes);
  }
  return labels;
}

}  // namespace

Tensor margin_ranking_loss(const Tensor& input1, const Tensor& input2, const Tensor& target,
                           double margin, std::int64_t reduction) {
  check_reduction("margin_ranking_loss", reduction);
  return reduce_loss((-target * (input1 - input2) + margin).clamp_min(0), reduction);
}

Tensor hinge_embedding_loss(const Tensor& input, const Tensor& target, double margin,
                            std::int64_t reduction) {
  check_reduction("hinge_embedding_loss", reduction);
  const Tensor zero = zeros_for(input), far = (margin - input).clamp_min(0);
  return reduce_loss(far.where(target.ne(1), zero) + input.where(target.ne(-1), zero), reduction);
}

Tensor cosine_embedding_loss(const Tensor& input1, const Tensor& input2, const Tensor& target,
                             double margin, std::int64_t reduction) {
  check_reduction("cosine_embedding_loss", reduction);
  check(target.dim() <= 1, "cosine_embedding_loss: target has shape {}, expected [N] or []",
        target.sizes());
  check(input1.dim() == target.dim() + 1 && input2.dim() == target.dim() + 1,
        "cosine_embedding_loss: inputs have shapes {} and {}, expected one dim more than target's, "
        "{}",
        input1.sizes(), input2.sizes(), target.sizes());
  constexpr double tiny = 1e-12;  // keeps the root away from 0
  const std::int64_t dim = target.dim();
  const Tensor product = (input1 * input2).sum(dim);
  const Tensor squares = ((input1 * input1).sum(dim) + tiny) * ((input2 * input2).sum(dim) + tiny);
  const Tensor cosine = product / squares.sqrt(), zero = zeros_for(cosine);
  const Tensor loss = (1 - cosine).where(target.eq(1), zero) +
                      (cosine - margin).clamp_min(0).where(target.eq(-1), zero);
  return reduce_loss(loss, reduction);
}

Tensor soft_margin_loss(const Tensor& input, const Tensor& target, std::int64_t reduction) {
  check_reduction("soft_margin_loss", reduction);
  check(can_cast(promote_types(input.scalar_type(), target.scalar_type()), input.scalar_type()),
        "soft_margin_loss: input is {} and target {}, expected a floating input",
        dtype_name(input.scalar_type()), dtype_name(target.scalar_type()));
  const Tensor product = (input * target).to(input.scalar_type());  // as in PyTorch
  return reduce_loss((-product).exp().log1p(), reduction);
}

Tensor multi_margin_loss(const Tensor& input, const Tensor& target, const Scalar& p,
                         const Scalar& margin, const optional<Tensor>& weight,
                         std::int64_t reduction) {
  const char* op = "multi_margin_loss";
  check_reduction(op, reduction);
  check(p.equal(1) || p.equal(2), "{}: p is {}, expected 1 or 2", op, p.toDouble());
  check(input.dim() == 1 || input.dim() == 2, "{}: input has shape {}, expected [N, C] or [C]", op,
        input.sizes());
  const std::int64_t samples = input.dim() == 2 ? input.size(0) : 1, classes = input.size(-1);
  check(classes > 0, "{}: input has shape {}, expected at least one class", op, input.sizes());
  check(target.dim() <= 1 && target.numel() == samples,
        "{}: target has shape {}, but the input is {}, expected a class a sample", op,
        target.sizes(), input.sizes());
  const Tensor x = input.dim() == 2 ? input : input.unsqueeze(0);
  const Tensor label = checked_labels(op, target, 0, classes).view({samples, 1});
  // relu and not clamp_min: at the margin the slope is 0.
  Tensor z = relu(margin.toDouble() - x.gather(1, label) + x);
  if (p.equal(2)) z = z * z;
  const Tensor& w = tensor_or_none(weight);
  if (w.defined()) {
    check(w.dim() == 1 && w.numel() == classes,
          "{}: weight has shape {}, expected one weight for each of {} classes", op, w.sizes(),
          classes);
    z = z * w.index_select(0, label.view({samples})).unsqueeze(1);
  }
  const Tensor loss =
      z.masked_fill(x.new_zeros(x.sizes()).scatter(1, label, 1).eq(1), 0).sum(1) / classes;
  return reduction == Reduction::None && target.dim() == 0 ? loss.squeeze(0)
                                                           : reduce_loss(loss, reduction);
}

Tensor multilabel_margin_loss(const Tensor& input, const Tensor& target, std::int64_t reduction) {
  const char* op = "multilabel_margin_loss";
  check_reduction(op, reduction);
  check(input.dim() == 1 || input.dim() == 2, "{}: input has shape {}, expected [N, C] or [C]", op,
        input.sizes());
  check(target.sizes() == input.sizes(), "{}: target has shape {}, expected the input's, {}", op,
        target.sizes(), input.sizes());
  const std::int64_t samples = input.dim() == 2 ? input.size(0) : 1, classes = input.size(-1);
  check(classes > 0, "{}: input has shape {}, expected at least one class", op, input.sizes());
  const Tensor x = input.reshape({samples, classes}),
               labels = checked_labels(op, target, -1, classes).view({samples, classes});
  // What counts: the labels before the first -1, and the classes that are none of them.
  const Tensor label = labels.new_zeros({samples, classes}),
               is_label = x.new_zeros({samples, classes}),
               is_other = x.new_ones({samples, classes});
  for (std::int64_t n = 0; n < samples; ++n) {
    for (std::int64_t j = 0; j < classes; ++j) {
      const std::int64_t c = labels.data_ptr<std::int64_t>()[n * classes + j];
      if (c < 0) break;
      label.data_ptr<std::int64_t>()[n * classes + j] = c;
      dispatch_floating(x.scalar_type(), [&](auto zero) {
        using T = decltype(zero);
        is_label.data_ptr<T>()[n * classes + j] = T{1};
        is_other.data_ptr<T>()[n * classes + c] = T{0};
      });
    }
  }
  const Tensor z = relu(1 - x.gather(1, label).unsqueeze(2) + x.unsqueeze(1));  // [N, label, other]
  const Tensor loss =
      (z * is_label.unsqueeze(2) * is_other.unsqueeze(1)).sum(IntArrayRef({1, 2})) / classes;
  return reduction == Reduction::None && input.dim() == 1 ? loss.squeeze(0)
                                                          : reduce_loss(loss, reduction);
}

Tensor multilabel_soft_margin_loss(const Tensor& input, const Tensor& target,
                                   const optional<Tensor>& weight, std::int64_t reduction) {
  check_reduction("multilabel_soft_margin_loss", reduction);
  check(input.dim() > 0, "multilabel_soft_margin_loss: input is 0-d, expected [..., C]");
  Tensor loss = -(target * log_sigmoid(input) + (1 - target) * log_sigmoid(-input));
  const Tensor& w = tensor_or_none(weight);
  if (w.defined()) loss = loss * w;
  return reduce_loss(loss.sum(-1) / input.size(-1), reduction);
}

Tensor triplet_margin_loss(const Tensor& anchor, const Tensor& positive, const Tensor& negative,
                           double margin, double p, double eps, bool swap, std::int64_t reduction) {
  const char* op = "triplet_margin_loss";
  check_reduction(op, reduction);
  check(anchor.dim() == positive.dim() && anchor.dim() == negative.dim(),
        "{}: anchor, positive and negative have shapes {}, {} and {}, expected one number of dims",
        op, anchor.sizes(), positive.sizes(), negative.sizes());
  const Tensor to_positive = pairwise_distance(anchor, positive, p, eps);
  Tensor to_negative = pairwise_distance(anchor, negative, p, eps);
  if (swap) to_negative = to_negative.minimum(pairwise_distance(positive, negative, p, eps));
  return reduce_loss((margin + to_positive - to_negative).clamp_min(0), reduction);
}

}  // namespace xgrad
