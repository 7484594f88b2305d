#include "xgrad/core/format.h"
#include "xgrad/ops/arithmetic.h"
#include "xgrad/ops/normalization.h"
#include "xgrad/ops/pad.h"
#include "xgrad/ops/standardize.h"

namespace xgrad {

namespace {

// x / (k + alpha / divisor * sum of x^2 over the channels from `before` below to `after`
// above)^beta.
Tensor divide_by_neighbours(const char* op, const Tensor& x, std::int64_t before,
                            std::int64_t after, std::int64_t divisor, double alpha, double beta,
                            double k) {
  check_norm_input(op, x);
  check(divisor > 0, "{}: size is {}, expected at least 1", op, divisor);
  Dims padding(static_cast<std::size_t>(2 * (x.dim() - 1)), 0);
  padding[padding.size() - 2] = before;
  padding[padding.size() - 1] = after;
  const Tensor squares = constant_pad_nd(x * x, padding, 0);
  const Tensor sums = squares.unfold(1, before + after + 1, 1).sum(-1);
  return x / (sums * (alpha / static_cast<double>(divisor)) + k).pow(beta);
}

}  // namespace

Tensor local_response_norm(const Tensor& input, std::int64_t size, double alpha, double beta,
                           double k) {
  check(input.dim() >= 3,
        "local_response_norm: input has shape {}, expected at least 3 dims, [N, C, ...]",
        input.sizes());
  return divide_by_neighbours("local_response_norm", input, size / 2, (size - 1) / 2, size, alpha,
                              beta, k);
}

Tensor cross_map_lrn2d(const Tensor& input, std::int64_t size, double alpha, double beta,
                       double k) {
  check(input.dim() == 4, "cross_map_lrn2d: input has shape {}, expected [N, C, H, W]",
        input.sizes());
  return divide_by_neighbours("cross_map_lrn2d", input, (size - 1) / 2, (size - 1) / 2, size, alpha,
                              beta, k);
}

}  // namespace xgrad
