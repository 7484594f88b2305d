#include "xgrad/contraction/equation.h"

#include <algorithm>
#include <unordered_map>

#include "xgrad/contraction/equation_text.h"
#include "xgrad/core/format.h"

namespace xgrad::contraction {

namespace {

// The dimensions of an ellipsis get labels below kEllipsis, numbered from the right so that
// operands whose ellipses have different ranks align: the last dimension is -2, the one before -3.
constexpr int ellipsis_label(std::size_t from_right) {
  return kEllipsis - 1 - static_cast<int>(from_right);
}

std::string describe(const Notation& notation, int label) {
  if (label < kEllipsis) return fmt::format("ellipsis dimension {}", label - kEllipsis);
  return "label " + notation.label_text(label);
}

// Replaces the ellipsis by `rank` labels.
Labels expand(const Labels& labels, std::size_t rank) {
  Labels expanded;
  for (int label : labels) {
    if (label != kEllipsis) {
      expanded.push_back(label);
    } else {
      for (std::size_t i = rank; i-- > 0;) expanded.push_back(ellipsis_label(i));
    }
  }
  return expanded;
}

bool contains(const Labels& labels, int label) {
  return std::find(labels.begin(), labels.end(), label) != labels.end();
}

Labels expand_operand(const Notation& notation, std::size_t operand, IntArrayRef shape) {
  const Labels& labels = notation.inputs[operand];
  const bool ellipsis = contains(labels, kEllipsis);
  const std::size_t named = labels.size() - (ellipsis ? 1 : 0);
  check(ellipsis ? shape.size() >= named : shape.size() == named,
        "einsum {}: operand {} ({}) has {} dimensions but {} names {}{}", notation.quoted, operand,
        shape_text(shape), shape.size(), labels_text(notation, labels), ellipsis ? "at least " : "",
        named);
  return expand(labels, shape.size() - named);
}

// Labels that occur once over all operands, sorted, after the dimensions of the ellipsis.
Labels implicit_output(const std::vector<Labels>& inputs, std::size_t ellipsis_rank) {
  Labels all, output;
  for (const Labels& labels : inputs) {
    std::copy_if(labels.begin(), labels.end(), std::back_inserter(all),
                 [](int label) { return label >= 0; });
  }
  std::sort(all.begin(), all.end());
  for (std::size_t i = ellipsis_rank; i-- > 0;) output.push_back(ellipsis_label(i));
  for (std::size_t i = 0; i < all.size(); ++i) {
    const bool before = i > 0 && all[i - 1] == all[i],
               after = i + 1 < all.size() && all[i + 1] == all[i];
    if (!before && !after) output.push_back(all[i]);
  }
  return output;
}

struct Extent {
  std::int64_t size;
  std::size_t operand;  // that gave the size
};
using Extents = std::unordered_map<int, Extent>;

void merge_extents(Extents& extents, const Notation& notation, const Labels& labels, Shapes shapes,
                   std::size_t operand) {
  const IntArrayRef shape = shapes[operand];
  for (std::size_t d = 0; d < labels.size(); ++d) {
    const int label = labels[d];
    for (std::size_t e = 0; e < d; ++e) {
      check(labels[e] != label || shape[e] == shape[d],
            "einsum {}: {} is {} and {} within operand {} ({}), a repeated label needs equal sizes",
            notation.quoted, describe(notation, label), shape[e], shape[d], operand,
            shape_text(shape));
    }
    const auto [position, added] = extents.try_emplace(label, Extent{shape[d], operand});
    Extent& extent = position->second;
    if (added || shape[d] == extent.size || shape[d] == 1) continue;
    check(extent.size == 1, "einsum {}: {} is {} in operand {} ({}) but {} in operand {} ({})",
          notation.quoted, describe(notation, label), extent.size, extent.operand,
          shape_text(shapes[extent.operand]), shape[d], operand, shape_text(shape));
    extent = {shape[d], operand};
  }
}

// Takes the broadcast dimensions out of an operand's labels.
Dims drop_broadcast(Labels& labels, IntArrayRef shape, const Extents& extents) {
  Dims dropped;
  Labels left;
  for (std::size_t d = 0; d < labels.size(); ++d) {
    if (shape[d] == 1 && extents.at(labels[d]).size != 1) {
      dropped.push_back(static_cast<std::int64_t>(d));
    } else {
      left.push_back(labels[d]);
    }
  }
  labels = std::move(left);
  return dropped;
}

// Numbers labels from 0 in the order in which they are met.
class Numbering {
 public:
  template <class OnNew>
  void renumber(Labels& labels, const OnNew& on_new) {
    for (int& label : labels) {
      const auto [position, added] = numbers_.try_emplace(label, static_cast<int>(numbers_.size()));
      if (added) on_new(label);
      label = position->second;
    }
  }

 private:
  std::unordered_map<int, int> numbers_;
};

Equation resolve_notation(Notation notation, Shapes shapes) {
  check(!shapes.empty(), "einsum {}: no operands were given, at least one was expected",
        notation.quoted);
  check(notation.inputs.size() == shapes.size(),
        "einsum {}: the equation names {} operand{} but {} {} given", notation.quoted,
        notation.inputs.size(), notation.inputs.size() == 1 ? "" : "s", shapes.size(),
        shapes.size() == 1 ? "was" : "were");
  Equation equation;
  Extents extents;
  std::size_t ellipsis_rank = 0;
  for (std::size_t i = 0; i < shapes.size(); ++i) {
    Labels labels = expand_operand(notation, i, shapes[i]);
    ellipsis_rank = std::max<std::size_t>(
        ellipsis_rank, static_cast<std::size_t>(std::count_if(
                           labels.begin(), labels.end(), [](int label) { return label < 0; })));
    merge_extents(extents, notation, labels, shapes, i);
    equation.inputs.push_back(std::move(labels));
  }
  equation.output = notation.output ? expand(*notation.output, ellipsis_rank)
                                    : implicit_output(equation.inputs, ellipsis_rank);
  for (int label : equation.output) {
    check(extents.contains(label), "einsum {}: output {} is in no operand", notation.quoted,
          describe(notation, label));
  }
  for (std::size_t i = 0; i < shapes.size(); ++i) {
    equation.dropped.push_back(drop_broadcast(equation.inputs[i], shapes[i], extents));
  }
  Numbering numbering;
  const auto add = [&](int label) {
    equation.sizes.push_back(extents.at(label).size);
    equation.letters.push_back(notation.letters && label >= 0 ? static_cast<char>(label) : '\0');
  };
  for (Labels& labels : equation.inputs) numbering.renumber(labels, add);
  numbering.renumber(equation.output, add);
  return equation;
}

Dims shape_of(const Equation& equation, const Labels& labels) {
  Dims shape;
  for (int label : labels) shape.push_back(equation.sizes[static_cast<std::size_t>(label)]);
  return shape;
}

}  // namespace

Dims Equation::input_shape(std::size_t operand) const { return shape_of(*this, inputs[operand]); }
Dims Equation::output_shape() const { return shape_of(*this, output); }

bool Equation::repeats_output() const {
  for (std::size_t i = 0; i < output.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (output[i] == output[j]) return true;
    }
  }
  return false;
}

Equation parse(std::string_view text, Shapes shapes) {
  return resolve_notation(read_text(text), shapes);
}

Equation parse(const std::vector<Labels>& inputs, const std::optional<Labels>& output,
               Shapes shapes) {
  return resolve_notation(read_sublists(inputs, output), shapes);
}

Equation compacted(std::vector<Labels> inputs, Labels output, const Equation& source) {
  Equation equation;
  Numbering numbering;
  const auto add = [&](int label) {
    equation.sizes.push_back(source.sizes[static_cast<std::size_t>(label)]);
    equation.letters.push_back(source.letters[static_cast<std::size_t>(label)]);
  };
  for (Labels& labels : inputs) numbering.renumber(labels, add);
  numbering.renumber(output, add);
  equation.dropped.resize(inputs.size());
  equation.inputs = std::move(inputs);
  equation.output = std::move(output);
  return equation;
}

Equation derivative(const Equation& equation, std::size_t operand) {
  std::vector<Labels> inputs = equation.inputs;
  inputs[operand] = equation.output;
  return compacted(std::move(inputs), equation.inputs[operand], equation);
}

}  // namespace xgrad::contraction
