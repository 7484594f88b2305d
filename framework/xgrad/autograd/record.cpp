#include "xgrad/autograd/record.h"

#include "xgrad/autograd/state.h"
#include "xgrad/core/format.h"

namespace xgrad::autograd {

void fail_walked_twice(const char* name) {
  fail(
      "backward: {} was walked a second time, but what it had saved was freed after the first; "
      "the first call needs retain_graph=true",
      name);
}

void Recorder::connect(Node& node, Inputs inputs) {
  node.edges_.resize(inputs.size());
  std::size_t i = 0;
  for (const Input& input : inputs) node.edges_[i++] = gradient_edge(*input);
}

void Recorder::connect(Node& node, TensorList inputs) {
  node.edges_.resize(inputs.size());
  for (std::size_t i = 0; i < inputs.size(); ++i) node.edges_[i] = gradient_edge(inputs[i]);
}

void Recorder::set_output(Ref<Node> node, const Tensor& output) {
  node->outputs_.resize(1);
  node->outputs_[0] = {output.sizes(), output.scalar_type()};
  if (output.is_floating_point()) set_history(output, std::move(node), 0);
}

void Recorder::set_outputs(const Ref<Node>& node, TensorList outputs) {
  node->outputs_.resize(outputs.size());
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    if (!outputs[i].defined()) continue;
    node->outputs_[i] = {outputs[i].sizes(), outputs[i].scalar_type()};
    if (outputs[i].is_floating_point())
      set_history(outputs[i], node, static_cast<std::uint32_t>(i));
  }
}

}  // namespace xgrad::autograd
