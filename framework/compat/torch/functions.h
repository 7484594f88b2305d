// Functions of libtorch that are another spelling of xgrad's: in-place methods as functions, copies
// of views, and arguments of another kind.
#pragma once

#include "torch/namespaces.h"

namespace xgrad {

#define XGRAD_IN_PLACE(op)                              \
  template <class... Args>                              \
  Tensor& op(const Tensor& self, const Args&... args) { \
    return self.op(args...);                            \
  }
// clang-format off
XGRAD_IN_PLACE(addmv_) XGRAD_IN_PLACE(arccos_) XGRAD_IN_PLACE(arccosh_) XGRAD_IN_PLACE(arcsin_)
XGRAD_IN_PLACE(arcsinh_) XGRAD_IN_PLACE(arctan_) XGRAD_IN_PLACE(arctanh_) XGRAD_IN_PLACE(deg2rad_)
XGRAD_IN_PLACE(rad2deg_) XGRAD_IN_PLACE(detach_) XGRAD_IN_PLACE(fix_) XGRAD_IN_PLACE(gcd_)
XGRAD_IN_PLACE(lcm_) XGRAD_IN_PLACE(i0_) XGRAD_IN_PLACE(ldexp_) XGRAD_IN_PLACE(logit_)
XGRAD_IN_PLACE(neg_) XGRAD_IN_PLACE(negative_) XGRAD_IN_PLACE(resize_as_) XGRAD_IN_PLACE(sinc_)
XGRAD_IN_PLACE(xlogy_)
// clang-format on
#undef XGRAD_IN_PLACE

}  // namespace xgrad

namespace xgrad {

inline Tensor& as_strided_(const Tensor& self, IntArrayRef sizes, IntArrayRef strides,
                           optional<std::int64_t> storage_offset = nullopt) {
  return self.as_strided_(sizes, strides, storage_offset);
}

// Copies of views, each with its own storage.
#define XGRAD_COPY(op)                                        \
  template <class... Args>                                    \
  Tensor op##_copy(const Tensor& self, const Args&... args) { \
    return self.op(args...).clone();                          \
  }
#define XGRAD_COPIES(op)                                                   \
  template <class... Args>                                                 \
  std::vector<Tensor> op##_copy(const Tensor& self, const Args&... args) { \
    std::vector<Tensor> copies = self.op(args...);                         \
    for (Tensor & copy : copies) copy = copy.clone();                      \
    return copies;                                                         \
  }
// clang-format off
XGRAD_COPY(alias) XGRAD_COPY(detach) XGRAD_COPY(diagonal) XGRAD_COPY(narrow) XGRAD_COPY(select)
XGRAD_COPY(slice) XGRAD_COPY(squeeze) XGRAD_COPY(t) XGRAD_COPY(transpose) XGRAD_COPY(unfold)
XGRAD_COPY(unsqueeze) XGRAD_COPIES(split) XGRAD_COPIES(unbind)
// clang-format on
#undef XGRAD_COPY
#undef XGRAD_COPIES

}  // namespace xgrad

namespace xgrad {

inline Tensor view_copy(const Tensor& self, IntArrayRef sizes) { return self.view(sizes).clone(); }
inline Tensor view_copy(const Tensor& self, ScalarType type) { return self.view(type).clone(); }
inline Tensor permute_copy(const Tensor& self, IntArrayRef dims) {
  return self.permute(dims).clone();
}
inline Tensor expand_copy(const Tensor& self, IntArrayRef sizes, bool implicit = false) {
  return self.expand(sizes, implicit).clone();
}
inline Tensor as_strided_copy(const Tensor& self, IntArrayRef sizes, IntArrayRef strides,
                              optional<std::int64_t> storage_offset = nullopt) {
  return self.as_strided(sizes, strides, storage_offset).clone();
}
inline std::vector<Tensor> split_with_sizes_copy(const Tensor& self, IntArrayRef sizes,
                                                 std::int64_t dim = 0) {
  return split_copy(self, sizes, dim);
}
inline std::vector<Tensor> unsafe_split_with_sizes(const Tensor& self, IntArrayRef sizes,
                                                   std::int64_t dim = 0) {
  return self.split_with_sizes(sizes, dim);
}

// Of real numbers.
inline Tensor real(const Tensor& x) { return x; }
inline Tensor conj(const Tensor& x) { return x; }
inline Tensor conj_physical(const Tensor& x) { return x; }
inline Tensor resolve_conj(const Tensor& x) { return x; }
inline Tensor resolve_neg(const Tensor& x) { return x; }
inline bool is_conj(const Tensor&) { return false; }
inline bool is_neg(const Tensor&) { return false; }

// Arguments of another kind.
inline Tensor subtract(const Tensor& a, const Scalar& b, const Scalar& alpha = 1) {
  return sub(a, b, alpha);
}
inline Tensor multiply(const Tensor& a, const Scalar& b) { return mul(a, b); }
inline Tensor true_divide(const Tensor& a, const Scalar& b) { return div(a, b); }
inline Tensor bitwise_and(const Scalar& a, const Tensor& b) { return a & b; }
inline Tensor bitwise_or(const Scalar& a, const Tensor& b) { return a | b; }
inline Tensor bitwise_xor(const Scalar& a, const Tensor& b) { return a ^ b; }
inline Tensor remainder(const Scalar& a, const Tensor& b) {
  return remainder(scalar_tensor(a, result_type(a, b)), b);
}
inline Tensor isin(const Scalar& element, const Tensor& test_elements, bool assume_unique = false,
                   bool invert = false) {
  return isin(scalar_tensor(element, element.type()), test_elements, assume_unique, invert);
}
inline Tensor& fill_(const Tensor& x, const Tensor& value) { return x.fill_(value); }
inline Tensor fill(const Tensor& x, const Tensor& value) { return x.clone().fill_(value); }
// As many samples as x has elements, each with its p.
inline Tensor bernoulli(const Tensor& x, const Tensor& p, optional<Generator> generator = nullopt) {
  return empty_like(x.detach()).bernoulli_(p, generator);
}

// A tensor like x, filled.
#define XGRAD_FILLED(op)                            \
  template <class... Args>                          \
  Tensor op(const Tensor& x, const Args&... args) { \
    return empty_like(x.detach()).op##_(args...);   \
  }
// clang-format off
XGRAD_FILLED(uniform) XGRAD_FILLED(exponential) XGRAD_FILLED(geometric) XGRAD_FILLED(cauchy)
XGRAD_FILLED(log_normal) XGRAD_FILLED(random) XGRAD_FILLED(zero)
// clang-format on
#undef XGRAD_FILLED

}  // namespace xgrad

namespace xgrad {

// Every tensor behind the other, as one vector, and back in the shapes of `like`.
inline Tensor flatten_dense_tensors(TensorList tensors) {
  std::vector<Tensor> flat;
  for (const Tensor& tensor : tensors) flat.push_back(tensor.flatten());
  return cat(flat);
}
inline std::vector<Tensor> unflatten_dense_tensors(const Tensor& flat, TensorList like) {
  std::vector<Tensor> tensors;
  std::int64_t start = 0;
  for (const Tensor& tensor : like) {
    tensors.push_back(flat.narrow(0, start, tensor.numel()).view(tensor.sizes()));
    start += tensor.numel();
  }
  return tensors;
}

}  // namespace xgrad
