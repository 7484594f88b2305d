#include "xgrad/contraction/execute.h"

#include "xgrad/contraction/execute_nest.h"
#include "xgrad/contraction/execute_product.h"
#include "xgrad/contraction/loops.h"

namespace xgrad::contraction {

namespace {

template <class T>
void write_zeros(const Plan& plan, T* c) {
  Loops loops = plan.batch;
  loops.insert(loops.end(), plan.m.begin(), plan.m.end());
  loops.insert(loops.end(), plan.n.begin(), plan.n.end());
  walk(loops, 0, count(loops), [&](const Offsets& at) { c[at.c] = T(0); });
}

template <class T>
void run(const Plan& plan, const T* a, const T* b, T* c, T alpha, bool accumulate) {
  if (plan.kernel == Kernel::nothing) return;
  if (plan.kernel == Kernel::zero) {
    if (!accumulate) write_zeros(plan, c);
    return;
  }
  if constexpr (std::is_floating_point_v<T>) {
    if (plan.kernel == Kernel::direct) return run_direct(plan, a, b, c, alpha, accumulate);
    if (plan.kernel == Kernel::packed) return run_packed(plan, a, b, c, alpha, accumulate);
  }
  run_nest(plan, a, b, c, alpha, accumulate);
}

}  // namespace

void contract(const Plan& plan, const void* a, const void* b, void* c, double alpha,
              bool accumulate) {
  if (plan.swapped) std::swap(a, b);
  dispatch(plan.dtype, [&](auto zero) {
    using T = decltype(zero);
    run(plan, static_cast<const T*>(a), static_cast<const T*>(b), static_cast<T*>(c),
        static_cast<T>(alpha), accumulate);
  });
}

std::size_t scratch_bytes(const Plan& plan) {
  if (plan.kernel != Kernel::direct && plan.kernel != Kernel::packed) return 0;
  std::size_t bytes = 0;
  dispatch_floating(plan.dtype, [&](auto zero) {
    using T = decltype(zero);
    bytes = plan.kernel == Kernel::direct ? direct_scratch_bytes<T>(plan)
                                          : packed_scratch_bytes<T>(plan);
  });
  return bytes;
}

}  // namespace xgrad::contraction
