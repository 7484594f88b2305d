// Matrix products of xgrad against OpenBLAS: medians, the ratio, and per cent of the measured FMA
// peak.
//
//   matrix_products [threads]  # n = 8..2048, all four transposition cases, and skinny ones
//
// OpenBLAS is looked for at run time (libopenblas.so.0); without it only xgrad's side is printed.
// Where it does not know the processor it falls back to slow kernels: OPENBLAS_CORETYPE=SkylakeX
// (for AVX-512) names the fair ones.
#include <dlfcn.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "machine.h"
#include "measure.h"
#include "xgrad/contraction/execute.h"
#include "xgrad/core/allocator.h"
#include "xgrad/core/parallel.h"

using namespace xgrad;
using namespace xgrad::contraction;

namespace {

// cblas_sgemm and cblas_dgemm.
template <class T>
using Gemm = void (*)(int order, int transpose_a, int transpose_b, int m, int n, int k, T alpha,
                      const T* a, int lda, const T* b, int ldb, T beta, T* c, int ldc);

template <class T>
Gemm<T> find_gemm() {
  static void* const library = [] {
    setenv("OPENBLAS_NUM_THREADS", std::to_string(get_num_threads()).c_str(), 1);
    return dlopen("libopenblas.so.0", RTLD_NOW);
  }();
  if (library == nullptr) return nullptr;
  return reinterpret_cast<Gemm<T>>(dlsym(library, sizeof(T) == 4 ? "cblas_sgemm" : "cblas_dgemm"));
}

struct Peaks {
  double f32, f64;  // of one thread
};

// The ratio to OpenBLAS; 1 without it.
template <class T>
double measure(int m, int n, int k, bool transpose_a, bool transpose_b, const Peaks& peaks) {
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
  const auto run_ours = [&] { contract(*p, a.data(), b.data(), c.data()); };
  const auto run_theirs = [&] {
    if (gemm == nullptr) return;
    gemm(kRowMajor, transpose_a ? kTransposed : kPlain, transpose_b ? kTransposed : kPlain, m, n, k,
         T(1), a.data(), transpose_a ? m : k, b.data(), transpose_b ? k : n, T(0), d.data(), n);
  };
  double ours, theirs;
  if (get_num_threads() == 1) {
    const auto both = bench::medians(0.15, run_ours, run_theirs);
    ours = both[0], theirs = both[1];
  } else {  // not in turns: OpenBLAS's threads keep their cores for a while after each call
    ours = bench::median(run_ours, 0.1);
    theirs = bench::median(run_theirs, 0.1);
    if (gemm != nullptr) std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  const double rate = 2.0 * m * n * k / ours * 1e-9;
  const double peak = (sizeof(T) == 4 ? peaks.f32 : peaks.f64) * get_num_threads() * 1e-9;
  fmt::print("{} {:>5} {:>5} {:>5}  {:<10} {:<7} {:>9.2f} us {:>7.1f} GFLOP/s {:>4.0f}%",
             sizeof(T) == 4 ? "f32" : "f64", m, n, k, text, toString(p->kernel), ours * 1e6, rate,
             100 * rate / peak);
  if (gemm != nullptr)
    fmt::print("  OpenBLAS {:>9.2f} us  ratio {:.2f}", theirs * 1e6, theirs / ours);
  fmt::print("\n");
  std::fflush(stdout);
  return gemm != nullptr ? theirs / ours : 1;
}

void all(const char* name, const std::vector<std::array<int, 3>>& sizes, const Peaks& peaks) {
  std::vector<double> ratios;
  for (const auto& [m, n, k] : sizes) {
    for (int transposed = 0; transposed < 4; ++transposed) {
      ratios.push_back(measure<float>(m, n, k, transposed & 1, transposed & 2, peaks));
      ratios.push_back(measure<double>(m, n, k, transposed & 1, transposed & 2, peaks));
    }
  }
  double logarithms = 0;
  for (const double ratio : ratios) logarithms += std::log(ratio);
  fmt::print("{}: {:.2f} times as fast as OpenBLAS (geometric mean), worst {:.2f}\n", name,
             std::exp(logarithms / static_cast<double>(ratios.size())),
             *std::min_element(ratios.begin(), ratios.end()));
}

std::vector<std::array<int, 3>> squares(std::initializer_list<int> sizes) {
  std::vector<std::array<int, 3>> result;
  for (const int n : sizes) result.push_back({n, n, n});
  return result;
}

}  // namespace

int main(int argc, char** argv) {
  set_num_threads(argc > 1 ? std::atoi(argv[1]) : 1);
  const Peaks peaks{bench::fma_peak<float>(), bench::fma_peak<double>()};
  fmt::print("{} threads; FMA peak of one: {:.1f} GFLOP/s f32, {:.1f} f64\n", get_num_threads(),
             peaks.f32 * 1e-9, peaks.f64 * 1e-9);
  all("below 16", squares({2, 4, 8, 12}), peaks);
  all("16 to 64", squares({16, 24, 32, 33, 48, 64}), peaks);
  all("from 128", squares({128, 192, 250, 256, 512, 1024, 2048}), peaks);
  all("skinny",
      {{16, 1024, 1024},
       {1024, 16, 1024},
       {1024, 1024, 16},
       {64, 768, 768},
       {512, 10, 784},
       {4096, 64, 64},
       {64, 64, 4096},
       {1000, 3, 1000}},
      peaks);
}
