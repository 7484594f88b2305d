// Private: the text of an equation as lists of labels, before any shape is known.
#pragma once

#include <string>
#include <string_view>

#include "xgrad/contraction/equation.h"

namespace xgrad::contraction {

// What the user wrote. Labels are letter codes ('i') for text, the user's own ints for sublists.
struct Notation {
  std::string quoted;  // for messages: "ij,jk->ik" in quotes, or {0, 1}, {1, 2} -> {0, 2}
  bool letters = true;
  std::vector<Labels> inputs;
  std::optional<Labels> output;

  std::string label_text(int label) const;
};

Notation read_text(std::string_view text);
Notation read_sublists(const std::vector<Labels>& inputs, const std::optional<Labels>& output);

// "ij" of one operand, as the user wrote it.
std::string labels_text(const Notation& notation, const Labels& labels);

}  // namespace xgrad::contraction
