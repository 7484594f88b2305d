// What ATen gives to those who write functions of their own: shapes that broadcast, dims counted
// from the end, small vectors, reductions over pieces of a range.
//
//   auto sizes = at::infer_size(a.sizes(), b.sizes());
//   auto total = at::parallel_reduce(0, n, 4096, 0.0, sum_of_piece, std::plus<double>());
#pragma once

#include <tuple>
#include <vector>

#include "c10/util/Exception.h"
#include "torch/namespaces.h"

namespace xgrad {

// The shape to which both broadcast. Errors: they do not.
inline std::vector<std::int64_t> infer_size(IntArrayRef a, IntArrayRef b) {
  const std::size_t rank = std::max(a.size(), b.size());
  std::vector<std::int64_t> sizes(rank);
  for (std::size_t i = 0; i < rank; ++i) {  // from the last dim on
    const std::int64_t x = i < a.size() ? a[a.size() - 1 - i] : 1;
    const std::int64_t y = i < b.size() ? b[b.size() - 1 - i] : 1;
    TORCH_CHECK(x == y || x == 1 || y == 1, "infer_size: shapes ", a, " and ", b,
                " do not broadcast: sizes ", x, " and ", y, " at dim ", rank - 1 - i);
    sizes[rank - 1 - i] = x == 1 ? y : x;
  }
  return sizes;
}
inline bool are_expandable(IntArrayRef a, IntArrayRef b) {
  for (std::size_t i = 1; i <= std::min(a.size(), b.size()); ++i) {
    const std::int64_t x = a[a.size() - i], y = b[b.size() - i];
    if (x != y && x != 1 && y != 1) return false;
  }
  return true;
}
inline bool is_expandable_to(IntArrayRef from, IntArrayRef to) {
  if (from.size() > to.size()) return false;
  for (std::size_t i = 1; i <= from.size(); ++i) {
    if (from[from.size() - i] != to[to.size() - i] && from[from.size() - i] != 1) return false;
  }
  return true;
}
inline Tensor sum_to(const Tensor& x, IntArrayRef sizes) { return x.sum_to_size(sizes); }

// Something lent or given: reads as a pointer.
template <class T>
class MaybeOwned {
 public:
  MaybeOwned(T value) : value_(std::move(value)) {}
  static MaybeOwned borrowed(const T& value) { return value; }
  static MaybeOwned owned(T value) { return MaybeOwned(std::move(value)); }
  const T& operator*() const& { return value_; }
  T operator*() && { return std::move(value_); }
  const T* operator->() const { return &value_; }

 private:
  T value_;
};
inline MaybeOwned<Tensor> expand_size(const Tensor& x, IntArrayRef sizes) {
  return x.expand(sizes, true);
}
inline MaybeOwned<Tensor> expand_inplace(const Tensor& like, const Tensor& x) {
  return x.expand(like.sizes(), true);
}
inline std::tuple<MaybeOwned<Tensor>, MaybeOwned<Tensor>> expand_outplace(const Tensor& a,
                                                                          const Tensor& b) {
  const std::vector<std::int64_t> sizes = infer_size(a.sizes(), b.sizes());
  return {a.expand(sizes, true), b.expand(sizes, true)};
}
inline std::vector<Tensor> expand_outplace(TensorList tensors) {
  return broadcast_tensors(tensors);
}

inline std::int64_t maybe_wrap_dim(std::int64_t dim, std::int64_t rank, bool wrap_scalar = true) {
  return wrap_dim("maybe_wrap_dim", dim, rank == 0 && wrap_scalar ? 1 : rank);
}

// f(first, last, identity) of each piece of the range, put together by `join` in the order of the
// pieces, whatever the number of threads.
template <class T, class F, class Join>
T parallel_reduce(std::int64_t first, std::int64_t last, std::int64_t grain, const T identity,
                  const F& f, const Join& join) {
  TORCH_CHECK(grain > 0, "parallel_reduce: grain size ", grain, ", expected more than 0");
  if (first >= last) return identity;
  const std::int64_t pieces = (last - first + grain - 1) / grain;
  std::vector<T> results(static_cast<std::size_t>(pieces), identity);
  parallel_for(0, pieces, 1, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) {
      const std::int64_t start = first + i * grain;
      results[static_cast<std::size_t>(i)] = f(start, std::min(last, start + grain), identity);
    }
  });
  T total = identity;
  for (const T& result : results) total = join(total, result);
  return total;
}

template <class T, std::size_t N, class...>
using PackedTensorAccessor32 = TensorAccessor<T, N>;
template <class T, std::size_t N, class...>
using PackedTensorAccessor64 = TensorAccessor<T, N>;

// The standard vector does for small ones, too.
template <class T, unsigned N = 0>
class SmallVector : public std::vector<T> {
 public:
  using std::vector<T>::vector;
  SmallVector(ArrayRef<T> values) : std::vector<T>(values.begin(), values.end()) {}
};
constexpr unsigned kDimVectorStaticSize = 5;
using DimVector = SmallVector<std::int64_t, kDimVectorStaticSize>;

}  // namespace xgrad
