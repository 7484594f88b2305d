// Saved: a tensor kept from forward for backward. It notices when the tensor was changed in place
// in between, and an output is kept without its history, so that node and tensor do not keep each
// other alive.
#pragma once

#include "xgrad/autograd/node.h"

namespace xgrad::autograd {

class Saved {
 public:
  Saved() = default;  // unpacks to an undefined tensor
  // An input of the op.
  Saved(const Tensor& tensor) : Saved(tensor, false) {}
  // `is_output`: the op's own result, of this number; its history is then the node that is running.
  Saved(const Tensor& tensor, bool is_output, std::uint32_t output_nr = 0);

  // The tensor with its history. Errors: it was changed in place since.
  Tensor unpack() const;
  Tensor operator()() const { return unpack(); }
  operator Tensor() const { return unpack(); }

  // How many a thread has put somewhere: record() sees by it whether a closure holds any.
  static std::uint32_t count() { return count_; }

 private:
  // Counts the constructions, by copy and by move too, of one that holds something.
  struct Counted {
    Counted() = default;
    Counted(const Counted&) { ++count_; }
    Counted(Counted&&) noexcept { ++count_; }
    Counted& operator=(const Counted&) = default;
    Counted& operator=(Counted&&) = default;
  };
  [[noreturn]] void fail_changed(std::uint32_t version) const;

  Ref<TensorImpl> data_;
  Ref<Node> grad_fn_;
  // Where the elements were; only compared. set_data() has put others in their place if it differs.
  const StorageImpl* storage_ = nullptr;
  std::uint32_t output_nr_ = 0;
  std::uint32_t version_ = 0;
  bool is_output_ = false;
  [[no_unique_address, maybe_unused]] Counted counted_;
  static inline constinit thread_local std::uint32_t count_ = 0;
};

inline Saved saved_output(const Tensor& tensor, std::uint32_t output_nr = 0) {
  return Saved(tensor, true, output_nr);
}

// The node whose backward is running on this thread; null outside.
Node* running_node();
// What the running node fills in; null if another or none runs.
const Gradients* running_gradients(const Node& node);
class RunningNode {
 public:
  RunningNode(Node* node, const Gradients* gradients);
  RunningNode(const RunningNode&) = delete;
  RunningNode& operator=(const RunningNode&) = delete;
  ~RunningNode();

 private:
  Node* node_before_;
  const Gradients* gradients_before_;
};

}  // namespace xgrad::autograd
