// Losses of a class for each sample: negative log likelihood and cross entropy.
#include <limits>

#include "xgrad/autograd/record.h"
#include "xgrad/core/format.h"
#include "xgrad/core/parallel.h"
#include "xgrad/kernels/cross_entropy.h"
#include "xgrad/ops/arithmetic.h"
#include "xgrad/ops/loss.h"
#include "xgrad/ops/loss_reduce.h"
#include "xgrad/ops/optional_tensor.h"

namespace xgrad {

using namespace autograd;

namespace {

// What the target and the weights say, sample by sample.
struct Classes {
  Tensor index;        // int64, of the target's shape: its class, -1 where it is ignored
  Tensor coefficient;  // of the input's dtype: its share in the loss, 0 where it is ignored
  bool undefined;      // a mean over samples of no weight: NaN
};

void check_weight(const char* op, const Tensor& weight, std::int64_t classes, ScalarType type) {
  check(weight.dim() == 1 && weight.size(0) == classes,
        "{}: weight has shape {}, expected one weight for each of {} classes", op, weight.sizes(),
        classes);
  check(weight.scalar_type() == type, "{}: weight is {}, expected the input's dtype, {}", op,
        dtype_name(weight.scalar_type()), dtype_name(type));
}

// Of `classes` classes; with a mean the coefficients are divided by their sum.
Classes read_target(const char* op, const Tensor& target, std::int64_t classes, ScalarType type,
                    const Tensor& weight, std::int64_t reduction, std::int64_t ignore_index) {
  check(target.scalar_type() == kLong || target.scalar_type() == kByte,
        "{}: target is {}, expected class indices of int64", op, dtype_name(target.scalar_type()));
  if (weight.defined()) check_weight(op, weight, classes, type);
  NoGradGuard no_grad;
  const Tensor given = target.to(kLong).contiguous(),
               weights = weight.defined() ? weight.contiguous() : Tensor();
  Classes result{make_tensor(target.sizes(), kLong), make_tensor(target.sizes(), type), false};
  const std::int64_t n = given.numel();
  const auto* from = given.data_ptr<std::int64_t>();
  auto* index = result.index.data_ptr<std::int64_t>();
  dispatch_floating(type, [&](auto zero) {
    using T = decltype(zero);
    const T* w = weights.defined() ? weights.data_ptr<T>() : nullptr;
    T* coefficient = result.coefficient.data_ptr<T>();
    double total = 0;
    for (std::int64_t i = 0; i < n; ++i) {
      if (from[i] == ignore_index) {
        index[i] = -1;
        coefficient[i] = T{0};
        continue;
      }
      check_index(from[i] >= 0 && from[i] < classes,
                  "{}: target {} is out of range, expected 0..{} ({} classes) or ignore_index {}",
                  op, from[i], classes - 1, classes, ignore_index);
      index[i] = from[i];
      coefficient[i] = w ? w[from[i]] : T{1};
      total += static_cast<double>(coefficient[i]);
    }
    if (reduction != Reduction::Mean) return;
    result.undefined = total == 0;
    for (std::int64_t i = 0; i < n; ++i) {
      if (index[i] >= 0)
        coefficient[i] = static_cast<T>(static_cast<double>(coefficient[i]) / total);
    }
  });
  return result;
}

// losses[i] *= coefficient[i], reduced. Ignored samples have a loss of 0.
Tensor weigh(const Tensor& losses, const Classes& target, std::int64_t reduction) {
  const bool whole = reduction != Reduction::None;
  const Tensor y = whole ? make_tensor({}, losses.scalar_type()) : losses;
  dispatch_floating(losses.scalar_type(), [&](auto zero) {
    using T = decltype(zero);
    T* loss = losses.data_ptr<T>();
    const T* coefficient = target.coefficient.data_ptr<T>();
    const auto* index = target.index.data_ptr<std::int64_t>();
    double sum = 0;
    for (std::int64_t i = 0; i < losses.numel(); ++i) {
      loss[i] = index[i] < 0 ? T{0} : loss[i] * coefficient[i];
      sum += static_cast<double>(loss[i]);
    }
    if (whole)
      *y.data_ptr<T>() =
          target.undefined ? std::numeric_limits<T>::quiet_NaN() : static_cast<T>(sum);
  });
  return y;
}

// For differentiable ops: class indices with 0 for ignored samples, whose coefficient is 0 anyway.
Tensor safe_index(const Classes& target) { return target.index.clamp_min(0); }

// Shapes [N, C, d...] and [N, d...]. Errors name both.
void check_class_shapes(const char* op, const Tensor& input, const Tensor& target) {
  check(input.dim() >= 2, "{}: input has {} dims, expected [C], [N, C] or [N, C, d1, ...]", op,
        input.dim());
  Dims expected = input.sizes();
  expected.erase(1);
  check(target.sizes() == IntArrayRef(expected),
        "{}: target has shape {}, but the input is {}, expected {}", op, target.sizes(),
        input.sizes(), IntArrayRef(expected));
}

Tensor nll_of_batch(const char* op, const Tensor& input, const Tensor& target, const Tensor& weight,
                    std::int64_t reduction, std::int64_t ignore_index) {
  check_class_shapes(op, input, target);
  const std::int64_t classes = input.size(1),
                     inner = classes * input.size(0) == 0
                                 ? 1
                                 : input.numel() / (classes * input.size(0));
  const Classes t =
      read_target(op, target, classes, input.scalar_type(), weight, reduction, ignore_index);
  Tensor y;
  {
    NoGradGuard no_grad;
    const Tensor x = input.contiguous(), losses = make_tensor(target.sizes(), input.scalar_type());
    dispatch_floating(input.scalar_type(), [&](auto zero) {
      using T = decltype(zero);
      const T* from = x.data_ptr<T>();
      T* loss = losses.data_ptr<T>();
      const auto* index = t.index.data_ptr<std::int64_t>();
      for (std::int64_t i = 0; i < losses.numel(); ++i) {
        loss[i] =
            index[i] < 0 ? T{0} : -from[((i / inner) * classes + index[i]) * inner + i % inner];
      }
    });
    y = weigh(losses, t, reduction);
  }
  if (recording(input)) {
    record("NllLossBackward0", y, {input},
           [index = safe_index(t).unsqueeze(1), coefficient = t.coefficient,
            sizes = Dims(input.sizes())](const Tensor& dy, Gradients& dx) {
             dx[0] = dy.new_zeros(sizes).scatter(1, index, (-coefficient * dy).unsqueeze(1));
           });
  }
  return y;
}

// Rows [M, C] of logits and targets [M]. With p = softmax(x), d loss[i] / d x[i] = coefficient[i]
// (p[i] - onehot(target[i])).
Tensor cross_entropy_of_rows(const Tensor& input, const Classes& t, std::int64_t reduction) {
  const ScalarType type = input.scalar_type();
  const std::int64_t rows = input.size(0), classes = input.size(1);
  // A row costs about 4 ns a class; below 50 us of work threads do not pay.
  const std::int64_t grain = std::max<std::int64_t>(1, 16384 / std::max<std::int64_t>(1, classes));
  const bool keep = recording(input);
  Tensor y, probabilities;
  {
    NoGradGuard no_grad;
    const Tensor x = input.contiguous(), losses = make_tensor({rows}, type);
    if (keep) probabilities = make_tensor({rows, classes}, type);
    const auto kernel = kernels::cross_entropy_forward(type);
    const auto* index = t.index.data_ptr<std::int64_t>();
    dispatch_floating(type, [&](auto zero) {
      using T = decltype(zero);
      const T* from = x.data_ptr<T>();
      T *loss = losses.data_ptr<T>(), *p = keep ? probabilities.data_ptr<T>() : nullptr;
      parallel_for(0, rows, grain, [&](std::int64_t first, std::int64_t last) {
        kernel(last - first, classes, from + first * classes, index + first, loss + first,
               p ? p + first * classes : nullptr);
      });
    });
    y = weigh(losses, t, reduction);
  }
  if (keep) {
    record("CrossEntropyLossBackward0", y, {input},
           [x = Saved(input), p = probabilities, t, grain](const Tensor& dy, Gradients& dx) {
             const Tensor scale = (t.coefficient * dy).contiguous();
             if (GradMode::is_enabled()) {
               const Tensor logits = x();
               const Tensor onehot =
                   logits.new_zeros(logits.sizes()).scatter(1, safe_index(t).unsqueeze(1), 1);
               dx[0] = (logits.softmax(1) - onehot) * scale.unsqueeze(1);
               return;
             }
             const std::int64_t count = p.size(0), width = p.size(1);
             const Tensor g = make_tensor(p.sizes(), p.scalar_type());
             const auto kernel = kernels::cross_entropy_backward(p.scalar_type());
             const auto* index = t.index.data_ptr<std::int64_t>();
             dispatch_floating(p.scalar_type(), [&](auto zero) {
               using T = decltype(zero);
               const T *from = p.data_ptr<T>(), *s = scale.data_ptr<T>();
               T* to = g.data_ptr<T>();
               parallel_for(0, count, grain, [&](std::int64_t first, std::int64_t last) {
                 kernel(last - first, width, from + first * width, index + first, s + first,
                        to + first * width);
               });
             });
             dx[0] = g;
           });
  }
  return y;
}

Tensor cross_entropy_of_indices(const Tensor& input, const Tensor& target, const Tensor& weight,
                                std::int64_t reduction, std::int64_t ignore_index) {
  const char* op = "cross_entropy_loss";
  check_class_shapes(op, input, target);
  const std::int64_t classes = input.size(1);
  check(classes > 0, "{}: input has shape {}, expected at least one class", op, input.sizes());
  const Tensor rows =
      input.dim() == 2 ? input : input.movedim(1, -1).reshape({target.numel(), classes});
  const Classes t = read_target(op, target.reshape({target.numel()}), classes, input.scalar_type(),
                                weight, reduction, ignore_index);
  const Tensor y = cross_entropy_of_rows(rows, t, reduction);
  return reduction == Reduction::None && input.dim() != 2 ? y.view(target.sizes()) : y;
}

// [1, C, 1, ...], as the weights of an input of that many dims.
Tensor along_classes(const Tensor& weight, std::int64_t dims) {
  Dims sizes(static_cast<std::size_t>(dims), 1);
  sizes[1] = weight.numel();
  return weight.view(sizes);
}

Tensor cross_entropy_smoothed(const Tensor& input, const Tensor& target, const Tensor& weight,
                              std::int64_t reduction, std::int64_t ignore_index, double smoothing) {
  const char* op = "cross_entropy_loss";
  const std::int64_t classes = input.dim() > 1 ? input.size(1) : 0;
  const Tensor logarithms = input.log_softmax(1);
  const Tensor nll = nll_of_batch(op, logarithms, target, weight, reduction, ignore_index);
  Tensor smooth =
      -(weight.defined() ? logarithms * along_classes(weight, input.dim()) : logarithms).sum(1);
  smooth = smooth.masked_fill(target.eq(ignore_index), 0);
  if (reduction == Reduction::Sum) {
    smooth = smooth.sum();
  } else if (reduction == Reduction::Mean) {
    const Classes t =
        read_target(op, target, classes, input.scalar_type(), weight, Reduction::Sum, ignore_index);
    smooth = smooth.sum() / t.coefficient.sum();
  }
  return nll * (1 - smoothing) + smooth * (smoothing / static_cast<double>(classes));
}

Tensor cross_entropy_of_probabilities(const Tensor& input, const Tensor& target,
                                      const Tensor& weight, std::int64_t reduction,
                                      double smoothing) {
  const char* op = "cross_entropy_loss";
  check(
      target.is_floating_point(),
      "{}: target has the input's shape, {}, but is {}, expected probabilities of a floating dtype",
      op, input.sizes(), dtype_name(target.scalar_type()));
  const std::int64_t classes = input.size(1);
  if (weight.defined()) check_weight(op, weight, classes, input.scalar_type());
  const Tensor t =
      smoothing > 0 ? target * (1 - smoothing) + smoothing / static_cast<double>(classes) : target;
  Tensor product = input.log_softmax(1) * t;
  if (weight.defined()) product = product * along_classes(weight, input.dim());
  if (reduction == Reduction::None) return -product.sum(1);
  const Tensor sum = -product.sum();
  return reduction == Reduction::Sum
             ? sum
             : sum / (static_cast<double>(input.numel()) / static_cast<double>(classes));
}

}  // namespace

Tensor nll_loss(const Tensor& input, const Tensor& target, const optional<Tensor>& weight,
                std::int64_t reduction, std::int64_t ignore_index) {
  check_reduction("nll_loss", reduction);
  check(input.is_floating_point(), "nll_loss: input is {}, expected a floating dtype",
        dtype_name(input.scalar_type()));
  const Tensor& w = tensor_or_none(weight);
  if (input.dim() != 1) return nll_of_batch("nll_loss", input, target, w, reduction, ignore_index);
  check(target.numel() == 1 && target.dim() <= 1,
        "nll_loss: target has shape {}, but the input is {}, expected one class", target.sizes(),
        input.sizes());
  const Tensor y =
      nll_of_batch("nll_loss", input.unsqueeze(0), target.reshape({1}), w, reduction, ignore_index);
  return reduction == Reduction::None ? y.view(target.sizes()) : y;
}
Tensor nll_loss2d(const Tensor& input, const Tensor& target, const optional<Tensor>& weight,
                  std::int64_t reduction, std::int64_t ignore_index) {
  return nll_loss(input, target, weight, reduction, ignore_index);
}
Tensor nll_loss_nd(const Tensor& input, const Tensor& target, const optional<Tensor>& weight,
                   std::int64_t reduction, std::int64_t ignore_index) {
  return nll_loss(input, target, weight, reduction, ignore_index);
}

Tensor cross_entropy_loss(const Tensor& input, const Tensor& target, const optional<Tensor>& weight,
                          std::int64_t reduction, std::int64_t ignore_index,
                          double label_smoothing) {
  const char* op = "cross_entropy_loss";
  check_reduction(op, reduction);
  check(input.is_floating_point(), "{}: input is {}, expected a floating dtype", op,
        dtype_name(input.scalar_type()));
  check(label_smoothing >= 0 && label_smoothing <= 1, "{}: label_smoothing is {}, expected 0..1",
        op, label_smoothing);
  check(input.dim() > 0, "{}: input is 0-d, expected [C], [N, C] or [N, C, d1, ...]", op);
  const Tensor& w = tensor_or_none(weight);
  const bool probabilities = input.sizes() == target.sizes(), single = input.dim() == 1;
  check(!probabilities || ignore_index < 0,
        "{}: ignore_index is {}, but the target is probabilities, where it has no meaning", op,
        ignore_index);
  const Tensor x = single ? input.unsqueeze(0) : input, t = single ? target.unsqueeze(0) : target;
  const Tensor y = probabilities
                       ? cross_entropy_of_probabilities(x, t, w, reduction, label_smoothing)
                   : label_smoothing > 0
                       ? cross_entropy_smoothed(x, t, w, reduction, ignore_index, label_smoothing)
                       : cross_entropy_of_indices(x, t, w, reduction, ignore_index);
  return single && reduction == Reduction::None ? y.squeeze(0) : y;
}

}  // namespace xgrad
