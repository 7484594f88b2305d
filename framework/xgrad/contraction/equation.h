// Equation: an einsum equation resolved against the shapes of its operands.
//
//   Equation e = parse("bij,bjk->bik", {{8, 2, 3}, {8, 3, 4}});
//   e.output_shape();               // 8, 2, 4
//   derivative(e, 0).text();        // "bik,bjk->bij": the gradient of operand 0
//
// Resolved means: every dimension has a label, the ellipsis is gone, sizes are known and agree, and
// dimensions that broadcast (size 1 against a larger size) are listed in `dropped` and no longer
// have a label. Meaning as https://pytorch.org/docs/stable/generated/torch.einsum.html, and beyond
// it: an output label may repeat.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "xgrad/core/dims.h"

namespace xgrad::contraction {

using Labels = std::vector<int>;

// Stands for "..." in a sublist.
constexpr int kEllipsis = -1;

struct Equation {
  // By operand, by dimension that is left; labels are 0, 1, 2... without gaps.
  std::vector<Labels> inputs;
  Labels output;
  std::vector<std::int64_t> sizes;  // by label
  std::string letters;              // by label: the letter the user gave it, or '\0'
  // By operand: its broadcast dimensions, ascending; the caller selects index 0 there.
  std::vector<Dims> dropped;

  Dims input_shape(std::size_t operand) const;
  Dims output_shape() const;
  // "ii": the contraction writes the diagonal only, so the output must be zero before.
  bool repeats_output() const;
  // "ij,jk->ik". Labels without a letter get the first free one; with over 52 labels sublists are
  // printed.
  std::string text() const;
};

using Shapes = ArrayRef<IntArrayRef>;

// Errors: everything that is wrong with the text or with the shapes.
Equation parse(std::string_view text, Shapes shapes);
// Sublists: one list of labels (any int >= 0, or kEllipsis) for each operand; without an output: as
// for text.
Equation parse(const std::vector<Labels>& inputs, const std::optional<Labels>& output,
               Shapes shapes);

// The gradient with respect to one operand: the output's gradient takes that operand's place, and
// the operand's labels are the output. Labels that only the operand has are only in the new output:
// the gradient is the same along them, and contract() writes it so. A label that the operand
// repeats is repeated in the new output.
Equation derivative(const Equation& equation, std::size_t operand);

// The same equation with labels renumbered by first appearance, those that are in no operand or
// output left out.
Equation compacted(std::vector<Labels> inputs, Labels output, const Equation& source);

}  // namespace xgrad::contraction
