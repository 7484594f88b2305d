// parallel_for: the one way in which kernels use several cores.
//
//   parallel_for(0, n, 4096, [&](int64_t first, int64_t last) { ... });
//
// The range is cut into pieces of `grain` (the last one shorter), whatever the number of threads. A
// caller whose grain depends on that number sees to it that results do not depend on the cuts. The
// caller works too and never waits for a thread that has not begun: a busy neighbour costs nothing.
// A range of at most one grain runs on the caller. Nested calls run on their caller.
#pragma once

#include <cstdint>

namespace xgrad {

// Threads that parallel_for may use; default: the CPUs that this process may run on. Errors: n < 1.
void set_num_threads(int n);
int get_num_threads();

namespace detail {
using RangeFunction = void (*)(const void* context, std::int64_t first, std::int64_t last);
void parallel_for(std::int64_t first, std::int64_t last, std::int64_t grain, RangeFunction run,
                  const void* context);
}  // namespace detail

template <class F>
void parallel_for(std::int64_t first, std::int64_t last, std::int64_t grain, const F& f) {
  if (last - first <= grain) {
    if (first < last) f(first, last);
    return;
  }
  detail::parallel_for(
      first, last, grain,
      [](const void* context, std::int64_t a, std::int64_t b) {
        (*static_cast<const F*>(context))(a, b);
      },
      &f);
}

}  // namespace xgrad
