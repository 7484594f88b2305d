// What autograd keeps beside a tensor, and where a tensor's gradient goes.
#pragma once

#include "xgrad/autograd/node.h"

namespace xgrad::autograd {

// How a view came to be. A change in place of any but the plain ones would give a history that
// nobody meant, so it is an error while recording.
enum class ViewKind : std::uint8_t {
  plain,
  no_grad,    // made while nothing was recorded
  inference,  // made under InferenceMode
  several,    // one of the outputs of split, chunk or unbind
  custom      // an output of a user's Function
};

struct State final : AutogradState {
  // A leaf's accumulator and the gradient that it writes may be touched by several walks at once:
  // see accumulate.cpp.
  Tensor grad;                  // of a leaf, or of a tensor that retains it
  Ref<Node> grad_fn;            // null for a leaf
  Node* accumulator = nullptr;  // a leaf's AccumulateGrad while some tape holds it
  std::uint32_t output_nr = 0;
  // The storage's version when grad_fn was last true; a view's is remade after changes.
  std::uint32_t view_version = 0;
  ViewKind view_kind = ViewKind::plain;

  // What few tensors have.
  struct Rare {
    Ref<Node> retaining_node;  // whose hook fills in `grad` of a non-leaf, after retain_grad()
    unsigned retaining_hook = 0;
    NodeHooks leaf_hooks;
  };
  std::unique_ptr<Rare> rare;

  State() = default;
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() override { stop_retaining(); }
  static void* operator new(std::size_t bytes) { return memory::allocate(bytes); }
  static void operator delete(void* block, std::size_t bytes) { memory::deallocate(block, bytes); }

  bool retains_grad() const { return rare != nullptr && rare->retaining_node; }
  // Adds to `grad` what comes to the tensor's node from now on.
  void retain_grad();
  void stop_retaining();
};

// Null if the tensor has none yet.
inline State* state_if_any(const Tensor& tensor) {
  return static_cast<State*>(tensor.impl()->autograd.get());
}
State& state_of(const Tensor& tensor);

// The node that made the tensor: null for leaves; remade for a view whose base was changed in
// place. Errors: that view is not a plain one.
const Ref<Node>& current_grad_fn(const Tensor& tensor);
// Where the tensor's gradient goes: its grad_fn, a leaf's accumulator, or nowhere.
Edge gradient_edge(const Tensor& tensor);
// Makes the tensor an output of the node.
void set_history(const Tensor& tensor, Ref<Node> node, std::uint32_t output_nr);
void set_history(const variable_list& tensors, const Ref<Node>& node);
// Marks `view` as a view of `source`'s base. Of an inference tensor nothing is a view.
void set_base(const Tensor& view, const Tensor& source, ViewKind kind = ViewKind::plain);
// Errors: the view is not a plain one. `change` says what happened: "mul_: the tensor is".
void check_view_kind(const std::string& change, const Tensor& view);

}  // namespace xgrad::autograd
