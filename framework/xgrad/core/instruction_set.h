// Which compiled variant of the SIMD kernels runs:
// the best that the processor has, unless told otherwise.
//
//   XGRAD_ISA=avx2 ./program        or xgrad::set_instruction_set(xgrad::InstructionSet::avx2);
#pragma once

#include <vector>

namespace xgrad {

// baseline: SSE2 on x86-64, NEON on AArch64.
enum class InstructionSet { baseline, avx2, avx512 };
constexpr int kInstructionSetCount = 3;

// "baseline", "avx2", "avx512".
const char* toString(InstructionSet set);
// Those that were compiled in and that this processor can run, weakest first.
std::vector<InstructionSet> available_instruction_sets();
InstructionSet instruction_set();
// Errors: one that this processor or build does not have. Not to be called while kernels run.
void set_instruction_set(InstructionSet set);

}  // namespace xgrad
