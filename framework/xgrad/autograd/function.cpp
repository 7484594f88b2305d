#include "xgrad/autograd/function.h"

#include <cxxabi.h>

#include <algorithm>
#include <cstdlib>

#include "xgrad/autograd/in_place.h"
#include "xgrad/autograd/state.h"
#include "xgrad/core/format.h"

namespace xgrad::autograd {

variable_list AutogradContext::get_saved_variables() const {
  check(!released_,
        "backward: what {} had saved was freed after the first walk; the first call needs "
        "retain_graph=true",
        node_ != nullptr ? node_->name() : "the function");
  variable_list variables;
  for (const Saved& saved : saved_) variables.push_back(saved.unpack());
  return variables;
}

bool AutogradContext::needs_input_grad(std::size_t tensor) const {
  check(node_ != nullptr && tensor < node_->num_outputs(),
        "needs_input_grad: tensor argument {} does not exist, expected one of {}", tensor,
        node_ != nullptr ? node_->num_outputs() : 0);
  return node_->task_should_compute_output(tensor);
}

bool AutogradContext::needs_input_grad(
    std::initializer_list<std::pair<std::size_t, std::size_t>> ranges) const {
  for (const auto& [first, last] : ranges) {
    for (std::size_t i = first; i < last; ++i) {
      if (needs_input_grad(i)) return true;
    }
  }
  return false;
}

void AutogradContext::mark_dirty(const variable_list& inputs) {
  for (const Tensor& input : inputs) dirty_.insert(input.impl());
}

void AutogradContext::mark_non_differentiable(const variable_list& outputs) {
  for (const Tensor& output : outputs) non_differentiable_.insert(output.impl());
}

namespace {

bool is_one_of(const Tensor& tensor, const variable_list& list) {
  return std::any_of(list.begin(), list.end(),
                     [&](const Tensor& other) { return tensor.is_same(other); });
}

}  // namespace

// An output is saved without its history, since the node may not keep itself alive. An input that
// is returned unchanged stays an input.
void AutogradContext::seal(const variable_list& inputs, const variable_list& outputs) {
  for (const Tensor& tensor : to_save_) {
    std::size_t position = 0;
    while (position < outputs.size() && !tensor.is_same(outputs[position])) ++position;
    const bool is_output = tensor.defined() && position < outputs.size() &&
                           (!is_one_of(tensor, inputs) || dirty_.count(tensor.impl()) != 0);
    saved_.emplace_back(tensor, is_output, is_output ? static_cast<std::uint32_t>(position) : 0);
  }
  to_save_.clear();
}

void FunctionNode::begin(const variable_list& inputs) {
  edge_list edges;
  for (const Tensor& input : inputs) edges.push_back(gradient_edge(input));
  set_next_edges(std::move(edges));
}

void FunctionNode::check_dirty(const variable_list& inputs, const variable_list& outputs) const {
  for (TensorImpl* changed : context_.dirty_) {
    const auto is_changed = [&](const Tensor& tensor) { return tensor.impl() == changed; };
    check(std::any_of(inputs.begin(), inputs.end(), is_changed),
          "{}: mark_dirty() got a tensor that is no input, expected inputs", name_);
    check(std::any_of(outputs.begin(), outputs.end(), is_changed),
          "{}: an input marked as changed (mark_dirty) is no output, expected all of them to be "
          "returned",
          name_);
  }
}

variable_list FunctionNode::finish(const variable_list& inputs, variable_list outputs,
                                   bool recorded) {
  check_dirty(inputs, outputs);
  for (const Tensor& output : outputs) {
    if (output.defined() && context_.dirty_.count(output.impl()) != 0) bump_version(output);
  }
  if (!recorded) return outputs;
  context_.seal(inputs, outputs);
  for (Tensor& output : outputs) {
    const std::uint32_t output_nr = add_input_metadata(output);
    if (output.defined()) attach(output, output_nr, inputs);
  }
  return outputs;
}

// Makes the node the output's history.
void FunctionNode::attach(Tensor& output, std::uint32_t output_nr, const variable_list& inputs) {
  const Ref<Node> self(this);
  if (!output.is_floating_point() || context_.non_differentiable_.count(output.impl()) != 0) {
    if (output.requires_grad()) output = output.detach();
    return;
  }
  const bool is_input = is_one_of(output, inputs);
  if (is_input && context_.dirty_.count(output.impl()) != 0) {
    check_in_place(name_.data(), output, true);
    rebase_history(output, {self, output_nr});
    return;
  }
  // An input returned as it is becomes a view of itself.
  if (is_input) {
    const Tensor same = make_alias(output);
    set_base(same, output);
    output = same;
  }
  set_history(output, self, output_nr);
  if (State* state = state_if_any(output); state->base) state->view_kind = ViewKind::custom;
}

void FunctionNode::backward(std::span<Tensor> gradients, Gradients& result) {
  variable_list list(gradients.begin(), gradients.end());
  if (context_.materialize_grads_) {
    for (std::size_t i = 0; i < list.size(); ++i) {
      const OutputMeta& meta = input_metadata(i);
      if (list[i].defined() || meta.dtype == ScalarType::Undefined) continue;
      list[i] = make_tensor(meta.sizes, meta.dtype).zero_();
    }
  }
  const variable_list made = call_backward(std::move(list));
  // One for each argument of forward, numbers included; beyond those only undefined ones.
  std::size_t count = made.size();
  while (count > is_tensor_.size() && !made[count - 1].defined()) --count;
  check(count == is_tensor_.size(), "{}: backward returned {} gradients, expected {}", name_, count,
        is_tensor_.size());
  std::size_t next = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (is_tensor_[i]) {
      result[next++] = made[i];
    } else {
      check(!made[i].defined(),
            "{}: backward returned a gradient for argument {}, which is no tensor, expected an "
            "undefined "
            "one",
            name_, i);
    }
  }
}

void FunctionNode::release_variables() {
  context_.saved_.clear();
  context_.released_ = true;
}

std::string demangled(const char* type_name) {
  int status = 0;
  char* text = abi::__cxa_demangle(type_name, nullptr, nullptr, &status);
  std::string name = status == 0 ? text : type_name;
  std::free(text);
  return name;
}

}  // namespace xgrad::autograd
