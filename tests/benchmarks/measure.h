// What the benchmarks share: medians, and one line a case that compare.py reads.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <vector>

namespace bench {

using Clock = std::chrono::steady_clock;

inline double seconds(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

// Seconds a call: the median of rounds of at least 0.1 ms each, about `budget` seconds in all.
template <class F>
double median(const F& f, double budget = 0.2) {
  f();
  auto start = Clock::now();
  f();
  const double once = std::max(1e-8, seconds(start));
  const int repeats = std::max(1, static_cast<int>(1e-4 / once));
  const int rounds = std::clamp(static_cast<int>(budget / (once * repeats)), 3, 101);
  std::vector<double> times;
  for (int round = 0; round < rounds; ++round) {
    start = Clock::now();
    for (int i = 0; i < repeats; ++i) f();
    times.push_back(seconds(start) / repeats);
  }
  std::nth_element(times.begin(), times.begin() + rounds / 2, times.end());
  return times[static_cast<std::size_t>(rounds / 2)];
}

// name, seconds, floating-point operations, bytes that must be read and written; 0 where it is no
// measure.
inline void report(const char* name, double time, double flops = 0, double bytes = 0) {
  std::printf("%s\t%.9g\t%.9g\t%.9g\n", name, time, flops, bytes);
  std::fflush(stdout);
}

}  // namespace bench
