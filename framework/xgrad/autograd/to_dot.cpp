#include "xgrad/autograd/to_dot.h"

#include <unordered_map>

#include "xgrad/autograd/state.h"
#include "xgrad/core/format.h"

namespace xgrad::autograd {
namespace {

// A quoted string of Graphviz; lines are broken where the text has them.
std::string quoted(const std::string& text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '\n') {
      result += "\\n";
      continue;
    }
    if (c == '"' || c == '\\') result += '\\';
    result += c;
  }
  return result + '"';
}

std::string described(const std::string& name, ScalarType type, IntArrayRef sizes) {
  return fmt::format("{}\n{} {}", name, dtype_name(type), sizes);
}

class Dot {
 public:
  explicit Dot(const TensorNames& names) {
    for (const auto& item : names) {
      if (!item->defined()) continue;
      if (const Ref<Node>& node = item->grad_fn()) {
        std::string& known = names_of_nodes_[node.get()];
        known += (known.empty() ? "" : ", ") + item.key();
      } else {
        names_of_leaves_.emplace(item->impl(), item.key());
      }
    }
  }

  void add_output(const Tensor& output, const std::string& name) {
    check(output.defined(), "to_dot: {} is undefined, expected a tensor", name);
    const std::size_t id = next_++;
    const auto known = names_of_leaves_.find(output.impl());
    const std::string& label = known == names_of_leaves_.end() ? name : known->second;
    text_ += fmt::format("  n{} [label={}, shape=box, style=bold];\n", id,
                         quoted(described(label, output.scalar_type(), output.sizes())));
    const Edge edge = gradient_edge(output);
    if (edge.is_valid() && edge.function->leaf() == nullptr) draw_edge(edge, id);
  }

  // With a list of its own: tapes are deeper than stacks.
  void draw_rest() {
    while (!waiting_.empty()) {
      const auto [node, id] = waiting_.back();
      waiting_.pop_back();
      draw_node(*node, id);
      for (std::size_t i = 0; i < node->num_outputs(); ++i) {
        if (const Edge& edge = node->next_edge(i); edge.is_valid()) draw_edge(edge, id);
      }
    }
  }

  std::string text() const {
    return "digraph tape {\n  node [fontname=\"monospace\"];\n  edge [fontname=\"monospace\"];\n" +
           text_ + "}\n";
  }

 private:
  void draw_node(const Node& node, std::size_t id) {
    if (const Tensor* leaf = node.leaf(); leaf != nullptr) {
      const auto known = names_of_leaves_.find(leaf->impl());
      const std::string name = known == names_of_leaves_.end() ? "leaf" : known->second;
      text_ += fmt::format("  n{} [label={}, shape=box];\n", id,
                           quoted(described(name, leaf->scalar_type(), leaf->sizes())));
      return;
    }
    const auto known = names_of_nodes_.find(&node);
    const std::string name =
        known == names_of_nodes_.end() ? node.name() : known->second + "\n" + node.name();
    const std::string tooltip =
        node.place().empty() ? "" : fmt::format(", tooltip={}", quoted(node.place()));
    text_ += fmt::format("  n{} [label={}{}];\n", id, quoted(name), tooltip);
  }

  // From the node that the gradient goes to: against its direction, as the data went.
  void draw_edge(const Edge& edge, std::size_t to) {
    const auto [place, is_new] = ids_.try_emplace(edge.function.get(), next_);
    if (is_new) {
      ++next_;
      waiting_.emplace_back(edge.function.get(), place->second);
    }
    const OutputMeta& meta = edge.function->input_metadata(edge.input_nr);
    text_ += fmt::format("  n{} -> n{} [label={}];\n", place->second, to,
                         quoted(fmt::format("{}", IntArrayRef(meta.sizes))));
  }

  std::unordered_map<const TensorImpl*, std::string> names_of_leaves_;
  std::unordered_map<const Node*, std::string> names_of_nodes_;
  std::unordered_map<const Node*, std::size_t> ids_;
  std::vector<std::pair<const Node*, std::size_t>> waiting_;
  std::size_t next_ = 0;
  std::string text_;
};

}  // namespace

std::string to_dot(const variable_list& outputs, const TensorNames& names) {
  Dot dot(names);
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    dot.add_output(outputs[i], outputs.size() == 1 ? "output" : fmt::format("output {}", i));
  }
  dot.draw_rest();
  return dot.text();
}

std::string to_dot(const Tensor& output, const TensorNames& names) {
  return to_dot(variable_list{output}, names);
}

}  // namespace xgrad::autograd
