#include "xgrad/ops/distance.h"

#include "xgrad/autograd/grad_mode.h"
#include "xgrad/core/format.h"
#include "xgrad/ops/arithmetic.h"
#include "xgrad/ops/map.h"
#include "xgrad/ops/norm.h"

namespace xgrad {

namespace {

// The norm along dim, at least eps; the bound is outside autograd, as in PyTorch: below it the
// gradient is that of the norm.
Tensor bounded_norm(const Tensor& x, std::int64_t dim, double eps) {
  const Tensor squares = (x * x).sum(dim, true);
  Tensor bounded = squares.clone();
  {
    NoGradGuard no_grad;
    bounded.clamp_min_(eps * eps);
  }
  return bounded.sqrt();
}

}  // namespace

Tensor cosine_similarity(const Tensor& x1, const Tensor& x2, std::int64_t dim, double eps) {
  const ScalarType type = result_type({x1, x2});
  check(isFloatingType(type), "cosine_similarity: inputs are {} and {}, expected floating dtypes",
        dtype_name(x1.scalar_type()), dtype_name(x2.scalar_type()));
  const Dims sizes = broadcast_shape("cosine_similarity", {x1, x2});
  const Tensor a = x1.to(type).expand(sizes), b = x2.to(type).expand(sizes);
  return (a / bounded_norm(a, dim, eps) * (b / bounded_norm(b, dim, eps))).sum(dim);
}

Tensor pairwise_distance(const Tensor& x1, const Tensor& x2, double p, double eps, bool keepdim) {
  return (x1 - x2 + eps).norm(Scalar(p), -1, keepdim);
}

Tensor pdist(const Tensor& x, double p) {
  check(x.dim() == 2, "pdist: input has shape {}, expected [N, D]", x.sizes());
  check(p >= 0, "pdist: p is {}, expected no negative number", p);
  const std::int64_t n = x.size(0), pairs = n * (n - 1) / 2;
  const Tensor first = make_tensor({pairs}, kLong), second = make_tensor({pairs}, kLong);
  auto *i = first.data_ptr<std::int64_t>(), *j = second.data_ptr<std::int64_t>();
  for (std::int64_t a = 0; a < n; ++a) {
    for (std::int64_t b = a + 1; b < n; ++b) {
      *i++ = a;
      *j++ = b;
    }
  }
  return detail::row_norm(x.index_select(0, first) - x.index_select(0, second), p);
}

}  // namespace xgrad
