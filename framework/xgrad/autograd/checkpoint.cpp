#include "xgrad/autograd/checkpoint.h"

#include <unordered_set>

#include "xgrad/autograd/record.h"
#include "xgrad/autograd/state.h"
#include "xgrad/core/format.h"
#include "xgrad/core/generator.h"

namespace xgrad::autograd {
namespace {

// Where a tape that was recorded since `first` (a sequence number) ends: older nodes, and leaves.
edge_list ends_of(const variable_list& outputs, std::uint64_t first) {
  edge_list ends;
  std::unordered_set<const Node*> seen;
  std::vector<const Node*> stack;
  const auto enter = [&](const Edge& edge) {
    if (!edge.is_valid() || !seen.insert(edge.function.get()).second) return;
    if (edge.function->sequence_nr() < first) {
      ends.push_back(edge);
    } else {
      stack.push_back(edge.function.get());
    }
  };
  for (const Tensor& output : outputs) enter(gradient_edge(output));
  while (!stack.empty()) {
    const Node* node = stack.back();
    stack.pop_back();
    for (std::size_t i = 0; i < node->num_outputs(); ++i) enter(node->next_edge(i));
  }
  return ends;
}

// Whether the tensor's elements (those of the tensor that it is a view of) were there before
// `first`.
bool is_older(const Tensor& tensor, std::uint64_t first) {
  const State* state = state_if_any(tensor);
  if (state != nullptr && state->base) return is_older(Tensor(state->base), first);
  return state == nullptr || !state->grad_fn || state->grad_fn->sequence_nr() < first;
}

std::vector<std::uint32_t> versions_of(const variable_list& tensors) {
  std::vector<std::uint32_t> versions;
  for (const Tensor& tensor : tensors) {
    versions.push_back(tensor.defined() ? tensor.impl()->storage->version() : 0);
  }
  return versions;
}

// The default generator as it was at another time, until the end of the scope.
class GeneratorAt {
 public:
  explicit GeneratorAt(const optional<Generator>& state) {
    if (!state) return;
    now_ = default_generator().clone();
    default_generator().set_state(*state);
  }
  GeneratorAt(const GeneratorAt&) = delete;
  GeneratorAt& operator=(const GeneratorAt&) = delete;
  ~GeneratorAt() {
    if (now_) default_generator().set_state(*now_);
  }

 private:
  optional<Generator> now_;
};

class Checkpoint final : public Node {
 public:
  Checkpoint(CheckpointedFunction function, const variable_list& inputs,
             optional<Generator> generator)
      : function_(std::move(function)),
        inputs_(inputs.begin(), inputs.end()),
        generator_(std::move(generator)) {}

  std::string name() const override { return "Checkpoint"; }

  // The edges say which leaves and older nodes the gradient will reach; it gets there by the tape
  // of the second run, whose nodes are younger than all that wait in the walk.
  void backward(std::span<Tensor> gradients, Gradients& result) override {
    const variable_list outputs = run_again();
    Gradients::Continuation rest;
    for (std::size_t i = 0; i < gradients.size(); ++i) {
      if (!gradients[i].defined()) continue;
      rest.edges.push_back(gradient_edge(outputs[i]));
      rest.gradients.push_back(gradients[i]);
    }
    result.continue_at(std::move(rest));
  }

  variable_list apply(variable_list&&) override {
    fail(
        "Checkpoint: the node was called by itself, expected backward() or grad(), which can go on "
        "in "
        "the tape of the second run");
  }

  void release_variables() override {
    function_ = nullptr;
    inputs_.clear();
  }

 private:
  variable_list run_again() const {
    if (!function_) fail_walked_twice("Checkpoint");
    const AutoGradMode recording_on(true);
    const GeneratorAt first_run(generator_);
    variable_list inputs;
    for (const Saved& input : inputs_) inputs.push_back(input.unpack());
    variable_list outputs = function_(inputs);
    check(outputs.size() == num_inputs(),
          "checkpoint: the function returned {} tensors when it ran again, expected {} as before",
          outputs.size(), num_inputs());
    for (std::size_t i = 0; i < outputs.size(); ++i) check_same(outputs[i], i);
    return outputs;
  }

  void check_same(const Tensor& output, std::size_t i) const {
    const OutputMeta& before = input_metadata(i);
    check(output.defined() == (before.dtype != ScalarType::Undefined),
          "checkpoint: output {} is {} when the function runs again, expected it as before", i,
          output.defined() ? "defined" : "undefined");
    if (!output.defined()) return;
    check(output.sizes() == IntArrayRef(before.sizes) && output.scalar_type() == before.dtype,
          "checkpoint: output {} is {} {} when the function runs again, expected {} {} as before",
          i, dtype_name(output.scalar_type()), output.sizes(), dtype_name(before.dtype),
          IntArrayRef(before.sizes));
  }

  CheckpointedFunction function_;
  std::vector<Saved> inputs_;
  optional<Generator> generator_;  // as it was before the first run, if that drew from it
};

}  // namespace

variable_list checkpoint(const CheckpointedFunction& function, const variable_list& inputs,
                         const CheckpointOptions& options) {
  if (!GradMode::is_enabled()) return function(inputs);
  optional<Generator> generator;
  if (options.preserve_rng_state) generator = default_generator().clone();
  const std::vector<std::uint32_t> versions = versions_of(inputs);
  const std::uint64_t first = Node::next_sequence_nr();
  // Recorded, to see what needs a gradient and what it leads to; the tape goes when this returns.
  const variable_list recorded = function(inputs);
  edge_list ends = ends_of(recorded, first);
  if (ends.empty()) return recorded;

  check(
      versions_of(inputs) == versions,
      "checkpoint: the function changed an input in place, and would find it changed when it runs "
      "again; expected it to work on a clone()");
  if (generator && generator->same_state(default_generator())) generator.reset();
  const Ref<Node> node(new Checkpoint(function, inputs, std::move(generator)));
  node->set_next_edges(std::move(ends));
  variable_list outputs;
  for (const Tensor& output : recorded) {
    const std::uint32_t output_nr = node->add_input_metadata(output);
    outputs.push_back(output);
    if (!output.defined() || !output.requires_grad()) continue;
    outputs.back() = make_alias(output);
    // As with a Function: not to be changed in place.
    if (is_older(output, first)) set_base(outputs.back(), output, ViewKind::custom);
    set_history(outputs.back(), node, output_nr);
  }
  return outputs;
}

}  // namespace xgrad::autograd
