#include "xgrad/autograd/accumulate.h"

#include <mutex>

#include "xgrad/autograd/grad_mode.h"
#include "xgrad/autograd/state.h"

namespace xgrad::autograd {
namespace {

// Leaves may be shared by threads that record and walk their own tapes: a few locks for all of
// them. Nothing may be freed under a lock, since what dies may hold an accumulator that takes it
// again.
std::mutex& lock_of(const TensorImpl* leaf) {
  static std::array<std::mutex, 64> locks;
  return locks[(reinterpret_cast<std::uintptr_t>(leaf) / sizeof(TensorImpl)) % locks.size()];
}

class AccumulateGrad final : public Node {
 public:
  explicit AccumulateGrad(const Tensor& leaf) : Node(std::uint64_t{0}), leaf_(leaf) {
    outputs_.resize(1);
    outputs_[0] = {leaf.sizes(), leaf.scalar_type()};
  }
  ~AccumulateGrad() override {
    std::lock_guard lock(lock_of(leaf_.impl()));
    State& state = *state_if_any(leaf_);
    if (state.accumulator == this) state.accumulator = nullptr;
  }
  std::string name() const override { return "torch::autograd::AccumulateGrad"; }
  const Tensor* leaf() const override { return &leaf_; }
  const std::vector<NodeHook>* hooks() const override {
    const State& state = *state_if_any(leaf_);
    return state.rare == nullptr ? nullptr : &state.rare->leaf_hooks.list;
  }
  void backward(std::span<Tensor> gradients, Gradients&) override {
    accumulate_into(leaf_, gradients[0]);
  }

 private:
  Tensor leaf_;
};

// The gradient in the leaf's memory order, as PyTorch keeps it, and nobody else's.
Tensor own_copy(const Tensor& leaf, const Tensor& gradient) {
  if (!leaf.is_non_overlapping_and_dense() || gradient.sizes() != leaf.sizes()) {
    return gradient.clone(MemoryFormat::Contiguous);
  }
  if (gradient.strides() == leaf.strides()) return gradient.clone();
  const Tensor copy = make_strided(gradient.sizes(), leaf.strides(), gradient.scalar_type());
  return copy.copy_(gradient);
}

}  // namespace

Ref<Node> accumulator_of(const Tensor& leaf) {
  State& state = state_of(leaf);
  std::lock_guard lock(lock_of(leaf.impl()));
  if (state.accumulator != nullptr && state.accumulator->retain_if_alive()) {
    return Ref<Node>::adopt(state.accumulator);
  }
  Ref<Node> made = Ref<Node>::first(new AccumulateGrad(leaf));
  state.accumulator = made.get();
  return made;
}

void forget_accumulator(const Tensor& leaf) {
  State* state = state_if_any(leaf);
  if (state == nullptr) return;
  std::lock_guard lock(lock_of(leaf.impl()));
  state->accumulator = nullptr;
}

void accumulate_into(const Tensor& leaf, Tensor& gradient) {
  Tensor& grad = state_of(leaf).grad;
  Tensor before;  // freed after the lock is released
  std::lock_guard lock(lock_of(leaf.impl()));
  if (grad.defined()) {
    if (GradMode::is_enabled()) {
      before = grad;
      grad = before.add(gradient);
    } else {
      grad.add_(gradient);
    }
    return;
  }
  // Taken over if nobody else has it.
  const bool own = gradient.impl()->references() == 1 &&
                   gradient.impl()->storage->references() == 1 &&
                   gradient.strides() == leaf.strides();
  if (GradMode::is_enabled()) {
    grad = own ? gradient : own_copy(leaf, gradient);
  } else {
    grad = own ? gradient.detach() : own_copy(leaf, gradient.detach());
  }
}

}  // namespace xgrad::autograd
