// What the fuzzers run on each input, shared with the test that runs the kept corpus. Each must
// return or throw Error; a crash, a sanitizer's report, another exception or a broken promise is a
// finding.
#pragma once

#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "xgrad/contraction/equation.h"
#include "xgrad/core/error.h"
#include "xgrad/data/idx.h"
#include "xgrad/io/json_reader.h"
#include "xgrad/io/json_writer.h"
#include "xgrad/io/npy.h"
#include "xgrad/io/safetensors.h"

namespace xgrad::fuzz {

// What was read must be written, and what was written must be read as the same.
inline void require(bool promise) {
  if (!promise) std::abort();
}

inline void json(std::string_view input) {
  io::Document document;
  try {
    document = io::parse_json(input);
  } catch (const Error&) {
    return;
  }
  const std::string text = io::to_json(document);
  require(io::to_json(io::parse_json(text)) == text);
}

// The structure alone, which a checkpoint's checksum would hide from the fuzzer.
inline void json_value(std::string_view input) {
  io::Value value;
  try {
    value = io::parse_json_value(input, "fuzz");
  } catch (const Error&) {
    return;
  }
  require(io::parse_json_value(io::to_json(value), "fuzz") == value);
}

inline void safetensors(std::string_view input) {
  io::Document document;
  try {
    document = io::parse_safetensors(input);
  } catch (const Error&) {
    return;
  }
  for (const io::Section& section : document.sections) {
    for (const io::Record& record : section.records) {
      require(record.bytes() == 0 || record.data != nullptr);
    }
  }
}

inline void npz(std::string_view input) {
  try {
    io::parse_npz(input);
  } catch (const Error&) {
  }
  try {
    io::parse_npy(input);
  } catch (const Error&) {
  }
}

inline void idx(std::string_view input) {
  try {
    const data::IdxArray array = data::parse_idx(input);
    require(array.bytes.size() ==
            static_cast<std::size_t>(numel_of(array.shape)) * data::idx_element_size(array.type));
  } catch (const Error&) {
  }
}

// What any resolved equation must be for operands of these shapes.
inline void check_equation(const contraction::Equation& equation, const std::vector<Dims>& shapes) {
  require(equation.inputs.size() == shapes.size() && equation.dropped.size() == shapes.size());
  require(equation.letters.size() == equation.sizes.size());
  std::vector<Dims> left;
  for (std::size_t i = 0; i < shapes.size(); ++i) {
    Dims shape = equation.input_shape(i);
    left.push_back(shape);
    for (const std::int64_t d : equation.dropped[i]) {
      shape.insert(static_cast<std::size_t>(d), 1);
    }
    require(shape == shapes[i]);
    require(contraction::derivative(equation, i).output_shape() == equation.input_shape(i));
  }
  if (equation.sizes.size() > 52) return;  // then its text is for people only
  const std::vector<IntArrayRef> views(left.begin(), left.end());
  const contraction::Equation again = contraction::parse(equation.text(), views);
  require(again.inputs == equation.inputs && again.output == equation.output);
  require(again.sizes == equation.sizes && again.text() == equation.text());
}

// The first line is the text, each further one the shape of an operand, a digit a size:
// "ij,jk->ik\n23\n34". Then the same as sublists, where letters are labels from 0 on.
inline void equation(std::string_view input) {
  const std::string_view text = input.substr(0, input.find('\n'));
  std::vector<Dims> shapes;
  for (const char c : input.substr(text.size())) {
    if (c == '\n') shapes.emplace_back();
    if (c >= '0' && c <= '9') shapes.back().push_back(c - '0');
  }
  const std::vector<IntArrayRef> views(shapes.begin(), shapes.end());
  try {
    check_equation(contraction::parse(text, views), shapes);
  } catch (const Error&) {
  }
  std::vector<contraction::Labels> inputs(1);
  std::optional<contraction::Labels> output;
  for (const char c : text) {
    if (c == '>') {
      output.emplace();
    } else if (c == ',') {
      inputs.emplace_back();
    } else {
      (output ? *output : inputs.back()).push_back(c == '.' ? contraction::kEllipsis : c - 'A');
    }
  }
  try {
    check_equation(contraction::parse(inputs, output, views), shapes);
  } catch (const Error&) {
  }
}

}  // namespace xgrad::fuzz
