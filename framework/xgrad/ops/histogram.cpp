#include "xgrad/ops/histogram.h"

#include <algorithm>
#include <cmath>

#include "xgrad/core/format.h"
#include "xgrad/ops/arithmetic.h"
#include "xgrad/ops/cumulative.h"
#include "xgrad/ops/factories.h"
#include "xgrad/ops/map.h"
#include "xgrad/ops/places.h"

namespace xgrad {

Tensor histc(const Tensor& x, std::int64_t bins, const Scalar& min, const Scalar& max) {
  check(x.is_floating_point(), "histc: not defined for dtype {}, expected a floating one",
        dtype_name(x.scalar_type()));
  check(bins > 0, "histc: bins is {}, expected at least 1", bins);
  double low = min.toDouble(), high = max.toDouble();
  check(high >= low, "histc: max is {} and min {}, expected max >= min", high, low);
  if (low == high && x.numel() > 0) {
    low = x.detach().min().item<double>();
    high = x.detach().max().item<double>();
  }
  check(std::isfinite(low) && std::isfinite(high), "histc: the range [{}, {}] is not finite", low,
        high);
  if (low == high) {
    low -= 1;
    high += 1;
  }
  const Tensor data = row_major(x.detach()), y = zeros({bins}, x.scalar_type());
  dispatch_floating(x.scalar_type(), [&](auto zero) {
    using T = decltype(zero);
    const T *in = data.data_ptr<T>(), first = static_cast<T>(low), last = static_cast<T>(high);
    T* out = y.data_ptr<T>();
    std::vector<std::int64_t> counts(as_size(bins), 0);  // floats stop counting at 2^24
    for (std::int64_t i = 0; i < data.numel(); ++i) {
      if (!(in[i] >= first && in[i] <= last)) continue;
      const auto bin =
          static_cast<std::int64_t>((in[i] - first) * static_cast<T>(bins) / (last - first));
      ++counts[as_size(std::min(bin, bins - 1))];
    }
    for (std::int64_t i = 0; i < bins; ++i) out[i] = static_cast<T>(counts[as_size(i)]);
  });
  return y;
}

std::tuple<Tensor, Tensor> histogram(const Tensor& x, const Tensor& bins,
                                     const optional<Tensor>& weight, bool density) {
  const ScalarType type = x.scalar_type();
  check(isFloatingType(type), "histogram: not defined for dtype {}, expected a floating one",
        dtype_name(type));
  check(bins.dim() == 1 && bins.numel() > 0 && bins.scalar_type() == type,
        "histogram: the edges have shape {} and dtype {}, expected a vector of {}", bins.sizes(),
        dtype_name(bins.scalar_type()), dtype_name(type));
  const bool weighted = weight && weight->defined();
  check(!weighted || (weight->sizes() == x.sizes() && weight->scalar_type() == type),
        "histogram: the weights differ from the input of {} in shape or dtype", x.sizes());
  const Tensor data = row_major(x.detach()), edges = row_major(bins.detach());
  const Tensor weights = weighted ? row_major(weight->detach()) : Tensor();
  const Tensor y = zeros({edges.numel() - 1}, type);
  dispatch_floating(type, [&](auto zero) {
    using T = decltype(zero);
    const T *in = data.data_ptr<T>(), *first = edges.data_ptr<T>(), *last = first + edges.numel();
    std::vector<double> sums(as_size(y.numel()), 0);
    for (std::int64_t i = 0; i < data.numel(); ++i) {
      if (!(in[i] >= first[0] && in[i] <= last[-1]) || sums.empty()) continue;
      const auto bin = static_cast<std::size_t>(std::upper_bound(first, last, in[i]) - first) - 1;
      sums[std::min(bin, sums.size() - 1)] += weighted ? weights.data_ptr<T>()[i] : 1;
    }
    std::transform(sums.begin(), sums.end(), y.data_ptr<T>(),
                   [](double sum) { return static_cast<T>(sum); });
  });
  return {density ? y / y.sum() / diff(edges) : y, bins};
}

std::tuple<Tensor, Tensor> histogram(const Tensor& x, std::int64_t bins,
                                     optional<ArrayRef<double>> range,
                                     const optional<Tensor>& weight, bool density) {
  check(bins > 0, "histogram: bins is {}, expected at least 1", bins);
  check(!range || range->size() == 2, "histogram: the range has {} numbers, expected min and max",
        range ? range->size() : 0);
  double low = range ? (*range)[0] : 0, high = range ? (*range)[1] : 0;
  if (!range && x.numel() > 0) {
    low = x.detach().min().item<double>();
    high = x.detach().max().item<double>();
  }
  check(std::isfinite(low) && std::isfinite(high) && low <= high,
        "histogram: the range [{}, {}] is not finite or falls", low, high);
  if (low == high) {
    low -= 0.5;
    high += 0.5;
  }
  return histogram(x, linspace(low, high, bins + 1, x.scalar_type()), weight, density);
}

Tensor bincount(const Tensor& x, const optional<Tensor>& weights, std::int64_t minlength) {
  check(isIntegralType(x.scalar_type(), false),
        "bincount: not defined for dtype {}, expected integers", dtype_name(x.scalar_type()));
  check(x.dim() == 1, "bincount: the input has {} dims, expected 1", x.dim());
  check(minlength >= 0, "bincount: minlength is {}, expected at least 0", minlength);
  const Tensor values = row_major(x.scalar_type() == kLong ? x : convert(x, kLong));
  const std::int64_t* value = values.data_ptr<std::int64_t>();
  std::int64_t length = minlength;
  for (std::int64_t i = 0; i < values.numel(); ++i) {
    check(value[i] >= 0, "bincount: element {} is {}, expected at least 0", i, value[i]);
    check(value[i] < (std::int64_t{1} << 40), "bincount: element {} is {}, expected less than 2^40",
          i, value[i]);
    length = std::max(length, value[i] + 1);
  }
  if (!weights || !weights->defined()) {
    const Tensor y = zeros({length}, kLong);
    for (std::int64_t i = 0; i < values.numel(); ++i) ++y.data_ptr<std::int64_t>()[value[i]];
    return y;
  }
  check(weights->sizes() == x.sizes(),
        "bincount: the weights have shape {}, expected {}, the input's", weights->sizes(),
        x.sizes());
  const ScalarType type = weights->scalar_type() == kFloat ? kFloat : kDouble;
  const Tensor given =
      row_major(weights->scalar_type() == type ? weights->detach() : convert(*weights, type));
  const Tensor y = zeros({length}, type);
  dispatch_floating(type, [&](auto zero) {
    using T = decltype(zero);
    const T* weight = given.data_ptr<T>();
    T* out = y.data_ptr<T>();
    for (std::int64_t i = 0; i < values.numel(); ++i) out[value[i]] += weight[i];
  });
  return y;
}

Tensor Tensor::histc(std::int64_t bins, const Scalar& min, const Scalar& max) const {
  return xgrad::histc(*this, bins, min, max);
}
Tensor::Pair Tensor::histogram(const Tensor& bins, const optional<Tensor>& weight,
                               bool density) const {
  return xgrad::histogram(*this, bins, weight, density);
}
Tensor::Pair Tensor::histogram(std::int64_t bins, optional<ArrayRef<double>> range,
                               const optional<Tensor>& weight, bool density) const {
  return xgrad::histogram(*this, bins, range, weight, density);
}
Tensor Tensor::bincount(const optional<Tensor>& weights, std::int64_t minlength) const {
  return xgrad::bincount(*this, weights, minlength);
}

}  // namespace xgrad
