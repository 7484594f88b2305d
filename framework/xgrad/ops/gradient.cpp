#include "xgrad/ops/gradient.h"

#include <set>

#include "xgrad/core/format.h"
#include "xgrad/ops/arithmetic.h"
#include "xgrad/ops/cumulative.h"
#include "xgrad/ops/shape.h"
#include "xgrad/ops/view.h"

namespace xgrad {

namespace {

Dims dims_of(const Tensor& x, optional<std::int64_t> dim) {
  if (dim) return {*dim};
  Dims all;
  for (std::int64_t i = 0; i < x.dim(); ++i) all.push_back(i);
  return all;
}

// The samples along one dim.
struct Samples {
  const Tensor& x;
  std::int64_t dim;
  std::int64_t edge_order;

  Tensor at(std::int64_t i) const { return x.narrow(dim, i < 0 ? x.size(dim) + i : i, 1); }
  Tensor range(std::int64_t first, std::int64_t last) const {
    return x.narrow(dim, first, x.size(dim) - first + last);
  }

  Tensor even(const Scalar& step) const {
    const Tensor inner = (range(2, 0) - range(0, -2)) / step / 2;
    const bool first_order = edge_order == 1;
    const Tensor begin = first_order ? at(1) - at(0) : at(0) * -1.5 + at(1) * 2 - at(2) * 0.5;
    const Tensor end = first_order ? at(-1) - at(-2) : at(-3) * 0.5 - at(-2) * 2 + at(-1) * 1.5;
    return cat({begin / step, inner, end / step}, dim);
  }

  // The slope at the second of three places, of which the first is p before and the third q after.
  // The derivative of the parabola through them.
  Tensor uneven(const Tensor& coordinates) const {
    Dims along(x.sizes().size(), 1);
    along[static_cast<std::size_t>(dim)] = -1;
    const Tensor steps = diff(coordinates).reshape(along);
    const std::int64_t n = steps.size(dim);
    const Tensor p = steps.narrow(dim, 0, n - 1), q = steps.narrow(dim, 1, n - 1);
    const Tensor inner = range(0, -2) * (q.neg() / (p * (p + q))) +
                         range(1, -1) * ((q - p) / (p * q)) + range(2, 0) * (p / (q * (p + q)));
    const auto step = [&](std::int64_t i) { return steps.narrow(dim, i < 0 ? n + i : i, 1); };
    if (edge_order == 1) {
      return cat({(at(1) - at(0)) / step(0), inner, (at(-1) - at(-2)) / step(-1)}, dim);
    }
    // From an end inwards: p and then q further.
    const auto edge = [](const Tensor& a, const Tensor& b, const Tensor& c, const Tensor& first,
                         const Tensor& second) {
      return b * ((first + second) / (first * second)) -
             a * ((first * 2 + second) / (first * (first + second))) -
             c * (first / (second * (first + second)));
    };
    return cat({edge(at(0), at(1), at(2), step(0), step(1)), inner,
                edge(at(-1), at(-2), at(-3), step(-1), step(-2)).neg()},
               dim);
  }
};

template <class F>
std::vector<Tensor> gradients(const Tensor& x, IntArrayRef dims, std::size_t spacings,
                              std::int64_t edge_order, const F& along) {
  check(edge_order == 1 || edge_order == 2, "gradient: edge_order is {}, expected 1 or 2",
        edge_order);
  check(spacings == dims.size(), "gradient: {} spacings for {} dims, expected one each", spacings,
        dims.size());
  std::set<std::int64_t> seen;
  std::vector<Tensor> result;
  for (std::size_t i = 0; i < dims.size(); ++i) {
    const std::int64_t d = wrap_dim("gradient", dims[i], x.dim());
    check(seen.insert(d).second, "gradient: dim {} appears twice", d);
    check(x.size(d) > edge_order, "gradient: dim {} has {} samples, expected at least {}", d,
          x.size(d), edge_order + 1);
    result.push_back(along(Samples{x, d, edge_order}, i));
  }
  return result;
}

}  // namespace

std::vector<Tensor> gradient(const Tensor& x, ArrayRef<Scalar> spacing, IntArrayRef dim,
                             std::int64_t edge_order) {
  return gradients(x, dim, spacing.size(), edge_order,
                   [&](const Samples& samples, std::size_t i) { return samples.even(spacing[i]); });
}
std::vector<Tensor> gradient(const Tensor& x, TensorList spacing, IntArrayRef dim,
                             std::int64_t edge_order) {
  return gradients(x, dim, spacing.size(), edge_order, [&](const Samples& samples, std::size_t i) {
    check(spacing[i].dim() == 1 && spacing[i].numel() == x.size(samples.dim),
          "gradient: coordinates of shape {} for a dim of size {}, expected one each",
          spacing[i].sizes(), x.size(samples.dim));
    return samples.uneven(spacing[i]);
  });
}
std::vector<Tensor> gradient(const Tensor& x, const Scalar& spacing, IntArrayRef dim,
                             std::int64_t edge_order) {
  return gradient(x, std::vector<Scalar>(dim.size(), spacing), dim, edge_order);
}
std::vector<Tensor> gradient(const Tensor& x, IntArrayRef dim, std::int64_t edge_order) {
  return gradient(x, Scalar(1), dim, edge_order);
}
std::vector<Tensor> gradient(const Tensor& x, const optional<Scalar>& spacing,
                             optional<std::int64_t> dim, std::int64_t edge_order) {
  return gradient(x, spacing.value_or(1), dims_of(x, dim), edge_order);
}
std::vector<Tensor> gradient(const Tensor& x, ArrayRef<Scalar> spacing, optional<std::int64_t> dim,
                             std::int64_t edge_order) {
  return gradient(x, spacing, dims_of(x, dim), edge_order);
}
std::vector<Tensor> gradient(const Tensor& x, TensorList spacing, optional<std::int64_t> dim,
                             std::int64_t edge_order) {
  return gradient(x, spacing, dims_of(x, dim), edge_order);
}

}  // namespace xgrad
