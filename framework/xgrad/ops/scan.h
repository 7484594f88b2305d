// scan(): the loops of running results along one dim. Private to the ops.
#pragma once

#include "xgrad/core/parallel.h"
#include "xgrad/ops/reduce_plan.h"

namespace xgrad {

// For each line of `lines` (reversed: from its end), in place order k: state = step(state, k), from
// `first` on, and write(k, state); k counts elements of the row-major data. Lines that lie beside
// each other are walked together.
template <class State, class Step, class Write>
void scan(const Lines& lines, bool reversed, const State& first, const Step& step,
          const Write& write) {
  constexpr std::int64_t kTogether = 64;
  const std::int64_t inner = lines.inner, n = lines.n, chunks = (inner + kTogether - 1) / kTogether;
  const std::int64_t work = std::max<std::int64_t>(1, n * std::min(inner, kTogether));
  parallel_for(0, lines.outer * chunks, std::max<std::int64_t>(1, 16 * 1024 / work),
               [&](std::int64_t begin, std::int64_t end) {
                 for (std::int64_t task = begin; task < end; ++task) {
                   const std::int64_t from = task % chunks * kTogether,
                                      width = std::min(kTogether, inner - from);
                   std::int64_t k =
                       task / chunks * n * inner + from + (reversed ? (n - 1) * inner : 0);
                   const std::int64_t stride = reversed ? -inner : inner;
                   if (width == 1) {
                     State state = first;
                     for (std::int64_t i = 0; i < n; ++i, k += stride) {
                       state = step(state, k);
                       write(k, state);
                     }
                     continue;
                   }
                   State states[kTogether];
                   for (std::int64_t j = 0; j < width; ++j) states[j] = first;
                   for (std::int64_t i = 0; i < n; ++i, k += stride) {
                     for (std::int64_t j = 0; j < width; ++j) {
                       states[j] = step(states[j], k + j);
                       write(k + j, states[j]);
                     }
                   }
                 }
               });
}

// s[k] = b[k] + a[k] s[k + 1] along dim, or with s[k - 1] when not `reversed`; a, b [*] of one
// shape and dtype. Differentiable: what the gradients of products and of log-sums along a dim come
// down to.
Tensor affine_scan(const Tensor& a, const Tensor& b, std::int64_t dim, bool reversed);
// y[k] = x[k + 1] along dim, or x[k - 1]; `fill` where there is none. Differentiable.
Tensor neighbour(const Tensor& x, std::int64_t dim, bool next, double fill);

}  // namespace xgrad
