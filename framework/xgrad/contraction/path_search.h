// Private: orders of contraction on label sets, before any equation is written.
#pragma once

#include "xgrad/contraction/path.h"

namespace xgrad::contraction {

// Which two of a growing list are contracted at each step.
using Order = std::vector<std::pair<std::size_t, std::size_t>>;

// operands: the labels of each, ascending, without repetition. limit: in elements, of one
// intermediate.
Order optimal_order(const std::vector<Labels>& operands, const Labels& output,
                    const std::vector<std::int64_t>& sizes, double limit);
Order greedy_order(const std::vector<Labels>& operands, const Labels& output,
                   const std::vector<std::int64_t>& sizes, double limit);

// FLOPs of a loop nest over these labels: a multiplication and, where something is summed, an
// addition.
double elements_of(const Labels& labels, const std::vector<std::int64_t>& sizes);

}  // namespace xgrad::contraction
