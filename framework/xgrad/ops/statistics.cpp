#include "xgrad/ops/statistics.h"

#include "xgrad/autograd/record.h"
#include "xgrad/core/format.h"
#include "xgrad/ops/arithmetic.h"
#include "xgrad/ops/map.h"
#include "xgrad/ops/reduce_plan.h"

namespace xgrad {

using namespace autograd;
using kernels::ReduceOp;

namespace {

using Correction = optional<std::int64_t>;

// One op for the eight: the variance or its root, and the mean where it is wanted.
struct Moments {
  const char* op;
  const char* node;
  bool root;
  bool with_mean;
};

struct Result {
  Tensor spread, mean;
};

// Sums of the elements, divided by their number, and of the squares around that, in double.
struct Sums {
  Tensor mean, squares;

  Sums(const char* op, const Tensor& x, const DimMask& reduced, std::int64_t n, bool keepdim)
      : mean(reduce(op, ReduceOp::wide_sum, x, reduced, keepdim)) {
    double* means = mean.data_ptr<double>();
    for (std::int64_t i = 0; i < mean.numel(); ++i) means[i] /= static_cast<double>(n);
    squares = reduce(op, ReduceOp::square_deviation, x, reduced, keepdim, mean);
  }

  // Is variance i no larger than what rounding the mean makes of equal elements?
  bool nearly_flat(std::int64_t i, std::int64_t n) const {
    constexpr double kRounding = 1e-28;
    const double m = mean.data_ptr<double>()[i], s = squares.data_ptr<double>()[i];
    return m != 0 && s <= static_cast<double>(n) * m * m * kRounding;
  }
};

// The mean first, then the squares around it: safe for data far from 0. Sums of equal floats are
// exact in double, those of doubles are not: there the distances from the first element are taken,
// so that equal elements have a spread of exactly 0.
Sums exact_sums(const char* op, const Tensor& x, const DimMask& reduced, std::int64_t n,
                bool keepdim) {
  Sums sums(op, x, reduced, n, keepdim);
  if (x.scalar_type() != kDouble || n == 0) return sums;
  std::vector<std::int64_t> flat;
  for (std::int64_t i = 0; i < sums.mean.numel(); ++i) {
    if (sums.nearly_flat(i, n)) flat.push_back(i);
  }
  if (flat.empty()) return sums;
  NoGradGuard no_grad;
  Tensor first = x;
  for (std::int64_t d = 0; d < x.dim(); ++d) {
    if (reduced[static_cast<std::size_t>(d)]) first = first.narrow(d, 0, 1);
  }
  const Sums shifted(op, x - first, reduced, n, keepdim);
  const Tensor from = first.reshape({-1}).contiguous();
  for (const std::int64_t i : flat) {
    sums.mean.data_ptr<double>()[i] =
        from.data_ptr<double>()[i] + shifted.mean.data_ptr<double>()[i];
    sums.squares.data_ptr<double>()[i] = shifted.squares.data_ptr<double>()[i];
  }
  return sums;
}

Result moments(const Moments& kind, const Tensor& x, OptionalIntArrayRef dim, Correction correction,
               bool keepdim) {
  check(x.is_floating_point(), "{}: the input is {}, expected a floating dtype", kind.op,
        dtype_name(x.scalar_type()));
  const DimMask reduced = reduced_dims(kind.op, dim, x.dim());
  const std::int64_t n = reduced_count(x.sizes(), reduced), less = correction.value_or(1);
  const auto [mean, spread] = exact_sums(kind.op, x, reduced, n, keepdim);
  double* values = spread.data_ptr<double>();
  for (std::int64_t i = 0; i < spread.numel(); ++i) {
    values[i] /= static_cast<double>(std::max<std::int64_t>(n - less, 0));
    if (kind.root) values[i] = __builtin_sqrt(values[i]);
  }
  Result y{convert(spread, x.scalar_type()),
           kind.with_mean ? convert(mean, x.scalar_type()) : Tensor()};
  if (!recording(x)) return y;
  // var: 2 / (n - correction) (x - mean) dy; std: the same with dy / (2 std), and 0 where std is 0.
  auto backward = [x = Saved(x), root = kind.root ? saved_output(y.spread) : Saved(), reduced,
                   keepdim, n, less](TensorList dy, Gradients& dx) {
    const Tensor in = x();
    const auto restored = [&](const Tensor& t) {
      return restore_dims(t, in.sizes(), reduced, keepdim);
    };
    if (dy[0].defined()) {
      Tensor slope = dy[0];
      if (const Tensor out = root(); out.defined()) {
        const Tensor zero = out.detach().eq(0);
        slope = (slope / (out.masked_fill(zero, 1) * 2)).masked_fill(zero, 0);
      }
      Dims dims;
      for (std::size_t d = 0; d < in.sizes().size(); ++d) {
        if (reduced[d]) dims.push_back(static_cast<std::int64_t>(d));
      }
      const Tensor centred = in - in.mean(IntArrayRef(dims), true);
      dx[0] = restored(slope) * (2 / static_cast<double>(n - less)) * centred;
    }
    if (dy.size() > 1 && dy[1].defined()) {
      const Tensor of_mean = restored(dy[1]).expand(in.sizes()) / n;
      dx[0] = dx[0].defined() ? dx[0] + of_mean : of_mean;
    }
  };
  if (kind.with_mean) {
    record(kind.node, {y.spread, y.mean}, {x}, std::move(backward));
  } else {
    record(kind.node, y.spread, {x}, std::move(backward));
  }
  return y;
}

constexpr Moments kVar{"var", "VarBackward0", false, false},
    kStd{"std", "StdBackward0", true, false};
constexpr Moments kVarMean{"var_mean", "VarMeanBackward0", false, true},
    kStdMean{"std_mean", "StdMeanBackward0", true, true};

std::tuple<Tensor, Tensor> pair(const Result& y) { return {y.spread, y.mean}; }

}  // namespace

// clang-format off
Tensor var(const Tensor& x, OptionalIntArrayRef dim, bool unbiased, bool keepdim) { return moments(kVar, x, dim, unbiased, keepdim).spread; }
Tensor var(const Tensor& x, OptionalIntArrayRef dim, Correction correction, bool keepdim) { return moments(kVar, x, dim, correction, keepdim).spread; }
Tensor std(const Tensor& x, OptionalIntArrayRef dim, bool unbiased, bool keepdim) { return moments(kStd, x, dim, unbiased, keepdim).spread; }
Tensor std(const Tensor& x, OptionalIntArrayRef dim, Correction correction, bool keepdim) { return moments(kStd, x, dim, correction, keepdim).spread; }
std::tuple<Tensor, Tensor> var_mean(const Tensor& x, OptionalIntArrayRef dim, bool unbiased, bool keepdim) { return pair(moments(kVarMean, x, dim, unbiased, keepdim)); }
std::tuple<Tensor, Tensor> var_mean(const Tensor& x, OptionalIntArrayRef dim, Correction correction, bool keepdim) { return pair(moments(kVarMean, x, dim, correction, keepdim)); }
std::tuple<Tensor, Tensor> std_mean(const Tensor& x, OptionalIntArrayRef dim, bool unbiased, bool keepdim) { return pair(moments(kStdMean, x, dim, unbiased, keepdim)); }
std::tuple<Tensor, Tensor> std_mean(const Tensor& x, OptionalIntArrayRef dim, Correction correction, bool keepdim) { return pair(moments(kStdMean, x, dim, correction, keepdim)); }

// Methods.
Tensor Tensor::var(OptionalIntArrayRef dim, bool unbiased, bool keepdim) const { return xgrad::var(*this, dim, unbiased, keepdim); }
Tensor Tensor::var(OptionalIntArrayRef dim, optional<std::int64_t> correction, bool keepdim) const { return xgrad::var(*this, dim, correction, keepdim); }
Tensor Tensor::std(OptionalIntArrayRef dim, bool unbiased, bool keepdim) const { return xgrad::std(*this, dim, unbiased, keepdim); }
Tensor Tensor::std(OptionalIntArrayRef dim, optional<std::int64_t> correction, bool keepdim) const { return xgrad::std(*this, dim, correction, keepdim); }
// clang-format on

}  // namespace xgrad
