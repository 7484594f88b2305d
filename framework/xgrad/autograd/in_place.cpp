#include "xgrad/autograd/in_place.h"

#include "xgrad/autograd/state.h"
#include "xgrad/core/format.h"

namespace xgrad::autograd {
namespace {

// The history of a tensor after one of its views was written: the gradient of that region goes to
// what was written, the rest on to what the tensor was before.
class CopySlices final : public Node {
 public:
  CopySlices(const Tensor& base, Edge before, const Tensor& view, Edge value)
      : offset_(view.storage_offset() - base.storage_offset()),
        base_strides_(base.strides()),
        sizes_(view.sizes()),
        strides_(view.strides()) {
    set_next_edges({std::move(before), std::move(value)});
    add_input_metadata(base);
  }

  std::string name() const override { return "torch::autograd::CopySlices"; }

  void backward(std::span<Tensor> gradients, Gradients& dx) override {
    const Tensor whole =
        make_strided(gradients[0].sizes(), base_strides_, gradients[0].scalar_type());
    whole.copy_(gradients[0]);
    const Tensor region = whole.as_strided(sizes_, strides_, offset_);
    if (dx.needs(1)) dx[1] = region.clone();
    if (dx.needs(0)) {
      region.zero_();
      dx[0] = whole;
    }
  }

 private:
  std::int64_t offset_;
  Dims base_strides_, sizes_, strides_;
};

// The gradient of a tensor after all of it was written: zeros for what it was before, all of it for
// what was written.
struct Overwritten {
  void operator()(const Tensor& dy, Gradients& dx) const {
    if (dx.needs(0)) dx[0] = make_tensor(dy.sizes(), dy.scalar_type()).zero_();
    if (dx.needs(1)) dx[1] = dy;
  }
};

void record_overwritten(const char* name, const Tensor& self, Edge value) {
  const Ref<Node> node = Ref<Node>::first(new Recorded<Overwritten>(name, Overwritten()));
  node->set_next_edges({gradient_edge(self), std::move(value)});
  set_history(self, node, node->add_input_metadata(self));
}

}  // namespace

void check_in_place(const char* op, const Tensor& self, bool with_history) {
  check_history_change(op, self, with_history);
  check_no_overlap(op, self);
}

void check_no_overlap(const char* op, const Tensor& self) {
  const TensorImpl& impl = *self.impl();
  if (impl.numel == 0) return;
  for (std::size_t i = 0; i < impl.sizes.size(); ++i) {
    check(impl.strides[i] != 0 || impl.sizes[i] <= 1,
          "{}: several elements of the tensor share one place in memory (dim {} is expanded); "
          "clone() "
          "it before an in-place change",
          op, i);
  }
}

namespace {

enum class Overlap { none, partial, full };

// Of tensors with holes it is not looked for.
Overlap overlap(const Tensor& self, const Tensor& input) {
  if (!self.defined() || !input.defined()) return Overlap::none;  // which the op itself refuses
  const TensorImpl &a = *self.impl(), &b = *input.impl();
  if (&a == &b) return Overlap::full;
  if (a.storage != b.storage || a.numel == 0 || b.numel == 0) return Overlap::none;
  if (!self.is_non_overlapping_and_dense() || !input.is_non_overlapping_and_dense())
    return Overlap::none;
  const char *a_begin = static_cast<const char*>(a.data()), *a_end = a_begin + self.nbytes(),
             *b_begin = static_cast<const char*>(b.data()), *b_end = b_begin + input.nbytes();
  if (b_begin >= a_end || a_begin >= b_end) return Overlap::none;
  const bool same = a_begin == b_begin && a_end == b_end && a.strides == b.strides;
  return same ? Overlap::full : Overlap::partial;
}

void refuse_if(bool shared, const char* op, const Tensor& self, const Tensor& input) {
  check(!shared,
        "{}: an input of shape {} shares memory with the tensor of shape {} that the result goes "
        "into; clone() the input first",
        op, input.sizes(), self.sizes());
}

}  // namespace

void check_no_partial_overlap(const char* op, const Tensor& self, const Tensor& input) {
  refuse_if(overlap(self, input) == Overlap::partial, op, self, input);
}
void check_apart(const char* op, const Tensor& self, const Tensor& input) {
  refuse_if(overlap(self, input) != Overlap::none, op, self, input);
}

void check_history_change(const char* op, const Tensor& self, bool with_history) {
  check(self.defined(), "{}: the tensor is undefined, expected one with elements", op);
  const TensorImpl& impl = *self.impl();
  check(
      !impl.inference || InferenceMode::is_enabled(),
      "{}: an inference tensor cannot be changed in place outside InferenceMode; clone() it first",
      op);
  if (!GradMode::is_enabled() || !(with_history || impl.wants_grad())) return;
  const State* state = state_if_any(self);
  if (state == nullptr || !state->base) {
    check(!impl.requires_grad || (state != nullptr && state->grad_fn),
          "{}: a leaf that requires grad is used in an in-place op; do it under NoGradGuard or on "
          "a copy",
          op);
    return;
  }
  if (state->view_kind != ViewKind::plain) [[unlikely]] {
    check_view_kind(std::string(op) + ": the tensor is", self);
  }
  const TensorImpl& base = *state->base;
  const bool is_leaf =
      base.autograd == nullptr || !static_cast<const State&>(*base.autograd).grad_fn;
  check(!(is_leaf && impl.wants_grad()),
        "{}: a view of a leaf that requires grad is used in an in-place op; do it under "
        "NoGradGuard or "
        "on a copy",
        op);
}

void bump_version(const Tensor& self) {
  if (self.impl()->counts_changes) self.impl()->storage->bump_version();
}

void rebase_history(const Tensor& self, Edge value) {
  State& state = state_of(self);
  if (state.base) {
    const Tensor base(state.base);
    Edge before = gradient_edge(base);
    if (!before.is_valid() && !value.is_valid()) return;
    const Ref<Node> node(new CopySlices(base, std::move(before), self, std::move(value)));
    set_history(base, node, 0);
    // Stale: remade from the base at the next look.
    state.view_version = self.impl()->storage->version() - 1;
    self.impl()->requires_grad = true;
  } else if (value.is_valid()) {
    set_history(self, std::move(value.function), value.input_nr);
  } else if (self.impl()->requires_grad) {
    record_overwritten("FillBackward0", self, {});
  }
}

void overwrite_history(const Tensor& self, Edge value) {
  const State* state = state_if_any(self);
  const bool has_past = state != nullptr && !state->base && state->grad_fn;
  if (has_past && value.is_valid()) {
    record_overwritten("torch::autograd::CopyBackwards", self, std::move(value));
  } else {
    rebase_history(self, std::move(value));
  }
}

}  // namespace xgrad::autograd
