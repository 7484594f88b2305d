#include "xgrad/contraction/plan_nest.h"

#include <algorithm>
#include <cstdlib>

#include "xgrad/contraction/loops.h"

namespace xgrad::contraction {

namespace {

constexpr std::size_t kNone = static_cast<std::size_t>(-1);

template <class Condition>
std::size_t longest(const Loops& loops, const Condition& condition) {
  std::size_t best = kNone;
  for (std::size_t i = 0; i < loops.size(); ++i) {
    if (condition(loops[i]) && (best == kNone || loops[i].size > loops[best].size)) best = i;
  }
  return best;
}

Loop take(Loops& loops, std::size_t position) {
  const Loop loop = loops[position];
  loops.erase(loops.begin() + static_cast<std::ptrdiff_t>(position));
  return loop;
}

bool any(const Loop&) { return true; }

// A matrix (a) times a vector (b): rows or columns of the matrix are contiguous.
bool plan_matrix_vector(Plan& plan, Nest& nest) {
  const auto in_a_only = [](const Loop& loop) { return loop.a != 0 && loop.b == 0; };
  const auto contiguous = [](const Loop& loop) { return loop.a == 1 && loop.size >= 4; };
  const std::size_t along_row = longest(nest.sums, contiguous);
  const std::size_t along_column =
      longest(nest.free, [&](const Loop& loop) { return contiguous(loop) && in_a_only(loop); });
  if (along_row != kNone && nest.sums[along_row].b != 0) {
    const std::size_t rows = longest(nest.free, in_a_only);
    if (rows == kNone) return false;
    nest.operation = Inner::row_dots;
    nest.inner = take(nest.sums, along_row);
    nest.second = take(nest.free, rows);
    return true;
  }
  const std::size_t columns = longest(
      nest.sums, [&](const Loop& loop) { return loop.a != 0 && (loop.b != 0 || plan.single); });
  if (along_column == kNone || columns == kNone) return false;
  nest.operation = Inner::columns;
  nest.inner = take(nest.free, along_column);
  nest.second = take(nest.sums, columns);
  return true;
}

// Short runs and dots are done row by row inside the kernel: a call for each of 64 elements would
// take most of the time.
constexpr std::int64_t kShort = 4096;
void add_rows(Nest& nest) {
  if (nest.inner.size > kShort || nest.free.empty()) return;
  nest.second = nest.free.back();
  nest.free.pop_back();
}

bool plan_dot(const Plan& plan, Nest& nest) {
  const std::size_t dot = longest(nest.sums, [&](const Loop& loop) {
    return loop.a == 1 && (loop.b == 1 || plan.single) && loop.size >= 8;
  });
  if (dot == kNone) return false;
  nest.operation = Inner::dot;
  nest.inner = take(nest.sums, dot);
  add_rows(nest);
  return true;
}

// Of a run or a dot along `inner`: the loop along which an operand lies that strides along that
// one. It goes next to it, so that the operand is read in tiles.
bool add_crossing(Loops& loops, Nest& nest) {
  const std::size_t crossing = longest(loops, [&](const Loop& loop) {
    return (nest.inner.a > 1 && loop.a == 1) || (nest.inner.b > 1 && loop.b == 1);
  });
  if (crossing == kNone) return false;
  nest.second = take(loops, crossing);
  return true;
}

// A dot along which only one operand is contiguous, while the other one is along another loop.
bool plan_crossing_dot(const Plan& plan, Nest& nest) {
  if (plan.single) return false;
  const std::size_t dot = longest(nest.sums, [](const Loop& loop) {
    return loop.size >= 8 && ((loop.a == 1 && loop.b > 1) || (loop.b == 1 && loop.a > 1));
  });
  if (dot == kNone) return false;
  nest.inner = take(nest.sums, dot);
  if (add_crossing(nest.free, nest) || add_crossing(nest.sums, nest)) {
    nest.operation = Inner::dot;
    return true;
  }
  nest.sums.push_back(nest.inner);
  nest.inner = Nest().inner;
  return false;
}

// A permuted copy: contiguous along one loop in a and along another one in c.
bool plan_transpose(const Plan& plan, Nest& nest) {
  if (!plan.single || !nest.sums.empty()) return false;
  const std::size_t read =
      longest(nest.free, [](const Loop& loop) { return loop.a == 1 && loop.c > 1; });
  if (read == kNone) return false;
  const Loop second = take(nest.free, read);
  const std::size_t written =
      longest(nest.free, [](const Loop& loop) { return loop.c == 1 && loop.a > 1; });
  if (written == kNone) {
    nest.free.push_back(second);
    return false;
  }
  nest.operation = Inner::transpose;
  nest.second = second;
  nest.inner = take(nest.free, written);
  return true;
}

}  // namespace

void plan_nest(Plan& plan) {
  if (plan.m.empty() && !plan.n.empty()) swap_operands(plan);
  Nest& nest = plan.nest;
  for (const Loops* loops : {&plan.batch, &plan.m, &plan.n}) {
    nest.free.insert(nest.free.end(), loops->begin(), loops->end());
  }
  nest.sums = plan.k;
  sort_and_merge(nest.free, &Loop::c, &Loop::a);
  sort_and_merge(nest.sums, &Loop::a, &Loop::b);
  if (isFloatingType(plan.dtype)) {
    if (plan.n.empty() && plan_matrix_vector(plan, nest)) return;
    if (plan_dot(plan, nest) || plan_transpose(plan, nest) || plan_crossing_dot(plan, nest)) return;
  }
  // What is left runs along a loop of c, contiguous if possible; a sum when c has no loop.
  std::size_t run = longest(
      nest.free, [](const Loop& loop) { return loop.c == 1 && loop.a <= 1 && loop.b <= 1; });
  if (run == kNone) run = longest(nest.free, [](const Loop& loop) { return loop.c == 1; });
  if (run == kNone || (nest.free[run].size < 4 && longest(nest.sums, any) != kNone)) {
    const std::size_t sum = longest(nest.sums, any);
    if (sum != kNone) {
      nest.operation = Inner::dot;
      nest.inner = take(nest.sums, sum);
      return add_rows(nest);
    }
    if (run == kNone) run = longest(nest.free, any);
  }
  nest.operation = Inner::run;
  if (run != kNone) nest.inner = take(nest.free, run);
  if (!add_crossing(nest.free, nest)) add_rows(nest);
}

}  // namespace xgrad::contraction
