#include "xgrad/autograd/engine.h"

#include <algorithm>
#include <exception>
#include <system_error>
#include <thread>
#include <unordered_map>

#include "xgrad/autograd/accumulate.h"
#include "xgrad/autograd/anomaly.h"
#include "xgrad/autograd/grad_mode.h"
#include "xgrad/autograd/node_table.h"
#include "xgrad/autograd/saved.h"
#include "xgrad/autograd/state.h"
#include "xgrad/core/format.h"

namespace xgrad::autograd {
namespace {

// A node whose gradients are arriving.
struct Pending {
  Ref<Node> node;
  Few<Tensor, 1> gradients;
};

// Which nodes lead to the wanted inputs, and what is captured on the way. Empty when everything is
// wanted.
struct Targets {
  struct Capture {
    std::uint32_t input_nr;
    std::size_t position;
  };
  struct Known {
    std::uint64_t sequence_nr;  // tells a node from an earlier one at its address
    bool leads_to_target;
  };
  std::vector<Edge> edges;  // keep the captured nodes alive: their addresses are compared
  std::unordered_map<const Node*, std::vector<Capture>> captures;
  std::unordered_map<const Node*, Known> known;
  variable_list captured;

  bool active() const { return !captures.empty(); }
  bool wants(const Node* node) const {
    const auto found = known.find(node);
    return found != known.end() && found->second.leads_to_target;
  }

  void add(const char* op, const Tensor& input) {
    check(input.defined(), "{}: input {} is undefined, expected a tensor", op, captured.size());
    edges.push_back(gradient_edge(input));
    check(edges.back().is_valid(),
          "{}: input {} does not require a gradient, expected one that does", op, captured.size());
    captures[edges.back().function.get()].push_back({edges.back().input_nr, captured.size()});
    captured.emplace_back();
  }

  // Depth first with a list of its own: tapes are deeper than stacks.
  void explore(const Node* root) {
    std::vector<std::pair<const Node*, std::size_t>> stack;
    const auto enter = [&](const Node* node) {
      const auto [place, is_new] = known.try_emplace(node);
      if (!is_new && place->second.sequence_nr == node->sequence_nr()) return;
      place->second = {node->sequence_nr(), captures.count(node) != 0};
      stack.emplace_back(node, 0);
    };
    enter(root);
    while (!stack.empty()) {
      auto& [node, next] = stack.back();
      if (next < node->num_outputs()) {
        const Node* child = node->next_edge(next++).function.get();
        if (child != nullptr) enter(child);
        continue;
      }
      bool leads = wants(node);
      for (std::size_t i = 0; i < node->num_outputs() && !leads; ++i) {
        leads = wants(node->next_edge(i).function.get());
      }
      known[node].leads_to_target = leads;
      stack.pop_back();
    }
  }
};

bool reducible(IntArrayRef from, IntArrayRef to) {
  if (to.size() > from.size()) return false;
  for (std::size_t i = 0; i < to.size(); ++i) {
    const std::int64_t wanted = to[to.size() - 1 - i];
    if (wanted != 1 && wanted != from[from.size() - 1 - i]) return false;
  }
  return true;
}

// Brings the gradient of a node's input to that input's shape and type: undoes broadcasting and
// promotion in one place.
Tensor fit(const OutputMeta& meta, Tensor gradient, const Node& from, std::size_t input) {
  if (meta.dtype == ScalarType::Undefined) return gradient;
  if (gradient.sizes() != IntArrayRef(meta.sizes)) [[unlikely]] {
    check(reducible(gradient.sizes(), meta.sizes),
          "{}: the gradient of input {} has shape {}, expected {}", from.name(), input,
          gradient.sizes(), IntArrayRef(meta.sizes));
    gradient = gradient.sum_to_size(meta.sizes);
  }
  if (gradient.scalar_type() != meta.dtype) [[unlikely]] {
    gradient = gradient.to(meta.dtype);
  }
  return gradient;
}

void call_hook(const NodeHook& hook, Tensor& gradient, const Node& node) {
  Tensor changed = hook.call(gradient);
  if (!changed.defined()) return;
  check(changed.sizes() == gradient.sizes(),
        "register_hook: hook {} of {} returned a gradient of shape {}, expected {}", hook.id,
        node.name(), changed.sizes(), gradient.sizes());
  check(changed.scalar_type() == gradient.scalar_type(),
        "register_hook: hook {} of {} returned a gradient of type {}, expected {}", hook.id,
        node.name(), dtype_name(changed.scalar_type()), dtype_name(gradient.scalar_type()));
  gradient = std::move(changed);
}

class Walk {
 public:
  Walk(bool retain_graph, Targets& targets)
      : retain_graph_(retain_graph), targets_(targets), lists_(std::move(spare())) {}
  Walk(const Walk&) = delete;
  Walk& operator=(const Walk&) = delete;
  ~Walk() {
    // After an error gradients may be left.
    if (lists_.ready.empty() && lists_.pending.size() <= kFew) spare() = std::move(lists_);
  }

  // A gradient that comes into a node, of its shape and type.
  void add(const Edge& edge, Tensor gradient) {
    if (!wanted(edge)) return;
    Tensor& slot = gradients_of(edge.function)[edge.input_nr];
    if (!slot.defined()) {
      slot = std::move(gradient);
    } else if (!GradMode::is_enabled() && slot.impl()->references() == 1 &&
               slot.impl()->storage->references() == 1 && slot.is_non_overlapping_and_dense()) {
      slot.add_(gradient);
    } else {
      slot = slot.add(gradient);
    }
  }

  // The youngest node first: all that its gradient comes from have run then.
  void run() {
    while (!lists_.ready.empty()) {
      std::pop_heap(lists_.ready.begin(), lists_.ready.end());
      const std::uint32_t index = lists_.ready.back().second;
      lists_.ready.pop_back();
      Pending current = std::move(lists_.pending[index]);
      lists_.index.erase(current.node.get());
      lists_.free.push_back(index);
      if (AnomalyMode::is_enabled()) [[unlikely]] {
        step_watched(*current.node, current.gradients);
      } else {
        step(*current.node, current.gradients);
      }
    }
  }

 private:
  // The nodes that wait for their turn.
  struct Lists {
    std::vector<Pending> pending;
    std::vector<std::uint32_t> free;  // places in `pending`
    NodeTable index;
    std::vector<std::pair<std::uint64_t, std::uint32_t>> ready;  // a heap: the youngest node first
  };
  static constexpr std::size_t kFew = 1024;
  // Kept from walk to walk, so that a short one allocates nothing.
  static Lists& spare() {
    thread_local Lists lists;
    return lists;
  }

  bool wanted(const Edge& edge) const {
    return edge.is_valid() && (!targets_.active() || targets_.wants(edge.function.get()));
  }

  Few<Tensor, 1>& gradients_of(const Ref<Node>& node) {
    bool is_new = false;
    std::uint32_t& index = lists_.index.find_or_add(node.get(), is_new);
    if (is_new) {
      if (lists_.free.empty()) {
        lists_.free.push_back(static_cast<std::uint32_t>(lists_.pending.size()));
        lists_.pending.emplace_back();
      }
      index = lists_.free.back();
      lists_.free.pop_back();
      Pending& fresh = lists_.pending[index];
      fresh.node = node;
      fresh.gradients = {};
      fresh.gradients.resize(std::max<std::size_t>(node->num_inputs(), 1));
      lists_.ready.emplace_back(node->sequence_nr(), index);
      std::push_heap(lists_.ready.begin(), lists_.ready.end());
    }
    return lists_.pending[index].gradients;
  }

  void step(Node& node, Few<Tensor, 1>& gradients) {
    Gradients result(node);
    const RunningNode running(&node, &result);
    const std::vector<NodeHook>* registered = node.hooks();
    if (registered != nullptr && !registered->empty()) [[unlikely]] {
      for (const NodeHook& hook : std::vector(*registered)) {  // a hook may remove itself
        Tensor& gradient = gradients[hook.output_nr];
        if (gradient.defined()) call_hook(hook, gradient, node);
      }
    }
    if (targets_.active()) {
      if (capture(node, gradients)) return;
      for (std::size_t i = 0; i < node.num_outputs(); ++i) {
        if (!wanted(node.next_edge(i))) result.skip(i);
      }
    }
    node.backward(std::span<Tensor>(gradients.data(), gradients.size()), result);
    gradients = {};
    if (!retain_graph_) node.release_variables();
    for (std::size_t i = 0; i < node.num_outputs(); ++i) {
      const Edge& edge = node.next_edge(i);
      if (!edge.is_valid() || !result[i].defined()) continue;
      if (AnomalyMode::should_check_nan() && AnomalyMode::is_enabled()) [[unlikely]] {
        anomaly::inspect(node, i, result[i]);
      }
      add(edge, fit(edge.function->input_metadata(edge.input_nr), std::move(result[i]), node, i));
    }
    if (result.continuation() != nullptr) [[unlikely]] {
      go_on(*result.continuation());
    }
  }

  // In anomaly mode: what the backward records has a place too, and its errors name the node's.
  void step_watched(Node& node, Few<Tensor, 1>& gradients) {
    const anomaly::Place place(anomaly::backward_of(node));
    try {
      step(node, gradients);
    } catch (const Error& error) {
      anomaly::explain(node, error);
    }
  }

  // Into a tape that was made meanwhile: its nodes are younger than all that wait.
  void go_on(Gradients::Continuation& continuation) {
    for (std::size_t i = 0; i < continuation.edges.size(); ++i) {
      const Edge& edge = continuation.edges[i];
      Tensor& gradient = continuation.gradients[i];
      if (!edge.is_valid() || !gradient.defined()) continue;
      if (targets_.active()) targets_.explore(edge.function.get());
      add(edge, std::move(gradient));
    }
  }

  // True if the walk ends here.
  bool capture(const Node& node, Few<Tensor, 1>& gradients) {
    const auto found = targets_.captures.find(&node);
    if (found != targets_.captures.end()) {
      for (const Targets::Capture& capture : found->second) {
        targets_.captured[capture.position] = gradients[capture.input_nr];
      }
    }
    if (node.leaf() != nullptr) return true;
    for (std::size_t i = 0; i < node.num_outputs(); ++i) {
      if (wanted(node.next_edge(i))) return false;
    }
    return true;
  }

  bool retain_graph_;
  Targets& targets_;
  Lists lists_;
};

Tensor root_gradient(const char* op, const Tensor& tensor, TensorList gradients, std::size_t i) {
  if (i < gradients.size() && gradients[i].defined()) {
    const bool same = gradients[i].sizes() == tensor.sizes();
    check(same || reducible(gradients[i].sizes(), tensor.sizes()),
          "{}: gradient {} has shape {}, expected {}", op, i, gradients[i].sizes(), tensor.sizes());
    const Tensor given = same ? gradients[i] : gradients[i].sum_to_size(tensor.sizes());
    return given.scalar_type() == tensor.scalar_type() ? given : given.to(tensor.scalar_type());
  }
  check(tensor.numel() == 1,
        "{}: output {} has shape {}, expected one element where no gradient is given", op, i,
        tensor.sizes());
  Tensor one = make_tensor(tensor.sizes(), tensor.scalar_type());
  return one.fill_(1);
}

Edge root_edge(const char* op, const Tensor& root, std::size_t i) {
  check(root.defined(), "{}: output {} is undefined", op, i);
  Edge edge = gradient_edge(root);
  check(edge.is_valid(), "{}: output {} does not require a gradient and was made by no recorded op",
        op, i);
  return edge;
}

// A backward may itself call backward(), thousands deep: every so many the next walk gets a thread,
// and with it a stack, of its own, while this one waits for it.
constexpr int kWalksOnAStack = 60;
constinit thread_local int walks_on_this_stack = 0;

void run(Walk& steps) {
  struct Count {
    Count() { ++walks_on_this_stack; }
    ~Count() { --walks_on_this_stack; }
  };
  if (walks_on_this_stack < kWalksOnAStack) {
    const Count count;
    return steps.run();
  }
  std::exception_ptr failure;
  const bool grad_mode = GradMode::is_enabled(), inference = inference_mode;
  const std::string& here = anomaly::place();
  std::thread thread;
  const auto work = [&] {
    inference_mode = inference;
    GradMode::set_enabled(grad_mode);
    const anomaly::Place place(here);
    const Count count;
    try {
      steps.run();
    } catch (...) {
      failure = std::current_exception();
    }
  };
  try {
    thread = std::thread(work);
  } catch (const std::system_error& error) {
    check(false, "backward: {} walks are nested and no thread can be made for the next: {}",
          kWalksOnAStack, error.what());
  }
  thread.join();
  if (failure) std::rethrow_exception(failure);
}

void walk(const char* op, TensorList roots, TensorList gradients, bool retain_graph,
          bool create_graph, Targets& targets) {
  check(gradients.empty() || gradients.size() == roots.size(),
        "{}: got {} gradients, expected one for each of {} outputs", op, gradients.size(),
        roots.size());
  const AutoGradMode grad_mode(create_graph);
  Walk steps(retain_graph, targets);
  for (std::size_t i = 0; i < roots.size(); ++i) {
    const Edge edge = root_edge(op, roots[i], i);
    if (targets.active()) targets.explore(edge.function.get());
    steps.add(edge, root_gradient(op, roots[i], gradients, i));
  }
  run(steps);
}

}  // namespace

void detail::run_backward(TensorList tensors, TensorList gradients, bool retain_graph,
                          bool create_graph, TensorList inputs) {
  Targets targets;
  for (const Tensor& input : inputs) targets.add("backward", input);
  walk("backward", tensors, gradients, retain_graph, create_graph, targets);
  const AutoGradMode grad_mode(create_graph);
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const State* state = state_if_any(inputs[i]);
    if (state != nullptr && state->retains_grad()) continue;  // has it already
    if (targets.captured[i].defined()) accumulate_into(inputs[i], targets.captured[i]);
  }
}

void backward(const variable_list& tensors, const variable_list& gradients,
              optional<bool> retain_graph, bool create_graph, const variable_list& inputs) {
  detail::run_backward(tensors, gradients, retain_graph.value_or(create_graph), create_graph,
                       inputs);
}

variable_list grad(const variable_list& outputs, const variable_list& inputs,
                   const variable_list& grad_outputs, optional<bool> retain_graph,
                   bool create_graph, bool allow_unused) {
  check(!inputs.empty(), "grad: got no inputs, expected at least one");
  Targets targets;
  for (const Tensor& input : inputs) targets.add("grad", input);
  walk("grad", outputs, grad_outputs, retain_graph.value_or(create_graph), create_graph, targets);
  for (std::size_t i = 0; i < inputs.size() && !allow_unused; ++i) {
    check(targets.captured[i].defined(),
          "grad: the outputs do not depend on input {}; pass allow_unused=true to get an undefined "
          "gradient for it",
          i);
  }
  return std::move(targets.captured);
}

}  // namespace xgrad::autograd
