// The largest elements of windows of any sizes. Plain data. Private to the poolings.
#pragma once

#include <limits>

#include "xgrad/ops/pool_windows.h"

namespace xgrad {

// x: a plane; y and index: one number a window. Which element counts is said in pooling.h.
template <class T>
void max_of_windows(const Planes& planes, const Spans& spans, const T* x, T* y,
                    std::int64_t* index) {
  for (const Span& d : spans[0]) {
    for (const Span& h : spans[1]) {
      for (const Span& w : spans[2]) {
        const auto row_of = [&](std::int64_t i, std::int64_t j) {
          return (i * planes.sizes[1] + j) * planes.sizes[2];
        };
        T best = -std::numeric_limits<T>::infinity();
        std::int64_t at = row_of(d.first, h.first) + w.first;
        for (std::int64_t i = d.first; i < d.last; ++i) {
          for (std::int64_t j = h.first; j < h.last; ++j) {
            const std::int64_t row = row_of(i, j);
            for (std::int64_t k = row + w.first; k < row + w.last; ++k) {
              const bool takes = (x[k] > best) | (x[k] != x[k]);
              best = takes ? x[k] : best;
              at = takes ? k : at;
            }
          }
        }
        *y++ = best;
        *index++ = at;
      }
    }
  }
}

}  // namespace xgrad
