// Runs: walks several tensors of one shape together, in runs along the innermost dim, on all
// threads. Private to the ops.
#pragma once

#include <array>

#include "xgrad/core/parallel.h"
#include "xgrad/ops/places.h"

namespace xgrad {

template <std::size_t N>
class Runs {
 public:
  using Offsets = std::array<std::int64_t, N>;

  // Dims that all tensors walk as one are merged.
  Runs(IntArrayRef sizes, const std::array<IntArrayRef, N>& strides) : numel_(numel_of(sizes)) {
    for (std::size_t d = sizes.size(); d-- > 0;) {
      if (sizes[d] == 1) continue;
      bool merges = !sizes_.empty();
      for (std::size_t i = 0; i < N && merges; ++i)
        merges = strides[i][d] == strides_[i].back() * sizes_.back();
      if (merges) {
        sizes_.back() *= sizes[d];
        continue;
      }
      sizes_.push_back(sizes[d]);
      for (std::size_t i = 0; i < N; ++i) strides_[i].push_back(strides[i][d]);
    }
    if (sizes_.empty()) {
      sizes_.push_back(1);
      for (Dims& steps : strides_) steps.push_back(1);
    }
    for (std::size_t i = 0; i < N; ++i) steps_[i] = strides_[i][0];
  }

  // f(offsets, steps, n): n elements from `offsets` on, `steps` apart.
  template <class F>
  void for_each(const F& f) const {
    if (numel_ == 0) return;
    parallel_for(0, numel_, kIndexGrain, [&](std::int64_t first, std::int64_t last) {
      Offsets offsets{};
      Dims index(sizes_.size(), 0);
      std::int64_t rest = first;
      for (std::size_t d = 0; d < sizes_.size(); ++d) {
        index[d] = rest % sizes_[d];
        rest /= sizes_[d];
        move(offsets, d, index[d]);
      }
      while (first < last) {
        const std::int64_t n = std::min(last - first, sizes_[0] - index[0]);
        f(offsets, steps_, n);
        first += n;
        index[0] += n;
        move(offsets, 0, n);
        for (std::size_t d = 0; index[d] == sizes_[d] && d + 1 < sizes_.size(); ++d) {
          move(offsets, d, -index[d]);
          index[d] = 0;
          ++index[d + 1];
          move(offsets, d + 1, 1);
        }
      }
    });
  }

 private:
  void move(Offsets& offsets, std::size_t d, std::int64_t steps) const {
    for (std::size_t i = 0; i < N; ++i) offsets[i] += strides_[i][d] * steps;
  }

  std::int64_t numel_;
  Dims sizes_;  // innermost first
  std::array<Dims, N> strides_;
  Offsets steps_{};
};

}  // namespace xgrad
