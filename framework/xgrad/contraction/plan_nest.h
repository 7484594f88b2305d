// Private: the part of make_plan() for contractions that are not matrix products.
#pragma once

#include "xgrad/contraction/plan.h"

namespace xgrad::contraction {

// Fills plan.nest from the plan's groups; may swap the operands so that the matrix of a
// matrix-vector product is a.
void plan_nest(Plan& plan);

void swap_operands(Plan& plan);

}  // namespace xgrad::contraction
