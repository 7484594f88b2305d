#include "xgrad/ops/scan.h"

#include "xgrad/autograd/record.h"
#include "xgrad/ops/arithmetic.h"
#include "xgrad/ops/map.h"

namespace xgrad {

using namespace autograd;

// With l[k] = dL/ds[k] summed over all later uses: l[k] = dy[k] + a[k - 1] l[k - 1], the scan of
// the other direction; db = l and da[k] = l[k] s[k + 1].
Tensor affine_scan(const Tensor& a, const Tensor& b, std::int64_t dim, bool reversed) {
  const Lines factors("affine_scan", a, dim), terms("affine_scan", b, dim);
  Tensor y = make_tensor(b.sizes(), b.scalar_type());
  dispatch_floating(y.scalar_type(), [&](auto zero) {
    using T = decltype(zero);
    const T *factor = factors.x.data_ptr<T>(), *term = terms.x.data_ptr<T>();
    T* out = y.data_ptr<T>();
    scan<double>(
        terms, reversed, 0.0,
        [&](double s, std::int64_t k) {
          return static_cast<double>(term[k]) + static_cast<double>(factor[k]) * s;
        },
        [&](std::int64_t k, double s) { out[k] = static_cast<T>(s); });
  });
  if (recording(a, b)) {
    record("AffineScanBackward0", y, {a, b},
           [a = Saved(a), y = saved_output(y), dim, reversed](const Tensor& dy, Gradients& dx) {
             const Tensor l = affine_scan(neighbour(a(), dim, !reversed, 0), dy, dim, !reversed);
             if (dx.needs(0)) dx[0] = l * neighbour(y(), dim, reversed, 0);
             if (dx.needs(1)) dx[1] = l;
           });
  }
  return y;
}

Tensor neighbour(const Tensor& x, std::int64_t dim, bool next, double fill) {
  const std::int64_t d = wrap_dim("neighbour", dim, x.dim());
  Tensor y = make_tensor(x.sizes(), x.scalar_type());
  dispatch(x.scalar_type(), [&](auto zero) {
    using T = decltype(zero);
    std::fill_n(y.data_ptr<T>(), y.numel(), static_cast<T>(fill));
  });
  if (x.dim() > 0 && x.size(d) > 1) {
    const auto i = static_cast<std::size_t>(d);
    Dims sizes = x.sizes();
    --sizes[i];
    const Tensor from =
        make_alias(x, sizes, x.strides(), x.storage_offset() + (next ? x.strides()[i] : 0));
    copy_into(make_alias(y, sizes, y.strides(), next ? 0 : y.strides()[i]), from);
  }
  if (recording(x)) {
    record("NeighbourBackward0", y, {x},
           [d, next](const Tensor& dy, Gradients& dx) { dx[0] = neighbour(dy, d, !next, 0); });
  }
  return y;
}

}  // namespace xgrad
