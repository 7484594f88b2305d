#include "xgrad/contraction/loops.h"

#include <algorithm>
#include <cstdlib>

namespace xgrad::contraction {

namespace {

bool continues(const Loop& outer, const Loop& inner) {
  return outer.a == inner.a * inner.size && outer.b == inner.b * inner.size &&
         outer.c == inner.c * inner.size;
}

}  // namespace

void sort_and_merge(Loops& loops, Stride first, Stride second) {
  std::stable_sort(loops.begin(), loops.end(), [&](const Loop& x, const Loop& y) {
    const std::int64_t p = std::abs(x.*first), q = std::abs(y.*first);
    return p != q ? p > q : std::abs(x.*second) > std::abs(y.*second);
  });
  for (std::size_t i = 0; i < loops.size(); ++i) {
    for (std::size_t j = 0; j < loops.size(); ++j) {
      if (i == j || !continues(loops[i], loops[j])) continue;
      loops[j].size *= loops[i].size;
      loops.erase(loops.begin() + static_cast<std::ptrdiff_t>(i));
      i = static_cast<std::size_t>(-1);  // from the start again
      break;
    }
  }
}

Offsets offsets_at(const Loops& loops, std::int64_t index) {
  Offsets at;
  for (std::size_t i = loops.size(); i-- > 0;) {
    const Loop& loop = loops[i];
    const std::int64_t position = i == 0 ? index : index % loop.size;
    index /= loop.size;
    at.a += position * loop.a;
    at.b += position * loop.b;
    at.c += position * loop.c;
  }
  return at;
}

std::int64_t fill_table(const Loops& loops, Stride stride, std::int64_t first, std::int64_t size,
                        bool interleaved, std::int64_t* offsets, std::int32_t* runs) {
  if (loops.empty()) {
    offsets[0] = 0;
    runs[0] = 1;
    return 1;
  }
  const Loop& inner = loops.back();
  const std::int64_t step = inner.*stride;
  interleaved =
      interleaved && step != 1 && loops.size() > 1 && loops[loops.size() - 2].*stride == 1;
  for (std::int64_t done = 0; done < size;) {
    const std::int64_t position = (first + done) % inner.size;
    const Offsets at = offsets_at(loops, first + done);
    const std::int64_t base = stride == &Loop::a ? at.a : stride == &Loop::b ? at.b : at.c;
    const std::int64_t length = std::min(inner.size - position, size - done);
    const std::int64_t outer_size = interleaved ? loops[loops.size() - 2].size : 1;
    const std::int64_t left = outer_size - (first + done) / inner.size % outer_size;
    for (std::int64_t i = 0; i < length; ++i) offsets[done + i] = base + i * step;
    // Of the elements that follow element i, (rest - i) / inner.size are steps of it; written so
    // that nothing is divided for each.
    const std::int64_t rest = size - done - 1, steps = rest / inner.size, last = rest % inner.size;
    for (std::int64_t i = 0; i < length; ++i) {
      const std::int64_t run = interleaved ? std::min(left, steps + (i <= last ? 1 : 0))
                               : step == 1 ? length - i
                                           : 1;
      runs[done + i] = static_cast<std::int32_t>(run);
    }
    done += length;
  }
  return interleaved ? inner.size : 1;
}

}  // namespace xgrad::contraction
