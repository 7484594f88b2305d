// What the products of a convolution share: planes with zeros around them, and the offsets of
// points in them. Private to window_products.cpp and window_planes.cpp.
#pragma once

#include <cstring>
#include <optional>
#include <vector>

#include "xgrad/core/allocator.h"
#include "xgrad/core/parallel.h"
#include "xgrad/ops/window_products.h"

namespace xgrad::window {

using Three = ConvolutionShape::Three;
using Table = std::vector<std::int64_t>;

inline std::size_t as_size(std::int64_t n) { return static_cast<std::size_t>(n); }

// The offsets, row-major, of a grid of `sizes` points that lie `steps` apart in an array of
// `extent`.
inline Table grid(std::int64_t channels, std::int64_t plane, const Three& sizes, const Three& steps,
                  const Three& extent) {
  Table table;
  table.reserve(as_size(channels * ConvolutionShape::volume(sizes)));
  for (std::int64_t c = 0; c < channels; ++c) {
    for (std::int64_t i = 0; i < sizes[0]; ++i) {
      for (std::int64_t j = 0; j < sizes[1]; ++j) {
        const std::int64_t row = c * plane + (i * steps[0] * extent[1] + j * steps[1]) * extent[2];
        for (std::int64_t k = 0; k < sizes[2]; ++k) table.push_back(row + k * steps[2]);
      }
    }
  }
  return table;
}

inline Three padded_extent(const Three& size, const Three& before, const Three& after) {
  Three extent = size;
  for (std::size_t d = 0; d < 3; ++d) extent[d] += before[d] + after[d];
  return extent;
}

// Planes with `before` and `after` zeros around them; the planes themselves where there are none.
template <class T>
class Padded {
 public:
  Padded(const T* x, std::int64_t planes, const Three& size, const Three& before,
         const Three& after)
      : data_(x), extent_(padded_extent(size, before, after)) {
    if (extent_ == size) return;
    const std::int64_t volume = plane();
    copy_.emplace(as_size(planes * volume));
    T* copy = copy_->data();
    data_ = copy;
    const auto row = as_size(size[2]) * sizeof(T);
    parallel_for(0, planes, std::max<std::int64_t>(1, 65536 / std::max<std::int64_t>(volume, 1)),
                 [&](std::int64_t first, std::int64_t last) {
                   std::memset(static_cast<void*>(copy + first * volume), 0,
                               as_size((last - first) * volume) * sizeof(T));
                   for (std::int64_t p = first; p < last; ++p) {
                     const T* from = x + p * ConvolutionShape::volume(size);
                     for (std::int64_t i = 0; i < size[0]; ++i) {
                       T* to = copy + p * volume +
                               ((i + before[0]) * extent_[1] + before[1]) * extent_[2] + before[2];
                       for (std::int64_t j = 0; j < size[1]; ++j, from += size[2], to += extent_[2])
                         std::memcpy(to, from, row);
                     }
                   }
                 });
  }
  const T* data() const { return data_; }
  const Three& extent() const { return extent_; }
  std::int64_t plane() const { return ConvolutionShape::volume(extent_); }

 private:
  const T* data_;
  Three extent_;
  std::optional<memory::Buffer<T>> copy_;
};

}  // namespace xgrad::window
