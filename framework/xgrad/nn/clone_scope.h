// CloneScope: one clone() of a tree of modules. It remembers which tensors and modules were cloned
// already, so that what is registered under several names stays one thing in the clone.
#pragma once

#include <memory>

#include "xgrad/autograd/grad_mode.h"
#include "xgrad/nn/module.h"

namespace xgrad::nn {

class CloneScope {
 public:
  // The outermost scope of a thread makes the memory; those inside share it.
  explicit CloneScope(const optional<Device>& device);
  CloneScope(const CloneScope&) = delete;
  CloneScope& operator=(const CloneScope&) = delete;
  ~CloneScope();

  // Before and after the reset() of `copy`, a plain copy of `source`.
  void begin(Module& copy, const Module& source);
  void end(Module& copy, const Module& source);

  // Copies the values, at the end of the outermost scope.
  void finish();

  // A clone of the module, or the one that this scope made of it before.
  std::shared_ptr<Module> clone_once(const std::shared_ptr<Module>& source);

  // What stands for `tensor`, that `source` has registered, in its clone, which registers `fresh`.
  static Tensor tensor_for(const Tensor& source, const Tensor& fresh);
  // What stands for the submodule `source` where its parent's clone registers `fresh`.
  static std::shared_ptr<Module> module_for(const std::shared_ptr<Module>& source,
                                            const std::shared_ptr<Module>& fresh);

  static void check_type(bool same, const Module& source, const Module& target);

 private:
  struct Memory;
  static thread_local Memory* memory_;
  NoGradGuard no_grad_;
  std::unique_ptr<Memory> own_;
  optional<Device> device_;
};

}  // namespace xgrad::nn
