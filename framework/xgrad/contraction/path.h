// Path: in which order an equation of many operands is contracted, one or two operands a step.
//
//   Path path = find_path(parse("ij,jk,kl->il", shapes), sizeof(float));
//   choose_kernels(path, kFloat, strides);
//   path.table();   // one line a step: operands, FLOPs, bytes, kernel, scratch memory, equation
//
// Up to 10 operands the order is optimal in FLOPs (dynamic programming over subsets: Pfeifer,
// Haegeman, Verstraete, arXiv 1304.6112); beyond, greedy by how little memory a step adds (Smith
// and Gray, opt_einsum, JOSS 2018).
#pragma once

#include <limits>
#include <string>
#include <vector>

#include "xgrad/contraction/equation.h"
#include "xgrad/core/scalar_type.h"

namespace xgrad::contraction {

struct Step {
  std::size_t left;   // operands 0..n-1 are the given ones, n + s is the result of step s
  std::size_t right;  // Step::kNone for a step of a single operand
  Equation equation;  // of this step alone
  std::vector<Equation> derivatives;  // by operand of the step: of its gradient
  double flops = 0;
  double bytes = 0;               // read and written, each element once
  double intermediate_bytes = 0;  // results alive during it, but for the path's own
  const char* kernel = "";        // by choose_kernels(), as the next
  double scratch_bytes = 0;       // packing buffers

  static constexpr std::size_t kNone = std::numeric_limits<std::size_t>::max();
};

struct Path {
  std::vector<Step> steps;  // the last one makes the output; never empty
  double flops = 0;
  double naive_flops = 0;  // of one loop nest over all labels
  // The most memory taken at once, beside the operands and the result: the intermediates alive and,
  // after choose_kernels(), scratch memory. An intermediate is freed after its one use.
  double peak_bytes = 0;
  bool within_limit = true;  // every intermediate is within PathOptions::memory_limit

  std::string table() const;
};

enum class PathMethod { automatic, optimal, greedy, left_to_right };

struct PathOptions {
  PathOptions() = default;
  PathOptions(PathMethod wanted) : method(wanted) {}
  // An order of one's own, as torch.einsum and opt_einsum take it: for each step the positions of
  // two operands in a list, from which they are taken and to whose end their product is put.
  PathOptions(OptionalIntArrayRef pairs) {
    if (pairs) order = std::vector<std::int64_t>(pairs->begin(), pairs->end());
  }
  PathOptions(std::nullopt_t) {}
  PathOptions(const std::vector<std::int64_t>& pairs) : order(pairs) {}
  PathOptions(std::initializer_list<std::int64_t> pairs) : order(pairs) {}

  PathMethod method = PathMethod::automatic;
  // Cap in bytes for one intermediate; where no order keeps it, the smallest intermediates are
  // taken and within_limit is false.
  double memory_limit = std::numeric_limits<double>::infinity();
  std::optional<std::vector<std::int64_t>> order;  // then neither of the above counts

  bool is_default() const {
    return method == PathMethod::automatic && !order &&
           memory_limit == std::numeric_limits<double>::infinity();
  }
};

// Errors: an order that is none of these operands.
Path find_path(const Equation& equation, std::size_t element_size, const PathOptions& options = {});

// Names the kernel of each step, and adds the scratch memory that it takes on the threads in use.
// strides: of the given operands, by dimension of equation.inputs; results of steps are contiguous.
void choose_kernels(Path& path, ScalarType dtype, ArrayRef<Dims> strides);

}  // namespace xgrad::contraction
