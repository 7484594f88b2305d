// checkpoint(): a function whose intermediate results are not kept for backward, which runs it
// again instead: memory for time.
//
//   using xgrad::autograd::checkpoint;
//   Tensor h = checkpoint(net->block, x);           // any callable, module or lambda
//   auto [a, b] = checkpoint(two_heads, x, mask);   // a tuple or a list of tensors
//   h.sum().backward();                             // runs net->block(x) once more
//
// The gradients are those of function(inputs), of any order, for what the function captures
// (parameters) too, and with grad() as with backward(): the walk simply goes on into the tape of
// the second run. That run finds the default random generator as the first did, so that dropout
// drops the same elements; layers that change buffers (batch norm) do so twice, as in PyTorch.
//
// Source: https://pytorch.org/docs/stable/checkpoint.html; Chen et al., Training Deep Nets with
// Sublinear Memory Cost (2016).
#pragma once

#include <functional>
#include <tuple>
#include <type_traits>
#include <utility>

#include "xgrad/autograd/node.h"

namespace xgrad::autograd {

using CheckpointedFunction = std::function<variable_list(const variable_list&)>;

struct CheckpointOptions {
  bool preserve_rng_state = true;  // false: the second run draws new random numbers
};

// function(inputs). Errors, in backward: the second run returns other shapes or types than the
// first; an input was changed in place in between; the tape was walked before without retain_graph.
variable_list checkpoint(const CheckpointedFunction& function, const variable_list& inputs,
                         const CheckpointOptions& options = {});

namespace detail {

inline variable_list to_list(const Tensor& tensor) { return {tensor}; }
inline variable_list to_list(variable_list tensors) { return tensors; }
template <class... Tensors>
variable_list to_list(const std::tuple<Tensors...>& tensors) {
  return std::apply([](const auto&... each) { return variable_list{each...}; }, tensors);
}

template <class Result>
Result from_list(variable_list& tensors) {
  if constexpr (std::is_same_v<Result, Tensor>) {
    return std::move(tensors[0]);
  } else if constexpr (std::is_same_v<Result, variable_list>) {
    return std::move(tensors);
  } else {
    return [&]<std::size_t... I>(std::index_sequence<I...>) {
      return Result{std::move(tensors[I])...};
    }
    (std::make_index_sequence<std::tuple_size_v<Result>>());
  }
}

}  // namespace detail

// The same for a function of tensors that returns a tensor, a tuple of tensors or a list of them;
// it is copied, and a module is held by its holder.
template <class F, class... Inputs>
requires(sizeof...(Inputs) > 0 && (std::is_convertible_v<const Inputs&, const Tensor&> &&
                                   ...)) auto checkpoint(F function, const Inputs&... inputs) {
  using Result = std::decay_t<std::invoke_result_t<F&, const Inputs&...>>;
  const auto call = [function](const variable_list& list) mutable {
    return [&]<std::size_t... I>(std::index_sequence<I...>) {
      return detail::to_list(function(list[I]...));
    }
    (std::index_sequence_for<Inputs...>());
  };
  variable_list outputs = checkpoint(CheckpointedFunction(call), variable_list{inputs...});
  return detail::from_list<Result>(outputs);
}

}  // namespace xgrad::autograd
