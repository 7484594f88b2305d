// Random tensors from PyTorch's CPU stream: the same seed gives the same numbers.
// Sources: https://pytorch.org/docs/stable/torch.html#random-sampling; how each distribution draws
// from the stream is in random.cpp and was found by comparing with PyTorch 1.13.
//
//   xgrad::manual_seed(0);
//   auto x = xgrad::randn({2, 3});   // what torch.randn(2, 3) gives after torch.manual_seed(0)
//
// A generator that is not given is the default one. The methods uniform_, normal_, bernoulli_,
// random_, exponential_, geometric_, cauchy_ and log_normal_ fill a tensor; they visit its elements
// in memory order. Errors: parameters outside their range, a dtype that the distribution does not
// have.
#pragma once

#include "xgrad/core/tensor.h"

namespace xgrad {

// [sizes]: uniform in [0, 1).
Tensor rand(IntArrayRef sizes, TensorOptions options = {});
Tensor rand(IntArrayRef sizes, optional<Generator> generator, TensorOptions options = {});
Tensor rand_like(const Tensor& x, TensorOptions options = {},
                 optional<MemoryFormat> format = nullopt);

// [sizes]: standard normal.
Tensor randn(IntArrayRef sizes, TensorOptions options = {});
Tensor randn(IntArrayRef sizes, optional<Generator> generator, TensorOptions options = {});
Tensor randn_like(const Tensor& x, TensorOptions options = {},
                  optional<MemoryFormat> format = nullopt);

// [sizes]: whole numbers in [low, high); low is 0 where it is not given. Errors: low >= high.
Tensor randint(std::int64_t high, IntArrayRef sizes, TensorOptions options = kLong);
Tensor randint(std::int64_t high, IntArrayRef sizes, optional<Generator> generator,
               TensorOptions options = kLong);
Tensor randint(std::int64_t low, std::int64_t high, IntArrayRef sizes,
               TensorOptions options = kLong);
Tensor randint(std::int64_t low, std::int64_t high, IntArrayRef sizes,
               optional<Generator> generator, TensorOptions options = kLong);
Tensor randint_like(const Tensor& x, std::int64_t high, TensorOptions options = {},
                    optional<MemoryFormat> format = nullopt);
Tensor randint_like(const Tensor& x, std::int64_t low, std::int64_t high,
                    TensorOptions options = {}, optional<MemoryFormat> format = nullopt);

// [n]: 0, 1, ..., n - 1 in random order.
Tensor randperm(std::int64_t n, TensorOptions options = kLong);
Tensor randperm(std::int64_t n, optional<Generator> generator, TensorOptions options = kLong);

// Normal with the given mean and standard deviation; where these are tensors, one sample for each
// of their elements. Errors: std < 0.
Tensor normal(double mean, double std, IntArrayRef sizes, optional<Generator> generator = nullopt,
              TensorOptions options = {});
Tensor normal(const Tensor& mean, double std = 1, optional<Generator> generator = nullopt);
Tensor normal(double mean, const Tensor& std, optional<Generator> generator = nullopt);
Tensor normal(const Tensor& mean, const Tensor& std, optional<Generator> generator = nullopt);

// 1 with probability p, else 0: p [*] -> [*], or one p for all of x [*]. Errors: p outside [0, 1].
Tensor bernoulli(const Tensor& p, optional<Generator> generator = nullopt);
Tensor bernoulli(const Tensor& x, double p, optional<Generator> generator = nullopt);

// Indices drawn with the given weights (they need not sum to 1): [n] -> [num_samples],
// [m, n] -> [m, num_samples], int64. Errors: a negative, infinite or NaN weight, a row of zeros,
// more samples than weights without replacement.
Tensor multinomial(const Tensor& weights, std::int64_t num_samples, bool replacement = false,
                   optional<Generator> generator = nullopt);

// Poisson with the given rates: [*] -> [*]. Errors: a negative rate.
Tensor poisson(const Tensor& rates, optional<Generator> generator = nullopt);

}  // namespace xgrad
