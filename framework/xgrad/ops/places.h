// Places: which elements of a tensor an indexing op reads or writes, and the loops over them. Every
// op that indexes along one dim, or by several index tensors at once, comes down to one such list.
// Plain data: records nothing. Private to the ops.
#pragma once

#include "xgrad/core/tensor.h"

namespace xgrad {

inline std::size_t as_size(std::int64_t i) { return static_cast<std::size_t>(i); }

// The offsets of a geometry's elements, row-major.
std::vector<std::int64_t> element_offsets(IntArrayRef sizes, IntArrayRef strides);

// Element (o, p, i) lies outer[o] + place[p] + i elements into the tensor, or + inner[i] if the
// inner dims are not one run.
struct Places {
  std::vector<std::int64_t> outer{0}, place, inner;
  std::int64_t inner_size = 1;

  // The dims that are walked as a whole before and after the indexed ones.
  void set_outer(IntArrayRef sizes, IntArrayRef strides);
  void set_inner(IntArrayRef sizes, IntArrayRef strides);
};

// An index of int64 or int32 as a list, each value within [0, size), or counted from the end
// where `wraps`. Errors (IndexError) name op, dim, index and size.
std::vector<std::int64_t> read_index(const char* op, const Tensor& index, std::int64_t dim,
                                     std::int64_t size, bool wraps);
// Slices of x along `dim`.
Places places_along(const Tensor& x, std::int64_t dim, std::vector<std::int64_t> index);

// out[o, p, i] = x[place]; `out` is row-major, of x's dtype.
void take_places(const Tensor& out, const Tensor& x, const Places& places);
// y[place] = values[o, p, i] and y[place] += scale * values[o, p, i], in the order of p: of equal
// places the last value stays. `values` is row-major, of y's dtype; one element stands for all.
void put_places(const Tensor& y, const Places& places, const Tensor& values);
void add_places(const Tensor& y, const Places& places, const Tensor& values,
                const Scalar& scale = 1);

// x as plain row-major data: x itself where it is that already
// and does not share memory with `written`.
Tensor row_major(const Tensor& x, const Tensor& written = {});
// A 0-d tensor seen as one of a single dim.
Tensor at_least_1d(const Tensor& x);
// The number as a 0-d tensor. Errors: an integral dtype cannot hold it.
Tensor scalar_as(const char* op, const Scalar& value, ScalarType type);

// Elements that one thread takes at least: about 20 us of copying.
constexpr std::int64_t kIndexGrain = 16 * 1024;

// f(T{}) with an unsigned T of the element's size: for ops that only move elements.
template <class F>
void dispatch_size(ScalarType type, const F& f) {
  switch (elementSize(type)) {
    case 1:
      return f(std::uint8_t{});
    case 4:
      return f(std::uint32_t{});
    default:
      return f(std::uint64_t{});
  }
}

}  // namespace xgrad
