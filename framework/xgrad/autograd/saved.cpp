#include "xgrad/autograd/saved.h"

#include "xgrad/autograd/grad_mode.h"
#include "xgrad/autograd/state.h"
#include "xgrad/core/format.h"

namespace xgrad::autograd {
namespace {
constinit thread_local Node* running = nullptr;
constinit thread_local const Gradients* running_into = nullptr;
}  // namespace

Node* running_node() { return running; }
const Gradients* running_gradients(const Node& node) {
  return running == &node ? running_into : nullptr;
}
RunningNode::RunningNode(Node* node, const Gradients* gradients)
    : node_before_(std::exchange(running, node)),
      gradients_before_(std::exchange(running_into, gradients)) {}
RunningNode::~RunningNode() {
  running = node_before_;
  running_into = gradients_before_;
}

Saved::Saved(const Tensor& tensor, bool is_output, std::uint32_t output_nr)
    : output_nr_(output_nr), is_output_(is_output) {
  if (!tensor.defined()) return;
  const TensorImpl& impl = *tensor.impl();
  check(!impl.inference,
        "save for backward: an inference tensor cannot be saved, expected a normal tensor (clone() "
        "makes one)");
  storage_ = impl.storage.get();
  version_ = storage_->version();
  if (!is_output && impl.wants_grad()) {
    grad_fn_ = current_grad_fn(tensor);
    // A leaf: the handle itself, which is where its gradient accumulates. Not of others: a change
    // in place could make this node the tensor's own history, and they would never be freed.
    if (!grad_fn_) {
      data_ = Ref(tensor.impl());
      return;
    }
    output_nr_ = state_of(tensor).output_nr;
  }
  data_ = Ref(make_alias(tensor).impl());
}

Tensor Saved::unpack() const {
  if (!data_) return {};
  const std::uint32_t version = data_->storage->version();
  if (version != version_ && data_->counts_changes && data_->storage.get() == storage_)
      [[unlikely]] {
    fail_changed(version);
  }
  Tensor tensor(data_);
  // Without create_graph nobody asks for the history.
  if (!GradMode::is_enabled() || data_->requires_grad || (!grad_fn_ && !is_output_)) return tensor;
  Tensor with_history = make_alias(tensor);
  if (grad_fn_) {
    set_history(with_history, grad_fn_, output_nr_);
  } else if (running != nullptr && running->num_inputs() != 0) {
    set_history(with_history, Ref(running), output_nr_);
  }
  return with_history;
}

void Saved::fail_changed(std::uint32_t version) const {
  fail(
      "{}: a tensor saved for backward ({} {}{}) was changed in place: it is at version {}, "
      "expected "
      "{}; clone it before the change",
      running != nullptr ? running->name() : "backward", dtype_name(data_->dtype),
      IntArrayRef(data_->sizes),
      grad_fn_ ? fmt::format(", output {} of {}", output_nr_, grad_fn_->name())
      : is_output_ && running != nullptr ? ", its own output"
                                         : "",
      version, version_);
}

}  // namespace xgrad::autograd
