// record(): puts an op on the tape. An op is its forward and, beside it, each input's gradient:
//
//   Tensor sin(const Tensor& x) {
//     Tensor y = ...;   // forward on plain data
//     if (recording(x)) {
//       record("SinBackward0", y, {x}, [x = Saved(x)](const Tensor& dy, Gradients& dx) {
//         dx[0] = dy * x().cos();
//       });
//     }
//     return y;
//   }
//
// The gradient is written with differentiable ops, so that derivatives of any order come of
// themselves. A gradient may be of the broadcast shape or of a wider dtype: the engine sums and
// casts it to the input's. With more than one output the closure takes a TensorList, undefined
// where no gradient came.
#pragma once

#include "xgrad/autograd/grad_mode.h"
#include "xgrad/autograd/node.h"
#include "xgrad/autograd/saved.h"

namespace xgrad::autograd {

// An input of record(): borrowed, never copied.
class Input {
 public:
  Input(const Tensor& tensor) : tensor_(&tensor) {}
  const Tensor& operator*() const { return *tensor_; }

 private:
  const Tensor* tensor_;
};
using Inputs = std::initializer_list<Input>;

inline bool needs_grad(const Tensor& tensor) {
  return tensor.defined() && tensor.impl()->wants_grad();
}
inline bool needs_grad(TensorList tensors) {
  for (const Tensor& tensor : tensors) {
    if (needs_grad(tensor)) return true;
  }
  return false;
}

// True when an op on these inputs must be recorded.
template <class... Ts>
bool recording(const Ts&... tensors) {
  return GradMode::is_enabled() && (needs_grad(tensors) || ...);
}

template <class Backward>
class Recorded final : public Node {
 public:
  Recorded(const char* name, Backward&& backward) : name_(name) {
    const std::uint32_t before = Saved::count();
    backward_.emplace(std::move(backward));
    holds_saved_ = Saved::count() != before;
  }
  std::string name() const override { return name_; }
  void backward(std::span<Tensor> gradients, Gradients& result) override {
    if (!backward_) [[unlikely]] {
      fail_released();
    }
    if constexpr (std::is_invocable_v<Backward&, const Tensor&, Gradients&> &&
                  !std::is_invocable_v<Backward&, TensorList, Gradients&>) {
      (*backward_)(gradients[0], result);
    } else {
      (*backward_)(TensorList(gradients.data(), gradients.size()), result);
    }
  }
  // A node that saved nothing can be walked again, as in PyTorch.
  void release_variables() override {
    if (holds_saved_) backward_.reset();
  }

 private:
  [[noreturn]] void fail_released() const;
  const char* name_;
  std::optional<Backward> backward_;
  bool holds_saved_;
};

[[noreturn]] void fail_walked_twice(const char* name);
template <class Backward>
void Recorded<Backward>::fail_released() const {
  fail_walked_twice(name_);
}

// Connects node, inputs and outputs; not templates, so that each op costs only its closure.
class Recorder {
 public:
  static void connect(Node& node, Inputs inputs);
  static void connect(Node& node, TensorList inputs);
  static void set_output(Ref<Node> node, const Tensor& output);
  static void set_outputs(const Ref<Node>& node, TensorList outputs);
};

template <class Ins, class Backward>
void record_any(const char* name, const Tensor& output, const Ins& inputs, Backward&& backward) {
  using Made = Recorded<std::decay_t<Backward>>;
  Ref<Node> node = Ref<Node>::first(new Made(name, std::forward<Backward>(backward)));
  Recorder::connect(*node, inputs);
  Recorder::set_output(std::move(node), output);
}
template <class Backward>
void record(const char* name, const Tensor& output, Inputs inputs, Backward&& backward) {
  record_any(name, output, inputs, std::forward<Backward>(backward));
}
template <class Backward>
void record(const char* name, const Tensor& output, TensorList inputs, Backward&& backward) {
  record_any(name, output, inputs, std::forward<Backward>(backward));
}
// Several outputs; integral ones take no part.
template <class Ins, class Backward>
void record_outputs(const char* name, TensorList outputs, const Ins& inputs, Backward&& backward) {
  using Made = Recorded<std::decay_t<Backward>>;
  const Ref<Node> node = Ref<Node>::first(new Made(name, std::forward<Backward>(backward)));
  Recorder::connect(*node, inputs);
  Recorder::set_outputs(node, outputs);
}
template <class Backward>
void record(const char* name, std::initializer_list<Tensor> outputs, Inputs inputs,
            Backward&& backward) {
  record_outputs(name, TensorList(outputs), inputs, std::forward<Backward>(backward));
}

}  // namespace xgrad::autograd
