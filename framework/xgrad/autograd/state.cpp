#include "xgrad/autograd/state.h"

#include "xgrad/autograd/accumulate.h"
#include "xgrad/autograd/grad_mode.h"
#include "xgrad/core/format.h"

namespace xgrad::autograd {

void State::retain_grad() {
  if (!rare) rare = std::make_unique<Rare>();
  rare->retaining_node = grad_fn;
  // The state outlives its hook: it removes it when it goes.
  rare->retaining_hook = grad_fn->add_hook(output_nr, [this](const Tensor& gradient) {
    grad = grad.defined() ? grad.add(gradient) : gradient.clone();
    return Tensor();
  });
}

void State::stop_retaining() {
  if (!retains_grad()) return;
  rare->retaining_node->remove_hook(rare->retaining_hook);
  rare->retaining_node.reset();
}

State& state_of(const Tensor& tensor) {
  std::unique_ptr<AutogradState>& slot = tensor.impl()->autograd;
  if (!slot) slot.reset(new State);
  return static_cast<State&>(*slot);
}

void check_view_kind(const std::string& change, const Tensor& view) {
  const State& state = *state_if_any(view);
  switch (state.view_kind) {
    case ViewKind::plain:
      return;
    case ViewKind::no_grad:
    case ViewKind::inference: {
      const char* guard = state.view_kind == ViewKind::no_grad ? "NoGradGuard" : "InferenceMode";
      fail(
          "{} a view made under {}, and this change is recorded; expected both inside or both "
          "outside "
          "of the guard",
          change, guard);
    }
    case ViewKind::several:
      fail(
          "{} one of several views made by one op{}, which cannot be changed in place; expected an "
          "op "
          "that returns a new tensor",
          change, state.grad_fn ? fmt::format(" ({})", state.grad_fn->name()) : "");
    case ViewKind::custom:
      fail(
          "{} a view returned by a Function{}, whose backward the change would bypass; expected "
          "forward to return a clone()",
          change, state.grad_fn ? fmt::format(" ({})", state.grad_fn->name()) : "");
  }
}

namespace {

// The base was changed in place since: the view is now an as_strided of it.
void remake_history(const Tensor& view, State& state) {
  check_view_kind("backward: a tensor whose base was changed in place is", view);
  const TensorImpl& impl = *view.impl();
  const AutoGradMode grad_mode(true);
  const Tensor fresh = Tensor(state.base).as_strided(impl.sizes, impl.strides, impl.offset);
  const State& made = state_of(fresh);
  set_history(view, made.grad_fn, made.output_nr);
}

}  // namespace

const Ref<Node>& current_grad_fn(const Tensor& tensor) {
  static const Ref<Node> none;
  State* state = state_if_any(tensor);
  if (state == nullptr) return none;
  if (!state->base || !state->base->requires_grad) return state->grad_fn;
  if (state->view_version != tensor.impl()->storage->version()) remake_history(tensor, *state);
  return state->grad_fn;
}

Edge gradient_edge(const Tensor& tensor) {
  if (!tensor.defined()) return {};
  if (const Ref<Node>& grad_fn = current_grad_fn(tensor)) {
    return {grad_fn, state_if_any(tensor)->output_nr};
  }
  // Not wants_grad(): a view that was made before its base required a gradient leads nowhere.
  if (!tensor.impl()->requires_grad) return {};
  return {accumulator_of(tensor), 0};
}

void set_history(const Tensor& tensor, Ref<Node> node, std::uint32_t output_nr) {
  State& state = state_of(tensor);
  state.grad_fn = std::move(node);
  state.output_nr = output_nr;
  state.view_version = tensor.impl()->storage->version();
  tensor.impl()->requires_grad = true;
  if (state.retains_grad()) [[unlikely]] {  // of the tensor as it is now
    state.stop_retaining();
    state.retain_grad();
  }
}

void set_history(const variable_list& tensors, const Ref<Node>& node) {
  for (const Tensor& tensor : tensors) {
    if (tensor.defined()) set_history(tensor, node, node->add_input_metadata(tensor));
  }
}

void set_base(const Tensor& view, const Tensor& source, ViewKind kind) {
  if (view.impl()->inference) return;
  const State* state = state_if_any(source);
  const bool chained = state != nullptr && state->base;
  State& mine = state_of(view);
  mine.base = chained ? state->base : Ref(source.impl());
  mine.view_version = view.impl()->storage->version();
  if (!GradMode::is_enabled()) [[unlikely]] {
    kind = InferenceMode::is_enabled() ? ViewKind::inference : ViewKind::no_grad;
  }
  mine.view_kind = kind == ViewKind::plain && chained ? state->view_kind : kind;
}

}  // namespace xgrad::autograd
