// The random tensors that are made rather than filled.
#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include "xgrad/autograd/record.h"
#include "xgrad/core/format.h"
#include "xgrad/ops/arithmetic.h"
#include "xgrad/ops/comparison.h"
#include "xgrad/ops/factories.h"
#include "xgrad/ops/map.h"
#include "xgrad/ops/random.h"

namespace xgrad {

using namespace autograd;

namespace {

// An empty tensor, filled before it asks for gradients.
template <class Fill>
Tensor filled(IntArrayRef sizes, const TensorOptions& options, const Fill& fill) {
  const Tensor result = empty(sizes, options.requires_grad(false).memory_format(nullopt));
  fill(result);
  if (options.requires_grad()) result.set_requires_grad(true);
  return result;
}
template <class Fill>
Tensor filled_like(const Tensor& x, const TensorOptions& options,
                   const optional<MemoryFormat>& format, const Fill& fill) {
  const Tensor result = empty_like(x, options.requires_grad(false), format);
  fill(result);
  if (options.requires_grad()) result.set_requires_grad(true);
  return result;
}
Tensor row_major_like(const Tensor& x) { return empty_like(x, {}, MemoryFormat::Contiguous); }

// Samples do not move with their parameters: the gradients are zero.
void record_constant(const char* node, const Tensor& result, const Tensor& a,
                     const Tensor& b = {}) {
  if (!recording(a, b)) return;
  record(node, result, {a, b}, [](const Tensor& dy, Gradients& dx) {
    for (std::size_t i = 0; i < dx.size(); ++i) {
      if (dx.needs(i)) dx[i] = zeros_like(dy);
    }
  });
}

}  // namespace

Tensor rand(IntArrayRef sizes, TensorOptions options) { return rand(sizes, nullopt, options); }
Tensor rand(IntArrayRef sizes, optional<Generator> generator, TensorOptions options) {
  return filled(sizes, options, [&](const Tensor& x) { x.uniform_(0, 1, generator); });
}
Tensor rand_like(const Tensor& x, TensorOptions options, optional<MemoryFormat> format) {
  return filled_like(x, options, format, [](const Tensor& y) { y.uniform_(); });
}

Tensor randn(IntArrayRef sizes, TensorOptions options) { return randn(sizes, nullopt, options); }
Tensor randn(IntArrayRef sizes, optional<Generator> generator, TensorOptions options) {
  return filled(sizes, options, [&](const Tensor& x) { x.normal_(0, 1, generator); });
}
Tensor randn_like(const Tensor& x, TensorOptions options, optional<MemoryFormat> format) {
  return filled_like(x, options, format, [](const Tensor& y) { y.normal_(); });
}

Tensor randint(std::int64_t high, IntArrayRef sizes, TensorOptions options) {
  return randint(0, high, sizes, nullopt, options);
}
Tensor randint(std::int64_t high, IntArrayRef sizes, optional<Generator> generator,
               TensorOptions options) {
  return randint(0, high, sizes, std::move(generator), options);
}
Tensor randint(std::int64_t low, std::int64_t high, IntArrayRef sizes, TensorOptions options) {
  return randint(low, high, sizes, nullopt, options);
}
Tensor randint(std::int64_t low, std::int64_t high, IntArrayRef sizes,
               optional<Generator> generator, TensorOptions options) {
  return filled(sizes, options, [&](const Tensor& x) { x.random_(low, high, generator); });
}
Tensor randint_like(const Tensor& x, std::int64_t high, TensorOptions options,
                    optional<MemoryFormat> format) {
  return randint_like(x, 0, high, options, format);
}
Tensor randint_like(const Tensor& x, std::int64_t low, std::int64_t high, TensorOptions options,
                    optional<MemoryFormat> format) {
  return filled_like(x, options, format, [&](const Tensor& y) { y.random_(low, high); });
}

namespace {

// Fisher and Yates from the front, 32 bits a place.
template <class T>
void shuffle(T* data, std::int64_t n, Generator stream) {
  for (std::int64_t i = 0; i < n; ++i) data[i] = static_cast<T>(i);
  for (std::int64_t i = 0; i < n - 1; ++i) {
    std::swap(data[i], data[i + static_cast<std::int64_t>(stream.random()) % (n - i)]);
  }
}

// From the inside out, 64 bits a place: for so many places that 32 bits would favour some.
template <class T>
void shuffle_many(T* data, std::int64_t n, Generator stream) {
  for (std::int64_t i = 0; i < n; ++i) {
    const auto at =
        static_cast<std::int64_t>(stream.random64() % static_cast<std::uint64_t>(i + 1));
    data[i] = data[at];
    data[at] = static_cast<T>(i);
  }
}

}  // namespace

Tensor randperm(std::int64_t n, TensorOptions options) { return randperm(n, nullopt, options); }
Tensor randperm(std::int64_t n, optional<Generator> generator, TensorOptions options) {
  check(n >= 0, "randperm: n {} is negative, expected at least 0", n);
  return filled({n}, options, [&](const Tensor& x) {
    constexpr std::int64_t kMany = std::numeric_limits<std::uint32_t>::max() / 20;
    const Generator stream = generator.value_or(default_generator());
    check(x.scalar_type() != kBool, "randperm: not defined for dtype bool");
    dispatch(x.scalar_type(), [&](auto zero) {
      using T = decltype(zero);
      constexpr int digits = std::min(std::numeric_limits<T>::digits, 62);
      check(n <= std::int64_t{1} << digits, "randperm: {} numbers do not fit dtype {}", n,
            dtype_name(x.scalar_type()));
      auto* data = static_cast<T*>(x.data_ptr());
      n < kMany ? shuffle(data, n, stream) : shuffle_many(data, n, stream);
    });
  });
}

Tensor normal(double mean, double std, IntArrayRef sizes, optional<Generator> generator,
              TensorOptions options) {
  return filled(sizes, options, [&](const Tensor& x) { x.normal_(mean, std, generator); });
}
Tensor normal(const Tensor& mean, double std, optional<Generator> generator) {
  Tensor result = row_major_like(mean).normal_(0, std, std::move(generator));
  result.add_(mean.detach());
  record_constant("NormalBackward1", result, mean);
  return result;
}
Tensor normal(double mean, const Tensor& std, optional<Generator> generator) {
  check(std.numel() == 0 || (std >= 0).all().item<bool>(),
        "normal: an element of std is negative, expected at least 0");
  Tensor result = row_major_like(std).normal_(0, 1, std::move(generator));
  result.mul_(std.detach()).add_(mean);
  record_constant("NormalBackward2", result, std);
  return result;
}
Tensor normal(const Tensor& mean, const Tensor& std, optional<Generator> generator) {
  check(std.numel() == 0 || (std >= 0).all().item<bool>(),
        "normal: an element of std is negative, expected at least 0");
  Tensor result = make_tensor(broadcast_shape("normal", {mean, std}), mean.scalar_type())
                      .normal_(0, 1, std::move(generator));
  result.mul_(std.detach()).add_(mean.detach());
  record_constant("NormalBackward3", result, mean, std);
  return result;
}

Tensor bernoulli(const Tensor& p, optional<Generator> generator) {
  Tensor result = row_major_like(p).bernoulli_(p, std::move(generator));
  record_constant("BernoulliBackward0", result, p);
  return result;
}
Tensor bernoulli(const Tensor& x, double p, optional<Generator> generator) {
  Tensor result = row_major_like(x).bernoulli_(p, std::move(generator));
  record_constant("BernoulliBackward0", result, x);
  return result;
}
Tensor Tensor::bernoulli(OptGenerator generator) const {
  return xgrad::bernoulli(*this, std::move(generator));
}
Tensor Tensor::bernoulli(double p, OptGenerator generator) const {
  return xgrad::bernoulli(*this, p, std::move(generator));
}

namespace {

// A uniform double for each sample, looked up in the running sums of its row.
template <class T>
void draw_with_replacement(const T* weights, std::int64_t n, std::int64_t* samples,
                           std::int64_t count, Generator stream) {
  std::vector<T> sums(static_cast<std::size_t>(n));
  T total{0};
  for (std::int64_t i = 0; i < n; ++i) {
    total += weights[i];
    sums[static_cast<std::size_t>(i)] = total;
  }
  for (T& sum : sums) sum /= total;
  sums.back() = 1;
  for (std::int64_t i = 0; i < count; ++i) {
    const double u = stream.uniform_double();
    const auto at = std::lower_bound(sums.begin(), sums.end(), u, [](T sum, double value) {
      return static_cast<double>(sum) < value;
    });
    samples[i] = at - sums.begin();
  }
}

void check_weights(const Tensor& weights) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  check(((weights >= 0) & (weights < kInfinity)).all().item<bool>(),
        "multinomial: a weight is negative, infinite or NaN");
  check((weights.sum(-1) > 0).all().item<bool>(), "multinomial: the weights of a row sum to 0");
}

}  // namespace

Tensor multinomial(const Tensor& weights, std::int64_t num_samples, bool replacement,
                   optional<Generator> generator) {
  check(weights.dim() == 1 || weights.dim() == 2,
        "multinomial: weights are {}, expected [n] or [m, n]", weights.sizes());
  check(weights.is_floating_point(), "multinomial: weights are {}, expected floating numbers",
        dtype_name(weights.scalar_type()));
  const std::int64_t n = weights.size(-1);
  check(num_samples > 0, "multinomial: {} samples, expected at least 1", num_samples);
  check(replacement || num_samples <= n,
        "multinomial: {} samples of {} weights, expected at most as many without replacement",
        num_samples, n);
  check(n <= std::int64_t{1} << 24, "multinomial: {} weights, expected at most 2^24", n);
  const NoGradGuard no_grad;
  const Generator stream = generator.value_or(default_generator());
  Dims sizes(weights.sizes());
  sizes.back() = num_samples;
  if (numel_of(sizes) == 0) return make_tensor(sizes, kLong);
  check(n > 0, "multinomial: there are no weights to draw from");
  check_weights(weights);
  if (!replacement) {
    // The largest w / e with e exponential: one race decides all samples of a row.
    const Tensor race = weights / empty_like(weights).exponential_(1, stream);
    return num_samples == 1 ? race.argmax(-1, true) : std::get<1>(race.topk(num_samples));
  }
  Tensor result = make_tensor(sizes, kLong);
  const Tensor rows = weights.contiguous();
  dispatch_floating(rows.scalar_type(), [&](auto zero) {
    using T = decltype(zero);
    for (std::int64_t row = 0; row < rows.numel() / n; ++row) {
      draw_with_replacement(rows.data_ptr<T>() + row * n, n,
                            result.data_ptr<std::int64_t>() + row * num_samples, num_samples,
                            stream);
    }
  });
  return result;
}
Tensor Tensor::multinomial(std::int64_t num_samples, bool replacement,
                           OptGenerator generator) const {
  return xgrad::multinomial(*this, num_samples, replacement, std::move(generator));
}

namespace {

// Small rates: how many uniform numbers until their product falls below e^-rate (Knuth). Others:
// transformed rejection (Hoermann, "The transformed rejection method for generating Poisson random
// variables", 1993).
double draw_poisson(double rate, Generator& stream) {
  if (rate == 0) return 0;
  if (rate < 10) {
    const double limit = std::exp(-rate);
    double count = 0;
    for (double product = stream.uniform_double(); product > limit;
         product *= stream.uniform_double()) {
      count += 1;
    }
    return count;
  }
  const double log_rate = std::log(rate), b = 0.931 + 2.53 * std::sqrt(rate);
  const double a = -0.059 + 0.02483 * b, inverse_alpha = 1.1239 + 1.1328 / (b - 3.4);
  const double v_r = 0.9277 - 3.6224 / (b - 2);
  while (true) {
    const double u = stream.uniform_double() - 0.5, v = stream.uniform_double();
    const double us = 0.5 - std::fabs(u);
    const double k = std::floor((2 * a / us + b) * u + rate + 0.43);
    if (us >= 0.07 && v <= v_r) return k;
    if (k < 0 || (us < 0.013 && v > us)) continue;
    if (std::log(v) + std::log(inverse_alpha) - std::log(a / (us * us) + b) <=
        -rate + k * log_rate - std::lgamma(k + 1)) {
      return k;
    }
  }
}

}  // namespace

Tensor poisson(const Tensor& rates, optional<Generator> generator) {
  check(rates.is_floating_point(), "poisson: rates are {}, expected floating numbers",
        dtype_name(rates.scalar_type()));
  check((rates >= 0).all().item<bool>(), "poisson: a rate is negative, expected at least 0");
  Generator stream = generator.value_or(default_generator());
  const Tensor in = rates.detach().contiguous();
  Tensor result = make_tensor(in.sizes(), in.scalar_type());
  dispatch_floating(in.scalar_type(), [&](auto zero) {
    using T = decltype(zero);
    for (std::int64_t i = 0; i < in.numel(); ++i) {
      result.data_ptr<T>()[i] =
          static_cast<T>(draw_poisson(static_cast<double>(in.data_ptr<T>()[i]), stream));
    }
  });
  record_constant("PoissonBackward0", result, rates);
  return result;
}

}  // namespace xgrad
