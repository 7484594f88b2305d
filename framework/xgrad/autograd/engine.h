// The backward engine: walks the tape from outputs to leaves.
//
//   loss.backward();                                       // into .grad() of every leaf
//   auto dx = xgrad::autograd::grad({loss}, {x})[0];       // returned, nothing accumulated
//   auto ddx = xgrad::autograd::grad({dx.sum()}, {x})[0];  // if dx was made with create_graph=true
//
// Source: https://pytorch.org/docs/stable/autograd.html.
#pragma once

#include "xgrad/autograd/node.h"

namespace xgrad::autograd {

// Adds to .grad() of the leaves (or of `inputs` alone) the gradients of
// sum(tensors[i] * gradients[i]). A gradient may be left undefined for a tensor of one element.
// `retain_graph` (default: create_graph) keeps what was saved for another walk; `create_graph`
// records the walk itself. Errors: a tensor that needs no gradient, a missing gradient, shapes that
// differ, a tape walked twice.
void backward(const variable_list& tensors, const variable_list& gradients = {},
              optional<bool> retain_graph = nullopt, bool create_graph = false,
              const variable_list& inputs = {});

// The gradients with respect to `inputs`, in their order. Errors: as backward(); an input that the
// outputs do not depend on, unless `allow_unused`, which returns an undefined tensor for it.
variable_list grad(const variable_list& outputs, const variable_list& inputs,
                   const variable_list& grad_outputs = {}, optional<bool> retain_graph = nullopt,
                   bool create_graph = false, bool allow_unused = false);

namespace detail {
// backward() on borrowed lists, for Tensor::backward.
void run_backward(TensorList tensors, TensorList gradients, bool retain_graph, bool create_graph,
                  TensorList inputs);
}  // namespace detail

}  // namespace xgrad::autograd
