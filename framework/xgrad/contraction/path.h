// Path: in which order an equation of many operands is contracted, one or two operands a step.
//
//   Path path = find_path(parse("ij,jk,kl->il", shapes), sizeof(float));
//   path.table();   // one line a step: operands, equation, FLOPs, bytes
//
// Up to 10 operands the order is optimal in FLOPs (dynamic programming over subsets: Pfeifer,
// Haegeman, Verstraete, arXiv 1304.6112); beyond, greedy by how little memory a step adds (Smith
// and Gray, opt_einsum, JOSS 2018).
#pragma once

#include <limits>
#include <string>
#include <vector>

#include "xgrad/contraction/equation.h"

namespace xgrad::contraction {

struct Step {
  std::size_t left;   // operands 0..n-1 are the given ones, n + s is the result of step s
  std::size_t right;  // Step::kNone for a step of a single operand
  Equation equation;  // of this step alone
  std::vector<Equation> derivatives;  // by operand of the step: of its gradient
  double flops;
  double bytes;  // read and written, each element once

  static constexpr std::size_t kNone = std::numeric_limits<std::size_t>::max();
};

struct Path {
  std::vector<Step> steps;  // the last one makes the output; never empty
  double flops = 0;
  double naive_flops = 0;  // of one loop nest over all labels
  double peak_bytes =
      0;  // most bytes of intermediates alive at once; each is freed after its one use
  bool within_limit = true;  // peak_bytes <= PathOptions::memory_limit

  std::string table() const;
};

enum class PathMethod { automatic, optimal, greedy, left_to_right };

struct PathOptions {
  PathMethod method = PathMethod::automatic;
  // Cap in bytes for one intermediate; where no order keeps it, the smallest intermediates are
  // taken and within_limit is false.
  double memory_limit = std::numeric_limits<double>::infinity();
};

Path find_path(const Equation& equation, std::size_t element_size, const PathOptions& options = {});

}  // namespace xgrad::contraction
