#include "xgrad/kernels/normal.h"

#include <cstring>

#include "xgrad/kernels/arch.h"

// Logarithm, sine and cosine are the single-precision polynomials of the Cephes library (Moshier,
// "Methods and programs for mathematical functions", 1989), with a fused multiply-add wherever a
// product is added: so PyTorch's compiler makes them, and so the last bit agrees. Loops are over 8
// numbers without branches, for the compiler to turn into vectors.
namespace xgrad::kernels {
namespace XGRAD_ARCH_NAME {
namespace {

#if defined(__FMA__) || defined(__aarch64__)
XGRAD_INLINE float fma(float a, float b, float c) { return __builtin_fmaf(a, b, c); }
#else
XGRAD_INLINE float fma(float a, float b, float c) {
  return a * b + c;
}  // a call of fmaf would cost 20 times as much
#endif

XGRAD_INLINE std::uint32_t bits_of(float x) {
  std::uint32_t bits;
  std::memcpy(&bits, &x, sizeof bits);
  return bits;
}
XGRAD_INLINE float from_bits(std::uint32_t bits) {
  float x;
  std::memcpy(&x, &bits, sizeof x);
  return x;
}

// log x for normal x > 0: x = 2^e m with m in [sqrt(1/2), sqrt(2)), and a polynomial in m - 1.
XGRAD_INLINE float logarithm(float x) {
  const std::uint32_t bits = bits_of(x);
  const float half = from_bits((bits & 0x807fffffU) | 0x3f000000U);  // in [1/2, 1)
  // All ones where half < sqrt(1/2): selections are masks, since g++ takes ?: on floats for control
  // flow.
  const std::int32_t small = (static_cast<std::int32_t>(bits_of(half)) -
                              static_cast<std::int32_t>(bits_of(0.707106781186547524F))) >>
                             31;
  const auto e = static_cast<float>(static_cast<std::int32_t>(bits >> 23) - 126 + small);
  const float m = (half - 1.0F) + from_bits(bits_of(half) & static_cast<std::uint32_t>(small));
  const float square = m * m;
  float y = 7.0376836292e-2F;
  y = fma(y, m, -1.1514610310e-1F);
  y = fma(y, m, 1.1676998740e-1F);
  y = fma(y, m, -1.2420140846e-1F);
  y = fma(y, m, 1.4249322787e-1F);
  y = fma(y, m, -1.6668057665e-1F);
  y = fma(y, m, 2.0000714765e-1F);
  y = fma(y, m, -2.4999993993e-1F);
  y = fma(y, m, 3.3333331174e-1F);
  y = fma(y * m, square, e * -2.12194440e-4F);
  y = fma(square, -0.5F, y);
  return fma(e, 0.693359375F, m + y);  // log 2 in two parts
}

// Of an angle >= 0: reduced to [-pi/4, pi/4] by pi/4 in three parts, and a polynomial for each
// octant.
struct SineCosine {
  float sine, cosine;
};
XGRAD_INLINE SineCosine sine_cosine(float x) {
  const std::int32_t octant = (static_cast<std::int32_t>(x * 1.27323954473516F) + 1) & ~1;
  const auto y = static_cast<float>(octant);
  x = fma(y, -0.78515625F, x);
  x = fma(y, -2.4187564849853515625e-4F, x);
  x = fma(y, -3.77489497744594108e-8F, x);
  const float square = x * x;
  float c = fma(2.443315711809948e-5F, square, -1.388731625493765e-3F);
  c = fma(c, square, 4.166664568298827e-2F) * square;
  c = fma(c, square, square * -0.5F) + 1.0F;
  float s = fma(-1.9515295891e-4F, square, 8.3321608736e-3F);
  s = fma(s, square, -1.6666654611e-1F) * square;
  s = fma(s, x, x);
  const auto swapped = static_cast<std::uint32_t>(-(octant >> 1 & 1));
  const std::uint32_t sine = (bits_of(c) & swapped) | (bits_of(s) & ~swapped);
  const std::uint32_t cosine = (bits_of(s) & swapped) | (bits_of(c) & ~swapped);
  const auto sine_sign = static_cast<std::uint32_t>(octant & 4) << 29;
  const auto cosine_sign = static_cast<std::uint32_t>(~(octant - 2) & 4) << 29;
  return {from_bits(sine ^ sine_sign), from_bits(cosine ^ cosine_sign)};
}

constexpr std::int64_t kBlock = 32;  // groups at a time: what lies between two steps stays in L1

// first, second: n uniform numbers each; then n normal ones each.
void transform(std::int64_t n, float* __restrict first, float* __restrict second, float mean,
               float std) {
  for (std::int64_t i = 0; i < n; ++i) {
    const float radius = __builtin_sqrtf(-2.0F * logarithm(1.0F - first[i]));
    const SineCosine unit = sine_cosine(6.283185307179586F * second[i]);
    first[i] = fma(radius * unit.cosine, std, mean);
    second[i] = fma(radius * unit.sine, std, mean);
  }
}

void fill(std::int64_t groups, float* data, float mean, float std) {
  alignas(64) float first[kBlock * 8], second[kBlock * 8];
  constexpr std::size_t kBytes = 8 * sizeof(float);
  while (groups > 0) {
    const std::int64_t count = groups < kBlock ? groups : kBlock;
    for (std::int64_t i = 0; i < count; ++i) {
      std::memcpy(first + i * 8, data + i * 16, kBytes);
      std::memcpy(second + i * 8, data + i * 16 + 8, kBytes);
    }
    transform(count * 8, first, second, mean, std);
    for (std::int64_t i = 0; i < count; ++i) {
      std::memcpy(data + i * 16, first + i * 8, kBytes);
      std::memcpy(data + i * 16 + 8, second + i * 8, kBytes);
    }
    data += count * 16;
    groups -= count;
  }
}

}  // namespace
}  // namespace XGRAD_ARCH_NAME

void XGRAD_ARCH_SYMBOL(normal_fill_)(std::int64_t groups, float* data, float mean, float std);
void XGRAD_ARCH_SYMBOL(normal_fill_)(std::int64_t groups, float* data, float mean, float std) {
  XGRAD_ARCH_NAME::fill(groups, data, mean, std);
}

}  // namespace xgrad::kernels
