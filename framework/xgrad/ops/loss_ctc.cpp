// CTC by the forward-backward algorithm in logarithms. Of a sample with labels l1 .. lS the states
// are blank, l1, blank, l2, ..., lS, blank: an alignment stays in a state, moves to the next, or
// skips a blank between two labels that differ. Source: Graves, Fernandez, Gomez, Schmidhuber,
// "Connectionist temporal classification" (2006), section 4.
#include <cmath>
#include <limits>

#include "xgrad/autograd/record.h"
#include "xgrad/core/format.h"
#include "xgrad/core/parallel.h"
#include "xgrad/ops/arithmetic.h"
#include "xgrad/ops/loss.h"
#include "xgrad/ops/loss_reduce.h"

namespace xgrad {

using namespace autograd;

namespace {

constexpr double kNever = -std::numeric_limits<double>::infinity();

double add_logs(double a, double b) {
  const double high = std::max(a, b), low = std::min(a, b);
  return high == kNever ? kNever : high + std::log1p(std::exp(low - high));
}

// One batch, read and checked.
struct Problem {
  std::int64_t frames, samples, classes, blank;
  std::vector<std::int64_t> input_lengths, target_lengths;
  std::vector<std::vector<std::int64_t>> states;  // of each sample, 2 S + 1 classes
};

Problem read_problem(const Tensor& log_probs, const Tensor& targets, IntArrayRef input_lengths,
                     IntArrayRef target_lengths, std::int64_t blank) {
  const char* op = "ctc_loss";
  Problem p{log_probs.size(0),
            log_probs.size(1),
            log_probs.size(2),
            blank,
            input_lengths.vec(),
            target_lengths.vec(),
            {}};
  check(blank >= 0 && blank < p.classes, "{}: blank is {}, expected a class 0..{}", op, blank,
        p.classes - 1);
  check(targets.scalar_type() == kLong || targets.scalar_type() == kInt,
        "{}: targets are {}, expected class indices of int64 or int32", op,
        dtype_name(targets.scalar_type()));
  const auto batch = static_cast<std::size_t>(p.samples);
  check(input_lengths.size() == batch, "{}: {} input_lengths, expected one for each of {} samples",
        op, input_lengths.size(), batch);
  check(target_lengths.size() == batch,
        "{}: {} target_lengths, expected one for each of {} samples", op, target_lengths.size(),
        batch);
  check(targets.dim() == 1 || (targets.dim() == 2 && targets.size(0) == p.samples),
        "{}: targets have shape {}, expected [{}, S] or [sum of lengths]", op, targets.sizes(),
        p.samples);
  std::int64_t sum = 0;
  for (std::size_t n = 0; n < batch; ++n) {
    check(input_lengths[n] >= 0 && input_lengths[n] <= p.frames,
          "{}: input_lengths[{}] is {}, expected 0..{}", op, n, input_lengths[n], p.frames);
    check(target_lengths[n] >= 0 && (targets.dim() == 1 || target_lengths[n] <= targets.size(1)),
          "{}: target_lengths[{}] is {}, but targets have shape {}", op, n, target_lengths[n],
          targets.sizes());
    sum += target_lengths[n];
  }
  check(targets.dim() == 2 || sum == targets.numel(),
        "{}: targets have {} labels, but target_lengths sum to {}", op, targets.numel(), sum);
  const Tensor labels = targets.to(kLong).contiguous();
  const auto* label = labels.data_ptr<std::int64_t>();
  std::int64_t offset = 0;
  for (std::size_t n = 0; n < batch; ++n) {
    const std::int64_t first =
        targets.dim() == 2 ? static_cast<std::int64_t>(n) * targets.size(1) : offset;
    std::vector<std::int64_t> states{blank};
    for (std::int64_t s = first; s < first + target_lengths[n]; ++s) {
      check_index(label[s] >= 0 && label[s] < p.classes,
                  "{}: target {} is out of range, expected 0..{} ({} classes)", op, label[s],
                  p.classes - 1, p.classes);
      states.push_back(label[s]);
      states.push_back(blank);
    }
    offset += target_lengths[n];
    p.states.push_back(std::move(states));
  }
  return p;
}

bool may_skip(const std::vector<std::int64_t>& states, std::size_t s) {
  return s >= 2 && s % 2 == 1 && states[s] != states[s - 2];
}

// log of the sum over all alignments of frames 0..t that end in state s, [frames, states]; returns
// -log of that of whole alignments.
template <class T>
double walk_forward(const std::vector<std::int64_t>& states, std::int64_t frames, const T* x,
                    std::int64_t step, double* alpha) {
  const std::size_t count = states.size();
  if (frames == 0) return count == 1 ? 0 : -kNever;
  const auto frame = [&](std::int64_t t, std::size_t s) {
    return static_cast<double>(x[t * step + states[s]]);
  };
  for (std::size_t s = 0; s < count; ++s) alpha[s] = s < 2 ? frame(0, s) : kNever;
  for (std::int64_t t = 1; t < frames; ++t) {
    const double* before = alpha + static_cast<std::size_t>(t - 1) * count;
    double* now = alpha + static_cast<std::size_t>(t) * count;
    for (std::size_t s = 0; s < count; ++s) {
      double sum = before[s];
      if (s >= 1) sum = add_logs(sum, before[s - 1]);
      if (may_skip(states, s)) sum = add_logs(sum, before[s - 2]);
      now[s] = sum + frame(t, s);
    }
  }
  const double* last = alpha + static_cast<std::size_t>(frames - 1) * count;
  return -(count == 1 ? last[0] : add_logs(last[count - 1], last[count - 2]));
}

// Adds the gradient of one sample's loss, times `scale`, to g (of x's layout). Walking backward,
// beta[s] is the log of the sum over alignments of the frames from t on that begin in s; alpha +
// beta counts x[t, s] twice.
template <class T>
void walk_backward(const std::vector<std::int64_t>& states, std::int64_t frames,
                   std::int64_t classes, const T* x, std::int64_t step, const double* alpha,
                   double loss, double scale, T* g) {
  const std::size_t count = states.size();
  std::vector<double> beta(count, kNever), next(count),
      posterior(static_cast<std::size_t>(classes));
  for (std::int64_t t = frames; t-- > 0;) {
    const T* frame = x + t * step;
    for (std::size_t s = 0; s < count; ++s) {
      double sum = t == frames - 1 ? (s + 2 >= count ? 0 : kNever) : beta[s];
      if (t < frames - 1) {
        if (s + 1 < count) sum = add_logs(sum, beta[s + 1]);
        if (s + 2 < count && may_skip(states, s + 2)) sum = add_logs(sum, beta[s + 2]);
      }
      next[s] = sum + static_cast<double>(frame[states[s]]);
    }
    beta.swap(next);
    std::fill(posterior.begin(), posterior.end(), kNever);
    for (std::size_t s = 0; s < count; ++s) {
      double& sum = posterior[static_cast<std::size_t>(states[s])];
      sum = add_logs(sum, alpha[static_cast<std::size_t>(t) * count + s] + beta[s]);
    }
    for (std::int64_t c = 0; c < classes; ++c) {
      const auto logarithm = static_cast<double>(frame[c]);
      const double shared = posterior[static_cast<std::size_t>(c)];
      g[t * step + c] =
          static_cast<T>((std::exp(logarithm) - std::exp(shared + loss - logarithm)) * scale);
    }
  }
}

Tensor fused_gradient(const Problem& p, const Tensor& x,
                      const std::vector<std::vector<double>>& alpha,
                      const std::vector<double>& losses, const Tensor& dy, bool zero_infinity) {
  const Tensor g = x.new_zeros(x.sizes()), scale = dy.to(kDouble).contiguous();
  dispatch_floating(x.scalar_type(), [&](auto zero) {
    using T = decltype(zero);
    const T* from = x.data_ptr<T>();
    T* to = g.data_ptr<T>();
    parallel_for(0, p.samples, 1, [&](std::int64_t first, std::int64_t last) {
      for (std::int64_t i = first; i < last; ++i) {
        const auto n = static_cast<std::size_t>(i);
        if (zero_infinity && losses[n] == -kNever) continue;
        walk_backward(p.states[n], p.input_lengths[n], p.classes, from + i * p.classes,
                      p.samples * p.classes, alpha[n].data(), losses[n],
                      scale.data_ptr<double>()[i], to + i * p.classes);
      }
    });
  });
  return g;
}

// The losses [N], before any reduction.
Tensor ctc_losses(const Tensor& log_probs, Problem p, bool zero_infinity) {
  const Tensor x = log_probs.detach().contiguous(), y = make_tensor({p.samples}, x.scalar_type());
  const auto batch = static_cast<std::size_t>(p.samples);
  std::vector<std::vector<double>> alpha(batch);
  std::vector<double> losses(batch);
  dispatch_floating(x.scalar_type(), [&](auto zero) {
    using T = decltype(zero);
    const T* from = x.data_ptr<T>();
    parallel_for(0, p.samples, 1, [&](std::int64_t first, std::int64_t last) {
      for (std::int64_t i = first; i < last; ++i) {
        const auto n = static_cast<std::size_t>(i);
        alpha[n].resize(static_cast<std::size_t>(p.input_lengths[n]) * p.states[n].size());
        losses[n] = walk_forward(p.states[n], p.input_lengths[n], from + i * p.classes,
                                 p.samples * p.classes, alpha[n].data());
        y.data_ptr<T>()[i] =
            zero_infinity && losses[n] == -kNever ? T{0} : static_cast<T>(losses[n]);
      }
    });
  });
  if (recording(log_probs)) {
    record("CtcLossBackward0", y, {log_probs},
           [x = Saved(log_probs), p = std::move(p), alpha = std::move(alpha),
            losses = std::move(losses), zero_infinity](const Tensor& dy, Gradients& dx) {
             const Tensor input = x();
             dx[0] = fused_gradient(p, input.detach().contiguous(), alpha, losses, dy.detach(),
                                    zero_infinity);
             if (recording(dy, input)) {
               record("CtcLossBackwardBackward0", dx[0], {dy, input},
                      [](const Tensor&, Gradients&) {
                        fail("ctc_loss: its second derivative is not defined");
                      });
             }
           });
  }
  return y;
}

std::vector<std::int64_t> lengths_of(const char* what, const Tensor& lengths) {
  check(isIntegralType(lengths.scalar_type(), false), "ctc_loss: {} are {}, expected integers",
        what, dtype_name(lengths.scalar_type()));
  const Tensor values = lengths.to(kLong).contiguous();
  const auto* first = values.data_ptr<std::int64_t>();
  return std::vector<std::int64_t>(first, first + values.numel());
}

}  // namespace

Tensor ctc_loss(const Tensor& log_probs, const Tensor& targets, IntArrayRef input_lengths,
                IntArrayRef target_lengths, std::int64_t blank, std::int64_t reduction,
                bool zero_infinity) {
  check_reduction("ctc_loss", reduction);
  check(log_probs.is_floating_point(), "ctc_loss: log_probs are {}, expected a floating dtype",
        dtype_name(log_probs.scalar_type()));
  check(log_probs.dim() == 2 || log_probs.dim() == 3,
        "ctc_loss: log_probs have shape {}, expected [T, N, C] or [T, C]", log_probs.sizes());
  const bool single = log_probs.dim() == 2;
  const Tensor x = single ? log_probs.unsqueeze(1) : log_probs;
  const Tensor losses =
      ctc_losses(x, read_problem(x, targets, input_lengths, target_lengths, blank), zero_infinity);
  if (reduction == Reduction::Mean) {
    const Tensor lengths = make_tensor({x.size(1)}, losses.scalar_type());
    for (std::int64_t n = 0; n < lengths.numel(); ++n) {
      lengths[n].fill_(std::max<std::int64_t>(target_lengths[static_cast<std::size_t>(n)], 1));
    }
    return (losses / lengths).mean();
  }
  if (reduction == Reduction::Sum) return losses.sum();
  return single ? losses.squeeze(0) : losses;
}

Tensor ctc_loss(const Tensor& log_probs, const Tensor& targets, const Tensor& input_lengths,
                const Tensor& target_lengths, std::int64_t blank, std::int64_t reduction,
                bool zero_infinity) {
  return ctc_loss(log_probs, targets, lengths_of("input_lengths", input_lengths),
                  lengths_of("target_lengths", target_lengths), blank, reduction, zero_infinity);
}

}  // namespace xgrad
