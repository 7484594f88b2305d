#include "xgrad/autograd/node.h"

#include "xgrad/autograd/saved.h"
#include "xgrad/core/format.h"

namespace xgrad::autograd {
namespace {

// Freeing a node frees the nodes that only it refers to, and so on through the whole tape: a list
// instead of recursion.
constinit thread_local bool freeing = false;
constinit thread_local Node* first_doomed = nullptr;

}  // namespace

Gradients::Gradients(const Node& node) {
  values_.resize(node.num_outputs());
  needed_.resize(node.num_outputs());
  for (std::size_t i = 0; i < node.num_outputs(); ++i) needed_[i] = node.should_compute_output(i);
}

bool Gradients::needs_any(std::size_t first, std::size_t last) const {
  for (std::size_t i = first; i < last; ++i) {
    if (needed_[i]) return true;
  }
  return false;
}

unsigned NodeHooks::add(std::uint32_t output_nr, Tensor::Hook hook) {
  list.push_back({output_nr, next_id, std::move(hook)});
  return next_id++;
}

bool NodeHooks::remove(unsigned id) {
  return std::erase_if(list, [&](const NodeHook& hook) { return hook.id == id; }) != 0;
}

Node::Node(edge_list&& edges) : Node() { set_next_edges(std::move(edges)); }

Node::~Node() = default;

void Node::destroy(Node* node) noexcept {
  // Nobody will ask a dead node for its number: that is where the list is linked.
  const auto as_number = [](Node* other) { return reinterpret_cast<std::uintptr_t>(other); };
  if (freeing) {
    node->sequence_nr_ = as_number(std::exchange(first_doomed, node));
    return;
  }
  freeing = true;
  delete node;
  while (Node* next = first_doomed) {
    first_doomed = reinterpret_cast<Node*>(static_cast<std::uintptr_t>(next->sequence_nr_));
    delete next;
  }
  freeing = false;
}

variable_list Node::apply(variable_list&& gradients) {
  Gradients result(*this);
  backward(std::span<Tensor>(gradients), result);
  variable_list list(result.size());
  for (std::size_t i = 0; i < list.size(); ++i) list[i] = result[i];
  return list;
}

void Node::backward(std::span<Tensor> gradients, Gradients& result) {
  variable_list list = apply(variable_list(gradients.begin(), gradients.end()));
  check(list.size() <= result.size() || result.size() == 0,
        "{}: apply() returned {} gradients, expected {}", name(), list.size(), result.size());
  for (std::size_t i = 0; i < list.size() && i < result.size(); ++i) result[i] = std::move(list[i]);
}

void Node::set_next_edges(edge_list&& edges) {
  edges_.resize(edges.size());
  for (std::size_t i = 0; i < edges.size(); ++i) edges_[i] = std::move(edges[i]);
}

void Node::add_next_edge(Edge edge) {
  edge_list edges = next_edges();
  edges.push_back(std::move(edge));
  set_next_edges(std::move(edges));
}

std::uint32_t Node::add_input_metadata(const Tensor& output) {
  const std::size_t count = outputs_.size();
  Few<OutputMeta, 1> more;
  more.resize(count + 1);
  for (std::size_t i = 0; i < count; ++i) more[i] = outputs_[i];
  if (output.defined()) more[count] = {output.sizes(), output.scalar_type()};
  outputs_ = std::move(more);
  return static_cast<std::uint32_t>(count);
}

bool Node::task_should_compute_output(std::size_t i) const {
  const Gradients* gradients = running_gradients(*this);
  return gradients == nullptr ? should_compute_output(i) : gradients->needs(i);
}

Node::Extras& Node::extras() {
  if (!extras_) extras_ = std::make_unique<Extras>();
  return *extras_;
}

unsigned Node::add_hook(std::uint32_t output_nr, Tensor::Hook hook) {
  return extras().hooks.add(output_nr, std::move(hook));
}

void Node::remove_hook(unsigned id) {
  check(extras_ != nullptr && extras_->hooks.remove(id),
        "remove_hook: {} has no hook of number {}, expected what register_hook returned", name(),
        id);
}

const std::string& Node::place() const {
  static const std::string nowhere;
  return extras_ == nullptr ? nowhere : extras_->place;
}

void Node::remember_place() {
  if (!anomaly::place().empty()) extras().place = anomaly::place();
}

}  // namespace xgrad::autograd
