#include "xgrad/contraction/plan.h"

#include <algorithm>
#include <cstdlib>

#include "xgrad/contraction/loops.h"
#include "xgrad/contraction/plan_nest.h"
#include "xgrad/kernels/gemm.h"

namespace xgrad::contraction {

namespace {

struct LabelUse {
  Loop loop{1, 0, 0, 0};
  bool in_output = false;
};

std::vector<LabelUse> uses_of(const Equation& equation, ArrayRef<IntArrayRef> strides,
                              IntArrayRef output_strides) {
  std::vector<LabelUse> uses(equation.sizes.size());
  for (std::size_t l = 0; l < uses.size(); ++l) uses[l].loop.size = equation.sizes[l];
  const auto add = [&](const Labels& labels, IntArrayRef values, Stride stride) {
    for (std::size_t d = 0; d < labels.size(); ++d)
      uses[static_cast<std::size_t>(labels[d])].loop.*stride += values[d];
  };
  add(equation.inputs[0], strides[0], &Loop::a);
  if (strides.size() > 1) add(equation.inputs[1], strides[1], &Loop::b);
  add(equation.output, output_strides, &Loop::c);
  for (int label : equation.output) uses[static_cast<std::size_t>(label)].in_output = true;
  return uses;
}

// By strides rather than by labels: a batch label along which an operand is expanded (stride 0) is
// a row or a column.
Loops& group_of(Plan& plan, const LabelUse& use) {
  if (!use.in_output) return plan.k;
  if (use.loop.a != 0 && use.loop.b != 0) return plan.batch;
  return use.loop.b != 0 ? plan.n : plan.m;
}

std::int64_t least_stride(const Loops& loops, Stride stride) {
  std::int64_t least = INT64_MAX;
  for (const Loop& loop : loops) {
    if (loop.*stride != 0) least = std::min(least, std::abs(loop.*stride));
  }
  return least;
}

// Registers lie along n, so n should be contiguous in c; where c decides nothing, in b.
void choose_sides(Plan& plan) {
  const std::int64_t c_m = least_stride(plan.m, &Loop::c), c_n = least_stride(plan.n, &Loop::c);
  const bool undecided = std::min(c_m, c_n) > 1;
  const bool n_along_b = least_stride(plan.n, &Loop::b) == 1,
             m_along_a = least_stride(plan.m, &Loop::a) == 1;
  if (undecided && n_along_b != m_along_a ? m_along_a : c_m < c_n) swap_operands(plan);
}

// Takes an inner part of `size`, which divides the loop, out of it; the loop keeps the rest.
Loop take_part(Loop& loop, std::int64_t size) {
  Loop inner = loop;
  inner.size = size;
  loop.size /= size;
  for (Stride stride : {&Loop::a, &Loop::b, &Loop::c}) loop.*stride *= size;
  return inner;
}

// About a cache line; the whole loop where nothing near that divides it.
Loop take_line(Loop& loop) {
  for (std::int64_t part : {16, 32, 24, 20, 18, 17, 15, 14, 12, 28, 26, 22, 21, 13, 11, 10, 9, 8}) {
    if (loop.size > 32 && loop.size % part == 0) return take_part(loop, part);
  }
  return take_part(loop, loop.size);
}

// A few lines, in whole registers if possible.
Loop take_stretch(Loop& loop) {
  constexpr std::int64_t kStretch = 256;
  if (loop.size <= kStretch) return take_part(loop, loop.size);
  for (std::int64_t unit : {16, 1}) {
    for (std::int64_t part = kStretch / unit * unit; part >= 32; part -= unit) {
      if (loop.size % part == 0) return take_part(loop, part);
    }
  }
  return take_part(loop, loop.size);
}

// The loop that is contiguous in `other`, if the innermost loop is another one.
Loops::iterator unit_of(Loops& loops, Stride other) {
  if (loops.size() < 2 || loops.back().*other == 1) return loops.end();
  return std::find_if(loops.begin(), loops.end(),
                      [&](const Loop& loop) { return loop.*other == 1; });
}

// A group whose innermost loop is contiguous in one array, while another loop of it is contiguous
// in `other`: a part of that goes next to innermost, or innermost. Then lines of both arrays are
// used whole while they are in the caches, instead of one element a line.
void block_next(Loops& loops, Stride other) {
  const auto unit = unit_of(loops, other);
  if (unit == loops.end()) return;
  Loop rest = *unit, rest_of_inner = loops.back();
  const Loop lines = take_stretch(rest), inner = take_stretch(rest_of_inner);
  loops.back() = rest_of_inner;
  loops.erase(unit);
  loops.insert(loops.begin(), rest);
  loops.insert(loops.end(), {lines, inner});
  std::erase_if(loops, [](const Loop& loop) { return loop.size == 1; });
}

void block_innermost(Loops& loops, Stride other) {
  const auto unit = unit_of(loops, other);
  if (unit == loops.end()) return;
  Loop rest = *unit;
  const Loop line = take_line(rest);
  loops.erase(unit);
  loops.insert(loops.begin(), rest);
  loops.push_back(line);
  std::erase_if(loops, [](const Loop& loop) { return loop.size == 1; });
}

// Small: the operands of one product stay in the caches, so nothing is gained by packing them.
bool is_small(const Plan& plan) {
  constexpr std::int64_t kSmall = 20000;
  return plan.columns * plan.depth <= kSmall && plan.rows * plan.depth <= 2 * kSmall;
}

// Thin: b is so small that it stays in the caches, and each row is read so few times that packing
// it takes longer: rows that lie along k, or have their neighbours in the caches when their turn
// comes. (A step of a power of two leaves those few places in the caches.)
bool is_thin(const Plan& plan, std::int64_t tile_columns) {
  constexpr std::int64_t kNearSpan = 1 << 21, kMostOfB = 1 << 18, kEvenStep = 256;
  const std::int64_t step = std::abs(plan.k[0].a);
  const std::int64_t few_tiles = step % kEvenStep == 0 ? 2 : 8;
  return plan.columns <= few_tiles * tile_columns && plan.columns * plan.depth <= kMostOfB &&
         (step == 1 || step * plan.depth <= kNearSpan);
}

// Whether a product of matrices is best read where it lies, but for a b that has to be packed. May
// swap the operands.
bool is_direct(Plan& plan, std::int64_t tile_columns) {
  const bool small = is_small(plan), packs_b = plan.n[0].b != 1;
  // The smaller operand is packed, or none: transposing c in registers costs less.
  const bool packs_less = packs_b && plan.rows < plan.columns,
             packs_none = packs_b && plan.m[0].a == 1 && plan.rows <= 2 * plan.depth;
  if (small && !packs_none) return true;
  if (packs_less || packs_none) {
    swap_operands(plan);
    if (small || is_thin(plan, tile_columns)) return true;
    swap_operands(plan);
  }
  return is_thin(plan, tile_columns);
}

template <class T>
void choose_product(Plan& plan) {
  const auto& kernels = kernels::kernels_of<T>(*plan.table);
  // A few columns use a few lanes of each register: then the rows are better columns, though c is
  // scattered.
  const std::int64_t lanes = kernels.tile_columns / 2;
  if (count(plan.n) * 2 <= lanes && count(plan.m) >= 2 * count(plan.n)) swap_operands(plan);
  sort_and_merge(plan.batch, &Loop::c, &Loop::a);
  // Rows are best in the order in which a lies, for packing; but when the depth is small, writing c
  // is what takes time.
  if (count(plan.k) > 96) {
    sort_and_merge(plan.m, &Loop::a, &Loop::c);
  } else {
    sort_and_merge(plan.m, &Loop::c, &Loop::a);
  }
  sort_and_merge(plan.n, &Loop::c, &Loop::b);
  sort_and_merge(plan.k, &Loop::b, &Loop::a);
  block_next(plan.n, &Loop::b);
  block_innermost(plan.k, &Loop::a);
  const bool direct = plan.m.size() == 1 && plan.n.size() == 1 && plan.k.size() == 1 &&
                      (plan.n[0].c == 1 || plan.m[0].c == 1) &&
                      is_direct(plan, kernels.tile_columns);
  plan.kernel = direct ? Kernel::direct : Kernel::packed;
  plan.pack_b = plan.n.back().b != 1;
  plan.interleaved = plan.pack_b && plan.n.size() > 1 && plan.n[plan.n.size() - 2].b == 1;
}

// Many small products that lie side by side, element by element: the registers then lie along the
// batch.
bool is_batch_of_elements(const Plan& plan) {
  constexpr std::int64_t kWide = 16, kSmallProduct = 4096;
  return plan.rows * plan.columns * plan.depth <= kSmallProduct &&
         std::any_of(plan.batch.begin(), plan.batch.end(), [&](const Loop& loop) {
           return loop.size >= kWide && loop.a == 1 && loop.b == 1 && loop.c == 1;
         });
}

}  // namespace

void swap_operands(Plan& plan) {
  plan.swapped = !plan.swapped;
  std::swap(plan.m, plan.n);
  std::swap(plan.rows, plan.columns);
  for (Loops* loops : {&plan.batch, &plan.m, &plan.n, &plan.k}) {
    for (Loop& loop : *loops) std::swap(loop.a, loop.b);
  }
}

const char* toString(Kernel kernel) {
  switch (kernel) {
    case Kernel::nothing:
      return "nothing";
    case Kernel::zero:
      return "zero";
    case Kernel::nest:
      return "nest";
    case Kernel::direct:
      return "direct";
    default:
      return "packed";
  }
}

Plan make_plan(const Equation& equation, ScalarType dtype, ArrayRef<IntArrayRef> strides,
               IntArrayRef output_strides) {
  Plan plan;
  plan.dtype = dtype;
  plan.single = strides.size() == 1;
  plan.table = &kernels::gemm_table();
  for (const LabelUse& use : uses_of(equation, strides, output_strides)) {
    if (use.loop.size != 1) group_of(plan, use).push_back(use.loop);
  }
  plan.batches = count(plan.batch);
  plan.rows = count(plan.m);
  plan.columns = count(plan.n);
  plan.depth = count(plan.k);
  if (plan.batches == 0 || plan.rows == 0 || plan.columns == 0) {
    plan.kernel = Kernel::nothing;
  } else if (plan.depth == 0) {
    plan.kernel = Kernel::zero;
    sort_and_merge(plan.batch, &Loop::c, &Loop::a);
  } else if (isFloatingType(dtype) && !plan.m.empty() && !plan.n.empty() && !plan.k.empty() &&
             !is_batch_of_elements(plan)) {
    choose_sides(plan);
    dispatch_floating(dtype, [&](auto zero) { choose_product<decltype(zero)>(plan); });
  } else {
    plan.kernel = Kernel::nest;
    plan_nest(plan);
  }
  return plan;
}

}  // namespace xgrad::contraction
