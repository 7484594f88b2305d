#include "xgrad/contraction/equation_text.h"

#include "xgrad/core/format.h"

namespace xgrad::contraction {

namespace {

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

std::string sublist_text(const Labels& labels) {
  std::string text = "{";
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (i != 0) text += ", ";
    text += labels[i] == kEllipsis ? "..." : std::to_string(labels[i]);
  }
  return text + "}";
}

std::string operand_name(const Notation& notation, std::size_t list) {
  return list < notation.inputs.size() ? fmt::format("operand {}", list) : "the output";
}

void check_one_ellipsis(const Notation& notation, const Labels& labels, std::size_t list) {
  check(std::count(labels.begin(), labels.end(), kEllipsis) <= 1,
        "einsum {}: {} has more than one ellipsis, at most one was expected", notation.quoted,
        operand_name(notation, list));
}

}  // namespace

std::string Notation::label_text(int label) const {
  return letters ? fmt::format("'{}'", static_cast<char>(label)) : std::to_string(label);
}

std::string labels_text(const Notation& notation, const Labels& labels) {
  if (!notation.letters) return sublist_text(labels);
  std::string text = "\"";
  for (int label : labels) {
    if (label == kEllipsis) {
      text += "...";
    } else {
      text += static_cast<char>(label);
    }
  }
  return text + "\"";
}

Notation read_text(std::string_view text) {
  Notation notation;
  notation.quoted = fmt::format("\"{}\"", text);
  const std::string& quoted = notation.quoted;
  notation.inputs.emplace_back();
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    Labels& labels = notation.output ? *notation.output : notation.inputs.back();
    if (c == ' ') continue;
    if (is_letter(c)) {
      labels.push_back(c);
    } else if (c == '.') {
      check(text.substr(i, 3) == "...",
            "einsum {}: lone '.' at position {}, an ellipsis is three dots", quoted, i);
      labels.push_back(kEllipsis);
      i += 2;
    } else if (c == ',') {
      check(!notation.output,
            "einsum {}: ',' at position {} in the output, one output was expected", quoted, i);
      notation.inputs.emplace_back();
    } else if (c == '-') {
      check(text.substr(i, 2) == "->",
            "einsum {}: '-' at position {} without '>', the arrow is \"->\"", quoted, i);
      check(!notation.output, "einsum {}: second \"->\" at position {}, at most one was expected",
            quoted, i);
      notation.output.emplace();
      ++i;
    } else {
      fail("einsum {}: unexpected character '{}' at position {}, labels are letters a-z and A-Z",
           quoted, c, i);
    }
  }
  for (std::size_t i = 0; i < notation.inputs.size(); ++i)
    check_one_ellipsis(notation, notation.inputs[i], i);
  if (notation.output) check_one_ellipsis(notation, *notation.output, notation.inputs.size());
  return notation;
}

Notation read_sublists(const std::vector<Labels>& inputs, const std::optional<Labels>& output) {
  Notation notation;
  notation.letters = false;
  notation.inputs = inputs;
  notation.output = output;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    notation.quoted += (i == 0 ? "" : ", ") + sublist_text(inputs[i]);
  }
  if (output) notation.quoted += " -> " + sublist_text(*output);
  const auto check_labels = [&](const Labels& labels, std::size_t list) {
    for (int label : labels) {
      check(label >= 0 || label == kEllipsis, "einsum {}: label {} in {}, labels are 0 or more",
            notation.quoted, label, operand_name(notation, list));
    }
    check_one_ellipsis(notation, labels, list);
  };
  for (std::size_t i = 0; i < inputs.size(); ++i) check_labels(inputs[i], i);
  if (output) check_labels(*output, inputs.size());
  return notation;
}

std::string Equation::text() const {
  if (sizes.size() > 52) {
    std::string text;
    for (std::size_t i = 0; i < inputs.size(); ++i)
      text += (i == 0 ? "" : ", ") + sublist_text(inputs[i]);
    return text + " -> " + sublist_text(output);
  }
  std::string names = letters;
  names.resize(sizes.size(), '\0');
  char next = 'a';
  for (char& name : names) {
    if (name != '\0') continue;
    while (names.find(next) != std::string::npos)
      next = next == 'z' ? 'A' : static_cast<char>(next + 1);
    name = next;
  }
  std::string text;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    if (i != 0) text += ',';
    for (int label : inputs[i]) text += names[static_cast<std::size_t>(label)];
  }
  text += "->";
  for (int label : output) text += names[static_cast<std::size_t>(label)];
  return text;
}

}  // namespace xgrad::contraction
