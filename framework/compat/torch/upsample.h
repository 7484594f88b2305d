// The upsample_ functions by scale factors, one for each spatial dim:
//
//   auto y = torch::upsample_nearest2d(x, c10::nullopt, std::vector<double>{2, 2});
//
// The sizes are given, or the input's times the factors, rounded down. Errors: both or neither
// given, another number of factors.
#pragma once

#include <cmath>
#include <vector>

#include "torch/namespaces.h"

namespace xgrad {

namespace detail {
inline Tensor upsample_by(const char* op, const Tensor& x, OptionalIntArrayRef output_size,
                          Resampling how, bool align_corners,
                          const optional<ArrayRef<double>>& factors) {
  if (output_size.has_value() == factors.has_value())
    throw Error(std::string(op) + ": " + (factors ? "both" : "none") +
                " of output size and scale factors are given, expected one");
  if (output_size) return resample(op, x, *output_size, how, align_corners);
  std::vector<std::int64_t> sizes;
  for (std::size_t i = 0; i < factors->size() && std::int64_t(i) + 2 < x.dim(); ++i) {
    const auto size = static_cast<double>(x.size(std::int64_t(i) + 2));
    sizes.push_back(static_cast<std::int64_t>(std::floor(size * (*factors)[i])));
  }
  return resample(op, x, sizes, how, align_corners, *factors);
}
}  // namespace detail

#define XGRAD_UPSAMPLE_NEAREST(op)                                                        \
  inline Tensor op(const Tensor& x, OptionalIntArrayRef output_size,                      \
                   optional<ArrayRef<double>> factors) {                                  \
    return detail::upsample_by(#op, x, output_size, Resampling::nearest, false, factors); \
  }
#define XGRAD_UPSAMPLE(op, how)                                                          \
  inline Tensor op(const Tensor& x, OptionalIntArrayRef output_size, bool align_corners, \
                   optional<ArrayRef<double>> factors) {                                 \
    return detail::upsample_by(#op, x, output_size, how, align_corners, factors);        \
  }
XGRAD_UPSAMPLE_NEAREST(upsample_nearest1d)
XGRAD_UPSAMPLE_NEAREST(upsample_nearest2d)
XGRAD_UPSAMPLE_NEAREST(upsample_nearest3d)
XGRAD_UPSAMPLE(upsample_linear1d, Resampling::linear)
XGRAD_UPSAMPLE(upsample_bilinear2d, Resampling::linear)
XGRAD_UPSAMPLE(upsample_trilinear3d, Resampling::linear)
XGRAD_UPSAMPLE(upsample_bicubic2d, Resampling::cubic)
#undef XGRAD_UPSAMPLE
#undef XGRAD_UPSAMPLE_NEAREST

}  // namespace xgrad
