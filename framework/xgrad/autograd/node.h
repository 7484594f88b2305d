// Node: one recorded op on the tape, and the edges to the nodes that made its inputs.
//
// A node is made by record() (record.h), runs once or more in the backward engine (engine.h), and
// is freed iteratively, however long the chain behind it. Programs may derive from Node as from
// torch::autograd::Node and override apply().
#pragma once

#include <array>
#include <atomic>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "xgrad/autograd/anomaly.h"
#include "xgrad/core/allocator.h"
#include "xgrad/core/tensor.h"

namespace xgrad::autograd {

using Variable = Tensor;
using variable_list = std::vector<Tensor>;
using tensor_list = variable_list;

// Where a gradient goes: input `input_nr` of `function`
// (that is, its forward's output of that number).
struct Edge {
  Edge() = default;
  Edge(Ref<Node> target, std::uint32_t nr) : function(std::move(target)), input_nr(nr) {}
  bool is_valid() const { return static_cast<bool>(function); }
  Ref<Node> function;
  std::uint32_t input_nr = 0;
};
using edge_list = std::vector<Edge>;

// A few T inline, more on the heap: nodes have one or two edges.
template <class T, std::size_t N>
class Few {
 public:
  void resize(std::size_t size) {
    if (size > N) more_ = std::make_unique<T[]>(size);
    size_ = size;
  }
  std::size_t size() const { return size_; }
  T* data() { return more_ ? more_.get() : few_.data(); }
  const T* data() const { return more_ ? more_.get() : few_.data(); }
  T& operator[](std::size_t i) { return data()[i]; }
  const T& operator[](std::size_t i) const { return data()[i]; }
  T* begin() { return data(); }
  T* end() { return data() + size_; }
  const T* begin() const { return data(); }
  const T* end() const { return data() + size_; }

 private:
  std::array<T, N> few_{};
  std::unique_ptr<T[]> more_;
  std::size_t size_ = 0;
};

// The gradients of a node's inputs, being computed: fill in those that are needed.
class Gradients {
 public:
  explicit Gradients(const Node& node);
  std::size_t size() const { return values_.size(); }
  // False if nobody asks for this input's gradient.
  bool needs(std::size_t input) const { return needed_[input]; }
  bool needs_any(std::size_t first, std::size_t last) const;
  void skip(std::size_t input) { needed_[input] = false; }
  Tensor& operator[](std::size_t input) { return values_[input]; }

  // Instead of filling in gradients: the walk goes on at these places of another tape, with these
  // gradients (some undefined).
  struct Continuation {
    edge_list edges;
    variable_list gradients;
  };
  void continue_at(Continuation continuation) {
    continuation_ = std::make_unique<Continuation>(std::move(continuation));
  }
  Continuation* continuation() const { return continuation_.get(); }

 private:
  Few<Tensor, 3> values_;
  Few<bool, 8> needed_;
  std::unique_ptr<Continuation> continuation_;
};

// Shape and type of a forward's output: what a gradient that flows into it must have.
struct OutputMeta {
  Dims sizes;
  ScalarType dtype = ScalarType::Undefined;
};

// A tensor's hook, or (retains_grad) the place where its gradient is kept.
struct NodeHook {
  std::uint32_t output_nr;
  unsigned id;
  Tensor::Hook call;
};

struct NodeHooks {
  unsigned add(std::uint32_t output_nr, Tensor::Hook hook);
  // False if there is none of that number.
  bool remove(unsigned id);

  std::vector<NodeHook> list;
  unsigned next_id = 0;
};

class Node : public RefCounted {
 public:
  Node() : sequence_nr_(next_sequence_nr()) {
    if (AnomalyMode::is_enabled()) [[unlikely]] {
      remember_place();
    }
  }
  explicit Node(edge_list&& edges);
  // With a number of its own: 0 for the ends of the tape, which come after all others.
  explicit Node(std::uint64_t sequence_nr) : sequence_nr_(sequence_nr) {}
  virtual ~Node();
  // Leaves hold their accumulators weakly (accumulate.cpp), so the last owner counts down too.
  bool release() const noexcept { return release_counted(); }
  static void destroy(Node* node) noexcept;
  static void* operator new(std::size_t bytes) { return memory::allocate(bytes); }
  static void operator delete(void* block, std::size_t bytes) { memory::deallocate(block, bytes); }

  virtual std::string name() const { return "Node"; }
  // The gradients of the outputs (undefined where none came) to the gradients of the inputs.
  virtual variable_list apply(variable_list&& gradients);
  // The same without lists; what the engine calls. Overriding either is enough.
  virtual void backward(std::span<Tensor> gradients, Gradients& result);
  // Lets go of what was saved for backward; a second backward is then an Error.
  virtual void release_variables() {}
  // The leaf that AccumulateGrad writes into; null for all others.
  virtual const Tensor* leaf() const { return nullptr; }
  // Called with each gradient of an output before the node runs; null if there are none.
  virtual const std::vector<NodeHook>* hooks() const {
    return extras_ == nullptr ? nullptr : &extras_->hooks.list;
  }
  variable_list operator()(variable_list&& gradients) { return apply(std::move(gradients)); }

  std::uint64_t sequence_nr() const { return sequence_nr_; }
  std::size_t num_inputs() const { return outputs_.size(); }
  std::size_t num_outputs() const { return edges_.size(); }
  const Edge& next_edge(std::size_t i) const { return edges_[i]; }
  edge_list next_edges() const { return edge_list(edges_.begin(), edges_.end()); }
  void set_next_edges(edge_list&& edges);
  void add_next_edge(Edge edge);
  bool should_compute_output(std::size_t i) const { return edges_[i].is_valid(); }
  // The same while the node runs, where it may be that nobody asks in this walk.
  bool task_should_compute_output(std::size_t i) const;
  // Adds an output (undefined: one that no gradient will come to) and returns its number.
  std::uint32_t add_input_metadata(const Tensor& output);
  const OutputMeta& input_metadata(std::size_t i) const { return outputs_[i]; }

  unsigned add_hook(std::uint32_t output_nr, Tensor::Hook hook);
  void remove_hook(unsigned id);
  // Where it was recorded, in anomaly mode; see anomaly.h.
  const std::string& place() const;
  // Above those of all nodes so far.
  static std::uint64_t next_sequence_nr() {
    return next_sequence_nr_.fetch_add(1, std::memory_order_relaxed);
  }

 protected:
  friend class Recorder;
  Few<Edge, 2> edges_;
  Few<OutputMeta, 1> outputs_;

 private:
  struct Extras {  // what few nodes have
    NodeHooks hooks;
    std::string place;
  };
  Extras& extras();
  void remember_place();

  std::unique_ptr<Extras> extras_;
  std::uint64_t sequence_nr_;
  static inline constinit std::atomic<std::uint64_t> next_sequence_nr_ = 1;
};

// A node that was made with make_shared by a program; kept for libtorch's spelling.
template <class T, class... Args>
Ref<T> make_node(Args&&... args) {
  return Ref<T>(new T(std::forward<Args>(args)...));
}

}  // namespace xgrad::autograd
