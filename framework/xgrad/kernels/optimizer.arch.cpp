// What each optimizer does to one vector of elements; operations in PyTorch's order, so that
// float32 runs stay close to it.
#include "xgrad/kernels/optimizer.h"

#include "xgrad/kernels/arch.h"

namespace xgrad::kernels {
namespace XGRAD_ARCH_NAME {

template <class T>
XGRAD_INLINE Batch<T> constant(double value) {
  return Batch<T>(static_cast<T>(value));
}

// The gradient that a rule begins with. Zero decay is left out, not multiplied in: 0 * inf is NaN.
template <class T, class Rule>
XGRAD_INLINE Batch<T> decayed(const Rule& r, Batch<T> p, Batch<T> g) {
  if (r.maximize) g = -g;
  return r.weight_decay != 0 ? g + constant<T>(r.weight_decay) * p : g;
}

// average = decay * average + (1 - decay) * value, where value may be a product.
template <class T>
XGRAD_INLINE Batch<T> averaged(double decay, Batch<T> average, Batch<T> value) {
  return average * constant<T>(decay) + constant<T>(1 - decay) * value;
}
template <class T>
XGRAD_INLINE Batch<T> averaged_square(double decay, Batch<T> average, Batch<T> value) {
  return average * constant<T>(decay) + constant<T>(1 - decay) * value * value;
}

template <class T, int kStates>
XGRAD_INLINE void step(const SgdRule& r, Batch<T>& p, Batch<T> g, Batch<T>* s) {
  g = decayed<T>(r, p, g);
  if constexpr (kStates == 1) {
    s[0] = r.first ? g : s[0] * constant<T>(r.momentum) + constant<T>(1 - r.dampening) * g;
    g = r.nesterov ? g + constant<T>(r.momentum) * s[0] : s[0];
  }
  p = p + constant<T>(-r.lr) * g;
}

template <class T, int kStates>
XGRAD_INLINE void step(const AdamRule& r, Batch<T>& p, Batch<T> g, Batch<T>* s) {
  if (r.shrink != 1) p = p * constant<T>(r.shrink);
  g = decayed<T>(r, p, g);
  s[0] = averaged<T>(r.beta1, s[0], g);
  s[1] = averaged_square<T>(r.beta2, s[1], g);
  Batch<T> square = s[1];
  if constexpr (kStates == 3) square = s[2] = xsimd::max(s[2], s[1]);
  const Batch<T> denominator = square_root(square) / constant<T>(r.bias2_root) + constant<T>(r.eps);
  p = p + constant<T>(-r.step_size) * s[0] / denominator;
}

template <class T, int kStates>
XGRAD_INLINE void step(const RmspropRule& r, Batch<T>& p, Batch<T> g, Batch<T>* s) {
  g = decayed<T>(r, p, g);
  s[0] = averaged_square<T>(r.alpha, s[0], g);
  Batch<T> square = s[0];
  if (kStates > 1 && r.centered) {
    Batch<T>& mean = s[kStates - 1];
    mean = averaged<T>(r.alpha, mean, g);
    square = square - mean * mean;
  }
  const Batch<T> denominator = square_root(square) + constant<T>(r.eps);
  if (kStates > 1 && r.momentum != 0) {
    Batch<T>& buffer = s[kStates > 1 ? 1 : 0];
    buffer = buffer * constant<T>(r.momentum) + g / denominator;
    p = p + constant<T>(-r.lr) * buffer;
  } else {
    p = p + constant<T>(-r.lr) * g / denominator;
  }
}

template <class T, int kStates>
XGRAD_INLINE void step(const AdagradRule& r, Batch<T>& p, Batch<T> g, Batch<T>* s) {
  g = decayed<T>(r, p, g);
  s[0] = s[0] + g * g;
  p = p + constant<T>(-r.lr) * g / (square_root(s[0]) + constant<T>(r.eps));
}

template <class T, int kStates>
XGRAD_INLINE void step(const AdadeltaRule& r, Batch<T>& p, Batch<T> g, Batch<T>* s) {
  const Batch<T> eps = constant<T>(r.eps);
  g = decayed<T>(r, p, g);
  s[0] = averaged_square<T>(r.rho, s[0], g);
  const Batch<T> delta = square_root(s[1] + eps) / square_root(s[0] + eps) * g;
  s[1] = averaged_square<T>(r.rho, s[1], delta);
  p = p + constant<T>(-r.lr) * delta;
}

template <class T, int kStates>
XGRAD_INLINE void step(const AdamaxRule& r, Batch<T>& p, Batch<T> g, Batch<T>* s) {
  g = decayed<T>(r, p, g);
  s[0] = averaged<T>(r.beta1, s[0], g);
  s[1] = xsimd::max(s[1] * constant<T>(r.beta2), xsimd::abs(g) + constant<T>(r.eps));
  p = p + constant<T>(-r.lr) * s[0] / s[1];
}

template <class T, int kStates>
XGRAD_INLINE void step(const NadamRule& r, Batch<T>& p, Batch<T> g, Batch<T>* s) {
  g = decayed<T>(r, p, g);
  s[0] = averaged<T>(r.beta1, s[0], g);
  s[1] = averaged_square<T>(r.beta2, s[1], g);
  const Batch<T> denominator = square_root(s[1] / constant<T>(r.bias2)) + constant<T>(r.eps);
  p = p + constant<T>(-r.gradient_step) * g / denominator;
  p = p + constant<T>(-r.momentum_step) * s[0] / denominator;
}

template <class T, int kStates>
XGRAD_INLINE void step(const RadamRule& r, Batch<T>& p, Batch<T> g, Batch<T>* s) {
  g = decayed<T>(r, p, g);
  s[0] = averaged<T>(r.beta1, s[0], g);
  s[1] = averaged_square<T>(r.beta2, s[1], g);
  Batch<T> change = s[0] / constant<T>(r.bias1) * constant<T>(r.lr);
  if (r.adaptive) {
    const Batch<T> rate = constant<T>(r.bias2_root) / (square_root(s[1]) + constant<T>(r.eps));
    change = change * rate * constant<T>(r.rectification);
  }
  p = p - change;
}

// Whole vectors, then the rest in a padded vector, so that an element's value does not depend on
// its place.
template <class T, class Rule, int kStates>
void run(std::int64_t n, T* p, const T* g, void* const* states, const Rule& rule) {
  using V = Batch<T>;
  constexpr std::int64_t width = V::size;
  constexpr int room = kStates > 0 ? kStates : 1;
  const Rule r = rule;  // a copy that no store can alias stays in registers
  T* s[room] = {};
  for (int k = 0; k < kStates; ++k) s[k] = static_cast<T*>(states[k]);
  std::int64_t i = 0;
  for (; i + width <= n; i += width) {
    V vp = V::load_unaligned(p + i), vs[room];
    for (int k = 0; k < kStates; ++k) vs[k] = V::load_unaligned(s[k] + i);
    step<T, kStates>(r, vp, V::load_unaligned(g + i), vs);
    for (int k = 0; k < kStates; ++k) vs[k].store_unaligned(s[k] + i);
    vp.store_unaligned(p + i);
  }
  if (i == n) return;
  alignas(64) T rest_p[width] = {}, rest_g[width] = {}, rest_s[room][width] = {};
  for (std::int64_t j = i; j < n; ++j) {
    rest_p[j - i] = p[j];
    rest_g[j - i] = g[j];
    for (int k = 0; k < kStates; ++k) rest_s[k][j - i] = s[k][j];
  }
  V vp = V::load_aligned(rest_p), vs[room];
  for (int k = 0; k < kStates; ++k) vs[k] = V::load_aligned(rest_s[k]);
  step<T, kStates>(r, vp, V::load_aligned(rest_g), vs);
  for (int k = 0; k < kStates; ++k) vs[k].store_aligned(rest_s[k]);
  vp.store_aligned(rest_p);
  for (std::int64_t j = i; j < n; ++j) {
    p[j] = rest_p[j - i];
    for (int k = 0; k < kStates; ++k) s[k][j] = rest_s[k][j - i];
  }
}

// The kernel for any of kStates... states.
template <class T, class Rule, int... kStates>
void update(std::int64_t n, void* parameter, const void* gradient, void* const* states, int count,
            const Rule& rule) {
  auto* p = static_cast<T*>(parameter);
  const auto* g = static_cast<const T*>(gradient);
  ((count == kStates ? run<T, Rule, kStates>(n, p, g, states, rule) : void()), ...);
}

constexpr OptimizerTable table = {
    {&update<float, SgdRule, 0, 1>, &update<double, SgdRule, 0, 1>},
    {&update<float, AdamRule, 2, 3>, &update<double, AdamRule, 2, 3>},
    {&update<float, RmspropRule, 1, 2, 3>, &update<double, RmspropRule, 1, 2, 3>},
    {&update<float, AdagradRule, 1>, &update<double, AdagradRule, 1>},
    {&update<float, AdadeltaRule, 2>, &update<double, AdadeltaRule, 2>},
    {&update<float, AdamaxRule, 2>, &update<double, AdamaxRule, 2>},
    {&update<float, NadamRule, 2>, &update<double, NadamRule, 2>},
    {&update<float, RadamRule, 2>, &update<double, RadamRule, 2>},
};

}  // namespace XGRAD_ARCH_NAME

const OptimizerTable& XGRAD_ARCH_SYMBOL(optimizer_table_)();
const OptimizerTable& XGRAD_ARCH_SYMBOL(optimizer_table_)() { return XGRAD_ARCH_NAME::table; }

}  // namespace xgrad::kernels
