// What an equation means, as nested loops over plain arrays: the other side of the property tests.
#pragma once

#include <cstdint>
#include <random>
#include <vector>

#include "xgrad/contraction/equation.h"
#include "xgrad/contraction/execute.h"

namespace xgrad::contraction::test {

// An array with any strides inside a buffer that is a little larger;
// `base` is the position of its first element.
template <class T>
struct Array {
  Dims sizes, strides;
  std::int64_t base = 0;
  std::vector<T> data;
};

// Positions along each label -> offset into an array with these labels.
inline std::int64_t offset_of(const Labels& labels, const Dims& strides,
                              const std::vector<std::int64_t>& position) {
  std::int64_t offset = 0;
  for (std::size_t d = 0; d < labels.size(); ++d)
    offset += strides[d] * position[static_cast<std::size_t>(labels[d])];
  return offset;
}

// Calls f(positions) for every combination of label positions.
template <class F>
void for_each_position(const std::vector<std::int64_t>& sizes, const F& f) {
  std::vector<std::int64_t> position(sizes.size(), 0);
  for (std::int64_t size : sizes) {
    if (size == 0) return;
  }
  while (true) {
    f(position);
    std::size_t d = sizes.size();
    while (d > 0 && ++position[d - 1] == sizes[d - 1]) position[--d] = 0;
    if (d == 0) return;
  }
}

// Adds alpha times the contraction to c, in the wider type W.
template <class T, class W>
void reference(const Equation& equation, const std::vector<Array<T>>& inputs, const Dims& c_strides,
               W* c, W alpha) {
  for_each_position(equation.sizes, [&](const std::vector<std::int64_t>& position) {
    W value = alpha;
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      const auto offset =
          inputs[i].base + offset_of(equation.inputs[i], inputs[i].strides, position);
      value =
          static_cast<W>(value * static_cast<W>(inputs[i].data[static_cast<std::size_t>(offset)]));
    }
    c[offset_of(equation.output, c_strides, position)] += value;
  });
}

// Dimensions in a random order in memory, sometimes with gaps, backwards or expanded (stride 0).
template <class T, class Random>
Array<T> random_layout(const Dims& sizes, Random& random, bool output) {
  const auto below = [&](int n) { return std::uniform_int_distribution<int>(0, n - 1)(random); };
  Array<T> array;
  array.sizes = sizes;
  array.strides = Dims(sizes.size(), 0);
  std::vector<std::size_t> order(sizes.size());
  for (std::size_t d = 0; d < order.size(); ++d) order[d] = d;
  if (below(3) != 0) std::shuffle(order.begin(), order.end(), random);
  std::int64_t stride = below(6) == 0 ? 2 : 1, span = 1;
  for (std::size_t i = order.size(); i-- > 0;) {
    const std::size_t d = order[i];
    if (!output && below(12) == 0) continue;
    const std::int64_t size = std::max<std::int64_t>(sizes[d], 1);
    const bool backwards = below(12) == 0;
    array.strides[d] = backwards ? -stride : stride;
    if (backwards) array.base += (size - 1) * stride;
    span += (size - 1) * stride;
    stride = stride * size + (below(8) == 0 ? 3 : 0);
  }
  array.data.resize(static_cast<std::size_t>(span));
  return array;
}

}  // namespace xgrad::contraction::test
