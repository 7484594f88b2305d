// Functions of two tensors that have no kernel over vectors: one pair of elements at a time.
// Private to the ops.
#pragma once

#include "xgrad/ops/map.h"
#include "xgrad/ops/places.h"

namespace xgrad {

// f of each pair of elements, computed as T and stored as `type`.
template <class T, class F>
Tensor of_pairs(const char* op, ScalarType type, const Operand& a, const Operand& b, const F& f) {
  const Dims sizes = broadcast_shape(op, {a, b});
  const ScalarType computed = scalar_type_of<T>();
  const auto wide = [&](const Operand& operand) {
    const Tensor x = make_tensor(sizes, computed);
    if (operand.is_tensor()) {
      copy_into(x, operand.tensor());
    } else {
      fill_elements(x, operand.scalar());
    }
    return x;
  };
  const Tensor x = wide(a), y = wide(b);
  T* out = x.data_ptr<T>();
  const T* other = y.data_ptr<T>();
  for (std::int64_t i = 0; i < x.numel(); ++i) out[i] = f(out[i], other[i]);
  return convert(x, type);
}

}  // namespace xgrad
