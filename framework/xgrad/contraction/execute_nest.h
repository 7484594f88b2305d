// Private: runs a plan whose kernel is Kernel::nest.
#pragma once

#include "xgrad/contraction/plan.h"

namespace xgrad::contraction {

template <class T>
void run_nest(const Plan& plan, const T* a, const T* b, T* c, T alpha, bool accumulate);

}  // namespace xgrad::contraction
