// What a Node of your own needs, as programs for libtorch write it (a Function is the shorter way).
//
//   struct SquareBackward : xgrad::autograd::Node {
//     variable_list apply(variable_list&& dy) override { return {2 * x.unpack() * dy[0]}; }
//     void release_variables() override { x.reset_data(); }
//     SavedVariable x;
//   };
//   std::shared_ptr<SquareBackward> node(new SquareBackward, deleteNode);
//   node->set_next_edges(collect_next_edges(x));
//   node->x = SavedVariable(x, false);
//   set_history(flatten_tensor_args(y), node);
#pragma once

#include "xgrad/autograd/record.h"
#include "xgrad/autograd/state.h"

namespace xgrad::autograd {

// Saved, under libtorch's name. Errors of unpack(): changed in place since, or reset.
class SavedVariable {
 public:
  SavedVariable() = default;
  SavedVariable(const Variable& variable, bool is_output, bool is_inplace_on_view = false);
  Variable unpack(const std::shared_ptr<Node>& saved_for = nullptr) const;
  void reset_data();

 private:
  Saved saved_;
  bool was_reset_ = false;
};

inline void deleteNode(Node* node) { Node::destroy(node); }

// Every tensor among the arguments, in order; lists of tensors too.
template <class... Args>
variable_list flatten_tensor_args(Args&&... args) {
  variable_list tensors;
  const auto take = [&tensors](const auto& argument) {
    using T = std::decay_t<decltype(argument)>;
    if constexpr (std::is_convertible_v<const T&, Tensor>) {
      tensors.push_back(argument);
    } else if constexpr (std::is_convertible_v<const T&, TensorList>) {
      for (const Tensor& tensor : TensorList(argument)) tensors.push_back(tensor);
    }
  };
  (take(args), ...);
  return tensors;
}

// The edges to where the arguments came from.
edge_list edges_to(const variable_list& tensors);
template <class... Args>
edge_list collect_next_edges(Args&&... args) {
  return edges_to(flatten_tensor_args(std::forward<Args>(args)...));
}

// Whether an op on the arguments is to be recorded.
template <class... Args>
bool compute_requires_grad(Args&&... args) {
  return recording(TensorList(flatten_tensor_args(std::forward<Args>(args)...)));
}

// Makes `node` the origin of the tensors.
void set_history(const Tensor& tensor, const std::shared_ptr<Node>& node);
void set_history(const variable_list& tensors, const std::shared_ptr<Node>& node);

// The data outside autograd, as a new leaf.
Variable make_variable(const Tensor& data, bool requires_grad = false,
                       bool allow_tensor_metadata_change = true);

}  // namespace xgrad::autograd
