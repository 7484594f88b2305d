#include "xgrad/nn/orthogonal.h"

#include <algorithm>
#include <cmath>
#include <span>
#include <vector>

namespace xgrad::nn {
namespace {

using Column = std::span<double>;

double dot(Column x, Column y) {
  double sum = 0;
  for (std::size_t i = 0; i < x.size(); ++i) sum += x[i] * y[i];
  return sum;
}

// y - 2 v (v . y), for a unit vector v.
void reflect(Column v, Column y) {
  const double scale = 2 * dot(v, y);
  for (std::size_t i = 0; i < v.size(); ++i) y[i] -= scale * v[i];
}

}  // namespace

Tensor orthonormal_columns(const Tensor& a) {
  const auto m = static_cast<std::size_t>(a.size(0)), n = static_cast<std::size_t>(a.size(1));
  // Column after column, so that all loops run along memory.
  const Tensor columns = a.detach().to(kDouble).t().clone(MemoryFormat::Contiguous);
  const auto column = [&](double* base, std::size_t j, std::size_t first) {
    return Column(base + j * m + first, m - first);
  };
  double* r = columns.data_ptr<double>();

  // Reflection k, a unit vector, takes the place of the column that it cleared.
  std::vector<double> diagonal(n);
  for (std::size_t k = 0; k < n; ++k) {
    const Column x = column(r, k, k);
    const double norm = std::sqrt(dot(x, x));
    // Away from x[0], against cancellation.
    diagonal[k] = x[0] > 0 ? -norm : norm;
    x[0] -= diagonal[k];
    const double length = std::sqrt(dot(x, x));
    if (length > 0) {
      for (double& value : x) value /= length;
    }
    for (std::size_t j = k + 1; j < n; ++j) reflect(x, column(r, j, k));
  }

  // Q: all reflections on the identity, the last one first; each column as R's diagonal is
  // positive.
  std::vector<double> q(m * n, 0.0);
  for (std::size_t j = 0; j < n; ++j) {
    q[j * m + j] = diagonal[j] < 0 ? -1 : diagonal[j] > 0 ? 1 : 0;
    for (std::size_t k = j + 1; k-- > 0;) reflect(column(r, k, k), column(q.data(), j, k));
  }
  const Tensor result = make_tensor({a.size(1), a.size(0)}, kDouble);
  std::copy(q.begin(), q.end(), result.data_ptr<double>());
  return result.t().to(a.scalar_type());
}

}  // namespace xgrad::nn
