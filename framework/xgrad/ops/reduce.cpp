#include "xgrad/ops/reduce.h"

#include "xgrad/autograd/record.h"
#include "xgrad/core/format.h"
#include "xgrad/ops/arithmetic.h"
#include "xgrad/ops/cumulative.h"
#include "xgrad/ops/map.h"
#include "xgrad/ops/reduce_plan.h"

namespace xgrad {

using namespace autograd;
using kernels::ReduceOp;

namespace {

using Type = optional<ScalarType>;

// An op with a `type` is that op on x.to(type). Integers that become floats, or the other way
// round, must be converted; integers are summed as int64 anyway.
Tensor as_type(const Tensor& x, Type type) {
  return type && *type != x.scalar_type() ? x.to(*type) : x;
}

Tensor sum_over(const Tensor& input, OptionalIntArrayRef dim, bool keepdim, Type type) {
  const bool same_sum = type == kLong && isIntegralType(input.scalar_type(), true);
  const Tensor x = same_sum ? input : as_type(input, type);
  const DimMask reduced = reduced_dims("sum", dim, x.dim());
  Tensor y = reduce("sum", ReduceOp::sum, x, reduced, keepdim);
  if (type && y.scalar_type() != *type) y = convert(y, *type);
  if (recording(x)) {
    record(dim.has_value() ? "SumBackward1" : "SumBackward0", y, {x},
           [sizes = Dims(x.sizes()), reduced, keepdim](const Tensor& dy, Gradients& dx) {
             dx[0] = spread(dy, sizes, reduced, keepdim);
           });
  }
  return y;
}

void divide_by(const Tensor& y, std::int64_t n) {
  dispatch_floating(y.scalar_type(), [&](auto zero) {
    using T = decltype(zero);
    T* data = static_cast<T*>(y.data_ptr());
    for (std::int64_t i = 0, size = y.numel(); i < size; ++i) data[i] /= static_cast<T>(n);
  });
}

Tensor mean_over(const Tensor& input, OptionalIntArrayRef dim, bool keepdim, Type type) {
  check(isFloatingType(type.value_or(input.scalar_type())),
        "mean: the result would be {}, expected a floating dtype; give one as `type`",
        dtype_name(type.value_or(input.scalar_type())));
  const Tensor x = as_type(input, type);
  const DimMask reduced = reduced_dims("mean", dim, x.dim());
  Tensor y = reduce("mean", ReduceOp::sum, x, reduced, keepdim);
  const std::int64_t n = reduced_count(x.sizes(), reduced);
  divide_by(y, n);
  if (recording(x)) {
    record(dim.has_value() ? "MeanBackward1" : "MeanBackward0", y, {x},
           [sizes = Dims(x.sizes()), reduced, keepdim, n](const Tensor& dy, Gradients& dx) {
             dx[0] = spread(dy, sizes, reduced, keepdim) / n;
           });
  }
  return y;
}

Tensor answer(const char* op, ReduceOp kind, const Tensor& x, OptionalIntArrayRef dim,
              bool keepdim) {
  const Tensor y = reduce(op, kind, x, reduced_dims(op, dim, x.dim()), keepdim);
  return x.scalar_type() == kByte ? convert(y, kByte) : y;
}

}  // namespace

Tensor sum(const Tensor& x, Type type) { return sum_over(x, nullopt, false, type); }
Tensor sum(const Tensor& x, OptionalIntArrayRef dim, bool keepdim, Type type) {
  return sum_over(x, dim, keepdim, type);
}

Tensor nansum(const Tensor& input, OptionalIntArrayRef dim, bool keepdim, Type type) {
  if (!isFloatingType(input.scalar_type())) return sum_over(input, dim, keepdim, type);
  check(!type || isFloatingType(*type), "nansum: not defined for dtype {}",
        dtype_name(type.value_or(kFloat)));
  const Tensor x = as_type(input, type);
  const DimMask reduced = reduced_dims("nansum", dim, x.dim());
  Tensor y = reduce("nansum", ReduceOp::nansum, x, reduced, keepdim);
  if (recording(x)) {
    record("NansumBackward0", y, {x},
           [x = Saved(x), reduced, keepdim](const Tensor& dy, Gradients& dx) {
             const Tensor in = x();
             dx[0] = spread(dy, in.sizes(), reduced, keepdim) * in.isnan().logical_not();
           });
  }
  return y;
}

Tensor mean(const Tensor& x, Type type) { return mean_over(x, nullopt, false, type); }
Tensor mean(const Tensor& x, OptionalIntArrayRef dim, bool keepdim, Type type) {
  return mean_over(x, dim, keepdim, type);
}

Tensor nanmean(const Tensor& x, OptionalIntArrayRef dim, bool keepdim, Type type) {
  check(isFloatingType(x.scalar_type()), "nanmean: not defined for dtype {}",
        dtype_name(x.scalar_type()));
  return nansum(x, dim, keepdim, type) / x.detach().isnan().logical_not().sum(dim, keepdim);
}

// dx = dy y / x, and where x is 0 somewhere, dy times the products of what stands before and
// behind.
Tensor prod(const Tensor& input, std::int64_t dim, bool keepdim, Type type) {
  const Tensor x = as_type(input, type);
  const DimMask reduced = reduced_dims("prod", dim, x.dim());
  Tensor y = reduce("prod", ReduceOp::prod, x, reduced, keepdim);
  if (type && y.scalar_type() != *type) y = convert(y, *type);
  if (recording(x)) {
    record("ProdBackward1", y, {x},
           [x = Saved(x), y = saved_output(y), dim, reduced, keepdim](const Tensor& dy,
                                                                      Gradients& dx) {
             const Tensor in = x();
             const Tensor over = restore_dims(dy, in.sizes(), reduced, keepdim);
             if (in.detach().eq(0).any().item<bool>()) {
               const Tensor behind = detail::products_before(in.flip({dim}), dim).flip({dim});
               dx[0] = over * detail::products_before(in, dim) * behind;
             } else {
               dx[0] = over * restore_dims(y(), in.sizes(), reduced, keepdim) / in;
             }
           });
  }
  return y;
}
Tensor prod(const Tensor& x, Type type) {
  if (!recording(x)) {
    const Tensor as = as_type(x, type);
    const Tensor y =
        reduce("prod", ReduceOp::prod, as, reduced_dims("prod", nullopt, as.dim()), false);
    return type && y.scalar_type() != *type ? convert(y, *type) : y;
  }
  return prod(x.reshape({-1}), 0, false, type);
}

Tensor all(const Tensor& x) { return answer("all", ReduceOp::all, x, nullopt, false); }
Tensor all(const Tensor& x, std::int64_t dim, bool keepdim) {
  return answer("all", ReduceOp::all, x, dim, keepdim);
}
Tensor any(const Tensor& x) { return answer("any", ReduceOp::any, x, nullopt, false); }
Tensor any(const Tensor& x, std::int64_t dim, bool keepdim) {
  return answer("any", ReduceOp::any, x, dim, keepdim);
}

Tensor count_nonzero(const Tensor& x, IntArrayRef dim) {
  return reduce("count_nonzero", ReduceOp::count_nonzero, x,
                reduced_dims("count_nonzero", dim, x.dim()), false);
}
Tensor count_nonzero(const Tensor& x, optional<std::int64_t> dim) {
  return dim ? count_nonzero(x, IntArrayRef(*dim)) : count_nonzero(x, IntArrayRef());
}

Tensor sum_to_size(const Tensor& x, IntArrayRef sizes) {
  if (x.sizes() == sizes) return x;
  const auto rank = static_cast<std::size_t>(x.dim());
  bool fits = sizes.size() <= rank;
  Dims dims;
  for (std::size_t d = 0; d < rank && fits; ++d) {
    const bool leading = d < rank - sizes.size();
    const std::int64_t wanted = leading ? 1 : sizes[d - (rank - sizes.size())];
    fits = wanted == 1 || wanted == x.sizes()[d];
    if (leading || wanted != x.sizes()[d]) dims.push_back(static_cast<std::int64_t>(d));
  }
  check(fits, "sum_to_size: shape {} cannot be summed to {}", x.sizes(), sizes);
  const Tensor y = sum_over(x, IntArrayRef(dims), true, nullopt);
  return sizes.size() == rank ? y : y.reshape(sizes);
}

// clang-format off
// Methods.
Tensor Tensor::sum(OptType type) const { return xgrad::sum(*this, type); }
Tensor Tensor::sum(OptionalIntArrayRef dim, bool keepdim, OptType type) const { return xgrad::sum(*this, dim, keepdim, type); }
Tensor Tensor::nansum(OptionalIntArrayRef dim, bool keepdim) const { return xgrad::nansum(*this, dim, keepdim); }
Tensor Tensor::mean(OptType type) const { return xgrad::mean(*this, type); }
Tensor Tensor::mean(OptionalIntArrayRef dim, bool keepdim, OptType type) const { return xgrad::mean(*this, dim, keepdim, type); }
Tensor Tensor::prod(OptType type) const { return xgrad::prod(*this, type); }
Tensor Tensor::prod(std::int64_t dim, bool keepdim, OptType type) const { return xgrad::prod(*this, dim, keepdim, type); }
Tensor Tensor::all() const { return xgrad::all(*this); }
Tensor Tensor::all(std::int64_t dim, bool keepdim) const { return xgrad::all(*this, dim, keepdim); }
Tensor Tensor::any() const { return xgrad::any(*this); }
Tensor Tensor::any(std::int64_t dim, bool keepdim) const { return xgrad::any(*this, dim, keepdim); }
Tensor Tensor::count_nonzero(OptDim dim) const { return xgrad::count_nonzero(*this, dim); }
Tensor Tensor::count_nonzero(IntArrayRef dim) const { return xgrad::count_nonzero(*this, dim); }
Tensor Tensor::count_nonzero(std::int64_t dim) const { return count_nonzero(IntArrayRef(dim)); }
Tensor Tensor::sum_to_size(IntArrayRef sizes) const { return xgrad::sum_to_size(*this, sizes); }
// clang-format on

}  // namespace xgrad
