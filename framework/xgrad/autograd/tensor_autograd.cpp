// The methods of Tensor that belong to autograd.
#include "xgrad/autograd/accumulate.h"
#include "xgrad/autograd/engine.h"
#include "xgrad/autograd/in_place.h"
#include "xgrad/autograd/state.h"
#include "xgrad/core/format.h"

namespace xgrad {

using namespace autograd;

const Tensor& Tensor::set_requires_grad(bool value) const {
  checked();
  TensorImpl& impl = *impl_;
  if (impl.requires_grad == value) return *this;
  check(!value || is_floating_point(),
        "requires_grad_: only floating tensors can require gradients, got {}",
        dtype_name(scalar_type()));
  check(!value || !impl.inference || InferenceMode::is_enabled(),
        "requires_grad_: an inference tensor cannot require gradients outside InferenceMode");
  if (!value && !is_leaf()) return *this;  // its history stays, as in PyTorch
  // Now, so that threads that share the leaf need not.
  if (value) state_of(*this);
  impl.requires_grad = value;
  return *this;
}

Tensor& Tensor::requires_grad_(bool value) const {
  check(value || is_leaf(),
        "requires_grad_: the tensor is no leaf, expected one; detach() gives a tensor without "
        "history");
  return const_cast<Tensor&>(set_requires_grad(value));
}

bool Tensor::is_leaf() const { return !checked().wants_grad() || !grad_fn(); }

Tensor& Tensor::mutable_grad() const {
  checked();
  return state_of(*this).grad;
}

const Tensor& Tensor::grad() const {
  static const Tensor none;
  checked();
  const State* state = state_if_any(*this);
  return state == nullptr ? none : state->grad;
}

const Ref<autograd::Node>& Tensor::grad_fn() const {
  checked();
  return current_grad_fn(*this);
}

std::uint32_t Tensor::output_nr() const {
  checked();
  const State* state = state_if_any(*this);
  return state == nullptr ? 0 : state->output_nr;
}

void Tensor::backward(const Tensor& gradient, optional<bool> retain_graph, bool create_graph,
                      optional<TensorList> inputs) const {
  check(!inputs || !inputs->empty(),
        "backward: the list of inputs is empty, expected at least one, or none given");
  autograd::detail::run_backward(*this, gradient, retain_graph.value_or(create_graph), create_graph,
                                 inputs ? *inputs : TensorList());
}

std::int64_t Tensor::_version() const {
  if (!defined()) return 0;
  check(!impl_->inference,
        "_version: an inference tensor counts no versions, expected a normal one");
  return impl_->storage->version();
}

Tensor Tensor::detach() const {
  checked();
  return make_alias(*this);
}

Tensor& Tensor::detach_() const {
  checked();
  check(!is_view(),
        "detach_: the tensor is a view and cannot be detached in place; detach() gives a new one");
  if (State* state = state_if_any(*this)) {
    state->stop_retaining();
    state->grad_fn.reset();
  }
  impl_->requires_grad = false;
  return const_cast<Tensor&>(*this);
}

Tensor Tensor::data() const {
  Tensor alias = detach();
  alias.impl()->counts_changes = false;
  return alias;
}

void Tensor::set_data(const Tensor& other) const {
  checked();
  check(other.defined(), "set_data: the new data is undefined, expected a tensor");
  check(!requires_grad() || other.is_floating_point(),
        "set_data: the tensor requires gradients and the new data is {}, expected a floating type",
        dtype_name(other.scalar_type()));
  if (other.scalar_type() != scalar_type() || other.sizes() != sizes()) forget_accumulator(*this);
  impl_->dtype = other.scalar_type();
  impl_->storage = other.impl()->storage;
  impl_->offset = other.storage_offset();
  impl_->set_geometry(other.sizes(), other.strides());
  // Not a change of what the tensor's history made: a view of another storage is never remade.
  if (State* state = state_if_any(*this)) state->view_version = impl_->storage->version();
}

void Tensor::retain_grad() const {
  check(requires_grad(),
        "retain_grad: the tensor does not require gradients, expected one that does");
  if (!grad_fn()) return;  // a leaf has its gradient anyway
  State& state = state_of(*this);
  if (!state.retains_grad()) state.retain_grad();
}

bool Tensor::retains_grad() const {
  checked();
  const State* state = state_if_any(*this);
  return state != nullptr && state->retains_grad();
}

unsigned Tensor::add_hook(Hook hook) const {
  check(requires_grad(),
        "register_hook: the tensor does not require gradients, expected one that does");
  State& state = state_of(*this);
  if (const Ref<Node>& node = grad_fn()) return node->add_hook(state.output_nr, std::move(hook));
  if (!state.rare) state.rare = std::make_unique<State::Rare>();
  return state.rare->leaf_hooks.add(0, std::move(hook));
}

void Tensor::remove_hook(unsigned position) const {
  if (const Ref<Node>& node = grad_fn()) return node->remove_hook(position);
  State& state = state_of(*this);
  check(state.rare != nullptr && state.rare->leaf_hooks.remove(position),
        "remove_hook: the tensor has no hook of number {}, expected what register_hook returned",
        position);
}

bool Tensor::is_view() const {
  checked();
  const State* state = state_if_any(*this);
  return state != nullptr && state->base;
}

Tensor Tensor::_base() const {
  check(is_view(), "_base: the tensor is not a view, expected one");
  return Tensor(state_if_any(*this)->base);
}

}  // namespace xgrad
