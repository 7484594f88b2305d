#include "xgrad/autograd/custom_node.h"

#include "xgrad/core/format.h"

namespace xgrad::autograd {
namespace {

// A node that lives by shared_ptr, on our tape: it has that node's edges and passes everything on.
class SharedNode final : public Node {
 public:
  explicit SharedNode(std::shared_ptr<Node> node)
      : Node(node->next_edges()), node_(std::move(node)) {}
  std::string name() const override { return node_->name(); }
  variable_list apply(variable_list&& gradients) override { return (*node_)(std::move(gradients)); }
  void release_variables() override { node_->release_variables(); }

 private:
  std::shared_ptr<Node> node_;
};

}  // namespace

SavedVariable::SavedVariable(const Variable& variable, bool is_output, bool)
    : saved_(variable, is_output) {}

Variable SavedVariable::unpack(const std::shared_ptr<Node>&) const {
  check(
      !was_reset_,
      "SavedVariable: the tensor was released by the first backward, expected retain_graph there");
  return saved_.unpack();
}

void SavedVariable::reset_data() {
  saved_ = {};
  was_reset_ = true;
}

edge_list edges_to(const variable_list& tensors) {
  edge_list edges;
  for (const Tensor& tensor : tensors) {
    edges.push_back(tensor.defined() && tensor.requires_grad() ? gradient_edge(tensor) : Edge());
  }
  return edges;
}

void set_history(const Tensor& tensor, const std::shared_ptr<Node>& node) {
  set_history(variable_list{tensor}, node);
}

void set_history(const variable_list& tensors, const std::shared_ptr<Node>& node) {
  if (node) set_history(tensors, Ref<Node>(new SharedNode(node)));
}

Variable make_variable(const Tensor& data, bool requires_grad, bool) {
  if (!data.defined()) return {};
  const Tensor variable = data.detach();
  variable.set_requires_grad(requires_grad);
  return variable;
}

}  // namespace xgrad::autograd
