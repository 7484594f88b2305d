// Matrix products of xgrad against OpenBLAS: medians, the ratio, and per cent of the measured FMA
// peak.
//
//   matrix_products            # n = 8..1024, all four transposition cases, and skinny ones; one
//   thread
//
// OpenBLAS is looked for at run time (libopenblas.so.0); without it only xgrad's side is printed.
// Where OpenBLAS does not know the processor it falls back to slow kernels: set OPENBLAS_CORETYPE
// (SkylakeX for AVX-512) to compare fairly.
#include <dlfcn.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <random>
#include <vector>

#include "xgrad/contraction/execute.h"
#include "xgrad/core/allocator.h"
#include "xgrad/core/parallel.h"

using namespace xgrad;
using namespace xgrad::contraction;

namespace {

using Clock = std::chrono::steady_clock;

double seconds(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

// Medians of both sides, measured in turns so that a busy moment of the machine meets both.
template <class Ours, class Theirs>
std::pair<double, double> medians(const Ours& ours, const Theirs& theirs) {
  ours();
  theirs();
  auto start = Clock::now();
  ours();
  const double once = std::max(1e-8, seconds(start));
  const int repeats = std::max(1, static_cast<int>(2e-4 / once));
  const int rounds = std::clamp(static_cast<int>(0.1 / (once * repeats)), 5, 101);
  std::vector<double> x, y;
  for (int round = 0; round < rounds; ++round) {
    start = Clock::now();
    for (int i = 0; i < repeats; ++i) ours();
    x.push_back(seconds(start) / repeats);
    start = Clock::now();
    for (int i = 0; i < repeats; ++i) theirs();
    y.push_back(seconds(start) / repeats);
  }
  std::nth_element(x.begin(), x.begin() + rounds / 2, x.end());
  std::nth_element(y.begin(), y.begin() + rounds / 2, y.end());
  return {x[static_cast<std::size_t>(rounds / 2)], y[static_cast<std::size_t>(rounds / 2)]};
}

// cblas_sgemm and cblas_dgemm.
template <class T>
using Gemm = void (*)(int order, int transpose_a, int transpose_b, int m, int n, int k, T alpha,
                      const T* a, int lda, const T* b, int ldb, T beta, T* c, int ldc);

template <class T>
Gemm<T> find_gemm() {
  static void* const library = [] {
    setenv("OPENBLAS_NUM_THREADS", "1", 1);
    return dlopen("libopenblas.so.0", RTLD_NOW);
  }();
  if (library == nullptr) return nullptr;
  return reinterpret_cast<Gemm<T>>(dlsym(library, sizeof(T) == 4 ? "cblas_sgemm" : "cblas_dgemm"));
}

template <class T>
double measure(int m, int n, int k, bool transpose_a, bool transpose_b, double peak) {
  const auto size = [](int x, int y) {
    return static_cast<std::size_t>(x) * static_cast<std::size_t>(y);
  };
  memory::Buffer<T> a(size(m, k)), b(size(k, n)), c(size(m, n)), d(size(m, n));
  std::mt19937 random(1);
  for (std::size_t i = 0; i < size(m, k); ++i) a[i] = std::normal_distribution<T>()(random);
  for (std::size_t i = 0; i < size(k, n); ++i) b[i] = std::normal_distribution<T>()(random);

  const Dims a_shape = transpose_a ? Dims{k, m} : Dims{m, k};
  const Dims b_shape = transpose_b ? Dims{n, k} : Dims{k, n};
  const Dims a_strides = contiguous_strides(a_shape), b_strides = contiguous_strides(b_shape);
  const std::vector<IntArrayRef> shapes{a_shape, b_shape}, strides{a_strides, b_strides};
  const std::string text =
      fmt::format("{},{}->ik", transpose_a ? "ji" : "ij", transpose_b ? "kj" : "jk");
  const PlanPtr p = plan(parse(text, shapes), scalar_type_of<T>(), strides, Dims{n, 1});

  const Gemm<T> gemm = find_gemm<T>();
  constexpr int kRowMajor = 101, kPlain = 111, kTransposed = 112;
  const auto [ours, theirs] =
      medians([&] { contract(*p, a.data(), b.data(), c.data()); },
              [&] {
                if (gemm == nullptr) return;
                gemm(kRowMajor, transpose_a ? kTransposed : kPlain,
                     transpose_b ? kTransposed : kPlain, m, n, k, T(1), a.data(),
                     transpose_a ? m : k, b.data(), transpose_b ? k : n, T(0), d.data(), n);
              });
  const double flops = 2.0 * m * n * k;
  const double rate = flops / ours * 1e-9;
  fmt::print("{} {:>5} {:>5} {:>5}  {:<10} {:<7} {:>9.2f} us {:>7.1f} GFLOP/s {:>4.0f}%",
             sizeof(T) == 4 ? "f32" : "f64", m, n, k, text, toString(p->kernel), ours * 1e6, rate,
             peak > 0 ? 100 * rate / peak : 100.0);
  if (gemm != nullptr)
    fmt::print("  OpenBLAS {:>7.1f}  ratio {:.2f}", flops / theirs * 1e-9, theirs / ours);
  fmt::print("\n");
  std::fflush(stdout);
  return rate;
}

template <class T>
void all(int m, int n, int k, double peak) {
  for (int transposed = 0; transposed < 4; ++transposed) {
    measure<T>(m, n, k, (transposed & 1) != 0, (transposed & 2) != 0, peak);
  }
}

}  // namespace

int main() {
  set_num_threads(1);
  // 96x96x96 lies in the L1 and L2 caches and divides into whole tiles: the peak that per cents
  // refer to.
  const double f32 = measure<float>(96, 96, 96, false, false, 0);
  const double f64 = measure<double>(96, 96, 96, false, false, 0);
  for (int n : {8, 16, 24, 32, 33, 48, 64, 96, 128, 192, 256, 512, 1024}) {
    all<float>(n, n, n, f32);
    all<double>(n, n, n, f64);
  }
  const int skinny[][3] = {{16, 1024, 1024}, {1024, 16, 1024}, {1024, 1024, 16}, {64, 768, 768},
                           {512, 10, 784},   {4096, 64, 64},   {64, 64, 4096},   {1000, 3, 1000}};
  for (const auto& [m, n, k] : skinny) {
    all<float>(m, n, k, f32);
    all<double>(m, n, k, f64);
  }
}
