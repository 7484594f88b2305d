// Compiled for the processor it runs on (-march=native).
#include "machine.h"

#include <cstring>
#include <vector>

#include "measure.h"

namespace bench {

#if defined(__AVX512F__)
constexpr int kRegisterBytes = 64;
#elif defined(__AVX__)
constexpr int kRegisterBytes = 32;
#else
constexpr int kRegisterBytes = 16;
#endif
constexpr int kChains = 12;  // more than an operation takes to finish, and fewer than registers

template <class T>
double fma_peak() {
  using Register [[gnu::vector_size(kRegisterBytes)]] = T;
  constexpr int kSteps = 10000;
  volatile T seen = 0;
  const double time = median([&] {
    const Register factor = Register{} + T(0.999), term = Register{} + T(1e-3);
    // By name: as an array they would lie in memory.
    Register a{}, b{}, c{}, d{}, e{}, f{}, g{}, h{}, i{}, j{}, k{}, l{};
    const auto each = [&](auto&... chain) {
      ((chain = chain * factor + term), ...);
      (([](auto& x) { asm volatile("" : "+v"(x)); })(chain), ...);
    };
    for (int step = 0; step < kSteps; ++step) each(a, b, c, d, e, f, g, h, i, j, k, l);
    seen = (a + b + c + d + e + f + g + h + i + j + k + l)[0];
  });
  return 2.0 * kSteps * kChains * (kRegisterBytes / sizeof(T)) / time;
}
template double fma_peak<float>();
template double fma_peak<double>();

namespace {
constexpr std::size_t kBytes = std::size_t{16} << 20;
}

double copy_bandwidth() {
  std::vector<char> from(kBytes, 1), to(kBytes, 2);
  const double time = median([&] {
    std::memcpy(to.data(), from.data(), kBytes);
    asm volatile("" : : "r"(to.data()) : "memory");
  });
  return 2.0 * kBytes / time;
}

double read_bandwidth() {
  using Register [[gnu::vector_size(kRegisterBytes)]] = double;
  const std::vector<Register> from(kBytes / sizeof(Register), Register{} + 1.0);
  volatile double seen = 0;
  const double time = median([&] {
    Register sums[8] = {};
    for (std::size_t i = 0; i < from.size(); i += 8) {
      for (std::size_t j = 0; j < 8; ++j) sums[j] += from[i + j];
    }
    for (const Register& sum : sums) seen = seen + sum[0];
  });
  return kBytes / time;
}

}  // namespace bench
