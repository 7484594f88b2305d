// AccumulateGrad: the end of the tape, where a gradient is added to a leaf's .grad().
#pragma once

#include "xgrad/autograd/node.h"

namespace xgrad::autograd {

// The leaf's one accumulator, made when the first tape needs it and dropped with the last.
Ref<Node> accumulator_of(const Tensor& leaf);
// After the leaf got another shape or type: tapes from now on have an accumulator of their own.
void forget_accumulator(const Tensor& leaf);
// Adds `gradient` to the leaf's .grad(), as PyTorch does: taken over if nobody else has it, copied
// in the leaf's memory order otherwise; added in place unless derivatives of it may be asked for.
void accumulate_into(const Tensor& leaf, Tensor& gradient);

}  // namespace xgrad::autograd
