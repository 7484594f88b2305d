// torch::fft: the helpers that only rearrange or count. The transforms are complex, so that using
// them fails to compile, and says so.
#pragma once

#include "ATen/Complex.h"
#include "torch/namespaces.h"

namespace xgrad::fft {

#define XGRAD_NO_COMPLEX(op)                                                           \
  template <class... Args>                                                             \
  Tensor op(Args&&...) {                                                               \
    static_assert(complex_is_supported<Args...>,                                       \
                  "torch::fft::" #op " is complex, and xgrad has no complex tensors"); \
    std::abort();                                                                      \
  }
// clang-format off
XGRAD_NO_COMPLEX(fft) XGRAD_NO_COMPLEX(ifft) XGRAD_NO_COMPLEX(fft2) XGRAD_NO_COMPLEX(ifft2)
XGRAD_NO_COMPLEX(fftn) XGRAD_NO_COMPLEX(ifftn) XGRAD_NO_COMPLEX(rfft) XGRAD_NO_COMPLEX(irfft)
XGRAD_NO_COMPLEX(rfft2) XGRAD_NO_COMPLEX(irfft2) XGRAD_NO_COMPLEX(rfftn) XGRAD_NO_COMPLEX(irfftn)
XGRAD_NO_COMPLEX(hfft) XGRAD_NO_COMPLEX(ihfft)
// clang-format on
#undef XGRAD_NO_COMPLEX

}  // namespace xgrad::fft

namespace xgrad::fft {

// The frequencies of a transform of n samples d apart; rfftfreq: those that are not negative.
inline Tensor fftfreq(std::int64_t n, double d = 1, const TensorOptions& options = {}) {
  const Tensor count = arange(n, TensorOptions(options).dtype(kLong));
  const Tensor negative = (count > (n - 1) / 2).to(kLong);
  return (count - negative * n).to(options.dtype()) / (static_cast<double>(n) * d);
}
inline Tensor fftfreq(std::int64_t n, const TensorOptions& options) {
  return fftfreq(n, 1, options);
}
inline Tensor rfftfreq(std::int64_t n, double d = 1, const TensorOptions& options = {}) {
  return arange(n / 2 + 1, options.dtype().toScalarType()) / (static_cast<double>(n) * d);
}
inline Tensor rfftfreq(std::int64_t n, const TensorOptions& options) {
  return rfftfreq(n, 1, options);
}

namespace detail {
inline Tensor shifted(const Tensor& x, optional<IntArrayRef> dim, std::int64_t more) {
  std::vector<std::int64_t> dims, shifts;
  if (dim) dims = dim->vec();
  for (std::int64_t i = 0; i < x.dim() && !dim; ++i) dims.push_back(i);
  for (const std::int64_t d : dims) shifts.push_back((x.size(d) + more) / 2);
  return dims.empty() ? x.clone() : roll(x, shifts, dims);
}
}  // namespace detail
// Frequency 0 to the middle of these dims (all), and back to the front.
inline Tensor fftshift(const Tensor& x, optional<IntArrayRef> dim = nullopt) {
  return detail::shifted(x, dim, 0);
}
inline Tensor ifftshift(const Tensor& x, optional<IntArrayRef> dim = nullopt) {
  return detail::shifted(x, dim, 1);
}

}  // namespace xgrad::fft
