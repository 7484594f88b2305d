#include "xgrad/ops/special.h"

#include <limits>
#include <numbers>

#include "xgrad/ops/arithmetic.h"
#include "xgrad/ops/comparison.h"
#include "xgrad/ops/elementwise.h"
#include "xgrad/ops/factories.h"
#include "xgrad/ops/unary.h"
#include "xgrad/ops/where.h"

namespace xgrad::special {

using namespace autograd;

Tensor entr(const Tensor& x) {
  const Tensor data = x.detach().to(floating_result_type({x}));
  const Tensor y = where(data < 0, -std::numeric_limits<double>::infinity(),
                         where(data == 0, 0, data * -log(data)));
  if (recording(x)) {
    record("SpecialEntrBackward0", y, {x},
           [x = Saved(x)](const Tensor& dy, Gradients& dx) { dx[0] = dy * (-log(x()) - 1); });
  }
  return y;
}

Tensor ndtr(const Tensor& x) { return 0.5 * erfc(x * -(std::numbers::sqrt2 / 2)); }

Tensor ndtri(const Tensor& p) {
  return of_output<kernels::Ndtri>(
      "ndtri", "SpecialNdtriBackward0", p, [](const Tensor& dy, const Tensor& y) {
        return dy * (std::numbers::sqrt2 / std::numbers::inv_sqrtpi) * (y.square() / 2).exp();
      });
}

// By a: log(1 + b), but 0 where the function is held at 0; by b: a / (1 + b).
Tensor xlog1py(const Tensor& a, const Tensor& b) {
  const ScalarType type = floating_result_type({a, b});
  const Tensor u = a.detach().to(type), v = b.detach().to(type);
  const Tensor y = where((u == 0) & (v == v), 0, u * log1p(v));
  if (recording(a, b)) {
    record("SpecialXlog1PyBackward0", y, {a, b},
           [a = Saved(a), b = Saved(b)](const Tensor& dy, Gradients& dx) {
             const Tensor x = a(), z = b();
             if (dx.needs(0)) dx[0] = where((x == 0) & (z <= -1), 0, dy * log1p(z));
             if (dx.needs(1)) dx[1] = dy * x / (z + 1);
           });
  }
  return y;
}
Tensor xlog1py(const Tensor& a, const Scalar& b) {
  return xlog1py(a, scalar_tensor(b, floating_result_type({a, b})));
}
Tensor xlog1py(const Scalar& a, const Tensor& b) {
  return xlog1py(scalar_tensor(a, floating_result_type({a, b})), b);
}

}  // namespace xgrad::special
