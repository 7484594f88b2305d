// Counting elements by value. Source: https://pytorch.org/docs/stable/generated/torch.histc.html,
// torch.bincount.html. No gradients.
#pragma once

#include <tuple>

#include "xgrad/core/tensor.h"

namespace xgrad {

// x [*] floating -> how many elements lie between each two edges, and the edges [n + 1]: given ones
// that rise, or of n equal parts of `range` {min, max} (else of the data's). The last part holds
// its end, too. With weights [*] their sums; `density` divides by the total and the widths. Errors:
// integers; edges, weights or a range that do not fit.
std::tuple<Tensor, Tensor> histogram(const Tensor& x, const Tensor& bins,
                                     const optional<Tensor>& weight = nullopt,
                                     bool density = false);
std::tuple<Tensor, Tensor> histogram(const Tensor& x, std::int64_t bins = 100,
                                     optional<ArrayRef<double>> range = nullopt,
                                     const optional<Tensor>& weight = nullopt,
                                     bool density = false);

// x [*] floating -> [bins] of x's dtype: how many elements lie in each of `bins` equal parts of
// [min, max]; others and NaN are left out. min = max takes the data's own range. Errors: integers,
// bins < 1, max < min, a range that is not finite.
Tensor histc(const Tensor& x, std::int64_t bins = 100, const Scalar& min = 0,
             const Scalar& max = 0);
// x [n] of integers >= 0 -> [max(largest + 1, minlength)]: how often each occurs [int64], or the
// sum of its weights [n] (float32 for those, otherwise float64). Errors: negative or too large
// values, other dtypes or shapes.
Tensor bincount(const Tensor& x, const optional<Tensor>& weights = nullopt,
                std::int64_t minlength = 0);

}  // namespace xgrad
