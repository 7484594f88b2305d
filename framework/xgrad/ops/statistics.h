// Variances and standard deviations. Source:
// https://pytorch.org/docs/stable/generated/torch.var.html.
//
//   auto [variance, mean] = xgrad::var_mean(x, {0, 2, 3}, /*unbiased=*/false, /*keepdim=*/true);
//
// x [*] floating -> 0-d, or x's shape without `dim` (of size 1 with keepdim). The divisor is
// n - correction, where `unbiased` means correction 1; a divisor of 0 or less gives NaN or
// infinity. Accumulated in double. Errors: integers.
#pragma once

#include <concepts>

#include "xgrad/core/tensor.h"

namespace xgrad {

Tensor var(const Tensor& x, OptionalIntArrayRef dim = nullopt, bool unbiased = true,
           bool keepdim = false);
Tensor var(const Tensor& x, OptionalIntArrayRef dim, optional<std::int64_t> correction,
           bool keepdim = false);
Tensor std(const Tensor& x, OptionalIntArrayRef dim = nullopt, bool unbiased = true,
           bool keepdim = false);
Tensor std(const Tensor& x, OptionalIntArrayRef dim, optional<std::int64_t> correction,
           bool keepdim = false);
std::tuple<Tensor, Tensor> var_mean(const Tensor& x, OptionalIntArrayRef dim = nullopt,
                                    bool unbiased = true, bool keepdim = false);
std::tuple<Tensor, Tensor> var_mean(const Tensor& x, OptionalIntArrayRef dim,
                                    optional<std::int64_t> correction, bool keepdim = false);
std::tuple<Tensor, Tensor> std_mean(const Tensor& x, OptionalIntArrayRef dim = nullopt,
                                    bool unbiased = true, bool keepdim = false);
std::tuple<Tensor, Tensor> std_mean(const Tensor& x, OptionalIntArrayRef dim,
                                    optional<std::int64_t> correction, bool keepdim = false);

// x [variables, observations] (or [observations]) -> the covariances [variables, variables] (or
// 0-d), divided by the number of observations - correction. fweights: how often each observation
// counts (integers); aweights: how much (floating). Errors: more than 2 dims, weights of another
// size.
Tensor cov(const Tensor& x, std::int64_t correction = 1, const optional<Tensor>& fweights = nullopt,
           const optional<Tensor>& aweights = nullopt);
// Pearson's correlations: cov over the product of the deviations, in [-1, 1].
Tensor corrcoef(const Tensor& x);

// Of all elements. Only a bool is `unbiased`: an int is a dim, as PyTorch documents it and not as
// libtorch's overloads take it.
template <std::same_as<bool> Bool>
Tensor var(const Tensor& x, Bool unbiased) {
  return var(x, nullopt, unbiased);
}
template <std::same_as<bool> Bool>
Tensor std(const Tensor& x, Bool unbiased) {
  return std(x, nullopt, unbiased);
}
template <std::same_as<bool> Bool>
std::tuple<Tensor, Tensor> var_mean(const Tensor& x, Bool unbiased) {
  return var_mean(x, nullopt, unbiased);
}
template <std::same_as<bool> Bool>
std::tuple<Tensor, Tensor> std_mean(const Tensor& x, Bool unbiased) {
  return std_mean(x, nullopt, unbiased);
}

}  // namespace xgrad
