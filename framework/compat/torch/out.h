// The `_out` forms of ops beyond those of xgrad/ops/out.h, with the same rules: the op runs, and
// its result is written into the given tensors.
#pragma once

#include <tuple>
#include <type_traits>

#include "torch/namespaces.h"

namespace xgrad {

#define XGRAD_OUT(op)                                                              \
  template <class... Args>                                                         \
  auto op##_out(Tensor& out, const Args&... args)                                  \
      ->std::enable_if_t<std::is_same_v<decltype(op(args...)), Tensor>, Tensor&> { \
    return detail::write_out(#op "_out", out, op(args...),                         \
                             autograd::flatten_tensor_args(args...));              \
  }
// clang-format off
XGRAD_OUT(abs) XGRAD_OUT(absolute) XGRAD_OUT(neg) XGRAD_OUT(negative) XGRAD_OUT(square) XGRAD_OUT(exp)
XGRAD_OUT(exp2) XGRAD_OUT(expm1) XGRAD_OUT(log) XGRAD_OUT(log2) XGRAD_OUT(log10) XGRAD_OUT(log1p)
XGRAD_OUT(sqrt) XGRAD_OUT(rsqrt) XGRAD_OUT(reciprocal) XGRAD_OUT(erf) XGRAD_OUT(erfc) XGRAD_OUT(erfinv)
XGRAD_OUT(lgamma) XGRAD_OUT(digamma) XGRAD_OUT(i0) XGRAD_OUT(sinc) XGRAD_OUT(floor) XGRAD_OUT(ceil)
XGRAD_OUT(round) XGRAD_OUT(trunc) XGRAD_OUT(frac) XGRAD_OUT(sign) XGRAD_OUT(sgn) XGRAD_OUT(nan_to_num)
XGRAD_OUT(sin) XGRAD_OUT(cos) XGRAD_OUT(tan) XGRAD_OUT(asin) XGRAD_OUT(acos) XGRAD_OUT(atan)
XGRAD_OUT(sinh) XGRAD_OUT(cosh) XGRAD_OUT(tanh) XGRAD_OUT(asinh) XGRAD_OUT(acosh) XGRAD_OUT(atanh)
XGRAD_OUT(sigmoid) XGRAD_OUT(logit) XGRAD_OUT(relu) XGRAD_OUT(silu) XGRAD_OUT(gelu) XGRAD_OUT(elu)
XGRAD_OUT(leaky_relu) XGRAD_OUT(hardtanh) XGRAD_OUT(softplus)
XGRAD_OUT(pow) XGRAD_OUT(float_power) XGRAD_OUT(atan2) XGRAD_OUT(hypot) XGRAD_OUT(copysign)
XGRAD_OUT(xlogy) XGRAD_OUT(logaddexp) XGRAD_OUT(fmod) XGRAD_OUT(remainder) XGRAD_OUT(floor_divide)
XGRAD_OUT(subtract) XGRAD_OUT(multiply) XGRAD_OUT(divide) XGRAD_OUT(true_divide)
XGRAD_OUT(gcd) XGRAD_OUT(lcm) XGRAD_OUT(maximum) XGRAD_OUT(minimum) XGRAD_OUT(fmax) XGRAD_OUT(fmin)
XGRAD_OUT(max) XGRAD_OUT(min) XGRAD_OUT(clamp) XGRAD_OUT(clamp_min) XGRAD_OUT(clamp_max) XGRAD_OUT(clip)
XGRAD_OUT(lerp) XGRAD_OUT(addcmul) XGRAD_OUT(addcdiv) XGRAD_OUT(where)
XGRAD_OUT(eq) XGRAD_OUT(ne) XGRAD_OUT(lt) XGRAD_OUT(le) XGRAD_OUT(gt) XGRAD_OUT(ge)
XGRAD_OUT(less) XGRAD_OUT(less_equal) XGRAD_OUT(greater) XGRAD_OUT(greater_equal) XGRAD_OUT(not_equal)
XGRAD_OUT(logical_and) XGRAD_OUT(logical_or) XGRAD_OUT(logical_xor) XGRAD_OUT(logical_not)
XGRAD_OUT(bitwise_and) XGRAD_OUT(bitwise_or) XGRAD_OUT(bitwise_xor) XGRAD_OUT(bitwise_not) XGRAD_OUT(isin)
XGRAD_OUT(all) XGRAD_OUT(any) XGRAD_OUT(prod) XGRAD_OUT(argmax) XGRAD_OUT(argmin)
XGRAD_OUT(cumsum) XGRAD_OUT(cumprod) XGRAD_OUT(softmax) XGRAD_OUT(log_softmax)
XGRAD_OUT(addmm) XGRAD_OUT(addmv) XGRAD_OUT(addr) XGRAD_OUT(baddbmm) XGRAD_OUT(dot) XGRAD_OUT(mv)
XGRAD_OUT(outer) XGRAD_OUT(inner) XGRAD_OUT(kron) XGRAD_OUT(linear) XGRAD_OUT(inverse) XGRAD_OUT(cholesky)
XGRAD_OUT(gather) XGRAD_OUT(scatter) XGRAD_OUT(scatter_add) XGRAD_OUT(index_select) XGRAD_OUT(index_add)
XGRAD_OUT(masked_select) XGRAD_OUT(take) XGRAD_OUT(nonzero) XGRAD_OUT(tril) XGRAD_OUT(triu) XGRAD_OUT(diag)
XGRAD_OUT(mse_loss) XGRAD_OUT(nll_loss) XGRAD_OUT(multinomial) XGRAD_OUT(bernoulli)
XGRAD_OUT(linalg_householder_product) XGRAD_OUT(orgqr) XGRAD_OUT(ormqr)
XGRAD_OUT(linalg_lu_solve) XGRAD_OUT(linalg_tensorinv) XGRAD_OUT(igamma) XGRAD_OUT(igammac) XGRAD_OUT(addbmm) XGRAD_OUT(angle) XGRAD_OUT(arccos) XGRAD_OUT(arccosh) XGRAD_OUT(arcsin)
XGRAD_OUT(arcsinh) XGRAD_OUT(arctan2) XGRAD_OUT(arctan) XGRAD_OUT(arctanh) XGRAD_OUT(argsort)
XGRAD_OUT(binary_cross_entropy) XGRAD_OUT(binary_cross_entropy_with_logits) XGRAD_OUT(bincount)
XGRAD_OUT(bitwise_left_shift) XGRAD_OUT(bitwise_right_shift) XGRAD_OUT(bucketize) XGRAD_OUT(celu)
XGRAD_OUT(channel_shuffle) XGRAD_OUT(cholesky_inverse) XGRAD_OUT(cholesky_solve) XGRAD_OUT(clone)
XGRAD_OUT(count_nonzero) XGRAD_OUT(cross) XGRAD_OUT(deg2rad) XGRAD_OUT(diag_embed)
XGRAD_OUT(diagonal_scatter) XGRAD_OUT(diff) XGRAD_OUT(dist) XGRAD_OUT(embedding) XGRAD_OUT(fill)
XGRAD_OUT(fix) XGRAD_OUT(ger) XGRAD_OUT(glu) XGRAD_OUT(grid_sampler_2d) XGRAD_OUT(grid_sampler_3d)
XGRAD_OUT(hardshrink) XGRAD_OUT(hardsigmoid) XGRAD_OUT(hardswish) XGRAD_OUT(heaviside) XGRAD_OUT(histc)
XGRAD_OUT(huber_loss) XGRAD_OUT(index_copy) XGRAD_OUT(index_fill) XGRAD_OUT(index_reduce) XGRAD_OUT(isinf)
XGRAD_OUT(isnan) XGRAD_OUT(isneginf) XGRAD_OUT(isposinf) XGRAD_OUT(ldexp) XGRAD_OUT(linalg_cholesky)
XGRAD_OUT(linalg_cond) XGRAD_OUT(linalg_cross) XGRAD_OUT(linalg_det) XGRAD_OUT(linalg_eigvalsh)
XGRAD_OUT(linalg_inv) XGRAD_OUT(linalg_matmul) XGRAD_OUT(linalg_matrix_exp) XGRAD_OUT(linalg_matrix_power)
XGRAD_OUT(linalg_matrix_rank) XGRAD_OUT(linalg_pinv) XGRAD_OUT(linalg_solve)
XGRAD_OUT(linalg_solve_triangular) XGRAD_OUT(linalg_svdvals) XGRAD_OUT(linalg_vecdot)
XGRAD_OUT(log_sigmoid) XGRAD_OUT(logaddexp2) XGRAD_OUT(logcumsumexp) XGRAD_OUT(lu_solve)
XGRAD_OUT(masked_fill) XGRAD_OUT(masked_scatter) XGRAD_OUT(matrix_power) XGRAD_OUT(mish) XGRAD_OUT(msort)
XGRAD_OUT(multi_margin_loss) XGRAD_OUT(multilabel_margin_loss) XGRAD_OUT(mvlgamma) XGRAD_OUT(nanmedian)
XGRAD_OUT(nanquantile) XGRAD_OUT(nextafter) XGRAD_OUT(nll_loss2d) XGRAD_OUT(normal)
XGRAD_OUT(nuclear_norm) XGRAD_OUT(pixel_shuffle) XGRAD_OUT(pixel_unshuffle) XGRAD_OUT(poisson)
XGRAD_OUT(polygamma) XGRAD_OUT(prelu) XGRAD_OUT(put) XGRAD_OUT(quantile) XGRAD_OUT(rad2deg)
XGRAD_OUT(renorm) XGRAD_OUT(repeat_interleave) XGRAD_OUT(rsub) XGRAD_OUT(scatter_reduce)
XGRAD_OUT(searchsorted) XGRAD_OUT(select_scatter) XGRAD_OUT(signbit) XGRAD_OUT(slice_scatter)
XGRAD_OUT(smooth_l1_loss) XGRAD_OUT(soft_margin_loss) XGRAD_OUT(softshrink) XGRAD_OUT(take_along_dim)
XGRAD_OUT(threshold) XGRAD_OUT(trace) XGRAD_OUT(vdot) XGRAD_OUT(median)
// clang-format on
#undef XGRAD_OUT

}  // namespace xgrad

namespace xgrad {

#define XGRAD_OUT(op)                                                                       \
  template <class... Args>                                                                  \
  auto op##_out(Tensor& a, Tensor& b, const Args&... args)                                  \
      ->std::enable_if_t<std::is_same_v<decltype(op(args...)), std::tuple<Tensor, Tensor>>, \
                         std::tuple<Tensor&, Tensor&>> {                                    \
    const auto [x, y] = op(args...);                                                        \
    const std::vector<Tensor> inputs = autograd::flatten_tensor_args(args...);              \
    return {detail::write_out(#op "_out", a, x, inputs),                                    \
            detail::write_out(#op "_out", b, y, inputs)};                                   \
  }
// clang-format off
XGRAD_OUT(max) XGRAD_OUT(min) XGRAD_OUT(cummax) XGRAD_OUT(cummin) XGRAD_OUT(median) XGRAD_OUT(mode)
XGRAD_OUT(kthvalue) XGRAD_OUT(sort) XGRAD_OUT(topk) XGRAD_OUT(qr)
XGRAD_OUT(aminmax) XGRAD_OUT(frexp) XGRAD_OUT(histogram) XGRAD_OUT(nanmedian) XGRAD_OUT(slogdet)
XGRAD_OUT(symeig) XGRAD_OUT(triangular_solve)
XGRAD_OUT(linalg_cholesky_ex) XGRAD_OUT(linalg_inv_ex) XGRAD_OUT(linalg_solve_ex) XGRAD_OUT(geqrf)
XGRAD_OUT(linalg_eigh) XGRAD_OUT(linalg_lu_factor) XGRAD_OUT(linalg_qr) XGRAD_OUT(linalg_slogdet)
// clang-format on
#undef XGRAD_OUT

}  // namespace xgrad

namespace xgrad {

// Those that take a list of dims, which a program writes in braces.
#define XGRAD_OUT(op, ...)                                   \
  return detail::write_out(#op "_out", out, op(__VA_ARGS__), \
                           autograd::flatten_tensor_args(__VA_ARGS__))
inline Tensor& sum_out(Tensor& out, const Tensor& x, optional<ScalarType> type = nullopt) {
  XGRAD_OUT(sum, x, type);
}
inline Tensor& sum_out(Tensor& out, const Tensor& x, OptionalIntArrayRef dim, bool keepdim = false,
                       optional<ScalarType> type = nullopt) {
  XGRAD_OUT(sum, x, dim, keepdim, type);
}
inline Tensor& mean_out(Tensor& out, const Tensor& x, OptionalIntArrayRef dim, bool keepdim = false,
                        optional<ScalarType> type = nullopt) {
  XGRAD_OUT(mean, x, dim, keepdim, type);
}
inline Tensor& amax_out(Tensor& out, const Tensor& x, IntArrayRef dim = {}, bool keepdim = false) {
  XGRAD_OUT(amax, x, dim, keepdim);
}
inline Tensor& amin_out(Tensor& out, const Tensor& x, IntArrayRef dim = {}, bool keepdim = false) {
  XGRAD_OUT(amin, x, dim, keepdim);
}
inline Tensor& logsumexp_out(Tensor& out, const Tensor& x, IntArrayRef dim, bool keepdim = false) {
  XGRAD_OUT(logsumexp, x, dim, keepdim);
}
inline Tensor& std_out(Tensor& out, const Tensor& x, OptionalIntArrayRef dim, bool unbiased = true,
                       bool keepdim = false) {
  XGRAD_OUT(std, x, dim, unbiased, keepdim);
}
inline Tensor& var_out(Tensor& out, const Tensor& x, OptionalIntArrayRef dim, bool unbiased = true,
                       bool keepdim = false) {
  XGRAD_OUT(var, x, dim, unbiased, keepdim);
}
inline Tensor& norm_out(Tensor& out, const Tensor& x, const Scalar& p = 2) {
  XGRAD_OUT(norm, x, p);
}
inline Tensor& norm_out(Tensor& out, const Tensor& x, const optional<Scalar>& p, IntArrayRef dim,
                        bool keepdim = false) {
  XGRAD_OUT(norm, x, p, dim, keepdim);
}

// Of the dtype that the given tensor has.
inline Tensor& empty_out(Tensor& out, IntArrayRef sizes) {
  XGRAD_OUT(empty, sizes, out.scalar_type());
}
inline Tensor& zeros_out(Tensor& out, IntArrayRef sizes) {
  XGRAD_OUT(zeros, sizes, out.scalar_type());
}
inline Tensor& ones_out(Tensor& out, IntArrayRef sizes) {
  XGRAD_OUT(ones, sizes, out.scalar_type());
}
inline Tensor& full_out(Tensor& out, IntArrayRef sizes, const Scalar& value) {
  XGRAD_OUT(full, sizes, value, out.scalar_type());
}
inline Tensor& rand_out(Tensor& out, IntArrayRef sizes) {
  XGRAD_OUT(rand, sizes, out.scalar_type());
}
inline Tensor& randn_out(Tensor& out, IntArrayRef sizes) {
  XGRAD_OUT(randn, sizes, out.scalar_type());
}
inline Tensor& randint_out(Tensor& out, std::int64_t high, IntArrayRef sizes) {
  XGRAD_OUT(randint, high, sizes, out.scalar_type());
}
inline Tensor& randint_out(Tensor& out, std::int64_t low, std::int64_t high, IntArrayRef sizes) {
  XGRAD_OUT(randint, low, high, sizes, out.scalar_type());
}
inline Tensor& randperm_out(Tensor& out, std::int64_t n) {
  XGRAD_OUT(randperm, n, out.scalar_type());
}
inline Tensor& eye_out(Tensor& out, std::int64_t n) { XGRAD_OUT(eye, n, out.scalar_type()); }
inline Tensor& eye_out(Tensor& out, std::int64_t n, std::int64_t m) {
  XGRAD_OUT(eye, n, m, out.scalar_type());
}
inline Tensor& arange_out(Tensor& out, const Scalar& end) {
  XGRAD_OUT(arange, end, out.scalar_type());
}
inline Tensor& arange_out(Tensor& out, const Scalar& start, const Scalar& end,
                          const Scalar& step = 1) {
  XGRAD_OUT(arange, start, end, step, out.scalar_type());
}
inline Tensor& linspace_out(Tensor& out, const Scalar& start, const Scalar& end,
                            std::int64_t steps) {
  XGRAD_OUT(linspace, start, end, steps, out.scalar_type());
}
#undef XGRAD_OUT

}  // namespace xgrad
