// What every op of linear algebra asks of its operands. Private to the library's sources.
#pragma once

#include "xgrad/core/format.h"
#include "xgrad/core/tensor.h"

namespace xgrad {

inline void check_matrices(const char* op, const Tensor& x) {
  check(x.is_floating_point(), "{}: input is {}, expected float32 or float64", op,
        dtype_name(x.scalar_type()));
  check(x.dim() >= 2, "{}: input has shape {}, expected at least 2 dims", op, x.sizes());
}

inline void check_square(const char* op, const Tensor& x) {
  check_matrices(op, x);
  check(x.size(-1) == x.size(-2), "{}: matrices are {} by {}, expected square ones", op, x.size(-2),
        x.size(-1));
}

// All sizes before the matrix, and those with `more` behind them.
inline IntArrayRef batch_sizes(const Tensor& x) { return x.sizes().slice(0, x.sizes().size() - 2); }
inline Dims batch_with(const Tensor& x, IntArrayRef more) {
  Dims sizes(batch_sizes(x));
  for (const std::int64_t size : more) sizes.push_back(size);
  return sizes;
}

}  // namespace xgrad
