// Private: operations on groups of loops.
#pragma once

#include "xgrad/contraction/plan.h"

namespace xgrad::contraction {

using Stride = std::int64_t Loop::*;

inline std::int64_t count(const Loops& loops) {
  std::int64_t n = 1;
  for (const Loop& loop : loops) n *= loop.size;
  return n;
}

// Outermost first by the strides in `first`, then by those in `second`; merges loops that continue
// each other.
void sort_and_merge(Loops& loops, Stride first, Stride second);

struct Offsets {
  std::int64_t a = 0, b = 0, c = 0;
};

// Where the `index`-th iteration of the nest begins.
Offsets offsets_at(const Loops& loops, std::int64_t index);

// Walks a nest: `f(offsets)` for the iterations first..last-1.
template <class F>
void walk(const Loops& loops, std::int64_t first, std::int64_t last, const F& f) {
  if (first >= last) return;
  if (loops.empty()) {
    f(Offsets{});
    return;
  }
  const Loop& inner = loops.back();
  std::int64_t position = first % inner.size;
  for (std::int64_t index = first; index < last;) {
    Offsets at = offsets_at(loops, index);
    for (; position < inner.size && index < last; ++position, ++index) {
      f(at);
      at.a += inner.a;
      at.b += inner.b;
      at.c += inner.c;
    }
    position = 0;
  }
}

// The offsets of iterations first..first+size-1 along one operand, and how many unit steps follow
// each. With `interleaved`, of a group whose second innermost loop is the contiguous one, the steps
// are those of that loop, as far as they stay within the iterations; the result is their distance:
// the size of the innermost loop, otherwise 1.
std::int64_t fill_table(const Loops& loops, Stride stride, std::int64_t first, std::int64_t size,
                        bool interleaved, std::int64_t* offsets, std::int32_t* runs);

}  // namespace xgrad::contraction
