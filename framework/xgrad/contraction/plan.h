// Plan: how one contraction of one or two operands runs: its loops, their strides, and the kernel.
//
//   PlanPtr p = plan(equation, kFloat, {a_strides, b_strides}, c_strides);   // a look-up when seen
//   before contract(*p, a, b, c);
//
// Every label becomes a loop with a stride in a, b and c (0 where it is absent, the sum where it
// repeats), in one of four groups: batch (in a, b and c), m (a and c), n (b and c), k (not in c).
// Loops of a group that continue each other in memory are merged.
#pragma once

#include <memory>
#include <vector>

#include "xgrad/contraction/equation.h"
#include "xgrad/core/scalar_type.h"

namespace xgrad::kernels {
struct GemmTable;
}

namespace xgrad::contraction {

struct Loop {
  std::int64_t size;
  std::int64_t a, b, c;  // strides in elements
};
using Loops = std::vector<Loop>;  // outermost first

enum class Kernel {
  nothing,  // an output without elements
  zero,     // a sum over nothing
  nest,     // loops around one vector operation: copies, sums, outer products, dots, matrix-vector
  direct,   // matrix products read where they lie, or after packing b alone
  packed,   // matrix products on packed blocks
};
const char* toString(Kernel kernel);

// The vector operation inside a nest: along `inner`, for each position along `second`.
enum class Inner {
  run,        // along a loop of c: copy, scale, elementwise product
  dot,        // along a sum
  row_dots,   // matrix-vector: `inner` runs along a contiguous row, `second` from row to row
  columns,    // matrix-vector: `inner` runs along a contiguous column, `second` to the next
  transpose,  // copy of a single operand, contiguous along `second` in a and along `inner` in c
};

struct Nest {
  Inner operation = Inner::run;
  Loop inner{1, 0, 0, 0};
  Loop second{1, 0, 0, 0};
  Loops free;  // loops of c around it
  Loops sums;  // loops of sums inside those
};

struct Plan {
  Kernel kernel = Kernel::nothing;
  ScalarType dtype = kFloat;
  bool single = false;   // one operand: b is not read
  bool swapped = false;  // the caller's b plays a
  Loops batch, m, n, k;
  // Products of the sizes of each group.
  std::int64_t batches = 1, rows = 1, columns = 1, depth = 1;
  Nest nest;                 // when kernel is nest
  bool pack_b = false;       // when kernel is direct: b does not lie along n
  bool interleaved = false;  // when it is packed: b lies along the second innermost loop of n
  const kernels::GemmTable* table = nullptr;
};

using PlanPtr = std::shared_ptr<const Plan>;

// strides: of each input, by dimension of equation.inputs. Thread-safe; at most some thousand plans
// are kept.
PlanPtr plan(const Equation& equation, ScalarType dtype, ArrayRef<IntArrayRef> strides,
             IntArrayRef output_strides);

// Without the cache.
Plan make_plan(const Equation& equation, ScalarType dtype, ArrayRef<IntArrayRef> strides,
               IntArrayRef output_strides);

}  // namespace xgrad::contraction
