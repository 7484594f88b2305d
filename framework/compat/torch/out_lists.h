// More `_out` forms, with the rules of xgrad/ops/out.h: of ops that take a list of dims or of
// tensors, which a program writes in braces, of factories, and of ops with three results.
#pragma once

#include <tuple>
#include <vector>

#include "torch/out.h"

namespace xgrad {

// A list of dims behind the tensor.
#define XGRAD_OUT(op)                                                                     \
  template <class... Args>                                                                \
  Tensor& op##_out(Tensor& out, const Tensor& x, IntArrayRef dims, const Args&... args) { \
    return detail::write_out(#op "_out", out, op(x, dims, args...), {x});                 \
  }
// clang-format off
XGRAD_OUT(adaptive_avg_pool2d) XGRAD_OUT(adaptive_avg_pool3d) XGRAD_OUT(affine_grid_generator)
XGRAD_OUT(constant_pad_nd) XGRAD_OUT(count_nonzero) XGRAD_OUT(flip) XGRAD_OUT(frobenius_norm)
XGRAD_OUT(reflection_pad1d) XGRAD_OUT(reflection_pad2d) XGRAD_OUT(reflection_pad3d)
XGRAD_OUT(replication_pad1d) XGRAD_OUT(replication_pad2d) XGRAD_OUT(replication_pad3d)
XGRAD_OUT(nuclear_norm) XGRAD_OUT(upsample_nearest1d) XGRAD_OUT(upsample_nearest2d)
XGRAD_OUT(upsample_nearest3d) XGRAD_OUT(upsample_linear1d) XGRAD_OUT(upsample_bilinear2d)
XGRAD_OUT(upsample_bicubic2d) XGRAD_OUT(upsample_trilinear3d) XGRAD_OUT(repeat)
// clang-format on
#undef XGRAD_OUT

}  // namespace xgrad

namespace xgrad {

// A list of tensors.
#define XGRAD_OUT(op)                                                         \
  template <class... Args>                                                    \
  Tensor& op##_out(Tensor& out, TensorList tensors, const Args&... args) {    \
    return detail::write_out(#op "_out", out, op(tensors, args...), tensors); \
  }
// clang-format off
XGRAD_OUT(block_diag) XGRAD_OUT(chain_matmul) XGRAD_OUT(column_stack) XGRAD_OUT(concat)
XGRAD_OUT(concatenate) XGRAD_OUT(dstack) XGRAD_OUT(hstack) XGRAD_OUT(vstack) XGRAD_OUT(row_stack)
XGRAD_OUT(linalg_multi_dot)
// clang-format on
#undef XGRAD_OUT

}  // namespace xgrad

namespace xgrad {

#define XGRAD_OUT(op, x, ...) \
  return detail::write_out(#op "_out", out, op(x __VA_OPT__(, ) __VA_ARGS__), {x})
inline Tensor& avg_pool2d_out(Tensor& out, const Tensor& x, IntArrayRef kernel_size,
                              IntArrayRef stride = {}, IntArrayRef padding = 0,
                              bool ceil_mode = false, bool count_include_pad = true,
                              optional<std::int64_t> divisor = nullopt) {
  XGRAD_OUT(avg_pool2d, x, kernel_size, stride, padding, ceil_mode, count_include_pad, divisor);
}
inline Tensor& avg_pool3d_out(Tensor& out, const Tensor& x, IntArrayRef kernel_size,
                              IntArrayRef stride = {}, IntArrayRef padding = 0,
                              bool ceil_mode = false, bool count_include_pad = true,
                              optional<std::int64_t> divisor = nullopt) {
  XGRAD_OUT(avg_pool3d, x, kernel_size, stride, padding, ceil_mode, count_include_pad, divisor);
}
inline Tensor& roll_out(Tensor& out, const Tensor& x, IntArrayRef shifts, IntArrayRef dims = {}) {
  XGRAD_OUT(roll, x, shifts, dims);
}
inline Tensor& rot90_out(Tensor& out, const Tensor& x, std::int64_t k = 1,
                         IntArrayRef dims = {0, 1}) {
  XGRAD_OUT(rot90, x, k, dims);
}
inline Tensor& nansum_out(Tensor& out, const Tensor& x, OptionalIntArrayRef dim = nullopt,
                          bool keepdim = false, optional<ScalarType> type = nullopt) {
  XGRAD_OUT(nansum, x, dim, keepdim, type);
}
inline Tensor& nanmean_out(Tensor& out, const Tensor& x, OptionalIntArrayRef dim = nullopt,
                           bool keepdim = false, optional<ScalarType> type = nullopt) {
  XGRAD_OUT(nanmean, x, dim, keepdim, type);
}
inline Tensor& linalg_norm_out(Tensor& out, const Tensor& x, const optional<Scalar>& ord = nullopt,
                               OptionalIntArrayRef dim = nullopt, bool keepdim = false,
                               optional<ScalarType> type = nullopt) {
  XGRAD_OUT(linalg_norm, x, ord, dim, keepdim, type);
}
inline Tensor& linalg_vector_norm_out(Tensor& out, const Tensor& x, const Scalar& ord = 2,
                                      OptionalIntArrayRef dim = nullopt, bool keepdim = false,
                                      optional<ScalarType> type = nullopt) {
  XGRAD_OUT(linalg_vector_norm, x, ord, dim, keepdim, type);
}
inline Tensor& linalg_matrix_norm_out(Tensor& out, const Tensor& x, const Scalar& ord,
                                      IntArrayRef dim = {-2, -1}, bool keepdim = false,
                                      optional<ScalarType> type = nullopt) {
  XGRAD_OUT(linalg_matrix_norm, x, ord, dim, keepdim, type);
}
inline Tensor& tensordot_out(Tensor& out, const Tensor& a, const Tensor& b, IntArrayRef dims_a,
                             IntArrayRef dims_b) {
  return detail::write_out("tensordot_out", out, tensordot(a, b, dims_a, dims_b), {a, b});
}
inline Tensor& max_unpool2d_out(Tensor& out, const Tensor& x, const Tensor& indices,
                                IntArrayRef output_size) {
  XGRAD_OUT(max_unpool2d, x, indices, output_size);
}
inline std::tuple<Tensor&, Tensor&> adaptive_max_pool2d_out(Tensor& out, Tensor& indices,
                                                            const Tensor& x,
                                                            IntArrayRef output_size) {
  const auto [y, places] = adaptive_max_pool2d(x, output_size);
  return {detail::write_out("adaptive_max_pool2d_out", out, y, {x}),
          detail::write_out("adaptive_max_pool2d_out", indices, places, {})};
}
inline Tensor& normal_out(Tensor& out, double mean, double std, IntArrayRef sizes,
                          optional<Generator> generator = nullopt) {
  return detail::write_out("normal_out", out,
                           normal(mean, std, sizes, generator, out.scalar_type()), {});
}
inline Tensor& logspace_out(Tensor& out, const Scalar& start, const Scalar& end, std::int64_t steps,
                            double base = 10) {
  return detail::write_out("logspace_out", out,
                           logspace(start, end, steps, base, out.scalar_type()), {});
}

// With a number, a rounding mode or a generator.
inline Tensor& add_out(Tensor& out, const Tensor& a, const Scalar& b, const Scalar& alpha = 1) {
  XGRAD_OUT(add, a, b, alpha);
}
inline Tensor& sub_out(Tensor& out, const Tensor& a, const Scalar& b, const Scalar& alpha = 1) {
  XGRAD_OUT(sub, a, b, alpha);
}
inline Tensor& mul_out(Tensor& out, const Tensor& a, const Scalar& b) { XGRAD_OUT(mul, a, b); }
inline Tensor& div_out(Tensor& out, const Tensor& a, const Scalar& b) { XGRAD_OUT(div, a, b); }
inline Tensor& div_out(Tensor& out, const Tensor& a, const Scalar& b,
                       optional<std::string_view> rounding_mode) {
  XGRAD_OUT(div, a, b, rounding_mode);
}
inline Tensor& div_out(Tensor& out, const Tensor& a, const Tensor& b,
                       optional<std::string_view> rounding_mode) {
  return detail::write_out("div_out", out, div(a, b, rounding_mode), {a, b});
}
inline Tensor& var_out(Tensor& out, const Tensor& x, OptionalIntArrayRef dim,
                       optional<std::int64_t> correction, bool keepdim = false) {
  XGRAD_OUT(var, x, dim, correction, keepdim);
}
inline Tensor& std_out(Tensor& out, const Tensor& x, OptionalIntArrayRef dim,
                       optional<std::int64_t> correction, bool keepdim = false) {
  XGRAD_OUT(std, x, dim, correction, keepdim);
}
inline std::tuple<Tensor&, Tensor&> var_mean_out(Tensor& variance, Tensor& mean, const Tensor& x,
                                                 OptionalIntArrayRef dim,
                                                 optional<std::int64_t> correction,
                                                 bool keepdim = false) {
  const auto [y, z] = var_mean(x, dim, correction, keepdim);
  return {detail::write_out("var_mean_out", variance, y, {x}),
          detail::write_out("var_mean_out", mean, z, {x})};
}
inline std::tuple<Tensor&, Tensor&> std_mean_out(Tensor& deviation, Tensor& mean, const Tensor& x,
                                                 OptionalIntArrayRef dim,
                                                 optional<std::int64_t> correction,
                                                 bool keepdim = false) {
  const auto [y, z] = std_mean(x, dim, correction, keepdim);
  return {detail::write_out("std_mean_out", deviation, y, {x}),
          detail::write_out("std_mean_out", mean, z, {x})};
}
inline Tensor& norm_out(Tensor& out, const Tensor& x, const optional<Scalar>& p, IntArrayRef dim,
                        bool keepdim, ScalarType type) {
  XGRAD_OUT(norm, x, p, dim, keepdim, type);
}
inline Tensor& linalg_norm_out(Tensor& out, const Tensor& x, std::string_view ord,
                               OptionalIntArrayRef dim = nullopt, bool keepdim = false,
                               optional<ScalarType> type = nullopt) {
  XGRAD_OUT(linalg_norm, x, ord, dim, keepdim, type);
}
inline Tensor& linalg_matrix_norm_out(Tensor& out, const Tensor& x, std::string_view ord = "fro",
                                      IntArrayRef dim = {-2, -1}, bool keepdim = false,
                                      optional<ScalarType> type = nullopt) {
  XGRAD_OUT(linalg_matrix_norm, x, ord, dim, keepdim, type);
}
inline Tensor& rand_out(Tensor& out, IntArrayRef sizes, optional<Generator> generator) {
  return detail::write_out("rand_out", out, rand(sizes, generator, out.scalar_type()), {});
}
inline Tensor& randn_out(Tensor& out, IntArrayRef sizes, optional<Generator> generator) {
  return detail::write_out("randn_out", out, randn(sizes, generator, out.scalar_type()), {});
}
inline Tensor& randperm_out(Tensor& out, std::int64_t n, optional<Generator> generator) {
  return detail::write_out("randperm_out", out, randperm(n, generator, out.scalar_type()), {});
}
#undef XGRAD_OUT

}  // namespace xgrad

namespace xgrad {

// Like another tensor, but of the dtype that the given one has.
#define XGRAD_OUT(op)                                                                           \
  template <class... Args>                                                                      \
  Tensor& op##_out(Tensor& out, const Tensor& x, const Args&... args) {                         \
    return detail::write_out(#op "_out", out, op(x, args..., TensorOptions(out.scalar_type())), \
                             {});                                                               \
  }
// clang-format off
XGRAD_OUT(zeros_like) XGRAD_OUT(ones_like) XGRAD_OUT(full_like) XGRAD_OUT(empty_like)
XGRAD_OUT(rand_like) XGRAD_OUT(randn_like) XGRAD_OUT(randint_like)
// clang-format on
#undef XGRAD_OUT

}  // namespace xgrad

namespace xgrad {

#define XGRAD_OUT(op)                                                                             \
  template <class... Args>                                                                        \
  Tensor& op##_out(Tensor& out, const Args&... args) {                                            \
    return detail::write_out(#op "_out", out, op(args..., TensorOptions(out.scalar_type())), {}); \
  }
// clang-format off
XGRAD_OUT(hann_window) XGRAD_OUT(hamming_window) XGRAD_OUT(blackman_window)
XGRAD_OUT(bartlett_window) XGRAD_OUT(kaiser_window) XGRAD_OUT(range) XGRAD_OUT(scalar_tensor)
// clang-format on
#undef XGRAD_OUT

}  // namespace xgrad

namespace xgrad {

// Three results.
#define XGRAD_OUT(op)                                                                        \
  template <class... Args>                                                                   \
  std::tuple<Tensor&, Tensor&, Tensor&> op##_out(Tensor& a, Tensor& b, Tensor& c,            \
                                                 const Tensor& input, const Args&... args) { \
    const auto [x, y, z] = op(input, args...);                                               \
    return {detail::write_out(#op "_out", a, x, {input}),                                    \
            detail::write_out(#op "_out", b, y, {input}),                                    \
            detail::write_out(#op "_out", c, z, {input})};                                   \
  }
// clang-format off
XGRAD_OUT(linalg_lu) XGRAD_OUT(linalg_lu_factor_ex) XGRAD_OUT(svd) XGRAD_OUT(linalg_svd) XGRAD_OUT(lu_unpack) XGRAD_OUT(unique_consecutive)
XGRAD_OUT(unique_dim_consecutive) XGRAD_OUT(unique_dim)
// clang-format on
#undef XGRAD_OUT

}  // namespace xgrad
