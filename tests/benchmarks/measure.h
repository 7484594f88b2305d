// What the benchmarks share: medians, and one line a case that compare.py reads.
#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <vector>

namespace bench {

using Clock = std::chrono::steady_clock;

inline double seconds(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

// Seconds a call of each: medians of rounds of at least 0.1 ms, about `budget` seconds in all. They
// take turns, so that a busy moment of the machine meets all of them.
template <class... F>
std::array<double, sizeof...(F)> medians(double budget, const F&... f) {
  const auto for_each = [&](const auto& visit) {
    std::size_t i = 0;
    (visit(i++, f), ...);
  };
  std::array<int, sizeof...(F)> repeats;
  double round_seconds = 0;
  for_each([&](std::size_t i, const auto& one) {
    one();
    const auto start = Clock::now();
    one();
    const double once = std::max(1e-8, seconds(start));
    repeats[i] = std::max(1, static_cast<int>(1e-4 / once));
    round_seconds += once * repeats[i];
  });
  const int rounds = std::clamp(static_cast<int>(budget / round_seconds), 5, 201);
  std::array<std::vector<double>, sizeof...(F)> times;
  for (int round = 0; round < rounds; ++round) {
    for_each([&](std::size_t i, const auto& one) {
      const auto start = Clock::now();
      for (int j = 0; j < repeats[i]; ++j) one();
      times[i].push_back(seconds(start) / repeats[i]);
    });
  }
  std::array<double, sizeof...(F)> result;
  for_each([&](std::size_t i, const auto&) {
    std::nth_element(times[i].begin(), times[i].begin() + rounds / 2, times[i].end());
    result[i] = times[i][static_cast<std::size_t>(rounds / 2)];
  });
  return result;
}

template <class F>
double median(const F& f, double budget = 0.2) {
  return medians(budget, f)[0];
}

// group/name, seconds, floating-point operations, bytes that must be read and written; 0 where it
// is no measure.
inline void report(const char* name, double time, double flops = 0, double bytes = 0) {
  std::printf("%s\t%.9g\t%.9g\t%.9g\n", name, time, flops, bytes);
  std::fflush(stdout);
}

}  // namespace bench
