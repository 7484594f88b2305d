#include "xgrad/contraction/cache.h"
#include "xgrad/contraction/plan.h"
#include "xgrad/core/instruction_set.h"

namespace xgrad::contraction {

PlanPtr plan(const Equation& equation, ScalarType dtype, ArrayRef<IntArrayRef> strides,
             IntArrayRef output_strides) {
  thread_local Cache<Plan> cache;
  CacheKey key;
  key.add(static_cast<std::int64_t>(dtype) * 16 + static_cast<std::int64_t>(instruction_set()));
  key.add_all(equation.sizes);
  for (std::size_t i = 0; i < strides.size(); ++i) {
    key.add_all(equation.inputs[i]);
    for (std::int64_t stride : strides[i]) key.add(stride);
  }
  key.add_all(equation.output);
  for (std::int64_t stride : output_strides) key.add(stride);
  return cache.find(key, [&] {
    return std::make_shared<const Plan>(make_plan(equation, dtype, strides, output_strides));
  });
}

}  // namespace xgrad::contraction
