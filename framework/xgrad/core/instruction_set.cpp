#include "xgrad/core/instruction_set.h"

#include <atomic>
#include <cstdlib>
#include <string_view>

#include "xgrad/core/format.h"

namespace xgrad {
namespace {

bool runs(InstructionSet set) {
  switch (set) {
    case InstructionSet::baseline:
      return true;
#if defined(XGRAD_HAVE_AVX2)
    case InstructionSet::avx2:
      return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
#endif
#if defined(XGRAD_HAVE_AVX512)
    case InstructionSet::avx512:
      return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512cd") &&
             __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw") &&
             __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("fma");
#endif
    default:
      return false;
  }
}

std::string names(const std::vector<InstructionSet>& sets) {
  std::string text;
  for (InstructionSet set : sets) text += (text.empty() ? "" : ", ") + std::string(toString(set));
  return text;
}

// The environment's choice, else the best. An unknown name is an error at the first use of a
// kernel.
InstructionSet initial() {
  const std::vector<InstructionSet> sets = available_instruction_sets();
  const char* wish = std::getenv("XGRAD_ISA");
  if (wish == nullptr || *wish == '\0') return sets.back();
  for (InstructionSet set : sets) {
    if (std::string_view(wish) == toString(set)) return set;
  }
  fail("XGRAD_ISA: this processor or build has no '{}', expected one of {}", wish, names(sets));
}

std::atomic<int> active{-1};

}  // namespace

const char* toString(InstructionSet set) {
  constexpr const char* kNames[] = {"baseline", "avx2", "avx512"};
  return kNames[static_cast<int>(set)];
}

std::vector<InstructionSet> available_instruction_sets() {
  std::vector<InstructionSet> sets;
  for (int i = 0; i < kInstructionSetCount; ++i) {
    if (runs(static_cast<InstructionSet>(i))) sets.push_back(static_cast<InstructionSet>(i));
  }
  return sets;
}

InstructionSet instruction_set() {
  int set = active.load(std::memory_order_relaxed);
  if (set < 0) [[unlikely]] {
    set = static_cast<int>(initial());
    active.store(set, std::memory_order_relaxed);
  }
  return static_cast<InstructionSet>(set);
}

void set_instruction_set(InstructionSet set) {
  check(runs(set), "set_instruction_set: this processor or build has no {}, expected one of {}",
        toString(set), names(available_instruction_sets()));
  active.store(static_cast<int>(set));
}

}  // namespace xgrad
