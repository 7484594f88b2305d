// Function: an op of your own with a hand-written gradient.
//
//   struct Scale : xgrad::autograd::Function<Scale> {
//     static Tensor forward(AutogradContext* ctx, Tensor x, double factor) {
//       ctx->saved_data["factor"] = factor;
//       return x * factor;
//     }
//     static variable_list backward(AutogradContext* ctx, variable_list dy) {
//       // One for each argument of forward.
//       return {dy[0] * ctx->saved_data["factor"].toDouble(), Tensor()};
//     }
//   };
//   Tensor y = Scale::apply(x, 2.0);
//
// Source: https://pytorch.org/tutorials/advanced/cpp_autograd.html.
#pragma once

#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "xgrad/autograd/record.h"
#include "xgrad/core/ivalue.h"

namespace xgrad::autograd {

class AutogradContext {
 public:
  // Kept for backward; inputs and outputs of forward alike.
  void save_for_backward(variable_list to_save) { to_save_ = std::move(to_save); }
  // What was saved. Errors: one of them was changed in place since, or the tape was walked before.
  variable_list get_saved_variables() const;
  // Inputs that forward changes in place.
  void mark_dirty(const variable_list& inputs);
  // Outputs that need no gradient.
  void mark_non_differentiable(const variable_list& outputs);
  // False: gradients that did not come are passed to backward undefined instead of as zeros.
  void set_materialize_grads(bool value) { materialize_grads_ = value; }
  // Whether anybody asks for the gradient of the tensor argument of this number (others are not
  // counted); for ranges, of any in [first, last).
  bool needs_input_grad(std::size_t tensor) const;
  bool needs_input_grad(std::initializer_list<std::pair<std::size_t, std::size_t>> ranges) const;
  std::unordered_map<std::string, IValue> saved_data;

 private:
  template <class T>
  friend class Function;
  friend class FunctionNode;
  void seal(const variable_list& inputs, const variable_list& outputs);

  const Node* node_ = nullptr;  // which owns this
  variable_list to_save_;
  std::vector<Saved> saved_;
  std::unordered_set<TensorImpl*> dirty_, non_differentiable_;
  bool materialize_grads_ = true;
  bool released_ = false;
};

// The node of a Function; what does not depend on its type.
class FunctionNode : public Node {
 public:
  std::string name() const override { return std::string(name_); }
  void backward(std::span<Tensor> gradients, Gradients& result) override;
  void release_variables() override;

 protected:
  template <class T>
  friend class Function;
  virtual variable_list call_backward(variable_list gradients) = 0;
  void begin(const variable_list& inputs);
  variable_list finish(const variable_list& inputs, variable_list outputs, bool recorded);
  void check_dirty(const variable_list& inputs, const variable_list& outputs) const;
  void attach(Tensor& output, std::uint32_t output_nr, const variable_list& inputs);

  std::string_view name_;  // of static storage
  AutogradContext context_;
  std::vector<bool> is_tensor_;  // by argument of forward
};

std::string demangled(const char* type_name);

template <class T>
class Function {
 public:
  template <class X = T, class... Args>
  static auto apply(Args&&... args)
      -> decltype(X::forward(static_cast<AutogradContext*>(nullptr), std::forward<Args>(args)...)) {
    using Result =
        decltype(X::forward(static_cast<AutogradContext*>(nullptr), std::forward<Args>(args)...));
    Ref<TypedNode> node(new TypedNode);
    node->context_.node_ = node.get();
    static const std::string name = "torch::autograd::CppNode<" + demangled(typeid(T).name()) + ">";
    node->name_ = name;
    variable_list inputs;
    (node->collect(inputs, args), ...);
    const bool recorded = recording(TensorList(inputs));
    if (recorded) node->begin(inputs);
    Result result = [&] {
      const AutoGradMode no_grad(false);
      return T::forward(&node->context_, std::forward<Args>(args)...);
    }();
    if constexpr (std::is_same_v<Result, Tensor>) {
      return node->finish(inputs, {result}, recorded)[0];
    } else {
      return node->finish(inputs, std::move(result), recorded);
    }
  }

 private:
  struct TypedNode final : FunctionNode {
    variable_list call_backward(variable_list gradients) override {
      return T::backward(&context_, std::move(gradients));
    }
    void collect(variable_list& inputs, const Tensor& tensor) {
      inputs.push_back(tensor);
      is_tensor_.push_back(true);
    }
    void collect(variable_list& inputs, const optional<Tensor>& tensor) {
      collect(inputs, tensor.value_or(Tensor()));
    }
    void collect(variable_list& inputs, const TensorList& tensors) {
      for (const Tensor& tensor : tensors) collect(inputs, tensor);
    }
    void collect(variable_list& inputs, const variable_list& tensors) {
      collect(inputs, TensorList(tensors));
    }
    template <class Other>
    void collect(variable_list&, const Other&) {
      is_tensor_.push_back(false);
    }
  };
};

}  // namespace xgrad::autograd
