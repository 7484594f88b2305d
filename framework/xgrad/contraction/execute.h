// contract: runs a plan.
#pragma once

#include "xgrad/contraction/plan.h"

namespace xgrad::contraction {

// c = alpha * (a . b), or c += alpha * (a . b) when accumulating; b is not read by a plan for one
// operand. Integers wrap, bool is any(and). c overlaps neither a nor b. Writes each element that
// the output labels reach once and no other one, so an output with repeated labels must be zero
// before.
void contract(const Plan& plan, const void* a, const void* b, void* c, double alpha = 1,
              bool accumulate = false);

// The packing buffers that contract() takes from the allocator meanwhile, at most, on the threads
// in use. (A nest has none, but may copy a vector.)
std::size_t scratch_bytes(const Plan& plan);

}  // namespace xgrad::contraction
