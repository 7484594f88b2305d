// Stack: collates examples [*] to one example [n, *], data and targets alike.
#pragma once

#include "xgrad/data/example.h"
#include "xgrad/data/transforms/collate.h"

namespace xgrad::data::transforms {

namespace detail {
// stack(tensors), by plain copies where they are dense,
// of one dtype, and not part of a recorded computation.
Tensor stack_rows(const std::vector<Tensor>& tensors);
}  // namespace detail

template <class T = Example<>>
struct Stack;

template <>
struct Stack<Example<>> : Collation<Example<>> {
  Example<> apply_batch(std::vector<Example<>> examples) override;
};

template <>
struct Stack<TensorExample> : Collation<TensorExample> {
  TensorExample apply_batch(std::vector<TensorExample> examples) override;
};

}  // namespace xgrad::data::transforms
