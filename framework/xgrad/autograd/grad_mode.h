// Whether ops are recorded on this thread.
//
//   { xgrad::NoGradGuard no_grad;  weight -= 0.1 * weight.grad(); }
#pragma once

#include "xgrad/core/tensor_impl.h"

namespace xgrad {

struct GradMode {
  static bool is_enabled() { return enabled_; }
  // Under InferenceMode it stays off.
  static void set_enabled(bool enabled) { enabled_ = enabled && !inference_mode; }

 private:
  static inline constinit thread_local bool enabled_ = true;
};

// Switches recording on or off until the end of its scope.
class AutoGradMode {
 public:
  explicit AutoGradMode(bool enabled) : prev_mode(GradMode::is_enabled()) {
    GradMode::set_enabled(enabled);
  }
  AutoGradMode(const AutoGradMode&) = delete;
  AutoGradMode& operator=(const AutoGradMode&) = delete;
  ~AutoGradMode() { GradMode::set_enabled(prev_mode); }

  bool prev_mode;
};

class NoGradGuard : public AutoGradMode {
 public:
  NoGradGuard() : AutoGradMode(false) {}
};

class EnableGradGuard : public AutoGradMode {
 public:
  EnableGradGuard() : AutoGradMode(true) {}
};

// No recording, and the tensors made in its scope (views of older ones apart) can never take part
// in a recorded op: the promise of inference. `InferenceMode(false)` lifts an outer one. Source:
// https://pytorch.org/cppdocs/notes/inference_mode.html.
class InferenceMode {
 public:
  explicit InferenceMode(bool enabled = true)
      : grad_before_(GradMode::is_enabled()), before_(inference_mode) {
    inference_mode = enabled;
    GradMode::set_enabled(!enabled);
  }
  InferenceMode(const InferenceMode&) = delete;
  InferenceMode& operator=(const InferenceMode&) = delete;
  ~InferenceMode() {
    inference_mode = before_;
    GradMode::set_enabled(grad_before_);
  }
  static bool is_enabled() { return inference_mode; }

 private:
  bool grad_before_, before_;
};

namespace autograd {
using xgrad::AutoGradMode;
using xgrad::GradMode;
}  // namespace autograd

}  // namespace xgrad
