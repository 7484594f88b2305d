// Private: runs a plan whose kernel is Kernel::direct or Kernel::packed; float and double.
#pragma once

#include "xgrad/contraction/plan.h"

namespace xgrad::contraction {

template <class T>
void run_direct(const Plan& plan, const T* a, const T* b, T* c, T alpha, bool accumulate);

// What it takes from the allocator, at most.
template <class T>
std::size_t direct_scratch_bytes(const Plan& plan);

template <class T>
void run_packed(const Plan& plan, const T* a, const T* b, T* c, T alpha, bool accumulate);

template <class T>
std::size_t packed_scratch_bytes(const Plan& plan);

}  // namespace xgrad::contraction
