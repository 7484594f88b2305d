#include "xgrad/ops/standardize.h"

#include "xgrad/core/format.h"
#include "xgrad/ops/arithmetic.h"
#include "xgrad/ops/comparison.h"

namespace xgrad {

void check_norm_input(const char* op, const Tensor& input) {
  check(input.is_floating_point(), "{}: input is {}, expected a floating dtype", op,
        dtype_name(input.scalar_type()));
}

void check_norm_parameter(const char* op, const char* what, const Tensor& parameter,
                          IntArrayRef sizes, const Tensor& input) {
  if (!parameter.defined()) return;
  check(parameter.sizes() == sizes, "{}: {} has shape {}, expected {} for an input of shape {}", op,
        what, parameter.sizes(), sizes, input.sizes());
  check(parameter.scalar_type() == input.scalar_type(),
        "{}: {} is {}, expected the input's dtype, {}", op, what,
        dtype_name(parameter.scalar_type()), dtype_name(input.scalar_type()));
}

Tensor along_channels(const Tensor& vector, std::int64_t dims) {
  Dims sizes(static_cast<std::size_t>(dims), 1);
  sizes[1] = vector.numel();
  return vector.reshape(sizes);
}

double nearest(double value, ScalarType type) {
  return type == kFloat ? static_cast<double>(static_cast<float>(value)) : value;
}

Standardized::Standardized(const Tensor& x, IntArrayRef dims, double eps, bool flat_is_zero) {
  // In two steps, since x may lie far from 0.
  const Tensor shifted = x - x.detach().mean(dims, true), d = shifted - shifted.mean(dims, true);
  const Tensor var = (d * d).mean(dims, true) + eps;
  if (flat_is_zero && eps == 0) {
    Tensor first = x.detach();
    for (const std::int64_t dim : dims) first = first.narrow(dim, 0, 1);
    const Tensor flat = (x.detach() - first).abs().amax(dims, true) == 0;
    rstd = var.masked_fill(flat, 1).rsqrt().masked_fill(flat, 0);
  } else {
    rstd = var.rsqrt();
  }
  h = d * rstd;
}

Tensor standardized_gradient(const Standardized& s, const Tensor& g, IntArrayRef dims) {
  return s.rstd * (g - g.mean(dims, true) - s.h * (g * s.h).mean(dims, true));
}

}  // namespace xgrad
