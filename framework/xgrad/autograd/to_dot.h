// to_dot(): the tape behind a tensor as Graphviz text.
//
//   std::ofstream("net.dot") << xgrad::autograd::to_dot(loss, net->named_parameters());
//   // dot -Tsvg net.dot > net.svg
//
// Data flows along the arrows: from leaves (boxes, with name, type and shape) through ops
// (ellipses, with the name of their node) to the outputs (bold boxes). An arrow says the shape of
// what flows. What was recorded in anomaly mode has its place (anomaly.h) as the tooltip. Source of
// the language: https://graphviz.org/doc/info/lang.html.
#pragma once

#include <string>

#include "xgrad/autograd/node.h"
#include "xgrad/core/ordered_dict.h"

namespace xgrad::autograd {

using TensorNames = OrderedDict<std::string, Tensor>;

// `names` are of leaves, as named_parameters() gives them, or of results on the way. A tensor
// without history is a box alone. The same tape gives the same text. Errors: an undefined output.
std::string to_dot(const Tensor& output, const TensorNames& names = TensorNames());
std::string to_dot(const variable_list& outputs, const TensorNames& names = TensorNames());

}  // namespace xgrad::autograd
